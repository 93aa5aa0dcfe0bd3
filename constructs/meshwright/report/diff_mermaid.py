"""The changed routes as a Mermaid graph: red what goes, green what comes, amber what is done otherwise."""

from collections.abc import Iterator

from meshwright.analysis.traffic_diff.change import Answer, Change, Destination, TrafficDiff
from meshwright.report.graph.mermaid_text import label

ADDED, REMOVED, ALTERED = "#16a34a", "#dc2626", "#d97706"
_CLASSES = f"""\
  classDef requests fill:#e0e7ff,stroke:#6366f1,color:#1e1b4b
  classDef target fill:#f1f5f9,stroke:#64748b,color:#0f172a
  classDef added fill:#dcfce7,stroke:{ADDED},color:#052e16
  classDef removed fill:#fee2e2,stroke:{REMOVED},color:#450a0a,stroke-dasharray:4 3
  classDef altered fill:#fef3c7,stroke:{ALTERED},color:#451a03"""
_DRAWN = ("refused", "opened", "moved", "altered")
_Key = tuple[str, int, str]


def diff_mermaid(traffic: TrafficDiff, most: int = 25) -> str:
    """Return the graph; empty where there is nothing to draw.

    Args:
        most: Changes that are drawn, the first ones; the others are counted in a node of their own.
    """
    changes = [change for change in traffic.changes if change.kind in _DRAWN]
    if not changes:
        return ""
    drawing = _Drawing()
    for number, change in enumerate(changes[:most]):
        drawing.add(number, change)
    return "\n".join(drawing.lines(len(changes) - most)) + "\n"


class _Drawing:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._targets: dict[_Key, str] = {}
        self._sides: dict[_Key, set[str]] = {}
        self._colours: dict[str, list[int]] = {ADDED: [], REMOVED: [], ALTERED: []}
        self._edges = 0

    def add(self, number: int, change: Change) -> None:
        """Draw one change: its requests, and where they went and go."""
        more = f"and {len(change.regions) - 1} more sets of requests" if len(change.regions) > 1 else ""
        self._lines.append(f"  r{number}[{label(change.regions[0].words, more)}]:::requests")
        before, after = _ends(change.before), _ends(change.after)
        for key in before.keys() - after.keys():
            self._edge(number, key, "-.->", before[key], REMOVED, "removed")
        for key in after:
            if key not in before:
                self._edge(number, key, "==>", after[key], ADDED, "added")
            elif before[key] != after[key]:
                shares = " → ".join(side or "100 %" for side in (before[key], after[key]))
                self._edge(number, key, "-->", shares, ALTERED, "altered")
            else:
                told = [f"{each.name} {each.before} → {each.after}" for each in change.aspects]
                self._edge(number, key, "-->", "; ".join(told), ALTERED, "altered")

    def lines(self, left: int) -> Iterator[str]:
        """Yield the whole text."""
        yield "flowchart LR"
        yield _CLASSES
        for key, name in self._targets.items():
            sides = self._sides[key]
            kind = next(iter(sides)) if len(sides) == 1 else "target"
            host, port, subset = key
            where = f":{port}" if port else ""
            yield f"  {name}[{label(f'{_short(host)}{where} {subset}'.rstrip())}]:::{kind}"
        yield from self._lines
        for colour, edges in self._colours.items():
            if edges:
                yield f"  linkStyle {','.join(map(str, edges))} stroke:{colour},stroke-width:2px"
        if left > 0:
            yield f"  more[{label(f'… and {left} more changes')}]:::target"

    def _edge(self, number: int, key: _Key, arrow: str, text: str, colour: str, side: str) -> None:
        name = self._targets.setdefault(key, f"t{len(self._targets)}")
        self._sides.setdefault(key, set()).add(side)
        self._colours[colour].append(self._edges)
        self._edges += 1
        shown = f"|{label(text)}|" if text else ""
        self._lines.append(f"  r{number} {arrow}{shown} {name}")


def _ends(answer: Answer) -> dict[_Key, str]:
    """Return where requests end, each with its share; what a proxy answers by itself is an end of its own."""
    if not answer.destinations:
        return {(answer.words, 0, ""): ""}
    return {_key(each): f"{each.share:.4g} %" if each.share != 100 else "" for each in answer.destinations}


def _key(destination: Destination) -> _Key:
    return destination.host, destination.port, destination.subset


def _short(host: str) -> str:
    return host.removesuffix(".svc.cluster.local")
