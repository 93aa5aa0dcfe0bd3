"""A difference of traffic as a comment on a pull request, for GitHub and GitLab."""

from collections.abc import Iterator, Sequence

from meshwright.analysis.traffic_diff.change import KINDS, Change, ChangeKind, DiffReport, Region
from meshwright.report.diff_apps import changes_by_app
from meshwright.report.diff_mermaid import diff_mermaid
from meshwright.report.diff_text import (
    TITLES,
    aspect_words,
    compared_words,
    counted,
    object_words,
    origin_place,
    summary_words,
    unaffected_words,
)
from meshwright.report.markdown_text import code, fenced, html
from meshwright.report.witness import curl_words

MARKER = "<!-- meshwright:diff -->"
"""The first line, by which a later run finds the comment to renew."""

MOST_BYTES = 60_000
"""GitHub refuses comments of more than 65,536 characters; bytes are never fewer, and findings may stand above."""

_SIGNS: dict[ChangeKind, str] = {
    "refused": "🔴",
    "opened": "🟡",
    "moved": "🔵",
    "altered": "🟠",
    "age": "🟣",
    "unknown": "⚪",
}
_MOST_REGIONS, _MOST_ORIGINS, _MOST_OBJECTS, _MOST_GRAPH = 5, 3, 60, 15_000


def diff_markdown(report: DiffReport, most_bytes: int = MOST_BYTES) -> str:
    """Return the comment, never longer than ``most_bytes``; what is left out is counted at its end."""
    writer = _Writer(most_bytes)
    for line in _head(report):
        writer.add(line)
    graph = diff_mermaid(report.traffic)
    if graph and _size(graph) <= _MOST_GRAPH:
        writer.add(f"\n{fenced(graph, 'mermaid')}\n")
    apps = changes_by_app(report.traffic)
    for number, (app, changes) in enumerate(apps):
        if not writer.section(app, changes, is_open=number == 0 or len(apps) <= 3):
            break
    for block in _below(report):
        writer.block(block)
    return writer.text(report)


def _head(report: DiffReport) -> Iterator[str]:
    yield MARKER
    if report.traffic.changes:
        yield f"### Traffic: {summary_words(report.traffic)}"
    else:
        yield f"### Traffic: {unaffected_words(report)}"
    files = f" · {counted(report.files, 'file')}, {counted(report.lines, 'line')}" if report.traffic.changes else ""
    yield f"\n{code(report.before)} → {code(report.after)}{files} · compared: {compared_words(report.traffic)}"
    for each in report.rollout:
        yield f"\n> ⚠️ **Order of rollout.** {code(each, 600)}"


def _below(report: DiffReport) -> Iterator[str]:
    alike = report.traffic.unknown_alike
    if alike:
        names = ", ".join(code(name) for name in dict.fromkeys(each.feature for each in alike))
        yield (
            f"\nNot covered on both sides alike: {counted(len(alike), 'object')} ({names}); it may act on any of these "
            "requests, before as after.\n"
        )
    if report.objects:
        told = "\n".join(f"- {code(object_words(each))}" for each in report.objects[:_MOST_OBJECTS])
        left = len(report.objects) - _MOST_OBJECTS
        more = f"\n- and {counted(left, 'more object')}" if left > 0 else ""
        title = f"Beside traffic: {counted(len(report.objects), 'object')}"
        yield f"\n<details><summary>{title}</summary>\n\n{told}{more}\n\n</details>\n"


class _Writer:
    """Adds what fits, and counts what does not."""

    def __init__(self, most_bytes: int) -> None:
        self._room = most_bytes - 600  # for what is said about the rest
        self._parts: list[str] = []
        self._told = 0
        self._full = False

    def add(self, text: str) -> bool:
        """Add a text if it fits."""
        size = _size(text) + 1
        if size > self._room:
            self._full = True
            return False
        self._room -= size
        self._parts.append(text)
        return True

    def block(self, text: str) -> None:
        """Add a text that stands by itself, even where others before it did not fit."""
        self.add(text)

    def section(self, app: str, changes: Sequence[Change], *, is_open: bool) -> bool:
        """Add as much of an app as fits; ``False``: the rest of the report does not."""
        counts = [(sum(each.kind == kind for each in changes), kind) for kind in KINDS]
        told = ", ".join(f"{_SIGNS[kind]} {count} {TITLES[kind][0].lower()}" for count, kind in counts if count)
        start = f"\n<details{' open' if is_open else ''}><summary><code>{html(app)}</code> {told}</summary>\n"
        end = "\n</details>"
        if not self.add(start):
            return False
        self._room -= _size(end)
        for change in changes:
            if not self.add("\n".join(_change(change))):
                break
            self._told += 1
        self._parts.append(end)
        return not self._full

    def text(self, report: DiffReport) -> str:
        """Return the comment."""
        left = len(report.traffic.changes) - self._told
        if left:
            command = f"meshwright diff {report.before} {report.after}"
            self._parts.append(f"\n**{counted(left, 'more change')} left out here:** {code(command, 150)} tells all.")
        elif self._full:
            self._parts.append("\nObjects beside traffic are left out here.")
        return "\n".join(self._parts).rstrip() + "\n"


def _change(change: Change) -> Iterator[str]:
    title, meaning = TITLES[change.kind]
    yield f"\n{_SIGNS[change.kind]} **{title.capitalize()}**: {meaning}\n"
    for region in change.regions[:_MOST_REGIONS]:
        one, two = region.before.words, region.after.words
        yield f"- {code(region.words)}" + ("" if one == two else f": {code(one)} → {code(two)}")
    left = len(change.regions) - _MOST_REGIONS
    if left > 0:
        yield f"- and {counted(left, 'more set')} of requests"
    others = [place for place, each in enumerate(change.aspects) if each.name not in ("destination", "answer")]
    if others:
        yield f"\n{', '.join(code(aspect_words(change, place)) for place in others)}"
    if change.because:
        yield f"\n{code(change.because, 600)}"
    yield from _proof(change)


def _proof(change: Change) -> Iterator[str]:
    if not change.regions:
        return
    region = next((each for each in change.regions if each.witness is not None), change.regions[0])
    if region.witness is not None:
        yield f"\n{fenced(curl_words(region.witness)[:1500], 'sh')}"
    elif region.because and region.because != change.because:
        yield f"\nNo request to try: {code(region.because)}"
    places = _places(region)
    if places:
        yield f"\n{places}\n"


def _places(region: Region) -> str:
    """Return where both sides were written, with the line of Python where it is known."""
    sides = []
    for name, answer in (("before", region.before), ("after", region.after)):
        shown = []
        for origin in answer.origins[:_MOST_ORIGINS]:
            made_by = origin.made_by
            python = f", {code(made_by.where)}" if made_by is not None else ""
            shown.append(f"{code(origin_place(origin))}{python}")
        if len(answer.origins) > _MOST_ORIGINS:
            shown.append(f"{len(answer.origins) - _MOST_ORIGINS} more")
        if shown:
            sides.append(f"{name} {', '.join(shown)}")
    return f"<sub>{' · '.join(sides)}</sub>" if sides else ""


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
