"""A difference of traffic for a terminal: what weighs most first, each change with a request that proves it."""

import shutil
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby

from meshwright.analysis.traffic_diff.change import (
    KINDS,
    Change,
    ChangeKind,
    DiffReport,
    ObjectChange,
    Region,
    TrafficDiff,
)
from meshwright.report.printable import visible_line
from meshwright.report.witness import replay_words
from meshwright.traffic import Origin

TITLES: dict[ChangeKind, tuple[str, str]] = {
    "refused": ("NEWLY REFUSED", "requests that nobody answers any more"),
    "opened": ("NEWLY OPEN", "requests that are answered now"),
    "moved": ("MOVED", "requests that go elsewhere"),
    "altered": ("ALTERED", "requests that are treated otherwise on their way"),
    "age": ("DEPENDS ON AGE", "which of two objects is older decides, and the files do not tell"),
    "unknown": ("UNKNOWN", "the model does not cover what may change here"),
}
_COLOURS = {"refused": "31", "opened": "33", "moved": "36", "altered": "36", "age": "35", "unknown": "35"}
_WIDTH = 100
_MOST_REGIONS, _MOST_ORIGINS, _MOST_OBJECTS = 4, 2, 12
_INDENT = "      "


def diff_text(report: DiffReport, *, colour: bool = False, width: int | None = None) -> str:
    """Return the report.

    Args:
        colour: Headings are coloured.
        width: Of a line; if left out, that of the terminal, at most 100.
    """
    writer = _Writer(report, colour, width or min(shutil.get_terminal_size((_WIDTH, 24)).columns, _WIDTH))
    return "\n".join(writer.lines()).rstrip() + "\n"


def summary_words(traffic: TrafficDiff) -> str:
    """Return ``1 newly refused, 2 moved``; empty without changes."""
    counts = [(len(traffic.of_kind(kind)), TITLES[kind][0].lower()) for kind in KINDS]
    return ", ".join(f"{count} {title}" for count, title in counts if count)


def unaffected_words(report: DiffReport) -> str:
    """Return the line of a change that changes no traffic: ``no request is affected: 3 files, 120 lines``."""
    if not report.files:
        return "no request is affected: both sides say the same"
    return f"no request is affected: {counted(report.files, 'file')}, {counted(report.lines, 'line')}"


