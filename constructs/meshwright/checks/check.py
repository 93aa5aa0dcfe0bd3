"""A check, and a problem that it tells."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from meshwright.analysis.finding import Severity
from meshwright.checks.inventory import Inventory
from meshwright.traffic import Origin


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check tells about one place.

    Args:
        origin: Where the wrong value was written.
        wrong: What is wrong, with the user's own value, as a sentence without its full stop.
        remedy: What to do, as one or more sentences.
        severity: Where it differs from the check's own.
        related: Other places that belong to it.
    """

    origin: Origin
    wrong: str
    remedy: str
    severity: Severity | None = None
    related: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Args:
        code: Permanent: ``MW`` and three digits here; a check of your own takes letters of its own.
        name: In words with hyphens, for people.
        severity: Of its problems, unless they say otherwise.
        title: What it finds, as a sentence.
        find: Tells the problems of a mesh.
    """

    code: str
    name: str
    severity: Severity
    title: str
    find: Callable[[Inventory], Iterator[Problem]]
