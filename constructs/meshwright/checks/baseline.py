"""A file of findings that were there before: they are not told again, and what is new is.

A finding is known by its code, its object, its field and its words, not by its line, so that a baseline survives edits
above it.
"""

import json
from collections.abc import Iterable
from pathlib import Path

from meshwright.analysis.finding import Finding
from meshwright.errors import InputError


def baseline_text(findings: Iterable[Finding]) -> str:
    """Return the contents of a baseline file."""
    entries = sorted({_entry(finding) for finding in findings if finding.severity != "unknown"})
    keys = ("code", "resource", "field", "wrong")
    return json.dumps([dict(zip(keys, entry, strict=True)) for entry in entries], indent=1, ensure_ascii=False) + "\n"


def without_baseline(findings: Iterable[Finding], path: Path) -> tuple[list[Finding], int]:
    """Return what a baseline does not know, and how many it knows.

    Raises:
        InputError: The file cannot be read or is no baseline.
    """
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        known = {(entry["code"], entry["resource"], entry["field"], entry["wrong"]) for entry in written}
    except OSError as error:
        raise InputError(str(path), f"cannot be read: {error.strerror}", "Write it with --write-baseline") from error
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(str(path), "is no baseline", "Write it with --write-baseline") from error
    found = list(findings)
    new = [finding for finding in found if _entry(finding) not in known]
    return new, len(found) - len(new)


def _entry(finding: Finding) -> tuple[str, str, str, str]:
    return finding.code, finding.origin.resource, finding.origin.field, finding.wrong
