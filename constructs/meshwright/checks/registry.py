"""All checks: those of the package, and those that other packages add by the entry point ``meshwright.checks``."""

from importlib.metadata import entry_points

from meshwright.checks.check import Check
from meshwright.checks.rules import CHECKS
from meshwright.errors import InputError

GROUP = "meshwright.checks"


def all_checks() -> tuple[Check, ...]:
    """Return the checks, sorted by code.

    Raises:
        InputError: An entry point cannot be loaded, is no `Check`, or has a code that is taken.
    """
    found = {check.code: check for check in CHECKS}
    for entry in entry_points(group=GROUP):
        where = f"entry point {entry.name}"
        try:
            check = entry.load()
        except Exception as error:
            raise InputError(where, f"cannot be loaded: {error}", f"Correct {entry.value}, or uninstall it") from error
        if not isinstance(check, Check):
            raise InputError(where, f"{entry.value} is no meshwright.checks.Check", "Make it one")
        if check.code in found:
            raise InputError(where, f"its code {check.code} is taken", "Give it a code with letters of your own")
        found[check.code] = check
    return tuple(found[code] for code in sorted(found))
