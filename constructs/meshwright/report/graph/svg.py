"""The picture as an SVG that needs nothing else: no script, no font, no Node; light and dark follow the reader."""

from collections.abc import Iterator
from html import escape

from meshwright.analysis.graph import Entrance, Host, Lock, MeshGraph, Rule, Service, Target
from meshwright.report.assets import asset
from meshwright.report.graph.layout import HEAD, LINE, Card, Layout, layout
from meshwright.report.graph.words import (
    LOCK_WORDS,
    door_text,
    entrance_subtitle,
    entrance_title,
    host_subtitle,
    host_title,
    rule_conditions,
    rule_details,
    rule_outcome,
    rule_title,
    service_notes,
    service_subtitle,
    service_title,
    target_text,
    unknown_texts,
    version_labels,
    version_text,
    visible_text,
)

_LOCK = (
    '<g class="lock" transform="translate({x:g} {y:g})">'
    '<rect class="body" x="0" y="6" width="11" height="9" rx="2"/>{bow}</g>'
)
_BOWS = {
    "strict": '<path d="M2 6V4a3.5 3.5 0 0 1 7 0v2"/>',
    "permissive": '<path d="M2 6V3a3.5 3.5 0 0 1 6.8-1"/>',
    "mixed": '<path d="M2 6V3a3.5 3.5 0 0 1 6.8-1"/>',
}


def graph_svg(graph: MeshGraph, title: str = "mesh") -> str:
    """Return the SVG.

    Args:
        title: What is drawn, for readers who hear the picture.
    """
    return "".join(f"{line}\n" for line in _document(graph, title))


def _document(graph: MeshGraph, title: str) -> Iterator[str]:
    placed = layout(graph)
    width, height = placed.width, placed.height
    name = _text(f"Traffic of {title}", 200)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" '
        f'height="{height:g}" role="img" aria-label="{name}">'
    )
    yield f"<title>{name}</title>"
    yield f"<style>{asset('graph_svg.css')}</style>"
    yield f'<rect class="page" width="{width:g}" height="{height:g}"/>'
    yield from _edges(graph, placed)
    for entrance, card in zip(graph.entrances, placed.entrances, strict=True):
        yield from _entrance(entrance, card)
    for host, card in zip(graph.hosts, placed.hosts, strict=True):
        yield from _host(host, card, graph)
    for service, card in zip(graph.services, placed.services, strict=True):
        yield from _service(service, card)
    yield from _shares(graph, placed)
    yield "</svg>"


def _entrance(entrance: Entrance, card: Card) -> Iterator[str]:
    yield '<g class="entrance">'
    yield from _box(card, entrance_title(entrance), entrance_subtitle(entrance), unknown_texts(entrance.unknowns))
    for door, top in zip(entrance.doors, card.rows, strict=True):
        tip = f"certificate {', '.join(door.credentials)}" if door.credentials else ""
        yield _row(card, top, visible_text(door_text(door), 32), "row", tip)
        if door.tls in ("simple", "mutual"):
            yield _lock("strict", card.right - 24, top + 6)
    yield "</g>"


def _host(host: Host, card: Card, graph: MeshGraph) -> Iterator[str]:
    yield '<g class="host">'
    yield from _box(card, host_title(host, graph), host_subtitle(host), unknown_texts(host.unknowns), host.domains)
    for number, (rule, top) in enumerate(zip(host.rules, card.rows, strict=True)):
        if number:
            yield f'<path class="rule" d="M{card.left + 1:g} {top:g}H{card.right - 1:g}"/>'
        yield f'<text class="order" x="{card.left + 24:g}" y="{top + 19:g}">{number + 1}</text>'
        yield _row(card, top, visible_text(rule_title(rule), 50), "row mono", "\n".join(rule_conditions(rule)), 32)
        yield from _rule_detail(rule, card, top)
    yield "</g>"


def _rule_detail(rule: Rule, card: Card, top: float) -> Iterator[str]:
    outcome = rule_outcome(rule)
    words = "; ".join(filter(None, [outcome and f"→ {outcome}", rule_details(rule)]))
    if words:
        bad = " bad" if outcome in ("nowhere", "no destination") else ""
        text = _text(words, 66)
        yield f'<text class="detail{bad}" x="{card.left + 32:g}" y="{top + 34:g}">{text}</text>'


def _service(service: Service, card: Card) -> Iterator[str]:
    yield f'<g class="{service.kind}">'
    notes = service_notes(service)
    yield from _box(card, service_title(service), service_subtitle(service), (), (service.host, *notes))
    yield _lock(service.lock, card.right - 24, card.top + 8)
    if service.endpoints == 0:
        yield _at_right("no workload", card, 38)
    for version, top in zip(service.versions, card.rows, strict=True):
        bad = " bad" if not version.defined else " warn" if version.endpoints == 0 else ""
        yield _row(card, top, visible_text(version_text(version), 34), f"row{bad}", version_labels(version))
    yield "</g>"


