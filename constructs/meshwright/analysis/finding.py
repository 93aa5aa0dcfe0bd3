"""One thing that is wrong with what was written, told with its place and a way out."""

from dataclasses import dataclass
from typing import Literal, get_args

from meshwright.traffic import Origin

Severity = Literal["error", "warning", "note", "unknown"]
"""From worst to mildest; ``unknown`` says that the manifests do not show enough to decide."""

SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Args:
        code: The check's code, ``MW104``; it never changes its meaning.
        severity: How much it matters.
        wrong: What is wrong, with the user's own value, as a sentence without its full stop.
        remedy: What to do, as one or more sentences.
        origin: Where the wrong value was written.
        related: Other places that belong to it, such as the object that wins.
    """

    code: str
    severity: Severity
    wrong: str
    remedy: str
    origin: Origin
    related: tuple[Origin, ...] = ()

    @property
    def file(self) -> str:
        """The file of the place; empty where there is none."""
        return self.origin.place.file if self.origin.place is not None else ""

    @property
    def line(self) -> int:
        """The 1-based line of the place; 0 where there is none."""
        return self.origin.place.line_of(self.origin.field) if self.file and self.origin.place is not None else 0

    @property
    def source(self) -> str:
        """The text of that line; empty where there is none."""
        place = self.origin.place
        return place.text_of(self.line) if place is not None and self.line else ""


def at_least(severity: Severity, threshold: Severity) -> bool:
    """Tell whether a severity is as bad as a threshold, or worse."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(threshold)
