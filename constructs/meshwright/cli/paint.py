"""Colours for the texts of report/, laid over them line by line: what a text says never depends on its colours.

``click.echo`` takes them out again where the output is no terminal.
"""

import re
from collections.abc import Callable, Sequence

import click

_SEVERITIES = {"error": "red", "warning": "yellow", "note": "cyan"}
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], str]]


def _severity(found: re.Match[str]) -> str:
    colour = _SEVERITIES[found["severity"]]
    where = click.style(found["where"], bold=True)
    return f"{where}: {click.style(found['severity'], fg=colour, bold=True)}:{found['rest']}"


def _answer(found: re.Match[str]) -> str:
    fails = re.match(r"->? ?[45]\d\d|-> (no|unknown)", found[0]) is not None
    return click.style(found[0], fg="red" if fails else "green", bold=True)


FINDINGS: Sequence[Rule] = (
    (re.compile(r"(?P<where>\S.*?): (?P<severity>error|warning|note):(?P<rest> .*)"), _severity),
    (re.compile(r" +\| +\^+"), lambda found: click.style(found[0], fg="red")),
    (re.compile(r" +(\d+ \||see |made by ).*"), lambda found: click.style(found[0], dim=True)),
    (re.compile(r"\d+ errors?\b.*"), lambda found: click.style(found[0], bold=True)),
)
"""How findings look."""

DECISIONS: Sequence[Rule] = (
    (re.compile(r"[A-Z]+ https?://.*"), lambda found: click.style(found[0], bold=True)),
    (re.compile(r"-> .*"), _answer),
    (re.compile(r"   answered [45]\d\d by Envoy"), lambda found: click.style(found[0], fg="red", bold=True)),
    (re.compile(r" +\d+\. .*"), lambda found: click.style(found[0], dim=True)),
)
"""How explained requests look."""


def painted(text: str, rules: Sequence[Rule]) -> str:
    """Return ``text`` with each line in the colours of the first rule that the whole line fits."""
    return "\n".join(_line(line, rules) for line in text.split("\n"))


def _line(line: str, rules: Sequence[Rule]) -> str:
    for pattern, paint in rules:
        found = pattern.fullmatch(line)
        if found is not None:
            return paint(found)
    return line