def _box(
    card: Card, title: str, subtitle: str, unknowns: list[str] | tuple[str, ...], tips: tuple[str, ...] = ()
) -> Iterator[str]:
    left, top, width, height = card.left, card.top, card.width, card.height
    room = int((width - 44) / 8.4)
    tip = "\n".join([*(tips or (title,)), *(f"not modelled: {each}" for each in unknowns)])
    yield f"<title>{_text(tip, 2000)}</title>"
    yield f'<rect class="card" x="{left:g}" y="{top:g}" width="{width:g}" height="{height:g}" rx="8"/>'
    under = height > HEAD
    corner = f"v{HEAD - 8:g}h{-width:g}" if under else f"v{HEAD - 16:g}a8 8 0 0 1-8 8h{16 - width:g}a8 8 0 0 1-8-8"
    yield f'<path class="head" d="M{left:g} {top + 8:g}a8 8 0 0 1 8-8h{width - 16:g}a8 8 0 0 1 8 8{corner}z"/>'
    yield f'<text class="title" x="{left + 12:g}" y="{top + 20:g}">{_text(title, room)}</text>'
    yield f'<text class="sub" x="{left + 12:g}" y="{top + 37:g}">{_text(subtitle, int(width / 6.2))}</text>'
    if unknowns:
        yield _at_right("⚠ not modelled", card, 20)


def _at_right(text: str, card: Card, down: float) -> str:
    place = f'x="{card.right - 12:g}" y="{card.top + down:g}"'
    return f'<text class="sub warn" {place} text-anchor="end">{text}</text>'


def _row(card: Card, top: float, text: str, kind: str, tip: str = "", indent: float = 12) -> str:
    hint = f"<title>{_text(tip, 2000)}</title>" if tip else ""
    return f'<text class="{kind}" x="{card.left + indent:g}" y="{top + 19:g}">{_text(text, 80)}{hint}</text>'


def _lock(lock: Lock, left: float, top: float) -> str:
    bow = _BOWS.get(lock, "")
    return _LOCK.format(x=left, y=top, bow=f"<title>{LOCK_WORDS[lock]}</title>{bow}") if bow else ""


def _edges(graph: MeshGraph, placed: Layout) -> Iterator[str]:
    for host, card in zip(graph.hosts, placed.hosts, strict=True):
        entrance = placed.entrances[host.entrance]
        for start in [entrance.rows[door] + LINE / 2 for door in host.doors] or [entrance.head_middle]:
            yield f'<path class="edge in" d="{_curve(entrance.right, start, card.left, card.head_middle)}"/>'
        for rule, top in zip(host.rules, card.rows, strict=True):
            for target in rule.targets:
                end = placed.services[target.service]
                kind = "edge mirror" if target.mirror else "edge"
                line = _curve(card.right, top + LINE / 2, end.left, _end(target, end))
                yield f'<path class="{kind}" stroke-width="{1.2 + target.share / 50:.3g}" d="{line}"/>'


def _shares(graph: MeshGraph, placed: Layout) -> Iterator[str]:
    """Yield the shares, on top of everything."""
    for host, card in zip(graph.hosts, placed.hosts, strict=True):
        for rule, top in zip(host.rules, card.rows, strict=True):
            for target in rule.targets:
                text = target_text(target)
                if text:
                    end = placed.services[target.service]
                    yield from _pill(text, *_point(card.right, top + LINE / 2, end.left, _end(target, end)))


def _pill(text: str, x: float, y: float) -> Iterator[str]:
    width = 7 * len(text) + 12
    yield f'<rect class="pill" x="{x - width / 2:g}" y="{y - 9:g}" width="{width:g}" height="18" rx="9"/>'
    yield f'<text class="share" x="{x:g}" y="{y + 4:g}">{_text(text, 40)}</text>'


def _end(target: Target, card: Card) -> float:
    return card.head_middle if target.version is None else card.rows[target.version] + LINE / 2


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    bend = (x2 - x1) / 2
    return f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"


def _point(x1: float, y1: float, x2: float, y2: float) -> tuple[float, float]:
    """Return the point of the curve at 75 % of its way, where the lines of one rule have parted."""
    t = 0.75
    bend = (x2 - x1) / 2
    a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
    return a * x1 + b * (x1 + bend) + c * (x2 - bend) + d * x2, (a + b) * y1 + (c + d) * y2


def _text(text: str, most: int) -> str:
    """Return ``text`` as XML text or attribute."""
    lines = text.split("\n")
    return escape("\n".join(visible_text(line, most) for line in lines)[: most * 4])
