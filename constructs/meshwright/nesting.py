"""How deep a text is nested, told before a parser of YAML spends minutes on it: it takes the square of the depth."""

import re

MAX_DEPTH = 500
"""Deeper than anything that people or programs write for Kubernetes."""

_BRACKETS = re.compile(r"[\[\]{}]")


def may_be_too_deep(text: str) -> bool:
    """Tell whether brackets may be nested too deep; those in quotes and comments count, so there are false alarms."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = 0
    for bracket in _BRACKETS.findall(text):
        depth += 1 if bracket in "[{" else -1
        if depth > MAX_DEPTH:
            return True
        depth = max(depth, 0)
    return False