def counted(number: int, what: str) -> str:
    """Return ``1 file`` or ``3 files``."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def compared_words(traffic: TrafficDiff) -> str:
    """Return what was looked at: ``2 gateways, 14 sidecars, 120 hosts``."""
    parts = ((traffic.gateways, "gateway"), (traffic.sidecars, "sidecar"), (traffic.hosts, "host"))
    return ", ".join(counted(number, what) for number, what in parts if number) or "nothing that serves requests"


def origin_place(origin: Origin) -> str:
    """Return ``dist/shop.yaml:12``, with the line of Python behind it where that is known; else the object."""
    place = origin.place
    if place is None or not place.file:
        return f"{origin.resource} {origin.field}".rstrip()
    return f"{place.file}:{place.line_of(origin.field)}"


class _Writer:
    def __init__(self, report: DiffReport, colour: bool, width: int) -> None:
        self._report = report
        self._colour = colour
        self._width = width

    def lines(self) -> Iterator[str]:
        report, traffic = self._report, self._report.traffic
        yield from self._wrapped(f"{report.before} → {report.after}", "")
        if traffic.changes:
            files = f", in {counted(report.files, 'file')} and {counted(report.lines, 'line')}" if report.files else ""
            yield f"{summary_words(traffic)}{files}"
        else:
            yield unaffected_words(report)
        yield f"compared: {compared_words(traffic)}"
        for kind, changes in groupby(traffic.changes, key=lambda change: change.kind):
            title, meaning = TITLES[kind]
            yield ""
            yield f"{self._strong(title, _COLOURS[kind])}  {meaning}"
            for number, change in enumerate(changes):
                if number:
                    yield ""
                yield from self._change(change)
        yield from self._below(report)

    def _below(self, report: DiffReport) -> Iterator[str]:
        if report.traffic.unknown_alike:
            names = dict.fromkeys(f"{each.feature}" for each in report.traffic.unknown_alike)
            yield ""
            yield from self._wrapped(
                f"not covered on both sides alike: {counted(len(report.traffic.unknown_alike), 'object')} "
                f"({', '.join(names)}); it may act on any of these requests, before as after",
                "",
            )
        if report.rollout:
            yield ""
            yield self._strong("ORDER OF ROLLOUT", "33")
            for each in report.rollout:
                yield from self._wrapped(each, "  ", "    ")
        if report.objects:
            yield ""
            yield f"{self._strong('BESIDE TRAFFIC', '2')}  workloads and other objects"
            changed = [each for each in report.objects if each.what == "changed"]
            for change in changed[:_MOST_OBJECTS]:
                yield from self._wrapped(object_words(change), "  ", "      ")
            if len(changed) > _MOST_OBJECTS:
                yield f"  and {counted(len(changed) - _MOST_OBJECTS, 'more object')}"
            for what in ("added", "removed"):
                found = [each.resource for each in report.objects if each.what == what]
                if found:
                    more = f" and {len(found) - _MOST_OBJECTS} more" if len(found) > _MOST_OBJECTS else ""
                    yield from self._wrapped(f"{what}: {', '.join(found[:_MOST_OBJECTS])}{more}", "  ", "      ")

    def _change(self, change: Change) -> Iterator[str]:
        for region in change.regions[:_MOST_REGIONS]:
            yield from self._wrapped(region.words, "  ", "    ")
        if len(change.regions) > _MOST_REGIONS:
            yield f"  and {counted(len(change.regions) - _MOST_REGIONS, 'more set')} of requests"
        told = "; ".join(aspect_words(change, place) for place in range(len(change.aspects)))
        yield from (self._strong(line, "1") for line in self._wrapped(told, _INDENT, _INDENT + "  "))
        if change.because and change.because not in told:
            yield from self._wrapped(f"({change.because})", _INDENT)
        region = next((each for each in change.regions if each.witness is not None), change.regions[0])
        arriving = all(each.way == "workload" for each in region.entrances)
        if region.witness is not None and not arriving:
            yield from self._wrapped(f"try     {replay_words(region.witness)}", _INDENT, _INDENT + "        ")
        elif not arriving and region.because and region.because != change.because:
            yield from self._wrapped(f"no request to try: {region.because}", _INDENT)
        yield from self._origins(region)

    def _origins(self, region: Region) -> Iterator[str]:
        one, two = region.before.origins, region.after.origins
        if [(each.resource, each.field) for each in one] == [(each.resource, each.field) for each in two]:
            yield from self._places("by", one, two)
        else:
            yield from self._places("before", one)
            yield from self._places("after", two)
        yield from self._python(region)

    def _python(self, region: Region) -> Iterator[str]:
        """Yield the lines of the user's own program that cause it, where they are known."""
        made = [origin.made_by for origin in (*region.after.origins, *region.before.origins)]
        told = dict.fromkeys(f"{each.where}  {each.path}" for each in made if each is not None)
        for number, line in enumerate(list(told)[:_MOST_ORIGINS]):
            label = "Python" if not number else ""
            yield from self._wrapped(f"{label:<7} {line}", _INDENT, _INDENT + "        ")

    def _places(self, label: str, origins: Sequence[Origin], others: Sequence[Origin] = ()) -> Iterator[str]:
        for number, origin in enumerate(origins[:_MOST_ORIGINS]):
            more = len(origins) - _MOST_ORIGINS if number == _MOST_ORIGINS - 1 else 0
            end = f" and {counted(more, 'more')}" if more > 0 else ""
            shown = origin_place(others[number]) if others else origin_place(origin)
            what = f"{origin.resource} {origin.field}".rstrip()
            told = shown if shown == what else f"{shown}  {what}"
            line = f"{label if not number else '':<7} {told}{end}"
            fits = len(_INDENT) + len(line) <= self._width
            yield from self._wrapped(line if fits else self._without_source(line), _INDENT, _INDENT + "        ")

    def _without_source(self, line: str) -> str:
        """Return a line with the place counted from the side that it belongs to, which stands in the first line."""
        for source in (self._report.before, self._report.after):
            line = line.replace(source if source.endswith(":") else f"{source}/", "", 1)
        return line

    def _wrapped(self, text: str, first: str, later: str | None = None) -> list[str]:
        indent = first if later is None else later
        return textwrap.wrap(
            visible_line(text),
            self._width,
            initial_indent=first,
            subsequent_indent=indent,
            break_long_words=False,
            break_on_hyphens=False,
        )

    def _strong(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text


def aspect_words(change: Change, place: int) -> str:
    """Return ``reviews v1 → reviews v2`` for where requests go, ``timeout none → 5 s`` for anything else."""
    aspect = change.aspects[place]
    name = "" if aspect.name == "destination" else f"{aspect.name} "
    return f"{name}{aspect.before} → {aspect.after}"


def object_words(change: ObjectChange) -> str:
    """Return ``Deployment shop/cart: image cart:1 → cart:2, replicas 2 → 4``."""
    if change.what != "changed":
        return f"{change.resource} {change.what}"
    told = ", ".join(_object_aspect(each.name, each.before, each.after) for each in change.aspects)
    return f"{change.resource}: {told}"


def _object_aspect(name: str, before: str, after: str) -> str:
    if not before:
        return f"{name} {after} added"
    if not after:
        return f"{name} {before} removed"
    return f"{name} {before} → {after}"
