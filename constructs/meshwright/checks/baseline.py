"""Findings that were there before: in a file, or in another version of the manifests. What is new is told.

A finding is known again by its code, its object, its field and its words. It has no line, and where it is not found as
it was, positions in lists and examples of requests do not count either, so edits above it do not make it new.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from meshwright.analysis.finding import Finding
from meshwright.errors import InputError

Entry = tuple[str, str, str, str]
"""Code, object, field and words of a finding."""

_POSITION = re.compile(r"\[[0-9]+\]")
_EXAMPLE = re.compile(r"such as [A-Z]+ \S+://\S*(?: -H \"[^\"]*\")*")


def baseline_text(findings: Iterable[Finding]) -> str:
    """Return the contents of a baseline file."""
    entries = sorted({_entry(finding) for finding in findings if finding.severity != "unknown"})
    keys = ("code", "resource", "field", "wrong")
    return json.dumps([dict(zip(keys, entry, strict=True)) for entry in entries], indent=1, ensure_ascii=False) + "\n"


def read_baseline(path: Path) -> list[Entry]:
    """Return what a baseline file knows.

    Raises:
        InputError: The file cannot be read or is no baseline.
    """
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        return [(entry["code"], entry["resource"], entry["field"], entry["wrong"]) for entry in written]
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}", "Write it with --write-baseline") from error
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(str(path), "is no baseline", "Write it with --write-baseline") from error


def entries_of(findings: Iterable[Finding]) -> list[Entry]:
    """Return what tells findings apart."""
    return [_entry(finding) for finding in findings]


def without(findings: Iterable[Finding], known: Iterable[Entry]) -> tuple[list[Finding], int]:
    """Return the findings that are not known, and how many are: each known one hides one."""
    left = Counter(known)
    unseen: list[Finding] = []
    hidden = 0
    for finding in findings:
        if left[_entry(finding)]:
            left[_entry(finding)] -= 1
            hidden += 1
        else:
            unseen.append(finding)
    moved: Counter[Entry] = Counter()
    for entry, number in left.items():
        moved[_without_positions(entry)] += number
    new = []
    for finding in unseen:
        key = _without_positions(_entry(finding))
        if moved[key]:
            moved[key] -= 1
            hidden += 1
        else:
            new.append(finding)
    return new, hidden


def _entry(finding: Finding) -> Entry:
    return finding.code, finding.origin.resource, finding.origin.field, finding.wrong


def _without_positions(entry: Entry) -> Entry:
    code, resource, field, wrong = entry
    return code, resource, _POSITION.sub("[]", field), _POSITION.sub("[]", _EXAMPLE.sub("", wrong))
