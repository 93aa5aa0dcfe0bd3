"""What the model does not cover, where it is not the same on both sides."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from meshwright.analysis.decide import Decider
from meshwright.analysis.traffic_diff.change import Answer, Aspect, Change, Entrance, Region, Way, Witness
from meshwright.analysis.traffic_diff.connections import Connection
from meshwright.analysis.traffic_diff.parts import Compared
from meshwright.analysis.traffic_diff.regions import place_words, workload_name
from meshwright.traffic import Origin, Proxy, Request, Unknown

Written = Callable[[str], object]
"""Gives what an object says, by its name; equal where it says the same."""


@dataclass(slots=True, eq=False)
class Uncovered:
    """One thing that is not covered, and the proxies on which it differs."""

    unknown: Unknown
    before: Unknown | None
    after: Unknown | None
    places: "list[Place]"


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where something that is not covered acts.

    Args:
        compared: Both sides of the proxy; ``None`` for what comes in to a workload.
    """

    way: Way
    proxies: tuple[Proxy, ...]
    compared: Compared | None = None
    everyone: bool = False

    def holds(self, _: Request) -> bool:
        """Every request to these proxies may be one."""
        return True


class UncoveredMerger:
    """Gathers what is not covered by the object that causes it."""

    def __init__(self, before: Written, after: Written) -> None:
        self._written = (before, after)
        self._found: dict[tuple[str, str, bool, bool], Uncovered] = {}
        self.alike: dict[tuple[str, str], Unknown] = {}

    def add(self, before: Iterable[Unknown], after: Iterable[Unknown], place: Place) -> None:
        """Compare what is not covered on the two sides of a proxy."""
        old = {self._key(each): each for each in before}
        new = {self._key(each): each for each in after}
        for key in old.keys() | new.keys():
            one, two = old.get(key), new.get(key)
            named = two or one
            if named is None:
                continue
            resource = named.origin.resource if named.origin is not None else named.because
            if one is not None and two is not None and self._says_the_same(resource, named):
                self.alike[named.feature, resource] = two
                continue
            what = (named.feature, resource, one is None, two is None)
            known = self._found.get(what)
            if known is None:
                self._found[what] = Uncovered(named, one, two, [place])
            else:
                known.places.append(place)

    def count(self, unknowns: Iterable[Unknown]) -> None:
        """Note what is not covered on both sides alike."""
        for each in unknowns:
            self.alike[each.feature, _words(each)] = each

    def _key(self, unknown: Unknown) -> tuple[object, ...]:
        resource = unknown.origin.resource if unknown.origin is not None else unknown.because
        return unknown.feature, resource

    def _says_the_same(self, resource: str, unknown: Unknown) -> bool:
        return unknown.origin is None or self._written[0](resource) == self._written[1](resource)

    def changes(self) -> list[Change]:
        """Return one change for each thing."""
        return [self._change(each) for each in self._found.values()]

    def _change(self, found: Uncovered) -> Change:
        unknown = found.unknown
        entrances = tuple(_entrance(each) for each in found.places)
        carried = [*unknown.headers, *(f"?{each}" for each in unknown.query)]
        words = " ".join(["any request", *([f"with {' or '.join(carried)}"] if carried else []), _place(entrances)])
        one, two = _words(found.before), _words(found.after)
        if one == two:
            two = f"{two}, changed"
        before = Answer(one, True, origins=_origins(found.before))
        after = Answer(two, True, origins=_origins(found.after))
        witness = next(filter(None, map(_witness, found.places)), None)
        because = "" if witness is not None else "what comes in to workloads is not replayed"
        region = Region(entrances, (), (), before, after, words, witness, because, raw=tuple(found.places))
        aspects = (Aspect(unknown.feature, one, two),)
        return Change("unknown", aspects, (region,), because=unknown.because)


def _place(entrances: tuple[Entrance, ...]) -> str:
    gateways = dict.fromkeys(
        f"{each.proxy.namespace}/{workload_name(dict(each.proxy.labels))}"
        for each in entrances
        if each.way == "gateway"
    )
    told = [f"at {', '.join(gateways)}"] if gateways else []
    others = place_words([each for each in entrances if each.way != "gateway"])
    return " and ".join([*told, others] if others else told)


def _words(unknown: Unknown | None) -> str:
    if unknown is None:
        return "none"
    return unknown.origin.resource if unknown.origin is not None else unknown.because


def _origins(unknown: Unknown | None) -> tuple[Origin, ...]:
    return (unknown.origin,) if unknown is not None and unknown.origin is not None else ()


def _entrance(place: Place) -> Entrance:
    port = 0
    return Entrance(place.way, place.proxies[0], port, "http", ("*",), proxies=place.proxies, everyone=place.everyone)


def _witness(place: Place) -> Witness | None:
    """Return a request to some host of the proxy that one side at least is not sure about."""
    compared = place.compared
    if compared is None:
        return None
    sides = Decider(compared.before.table), Decider(compared.after.table)
    for connection in compared.connections():
        request = _request(connection)
        decisions = sides[0].decide(request), sides[1].decide(request)
        if any(each.outcome == "unknown" for each in decisions):
            return Witness(compared.proxy, request, *decisions)
    return None


def _request(connection: Connection) -> Request:
    end = connection.after if connection.after.kind != "refused" else connection.before
    domains = [domain for host in end.configuration.virtual_hosts for domain in host.domains]
    return connection.request((domains or ["any-host"])[0].replace("*", "any-host"))
