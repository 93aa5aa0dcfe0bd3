"""From differences of single proxies, hosts and rules to changes that are told once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from meshwright.analysis.traffic_diff.change import (
    KINDS,
    Answer,
    Aspect,
    Change,
    ChangeKind,
    Entrance,
    Region,
    Way,
    Witness,
)
from meshwright.analysis.traffic_diff.connections import OTHER_PORT, Connection, End
from meshwright.analysis.traffic_diff.parts import RawChange
from meshwright.analysis.traffic_diff.regions import region_words
from meshwright.analysis.traffic_diff.words import Teller, kind_of
from meshwright.traffic import Forward, Origin, Proxy, Route, RouteMatch, VirtualHost


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A difference on one proxy, which stands for others that do the same.

    Args:
        everyone: These are all sidecars there are.
        origins: Where each side was written, if that is not for the routes to tell.
    """

    raw: RawChange
    way: Way
    proxies: tuple[Proxy, ...]
    everyone: bool = False
    origins: tuple[tuple[Origin, ...], tuple[Origin, ...]] | None = None


Key = tuple[ChangeKind, tuple[Aspect, ...], bool]


@dataclass(slots=True, eq=False)
class _Gathered:
    """The differences of one region."""

    before: Answer
    after: Answer
    matches: tuple[RouteMatch, ...]
    exceptions: tuple[RouteMatch, ...]
    found: list[Found]


class Merger:
    """Gathers differences, and gives the changes."""

    def __init__(self, teller: Teller, sidecars: int) -> None:
        self._teller = teller
        self._sidecars = sidecars
        self._changes: dict[Key, dict[object, _Gathered]] = {}

    def add(self, found: Found) -> None:
        """Add a difference to the change and the region that it belongs to."""
        raw, teller = found.raw, self._teller
        aspects = teller.aspects(raw.before, raw.after)
        key = (kind_of(raw.before, raw.after), aspects, raw.certain)
        origins = found.origins or (origins_of(raw, before=True), origins_of(raw, before=False))
        one, two = teller.answer(raw.before, origins[0]), teller.answer(raw.after, origins[1])
        exceptions = raw.exceptions()
        region = (one.words, two.words, frozenset(raw.matches), frozenset(exceptions))
        regions = self._changes.setdefault(key, {})
        gathered = regions.get(region)
        if gathered is None:
            regions[region] = _Gathered(one, two, raw.matches, exceptions, [found])
        else:
            gathered.found.append(found)
            gathered.before = _with_origins(gathered.before, one.origins)
            gathered.after = _with_origins(gathered.after, two.origins)

    def changes(self) -> list[Change]:
        """Return all changes by weight: by kind, then those with most regions first."""
        found = [
            Change(kind, aspects, self._regions(regions.values()), certain, _because(certain, regions.values()))
            for (kind, aspects, certain), regions in self._changes.items()
        ]
        return sorted(found, key=lambda each: (KINDS.index(each.kind), not each.certain))

    def _regions(self, gathered: Iterable[_Gathered]) -> tuple[Region, ...]:
        return tuple(map(self._region, gathered))

    def _region(self, gathered: _Gathered) -> Region:
        entrances = self._entrances(gathered.found)
        proven = next((each.raw for each in gathered.found if each.raw.witness is not None), None)
        witness = None
        if proven is not None and proven.witness is not None and proven.decisions is not None:
            witness = Witness(proven.compared.proxy, proven.witness, *proven.decisions)
        return Region(
            entrances=entrances,
            matches=gathered.matches,
            exceptions=gathered.exceptions,
            before=gathered.before,
            after=gathered.after,
            words=region_words(entrances, gathered.matches, gathered.exceptions, self._teller.names.short),
            witness=witness,
            because="" if witness is not None else gathered.found[0].raw.because,
            raw=tuple(each.raw for each in gathered.found),
        )

    def _entrances(self, found: Sequence[Found]) -> tuple[Entrance, ...]:
        """Return the entrances, those of several sidecars to one host as one."""
        merged: dict[object, Entrance] = {}
        for each in found:
            for connection in each.raw.connections:
                entrance = entrance_of(each, connection)
                place = entrance.service or entrance.hosts
                alone = entrance.proxy if entrance.way == "gateway" else None
                key = (entrance.way, place, entrance.port, entrance.scheme, entrance.address, alone)
                known = merged.get(key)
                if known is not None:
                    proxies = tuple(dict.fromkeys((*known.proxies, *entrance.proxies)))
                    entrance = replace(known, proxies=proxies, everyone=known.everyone or entrance.everyone)
                if entrance.way == "sidecar" and len(entrance.proxies) >= self._sidecars:
                    entrance = replace(entrance, everyone=True)
                merged[key] = entrance
        return tuple(merged.values())


