"""A difference of traffic as a page: one file, to be searched, with the YAML of both sides beside each other."""

from collections.abc import Iterator, Sequence
from html import escape

from meshwright.analysis.traffic_diff.change import Change, DiffReport, Region
from meshwright.report.assets import asset
from meshwright.report.diff_apps import changes_by_app
from meshwright.report.diff_text import (
    TITLES,
    aspect_words,
    compared_words,
    counted,
    object_words,
    summary_words,
    unaffected_words,
)
from meshwright.report.graph.sources import Sources
from meshwright.report.page import page
from meshwright.report.printable import visible
from meshwright.report.witness import explain_command
from meshwright.traffic import Origin

_MOST_REGIONS, _MOST_ORIGINS, _AROUND = 20, 3, 4


def diff_html(report: DiffReport) -> str:
    """Return the page."""
    title = f"{report.before} → {report.after}"
    return page(title, asset("diff.css"), "\n".join(_Body(report).lines()), [asset("diff.js")])


class _Body:
    def __init__(self, report: DiffReport) -> None:
        self._report = report
        self._sources = Sources()

    def lines(self) -> Iterator[str]:
        report, traffic = self._report, self._report.traffic
        told = summary_words(traffic) if traffic.changes else unaffected_words(report)
        yield f"<header><h1>{_text(told[:1].upper() + told[1:])}</h1>"
        files = f" · {counted(report.files, 'file')}, {counted(report.lines, 'line')}" if traffic.changes else ""
        sides = f"<code>{_text(report.before)}</code> → <code>{_text(report.after)}</code>"
        yield f"<p>{sides}{files} · compared: {_text(compared_words(traffic))}</p>"
        if traffic.changes:
            yield (
                '<input id="search" type="search" placeholder="Search, /" aria-label="Search changes" '
                'aria-keyshortcuts="/"> <span id="status" role="status" aria-live="polite"></span>'
            )
        yield "</header><main>"
        if report.rollout:
            yield f"<h2>Order of rollout</h2>{_listed(report.rollout)}"
        for app, changes in changes_by_app(traffic):
            yield f"<section><h2>{_text(app)}</h2>"
            for change in changes:
                yield from self._change(change)
            yield "</section>"
        yield from self._below()
        yield "</main>"

    def _below(self) -> Iterator[str]:
        alike = self._report.traffic.unknown_alike
        if alike:
            yield "<h2>Not covered on both sides alike</h2>"
            yield _listed(sorted({f"{each.feature}: {each.because}" for each in alike}))
        if self._report.objects:
            yield "<h2>Beside traffic</h2>"
            yield _listed([object_words(each) for each in self._report.objects])

    def _change(self, change: Change) -> Iterator[str]:
        title, meaning = TITLES[change.kind]
        yield f'<article class="{change.kind}"><h3>{title.capitalize()} <small>{meaning}</small></h3>'
        yield "<table><tr><th>requests</th><th>before</th><th>after</th></tr>"
        for region in change.regions[:_MOST_REGIONS]:
            one, two = region.before.words, region.after.words
            same = " same" if one == two else ""
            yield (
                f'<tr><td>{_text(region.words)}</td><td class="before{same}">{_text(one)}</td>'
                f'<td class="after{same}">{_text(two)}</td></tr>'
            )
        yield "</table>"
        left = len(change.regions) - _MOST_REGIONS
        if left > 0:
            yield f"<p>and {counted(left, 'more set')} of requests</p>"
        others = [place for place, each in enumerate(change.aspects) if each.name not in ("destination", "answer")]
        if others:
            yield _listed([aspect_words(change, place) for place in others])
        if change.because:
            yield f"<p>{_text(change.because)}</p>"
        if change.regions:
            yield from self._proof(change)
        yield "</article>"

    def _proof(self, change: Change) -> Iterator[str]:
        region = next((each for each in change.regions if each.witness is not None), change.regions[0])
        if region.witness is not None:
            sides = (self._report.before, self._report.after)
            commands = "\n".join(explain_command(region.witness, side) for side in sides)
            yield "<details><summary>A request that proves it</summary>"
            yield f'<pre class="typed">{_text(commands)}</pre></details>'
        elif region.because and region.because != change.because:
            yield f"<p>No request to try: {_text(region.because)}</p>"
        yield from self._lines_of(region)

    def _lines_of(self, region: Region) -> Iterator[str]:
        if not region.before.origins and not region.after.origins:
            return
        yield '<details><summary>The lines that say so</summary><div class="sides">'
        for name, origins in (("before", region.before.origins), ("after", region.after.origins)):
            yield f"<div><h4>{name}</h4>"
            yield from self._written(origins)
            yield "</div>"
        yield "</div></details>"

    def _written(self, origins: Sequence[Origin]) -> Iterator[str]:
        if not origins:
            yield "<p>nothing is written</p>"
        for origin in origins[:_MOST_ORIGINS]:
            place = self._sources.place(origin) or {}
            yield f"<p>{_text(f'{origin.resource} {origin.field}'.rstrip())}</p>"
            if "python" in place:
                yield f"<p>made by <code>{_text(place['python']['where'])}</code></p>"
            if "doc" in place:
                document = self._sources.documents[place["doc"]]
                yield f"<p><code>{_text(document['file'])}:{place['line']}</code></p>"
                yield _excerpt(document["text"].split("\n"), document["start"], place["line"], place["last"])
        if len(origins) > _MOST_ORIGINS:
            yield f"<p>and {len(origins) - _MOST_ORIGINS} more</p>"


def _excerpt(lines: Sequence[str], start: int, first: int, last: int) -> str:
    """Return the lines of a part with some around it."""
    shown = []
    for offset, line in enumerate(lines):
        number = start + offset
        if first - _AROUND <= number <= last + _AROUND:
            here = ' class="here"' if first <= number <= last else ""
            shown.append(f'<span data-line="{number}"{here}>{_text(line) or "&#8203;"}</span>')
    return f"<pre>{''.join(shown)}</pre>"


def _listed(texts: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{_text(each)}</li>' for each in texts)}</ul>"


def _text(text: str) -> str:
    return escape(visible(text))
