"""docs/reliability.md, written by the run that saw what it says."""

from collections.abc import Callable
from pathlib import Path

Seen = Callable[[str, str], None]

HEAD = """\
# What was tried on a real cluster

`make e2e` starts a Kubernetes API server, Argo CD, istiod and Envoy (as ingress gateway and as sidecar) on one machine,
lets Argo CD sync git repositories that this project synthesised, sends requests and breaks things. The workloads behind
Envoy are echo servers; nothing else stands in for the real thing. This page is written by that run, and only by one in
which every test passed.
"""

THEMES = {
    "test_delivery": "Delivery",
    "test_kinds": "Every kind",
    "test_traffic": "Traffic",
    "test_gateway": "Gateway",
    "test_pull_request": "A change by pull request",
    "test_drift": "Drift and pruning",
    "test_zero_loss": "Changes under load",
    "test_faults": "Faults",
}
"""Title of what the tests of a module saw, in the order of the page."""


class Table:
    """What was tried and seen, by theme."""

    def __init__(self) -> None:
        self._rows: dict[str, list[tuple[str, str]]] = {theme: [] for theme in THEMES}

    def note_of(self, theme: str) -> Seen:
        """Return the function that notes something of a theme."""
        rows = self._rows[theme]
        return lambda tried, saw: rows.append((tried, saw))

    def text(self) -> str:
        """Return the page."""
        parts = [HEAD]
        for theme, rows in self._rows.items():
            if rows:
                lines = [f"| {_cell(tried)} | {_cell(saw)} |" for tried, saw in rows]
                parts.append("\n".join([f"## {THEMES[theme]}\n", "| tried | seen |", "| --- | --- |", *lines, ""]))
        return "\n".join(parts)

    def write(self, page: Path) -> None:
        """Write the page, if every theme was seen: a run of some tests alone leaves it as it is."""
        if all(self._rows.values()):
            page.write_text(self.text(), encoding="utf-8")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
