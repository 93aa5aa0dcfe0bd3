"""Two meshes, compared proxy by proxy."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from meshwright.analysis.traffic_diff.change import Change, TrafficDiff, Way
from meshwright.analysis.traffic_diff.merging import Found, Merger
from meshwright.analysis.traffic_diff.parts import Compared
from meshwright.analysis.traffic_diff.uncovered import Place, UncoveredMerger
from meshwright.analysis.traffic_diff.words import Names, Teller
from meshwright.traffic import Origin, Proxy, RouteTable, Unknown


class ComparedMesh(Protocol):
    """A mesh that gives the route table of each of its proxies, and tells which of them do the same."""

    def gateways(self) -> Sequence[Proxy]:
        """Return the proxies that Gateways select."""

    def senders(self) -> Sequence[Proxy]:
        """Return the sidecars."""

    def kind_of_sender(self, proxy: Proxy) -> object:
        """Return a key: sidecars for which it is equal do the same with what leaves their workloads."""

    def receivers(self) -> Sequence[Proxy]:
        """Return the sidecars whose workloads are called."""

    def route_table(self, proxy: Proxy) -> RouteTable:
        """Return what one proxy does."""

    def arrivals(self, proxy: Proxy) -> RouteTable:
        """Return what a sidecar does with what comes in to its workload."""

    def arrival_unknowns(self, proxy: Proxy, policies: Sequence[str]) -> Sequence[Unknown]:
        """Return what of some objects, by their names, may refuse what comes in to a workload."""

    def on_arrival(self) -> Mapping[str, object]:
        """Return the objects that act on what comes in to workloads, by their names, as they are written."""

    def encryption(self) -> Mapping[str, object]:
        """Return the objects that say how workloads are called, by their names, as they are written."""

    def written(self, name: str) -> object:
        """Return what objects of this name say, to be compared."""

    def origin(self, name: str) -> Origin | None:
        """Return where the object of this name was written; ``None`` where there is none."""


def traffic_diff(before: ComparedMesh, after: ComparedMesh) -> TrafficDiff:
    """Tell what changes for requests from one mesh to another.

    Raises:
        InputError: A route has a regular expression that RE2 cannot read.
    """
    return _Comparison(before, after).result()


class _Comparison:
    def __init__(self, before: ComparedMesh, after: ComparedMesh) -> None:
        self._before, self._after = before, after
        self._places: list[tuple[Way, tuple[Proxy, ...], Compared, bool]] = []

    def result(self) -> TrafficDiff:
        gateways = list(self._gateways())
        groups = self._groups_of_senders()
        sidecars = sum(map(len, groups))
        self._places += [("gateway", (each.proxy,), each, False) for each in gateways]
        for group in groups:
            compared = Compared(self._before.route_table(group[0]), self._after.route_table(group[0]))
            self._places.append(("sidecar", tuple(group), compared, len(groups) == 1))
        for proxies, compared in self._arrivals():
            self._places.append(("workload", proxies, compared, False))
        names = Names(host for _, _, compared, _ in self._places for host in _hosts(compared))
        merger = Merger(Teller(names), sidecars)
        uncovered = UncoveredMerger(self._before.written, self._after.written)
        encryption = self._encryption()
        for way, proxies, compared, everyone in self._places:
            origins = encryption if way == "workload" else None
            for raw in compared.changes():
                if way == "workload" and all(each.sni is not None for each in raw.connections):
                    continue  # sidecars tell each other by ALPN, which requests do not show
                merger.add(Found(raw, way, proxies, everyone, origins))
            if way != "workload":
                old, new = _sending(compared.before.table), _sending(compared.after.table)
                uncovered.add(old, new, Place(way, proxies, compared, everyone))
        self._policies(uncovered)
        changes: list[Change] = [*merger.changes(), *uncovered.changes()]
        return TrafficDiff(
            changes=tuple(changes),
            unknown_alike=tuple(uncovered.alike.values()),
            gateways=len(gateways),
            sidecars=sidecars,
            hosts=sum(compared.hosts for way, _, compared, _ in self._places if way != "workload"),
        )

    def _gateways(self) -> Iterator[Compared]:
        """Yield each gateway; one that no Gateway names on a side does there what Gateways without a selector say."""
        old, new = dict.fromkeys(self._before.gateways()), dict.fromkeys(self._after.gateways())
        pairs = [(each, each) for each in new if each in old]
        gone, come = [each for each in old if each not in new], [each for each in new if each not in old]
        for each in come:
            twin = max(gone, key=lambda other: _likeness(other, each), default=None)
            if twin is not None and _likeness(twin, each) > 0:
                gone.remove(twin)
                pairs.append((twin, each))
            else:
                pairs.append((each, each))
        for one, two in (*pairs, *((each, each) for each in gone)):
            yield Compared(self._before.route_table(one), self._after.route_table(two))

    def _groups_of_senders(self) -> list[list[Proxy]]:
        """Return the sidecars that both sides have, those that do the same on both together.

        Of a namespace that has none on both sides, those that one has.
        """
        old, new = self._before.senders(), self._after.senders()
        there = set(old)
        both = [each for each in new if each in there]
        covered = {each.namespace for each in both}
        others = [each for each in (*new, *old) if each.namespace not in covered]
        groups: dict[object, list[Proxy]] = {}
        for each in dict.fromkeys((*both, *others)):
            kinds = self._before.kind_of_sender(each), self._after.kind_of_sender(each)
            groups.setdefault(kinds, []).append(each)
        return list(groups.values())

    def _arrivals(self) -> Iterator[tuple[tuple[Proxy, ...], Compared]]:
        """Yield what comes in to workloads, where the objects that say how they are called are not the same."""
        if self._before.encryption() == self._after.encryption():
            return
        there = set(self._before.receivers())
        for each in self._after.receivers():
            if each in there:
                yield (each,), Compared(self._before.arrivals(each), self._after.arrivals(each))

    def _encryption(self) -> tuple[tuple[Origin, ...], tuple[Origin, ...]]:
        """Return where the objects stand that say otherwise on each side how workloads are called."""
        old, new = self._before.encryption(), self._after.encryption()
        changed = [name for name in {**new, **old} if old.get(name) != new.get(name)]
        one, two = (tuple(filter(None, map(mesh.origin, changed))) for mesh in (self._before, self._after))
        return one, two

    def _policies(self, uncovered: UncoveredMerger) -> None:
        """Compare the policies on what comes in; those that are the same on both sides cost nothing."""
        old, new = self._before.on_arrival(), self._after.on_arrival()
        changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        alike = [name for name in new if name in old and name not in changed]
        there = set(self._before.receivers())
        receivers = [each for each in self._after.receivers() if each in there] or [
            *self._after.receivers(),
            *self._before.receivers(),
        ]
        if not changed and not alike:
            return
        for proxy in receivers:
            if changed:
                one = self._before.arrival_unknowns(proxy, changed)
                two = self._after.arrival_unknowns(proxy, changed)
                uncovered.add(one, two, Place("workload", (proxy,)))
        for proxy in receivers[:1]:
            uncovered.count(self._after.arrival_unknowns(proxy, alike))


def _likeness(one: Proxy, two: Proxy) -> int:
    """Return how many labels two gateways of one namespace share."""
    return len(set(one.labels) & set(two.labels)) if one.namespace == two.namespace else 0


def _hosts(compared: Compared) -> Iterator[str]:
    for side in (compared.before, compared.after):
        for cluster in side.table.clusters.values():
            yield cluster.hostname


def _sending(table: RouteTable) -> list[Unknown]:
    """Return what is not covered of the requests that a gateway gets, or that leave a workload."""
    if table.proxy.type == "router":
        return list(table.unknowns)
    return [each for each in table.unknowns if "virtualInbound" not in each.listeners]
