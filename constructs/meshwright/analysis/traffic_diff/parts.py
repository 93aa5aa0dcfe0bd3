"""What differs between two versions of one proxy, request by request, before anything is merged or told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from meshwright.analysis.decide import Decider
from meshwright.analysis.decision import Decision
from meshwright.analysis.differences import Part, parts_between
from meshwright.analysis.hosts import Hosts
from meshwright.analysis.matching import matches
from meshwright.analysis.regex import PatternError
from meshwright.analysis.subject import Subject
from meshwright.analysis.traffic_diff.authorities import Pair, entrance_of, pairs
from meshwright.analysis.traffic_diff.connections import ANY, Connection, End, Ends, connections
from meshwright.analysis.traffic_diff.facts import (
    NOT_FOUND,
    REFUSED,
    Effects,
    Facts,
    Redirection,
    Rewriting,
    cluster_key,
    concrete,
    parts_of,
    same_rewriting,
)
from meshwright.traffic import (
    Forward,
    HeaderMatch,
    Proxy,
    Redirect,
    Request,
    Route,
    RouteConfiguration,
    RouteMatch,
    RouteTable,
    StringMatch,
    VirtualHost,
)

_PLAIN = RouteMatch(ANY.path, (HeaderMatch(":scheme", StringMatch("exact", "http")),))
_MORE = ("", "x", "/x", "?x=1")


@dataclass(frozen=True, slots=True, eq=False)
class RawChange:
    """The requests that one route answered before and one answers after, on some connections of one proxy.

    Args:
        part: The routes, what the requests meet, and what they do not; ``None``: all requests, and only ``facts``
            of the connection differ.
        before, after: What each side does.
        decisions: What each side decides about the witness.
    """

    compared: "Compared"
    connections: tuple[Connection, ...]
    pair: Pair
    part: Part | None
    before: Facts
    after: Facts
    witness: Request | None
    decisions: tuple[Decision, Decision] | None
    because: str = ""
    certain: bool = True

    @property
    def matches(self) -> tuple[RouteMatch, ...]:
        """What the requests meet."""
        return self.part.matches if self.part is not None else ()

    def exceptions(self) -> tuple[RouteMatch, ...]:
        """Return what they do not meet."""
        return self.part.exceptions() if self.part is not None else ()

    def holds(self, request: Request) -> bool:
        """Tell whether a request to this proxy is one of them."""
        return self.compared.comes_by(self, request)


@dataclass(slots=True, eq=False)
class Side:
    """One version of a proxy; ``hosts`` are those that either version knows."""

    table: RouteTable
    hosts: frozenset[str]
    ends: Ends = field(init=False)
    effects: Effects = field(init=False)
    decider: Decider = field(init=False)
    _plain: dict[int, tuple[VirtualHost, VirtualHost]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.ends = Ends(self.table)
        self.effects = Effects(self.table, self.hosts)
        self.effects.of_connections = self.ends.bytes
        self.decider = Decider(replace(self.table, unknowns=()))

    def routes(self, host: VirtualHost | None) -> VirtualHost:
        """Return a virtual host with what it asks of TLS as a first route; an empty one where there is none."""
        if host is None:
            return VirtualHost("", ())
        if host.require_tls == "none":
            return host
        known = self._plain.get(id(host))
        if known is None:
            first = Route(_PLAIN, Redirect(301, https=True), origin=host.origin)
            self.effects.of_tls.add(id(first))
            known = (host, replace(host, routes=(first, *host.routes), require_tls="none"))
            self._plain[id(host)] = known
        return known[1]

    def facts(self, route: Route | None, end: End) -> Facts:
        """Return what a route does; ``None``: none takes the request."""
        if route is None:
            return REFUSED if end.kind == "refused" else NOT_FOUND
        return self.effects.of(route)

    def concrete(self, decision: Decision) -> Facts:
        """Return what a decision does."""
        return concrete(decision, self.effects)


class Compared:
    """Two versions of one proxy.

    Args:
        before, after: Their tables, for the same proxy.
    """

    def __init__(self, before: RouteTable, after: RouteTable) -> None:
        tables = (before, after)
        hosts = frozenset(cluster.hostname for table in tables for cluster in table.clusters.values())
        self.before, self.after = Side(before, hosts), Side(after, hosts)
        self.proxy: Proxy = after.proxy
        self.hosts = 0
        self._connections: list[Connection] | None = None
        self._changed = _changed_clusters(before, after)
        self._alike: dict[tuple[int, int], bool] = {}
        self._found: dict[tuple[int, int], Hosts] = {}

    def connections(self) -> list[Connection]:
        """Return the connections that lead anywhere on one side at least."""
        if self._connections is None:
            self._connections = connections(self.before.ends, self.after.ends)
        return self._connections

    def changes(self) -> Iterator[RawChange]:
        """Yield what differs, connections with the same ends together."""
        by_ends: dict[tuple[int, int], list[Connection]] = {}
        for each in self.connections():
            ends = (id(each.before.configuration), id(each.after.configuration))
            if each.before.kind == "refused" or each.after.kind == "refused":
                ends = (id(each.before), id(each.after))
            by_ends.setdefault(ends, []).append(each)
        for group in by_ends.values():
            yield from self._of_connections(group)
        before, after = self.before.table.path_normalisation, self.after.table.path_normalisation
        if before != after and by_ends:
            first = next(iter(by_ends.values()))
            pair = Pair(None, None, ("*",))
            facts: tuple[Facts, Facts] = ({"normalisation": before}, {"normalisation": after})
            yield RawChange(self, tuple(first), pair, None, *facts, None, None, "paths are read otherwise")

    def _of_connections(self, group: Sequence[Connection]) -> Iterator[RawChange]:
        first = group[0]
        old, new = first.before.configuration, first.after.configuration
        by_tls: dict[tuple[object, object], list[Connection]] = {}
        for each in group:
            if "refused" not in (each.before.kind, each.after.kind) and each.before.tls != each.after.tls:
                by_tls.setdefault((each.before.tls, each.after.tls), []).append(each)
        for (one, two), several in by_tls.items():
            yield self._of_tls(several, old, new, {"TLS": one}, {"TLS": two})
        if first.before.kind == first.after.kind == "http" and self._same_configuration(old, new):
            self.hosts += sum(len(each.domains) for each in new.virtual_hosts)
            return
        classes = pairs(old, new)
        for pair in classes:
            self.hosts += len(pair.domains)
            one, two = self.before.routes(pair.before), self.after.routes(pair.after)
            if first.before.kind == first.after.kind and self._same_routes(one, two):
                continue
            yield from self._of_hosts(group, pair, classes, one, two)

    def _of_tls(
        self, group: Sequence[Connection], old: RouteConfiguration, new: RouteConfiguration, one: Facts, two: Facts
    ) -> RawChange:
        domains = [domain for each in (new, old) for host in each.virtual_hosts for domain in host.domains]
        names = tuple(dict.fromkeys(name for each in group for name in each.names))
        hosts = names or tuple(dict.fromkeys(domains)) or ("*",)
        request = group[0].request(hosts[0].replace("*", "any"))
        return self._replayed(group, Pair(None, None, hosts), None, one, two, request)

    def _same_configuration(self, old: RouteConfiguration, new: RouteConfiguration) -> bool:
        """Tell whether two configurations are the same, domain by domain and route by route."""
        if len(old.virtual_hosts) != len(new.virtual_hosts):
            return False
        for one, two in zip(old.virtual_hosts, new.virtual_hosts, strict=True):
            if one.domains != two.domains or one.require_tls != two.require_tls or not self._same_routes(one, two):
                return False
        return True

    def _same_routes(self, one: VirtualHost, two: VirtualHost) -> bool:
        """Tell whether two virtual hosts have the same routes in one order."""
        key = (id(one), id(two))
        found = self._alike.get(key)
        if found is None:
            found = len(one.routes) == len(two.routes) and all(map(self._same, one.routes, two.routes))
            self._alike[key] = found
        return found

    def _same(self, one: Route, two: Route) -> bool:
        if one.match != two.match:
            return False
        if one.action == two.action and one.fault == two.fault and one.cors == two.cors:
            untouched = not self._changed or self._changed.isdisjoint(_clusters(one))
            if untouched and one.header_changes == two.header_changes:
                return True
        return self._facts_agree(one, two)

    def _facts_agree(self, one: Route, two: Route) -> bool:
        return agree(self.before.effects.of(one), one.match, self.after.effects.of(two), two.match)

    def _of_hosts(
        self, group: Sequence[Connection], pair: Pair, classes: list[Pair], one: VirtualHost, two: VirtualHost
    ) -> Iterator[RawChange]:
        first = group[0]
        edge = self.proxy.type == "router"
        doors = tuple(dict.fromkeys(each.door for each in group))
        entrance = entrance_of(pair, classes, doors, edge, self.after.table.path_normalisation)

        def same(before: Route | None, after: Route | None) -> bool:
            old, new = self.before.facts(before, first.before), self.after.facts(after, first.after)
            nothing = ANY
            return agree(old, before.match if before else nothing, new, after.match if after else nothing)

        for part in parts_between(one, two, same, entrance):
            old, new = self.before.facts(part.before, first.before), self.after.facts(part.after, first.after)
            if part.witness is None:
                certain = part.certain
                yield RawChange(self, tuple(group), pair, part, old, new, None, None, part.because, certain)
            else:
                yield self._replayed(group, pair, part, old, new, part.witness)

    def _replayed(
        self,
        group: Sequence[Connection],
        pair: Pair,
        part: Part | None,
        old: Facts,
        new: Facts,
        witness: Request,
    ) -> RawChange:
        """Return the change with a witness for which both sides really differ, if one is found."""
        nowhere: list[str] = []
        for request in self._candidates(group, witness):
            decisions = self.before.decider.decide(request), self.after.decider.decide(request)
            if part is not None and not _led_by(part, decisions):
                continue
            one, two = self.before.concrete(decisions[0]), self.after.concrete(decisions[1])
            if one != two:
                return RawChange(self, tuple(group), pair, part, old, new, request, decisions)
            if all(each.reason == "cluster_missing" for each in decisions):
                nowhere += [parts_of(each.name)[0] for decision in decisions for each in decision.clusters]
        if nowhere and old != new:
            hosts = " or ".join(dict.fromkeys(nowhere))
            because = f"neither side tells the proxy of {hosts}, so no request shows it"
            return RawChange(self, tuple(group), pair, part, old, new, None, None, because)
        because = "no request was found for which the two really differ"
        return RawChange(self, tuple(group), pair, part, old, new, None, None, because, certain=False)

    def _candidates(self, group: Sequence[Connection], witness: Request) -> Iterator[Request]:
        for connection in group:
            if (witness.scheme == "https") != (connection.sni is not None):
                continue
            for end in _MORE:
                if end and "?" in witness.path:
                    continue
                request = replace(
                    witness,
                    path=witness.path + end,
                    port=connection.door.port,
                    address=connection.door.address,
                )
                if connection.sni is not None and not self._takes(connection, request):
                    request = replace(request, sni=connection.sni)
                yield request
                if end == "" and ":" not in request.authority:
                    yield replace(request, authority=f"{request.authority}:{request.port}")

    def _takes(self, connection: Connection, request: Request) -> bool:
        old, new = self.before.ends.find(request), self.after.ends.find(request)
        return old is connection.before and new is connection.after

    def comes_by(self, change: RawChange, request: Request) -> bool:
        """Tell whether a request is one of those of a change."""
        connection = next((each for each in change.connections if self._takes(each, request)), None)
        if connection is None:
            return False
        if change.part is None:
            return True
        decision = self._http_decision(connection, request)
        pair = change.pair
        if decision is None:
            return pair.domains == ("*",) or "*" in pair.domains
        authority = decision.authority
        if self._host(connection.before.configuration, authority) is not pair.before:
            return False
        if self._host(connection.after.configuration, authority) is not pair.after:
            return False
        subject = decision
        return all(_meets(each, subject) for each in change.matches) and not any(
            _meets(each, subject) for each in change.exceptions()
        )

    def _http_decision(self, connection: Connection, request: Request) -> Subject | None:
        """Return the request as the side that reads HTTP compares it; ``None`` where it refuses to."""
        side = self.after if connection.after.kind == "http" else self.before
        return side.decider.decide(request).subject

    def _host(self, configuration: RouteConfiguration, authority: str) -> VirtualHost | None:
        key = (id(configuration), 0)
        hosts = self._found.get(key)
        if hosts is None:
            hosts = self._found[key] = Hosts(configuration)
        found = hosts.find(authority)
        return found[0] if found is not None else None


def _meets(match: RouteMatch, subject: Subject) -> bool:
    try:
        return matches(match)(subject)
    except PatternError:
        return False


def _led_by(part: Part, decisions: tuple[Decision, Decision]) -> bool:
    """Tell whether the routes of a part answer, as far as they stand in the tables."""
    for route, decision in zip((part.before, part.after), decisions, strict=True):
        if decision.reason not in ("tcp", "requires_tls") and decision.route is not route:
            return False
    return True


def agree(one: Facts, first: RouteMatch, two: Facts, second: RouteMatch) -> bool:
    """Tell whether two routes do the same with each request that both take, as far as that is sure."""
    if one == two:
        return True
    if one.keys() - {"path"} != two.keys() - {"path"}:
        return False
    for name, value in one.items():
        other = two.get(name)
        if name == "path":
            continue
        if isinstance(value, Redirection) and isinstance(other, Redirection):
            if not _redirects_agree(value, first, other, second):
                return False
        elif value != other:
            return False
    old, new = one.get("path", Rewriting()), two.get("path", Rewriting())
    if not isinstance(old, Rewriting) or not isinstance(new, Rewriting):
        return old == new
    return same_rewriting(old, first.path, new, second.path)


def _redirects_agree(one: Redirection, first: RouteMatch, two: Redirection, second: RouteMatch) -> bool:
    if one.redirect != two.redirect or one.tls != two.tls:
        return False
    if one.path is None or two.path is None:
        return one.path is two.path
    return same_rewriting(one.path, first.path, two.path, second.path)


def _clusters(route: Route) -> list[str]:
    action = route.action
    if not isinstance(action, Forward):
        return []
    return [each.name for each in action.clusters] + [each.cluster for each in action.mirrors]


def _changed_clusters(before: RouteTable, after: RouteTable) -> frozenset[str]:
    """Return the names of clusters that mean another thing on each side."""
    old, new = before.clusters, after.clusters
    found = set(old.keys() ^ new.keys())
    for name in old.keys() & new.keys():
        one, two = old[name], new[name]
        if one is not two and cluster_key(one) != cluster_key(two):
            found.add(name)
    return frozenset(found)
