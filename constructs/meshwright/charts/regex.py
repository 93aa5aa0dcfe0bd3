"""Regular expressions as proxies read them: RE2."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.charts.problem import Part

_SPECIAL = frozenset("\\.+*?()|[]{}^$")


def quoted(text: str) -> str:
    """Return the expression that matches ``text`` alone."""
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in text)


def check_regex(expression: object, field: str, part: Part) -> bool:
    """Tell a problem where ``expression`` is no RE2 expression, and return whether it is one."""
    if not isinstance(expression, str) or not expression:
        part.problem(f"{field} is {expression!r}, no regular expression", "Give an RE2 expression")
        return False
    import re2  # type: ignore[import-untyped]

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(expression, options=options)
    except re2.error as wrong:
        reason = wrong.args[0]
        reason = reason.decode() if isinstance(reason, bytes) else reason
        part.problem(f"{field} is {expression!r}, which proxies cannot read: {reason}", "Write it as RE2 does")
        return False
    return True
