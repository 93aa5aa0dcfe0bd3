"""What people decided to live with: findings suppressed by annotation, comment or configuration, each with a reason.

- annotation of the object: ``meshwright.dev/ignore: "MW104 the canary is made by hand; MW102 …"``
- comment on the line of the finding, or right above it: ``# meshwright: ignore MW104 the canary is made by hand``
- configuration, ``[[tool.meshwright.check.ignore]]`` in pyproject.toml or ``check: ignore:`` in cdk8s.yaml, made
  of ``code``, ``resource`` (``VirtualService shop/cart``, ``*`` allowed) and ``reason``
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from meshwright.analysis.finding import Finding
from meshwright.errors import InputError
from meshwright.frontends.istio.objects import section, text
from meshwright.manifests.resource import Resource
from meshwright.traffic import MadeBy, Origin

ANNOTATION = "meshwright.dev/ignore"
NO_REASON = "MW001"
UNUSED = "MW002"

_COMMENT = re.compile(r"#\s*meshwright:\s*ignore\s+(\S+)[ \t]*(.*)$")
_ONLY_COMMENT = re.compile(r"\s*(#|$)")


@dataclass(frozen=True, slots=True)
class Suppression:
    """One decision not to hear of a finding.

    Args:
        code: Of the check.
        reason: Why; without one it does not count.
        origin: Where it was written.
        resource: The object (``Kind namespace/name``, ``*`` allowed); empty for a comment.
        file, line: Of the line that a comment speaks of.
    """

    code: str
    reason: str
    origin: Origin
    resource: str = ""
    file: str = ""
    line: int = 0

    def covers(self, finding: Finding) -> bool:
        """Tell whether it speaks of a finding."""
        if self.code != finding.code:
            return False
        if self.resource:
            return fnmatchcase(finding.origin.resource, self.resource)
        return (self.file, self.line) == (finding.file, finding.line)


@dataclass(frozen=True, slots=True)
class _Line:
    """A place that is just a line of a file."""

    file: str
    number: int
    content: str

    def line_of(self, field: str) -> int:
        return self.number

    def made_by(self, field: str) -> MadeBy | None:
        return None

    def text_of(self, line: int) -> str:
        lines = self.content.splitlines()
        return lines[line - 1] if 0 < line <= len(lines) else ""


def written_suppressions(resources: Iterable[Resource]) -> Iterator[Suppression]:
    """Yield the suppressions in annotations and comments."""
    seen: set[str] = set()
    for resource in resources:
        note = section(section(resource.body.get("metadata")).get("annotations")).get(ANNOTATION)
        origin = resource.origin(f"metadata.annotations.{ANNOTATION}") if note else None
        for part in filter(None, map(str.strip, text(note).split(";"))) if origin is not None else ():
            code, _, reason = part.partition(" ")
            assert origin is not None
            yield Suppression(code.rstrip(":,"), reason.strip(), origin, resource=str(resource))
        place = resource.place
        if place is not None and place.file not in seen:
            seen.add(place.file)
            if "meshwright:" in place.content:
                yield from _comments(place.file, place.content)


def _comments(file: str, content: str) -> Iterator[Suppression]:
    lines = content.splitlines()
    for number, line in enumerate(lines, 1):
        found = _COMMENT.search(line)
        if found is None:
            continue
        target = number
        while target <= len(lines) and _ONLY_COMMENT.match(lines[target - 1]):
            target += 1
        origin = Origin("comment", "", _Line(file, number, content))
        yield Suppression(found[1].rstrip(":,"), found[2].strip(), origin, file=file, line=target)


def configured_suppressions(entries: Iterable[object], where: str) -> Iterator[Suppression]:
    """Read the list ``ignore`` of a configuration.

    Raises:
        InputError: An entry is not made of texts ``code``, ``resource`` and ``reason``.
    """
    for position, entry in enumerate(entries):
        values = [entry.get(key) for key in ("code", "resource", "reason")] if isinstance(entry, dict) else []
        if not values or not all(isinstance(value, str) and value for value in values):
            place = f"{where}.ignore[{position}]"
            raise InputError(place, "is not made of code, resource and reason", "Give all three as text")
        code, resource, reason = map(str, values)
        yield Suppression(code, reason, Origin(f"{where}.ignore[{position}]"), resource=resource)


def suppress(
    findings: Iterable[Finding], suppressions: Iterable[Suppression], known: Iterable[str]
) -> tuple[list[Finding], int]:
    """Leave out what is suppressed with a reason, and tell suppressions that are not good.

    Args:
        findings: All of them.
        suppressions: From wherever.
        known: The codes of the checks that ran; a suppression of another one is not called unused.

    Returns:
        What is left, with a finding for each suppression without a reason or without a use; and how many were left out.
    """
    written = list(suppressions)
    by_code: dict[str, list[tuple[int, Suppression]]] = {each.code: [] for each in written}
    for position, suppression in enumerate(written):
        by_code[suppression.code].append((position, suppression))
    used: set[int] = set()
    decisions: set[tuple[str, str, str]] = set()
    left: list[Finding] = []
    hidden = 0
    for finding in findings:
        covering = [(position, each) for position, each in by_code.get(finding.code, ()) if each.covers(finding)]
        used.update(position for position, _ in covering)
        decisions.update(_decision(each) for _, each in covering)
        if any(each.reason for _, each in covering):
            hidden += 1
        else:
            left.append(finding)
    codes = set(known)
    for position, suppression in enumerate(written):
        left.extend(_about(suppression, position in used or _decision(suppression) in decisions, codes))
    return left, hidden


def _decision(suppression: Suppression) -> tuple[str, str, str]:
    """Return what several annotations of one file share that one construct wrote: they are used if one of them is."""
    place = suppression.origin.place
    return suppression.code, suppression.reason, place.file if place is not None and suppression.resource else ""


def _about(suppression: Suppression, used: bool, codes: set[str]) -> Iterator[Finding]:
    if not suppression.reason:
        wrong = f'"ignore {suppression.code}" gives no reason, so it does not count'
        yield Finding(NO_REASON, "warning", wrong, "Write the reason behind the code.", suppression.origin)
    elif not used and suppression.code in codes:
        wrong = f'"ignore {suppression.code}" suppresses nothing'
        yield Finding(UNUSED, "warning", wrong, "Remove it: what it hid is gone.", suppression.origin)