def _with_origins(answer: Answer, origins: tuple[Origin, ...]) -> Answer:
    seen = {(each.resource, each.field) for each in answer.origins}
    more = tuple(each for each in origins if (each.resource, each.field) not in seen)
    return replace(answer, origins=(*answer.origins, *more)) if more else answer


def _because(certain: bool, gathered: Iterable[_Gathered]) -> str:
    return "" if certain else next(iter(gathered)).found[0].raw.because


def entrance_of(found: Found, connection: Connection) -> Entrance:
    """Return where the requests of a difference come in by one connection."""
    raw, door = found.raw, connection.door
    host = raw.pair.after or raw.pair.before
    is_bytes = "http" not in (connection.before.kind, connection.after.kind)
    hosts = raw.pair.domains
    service = ""
    if is_bytes:
        hosts = connection.names or ("*",)
        service = _called(raw, connection) if found.way == "sidecar" and door.address else ""
    elif found.way == "sidecar" and host is not None and hosts != ("*",):
        service = _service(host, hosts)
    scheme = door.scheme if not is_bytes else "tcp" if connection.sni is None else "tls"
    return Entrance(
        way=found.way,
        proxy=found.proxies[0],
        port=0 if door.port == OTHER_PORT else door.port,
        scheme=scheme,
        hosts=hosts,
        service=service,
        proxies=found.proxies,
        everyone=found.everyone,
        address=door.address,
        listeners=(_listener(connection.before), _listener(connection.after)),
    )


def _listener(end: End) -> str:
    return end.listener.name if end.listener is not None else ""


def _service(host: VirtualHost, domains: tuple[str, ...]) -> str:
    """Return the full name that a virtual host of a sidecar is for."""
    name, colon, port = host.name.rpartition(":")
    full = name if colon and port.isdecimal() else host.name
    return full if any("*" not in each for each in domains) else ""


def _called(raw: RawChange, connection: Connection) -> str:
    """Return the service whose address a connection is for: the first destination of its listener's default way."""
    for side, end in ((raw.compared.after, connection.after), (raw.compared.before, connection.before)):
        if end.listener is None or end.listener.address != connection.door.address:
            continue
        for chain in (*end.listener.chains, *filter(None, [end.listener.default_chain])):
            for each in chain.tcp.clusters if chain.tcp is not None else ():
                cluster = side.table.clusters.get(each.name)
                if cluster is not None and cluster.hostname:
                    return cluster.hostname
    return ""


def origins_of(raw: RawChange, *, before: bool) -> tuple[Origin, ...]:
    """Return where what one side does was written: the rule, else the virtual host, else what opens the connection."""
    side = raw.compared.before if before else raw.compared.after
    connection = raw.connections[0]
    end = connection.before if before else connection.after
    route = None if raw.part is None else raw.part.before if before else raw.part.after
    found: list[Origin | None] = []
    if route is not None:
        found.append(route.origin)
        if _differs_below_routes(raw):
            found += _of_clusters(side.table.clusters, route)
    else:
        host = raw.pair.before if before else raw.pair.after
        found.append(host.origin if host is not None else None)
    if not any(found) and end.chain is not None:
        found.append(end.chain.origin)
    if raw.part is None and end.chain is not None:
        found = [end.chain.origin]
    return tuple({(each.resource, each.field): each for each in found if each is not None}.values())


def _differs_below_routes(raw: RawChange) -> bool:
    """Tell whether the destinations themselves differ: how they are called, or what stands behind them."""
    one, two = raw.before, raw.after
    if "destination" not in one or "destination" not in two:
        return False
    if one.get("connection") != two.get("connection"):
        return True
    routes = raw.part and (raw.part.before, raw.part.after)
    if not routes or routes[0] is None or routes[1] is None:
        return False
    return one.get("destination") != two.get("destination") and routes[0].action == routes[1].action


def _of_clusters(clusters: object, route: Route) -> list[Origin | None]:
    action = route.action
    if not isinstance(action, Forward) or not isinstance(clusters, dict):
        return []
    known = [clusters[each.name] for each in action.clusters if each.name in clusters]
    return [each.policy_origin or each.subset_origin or each.origin for each in known]
