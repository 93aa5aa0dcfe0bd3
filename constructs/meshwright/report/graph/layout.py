"""Where everything stands: three columns of cards, entrances, hosts with their rules, services with their versions.

Hosts keep their order; each service stands as near as it can to the rules that lead to it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from meshwright.analysis.graph import Entrance, Host, MeshGraph, Rule, Service
from meshwright.report.graph.words import rule_details, rule_outcome

HEAD = 46
LINE = 28
DETAIL = 16
ENTRANCE_WIDTH, HOST_WIDTH, SERVICE_WIDTH = 230, 430, 250
MARGIN, GAP, BETWEEN = 28, 130, 20


@dataclass(frozen=True, slots=True)
class Card:
    """A box with a head and rows; ``rows`` are their tops, counted from the top of the picture."""

    left: float
    top: float
    width: float
    height: float
    rows: tuple[float, ...]

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.top + self.height

    @property
    def head_middle(self) -> float:
        """The height at which lines to the whole card end."""
        return self.top + HEAD / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """The cards, each list in the order of the graph, and the size of the picture."""

    entrances: tuple[Card, ...]
    hosts: tuple[Card, ...]
    services: tuple[Card, ...]
    width: float
    height: float


def layout(graph: MeshGraph) -> Layout:
    """Place all cards of a graph."""
    host_left = MARGIN + ENTRANCE_WIDTH + GAP
    service_left = host_left + HOST_WIDTH + GAP
    hosts = _stacked(host_left, HOST_WIDTH, [rule_heights(host) for host in graph.hosts])
    services = _near(service_left, graph, hosts)
    entrances = _beside(graph, hosts)
    bottom = max((card.bottom for card in (*hosts, *services, *entrances)), default=MARGIN)
    return Layout(entrances, hosts, services, service_left + SERVICE_WIDTH + MARGIN, bottom + MARGIN)


def rule_heights(host: Host) -> list[float]:
    """Return the heights of a host's rows."""
    return [rule_height(rule) for rule in host.rules]


def rule_height(rule: Rule) -> float:
    """Return the height of a rule's row: those that do more than send on, or answer, have a second line."""
    return LINE + (DETAIL if rule_details(rule) or rule_outcome(rule) else 0)


def _card(left: float, top: float, width: float, rows: Iterable[float]) -> Card:
    tops: list[float] = []
    bottom = top + HEAD
    for height in rows:
        tops.append(bottom)
        bottom += height
    return Card(left, top, width, bottom - top + (8 if tops else 0), tuple(tops))


def _stacked(left: float, width: float, rows: Sequence[Sequence[float]]) -> tuple[Card, ...]:
    top = float(MARGIN)
    cards = []
    for each in rows:
        cards.append(_card(left, top, width, each))
        top = cards[-1].bottom + BETWEEN
    return tuple(cards)


def _near(left: float, graph: MeshGraph, hosts: Sequence[Card]) -> tuple[Card, ...]:
    """Place services: those that rules lead to by the middle of these rules, the others below."""
    wanted: dict[int, list[float]] = {}
    for host, card in zip(graph.hosts, hosts, strict=True):
        for rule, top in zip(host.rules, card.rows, strict=True):
            for target in rule.targets:
                wanted.setdefault(target.service, []).append(top)
    middles = {service: sum(tops) / len(tops) for service, tops in wanted.items()}
    order = sorted(range(len(graph.services)), key=lambda number: (middles.get(number, float("inf")), number))
    placed: dict[int, Card] = {}
    top = float(MARGIN)
    for number in order:
        card = _card(left, 0, SERVICE_WIDTH, service_rows(graph.services[number]))
        ideal = middles[number] - card.height / 2 if number in middles else top
        placed[number] = _card(left, max(top, ideal), SERVICE_WIDTH, service_rows(graph.services[number]))
        top = placed[number].bottom + BETWEEN
    return tuple(placed[number] for number in range(len(graph.services)))


def service_rows(service: Service) -> list[float]:
    """Return the heights of a service's rows: its versions."""
    return [float(LINE)] * len(service.versions)


def _beside(graph: MeshGraph, hosts: Sequence[Card]) -> tuple[Card, ...]:
    """Place entrances beside the middle of their hosts."""
    cards: list[Card] = []
    top = float(MARGIN)
    for number, entrance in enumerate(graph.entrances):
        own = [card for host, card in zip(graph.hosts, hosts, strict=True) if host.entrance == number]
        height = _card(0, 0, 0, door_rows(entrance)).height
        middle = (own[0].top + own[-1].bottom) / 2 if own else top + height / 2
        cards.append(_card(MARGIN, max(top, middle - height / 2), ENTRANCE_WIDTH, door_rows(entrance)))
        top = cards[-1].bottom + BETWEEN
    return tuple(cards)


def door_rows(entrance: Entrance) -> list[float]:
    """Return the heights of an entrance's rows: its ports."""
    return [float(LINE)] * len(entrance.doors)
