"""What a route does, aspect by aspect, as values that compare equal where traffic cannot tell two routes apart.

Names that clients never see do not count: a subset is the pods behind it, a rule is not the object it stands in.
"""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from meshwright.analysis.decision import Decision
from meshwright.traffic import (
    Cluster,
    DirectResponse,
    Forward,
    HeaderChanges,
    HeaderValue,
    MirrorPolicy,
    NoAction,
    PathMatch,
    Redirect,
    RegexRewrite,
    RetryPolicy,
    Route,
    RouteTable,
    WeightedCluster,
)

Facts = dict[str, object]
"""By aspect; an aspect that is not there is as the client or the mesh has it."""

ASPECTS = (
    "answer",
    "destination",
    "redirect",
    "body",
    "TLS",
    "path",
    "host",
    "timeout",
    "retries",
    "fault",
    "mirror",
    "headers",
    "CORS",
    "hash",
    "idle timeout",
    "stream timeout",
    "connection",
)
"""In the order in which they are told."""

Why = Literal["rule", "connection", "missing", "none", "written", "abort", "preflight", "bad"]

REFUSED: Facts = {"answer": None}
"""Nothing takes the connection."""


@dataclass(frozen=True, slots=True)
class Status:
    """Envoy answers by itself; ``why`` does not count."""

    code: int
    why: Why = field(default="rule", compare=False)


NOT_FOUND: Facts = {"answer": Status(404)}


@dataclass(frozen=True, slots=True)
class Target:
    """One destination: the pods it means, whatever they are called."""

    host: str
    port: int
    labels: tuple[tuple[str, str], ...] = ()
    resolution: str = "eds"
    state: Literal["", "missing", "empty"] = ""
    cluster: str = ""
    subset: str = field(default="", compare=False)
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Share:
    """What of an answer one destination gets, and what is done to requests on the way to it alone."""

    part: Fraction
    target: Target
    host_rewrite: str = ""
    headers: HeaderChanges | None = None


@dataclass(frozen=True, slots=True)
class Rewriting:
    """``text`` takes the place of the first ``length`` characters of the path; ``None``: of all of it."""

    text: str = ""
    length: int | None = 0
    regex: RegexRewrite | None = None


@dataclass(frozen=True, slots=True)
class Redirection:
    """A redirect without what depends on the request; ``tls``: the virtual host itself asks for it."""

    redirect: Redirect
    path: Rewriting | None
    tls: bool = False


class Effects:
    """Tells what routes of one table do; each route is looked at once.

    Args:
        table: Whose clusters the routes lead to.
        hosts: That the manifests of either side describe. A destination that neither does is taken to exist: it is
            only described elsewhere.
    """

    def __init__(self, table: RouteTable, hosts: Container[str]) -> None:
        self.table = table
        self._hosts = hosts
        self._known: dict[int, tuple[Route, Facts]] = {}
        self._targets: dict[str, Target] = {}
        self.of_connections: set[int] = set()
        self.of_tls: set[int] = set()

    def of(self, route: Route) -> Facts:
        """Return what a route does."""
        found = self._known.get(id(route))
        if found is None:
            found = self._known[id(route)] = (route, self._facts(route))
        return found[1]

    def target(self, name: str) -> Target:
        """Return what a cluster means."""
        found = self._targets.get(name)
        if found is None:
            found = self._targets[name] = _target(self.table, name, self._hosts)
        return found

    def _facts(self, route: Route) -> Facts:
        facts: Facts = {}
        fault, action = route.fault, route.action
        if fault is not None and (fault.delay is not None or (fault.abort is not None and fault.abort.percent)):
            facts["fault"] = fault
            if fault.abort is not None and fault.abort.percent >= 100:
                code = fault.abort.http_status
                return {**facts, "answer": Status(code if code is not None else 200, "abort")}
        headers = _normal(route.header_changes)
        if headers is not None:
            facts["headers"] = headers
        if isinstance(action, Redirect):
            path = Rewriting(*_prefix(action.prefix, route.match.path), action.regex)
            kept = None if action.path else path
            facts["redirect"] = Redirection(_plain(action), kept, id(route) in self.of_tls)
            facts["answer"] = "redirect"
        elif isinstance(action, DirectResponse):
            facts["answer"] = Status(action.status, "written")
            if action.body:
                facts["body"] = action.body
        elif isinstance(action, NoAction) or not action.clusters:
            facts["answer"] = Status(500, "none")
        else:
            self._forward(route, action, facts)
        return facts

    def _forward(self, route: Route, action: Forward, facts: Facts) -> None:
        shares = self.shares(action.clusters)
        present = [each for each in shares if each.target.state != "missing"]
        facts["destination"] = shares
        facts["answer"] = "bytes" if id(route) in self.of_connections else "forward"
        if not present:
            facts["answer"] = Status(action.cluster_not_found_status or 503, "missing")
            return  # nobody sees what else the rule says
        if id(route) in self.of_connections:
            self._add(facts, {"connection": self._connection(shares)})
            return
        rewriting = Rewriting(*_prefix(action.prefix_rewrite, route.match.path), action.regex_rewrite)
        host = (action.host_rewrite, action.auto_host_rewrite, action.append_x_forwarded_host)
        self._add(
            facts,
            {
                "path": rewriting if rewriting != Rewriting() else None,
                "host": host if any(host) else None,
                "timeout": action.timeout or None,
                "retries": _retries(action.retries),
                "mirror": self._mirrors(action.mirrors),
                "CORS": route.cors,
                "hash": action.hash_policies,
                "idle timeout": action.idle_timeout or None,
                "stream timeout": action.max_stream_duration or None,
                "connection": self._connection(shares),
            },
        )

    def _add(self, facts: Facts, found: Facts) -> None:
        facts.update((name, value) for name, value in found.items() if value)

    def shares(self, clusters: Sequence[WeightedCluster]) -> tuple[Share, ...]:
        """Return who gets how much; those that get nothing are left out, and equal ones are one."""
        if len(clusters) == 1:
            only = clusters[0]
            return (Share(Fraction(1), self.target(only.name), only.host_rewrite or "", _normal(only.header_changes)),)
        total = sum(each.weight for each in clusters)
        found: Counter[Share] = Counter()
        for each in clusters:
            if each.weight:
                headers = _normal(each.header_changes)
                share = Share(Fraction(0), self.target(each.name), each.host_rewrite or "", headers)
                found[share] += each.weight
        shares = [
            Share(Fraction(weight, total), share.target, share.host_rewrite, share.headers)
            for share, weight in found.items()
        ]
        return tuple(sorted(shares, key=_share_order))

    def _mirrors(self, mirrors: Iterable[MirrorPolicy]) -> tuple[tuple[Target, float], ...]:
        found = [(self.target(each.cluster), each.percent) for each in mirrors if each.percent]
        return tuple(sorted(found, key=lambda each: (each[0].host, each[0].port, each[0].subset, each[1])))

    def _connection(self, shares: Iterable[Share]) -> object:
        """Return how connections to the destinations are made; one value where it is the same for all of them."""
        found = {share.target: _settings(self.table.clusters.get(share.target.name)) for share in shares}
        if len(set(found.values())) > 1:
            return tuple((target, settings) for target, settings in found.items())
        return next(iter(found.values()), ())


def _share_order(share: Share) -> tuple[object, ...]:
    target = share.target
    return (target.host, target.port, target.labels, target.cluster, share.host_rewrite, share.part, str(share.headers))


def _target(table: RouteTable, name: str, hosts: Container[str]) -> Target:
    cluster = table.clusters.get(name)
    if cluster is None:
        host, port, subset = parts_of(name)
        missing: Literal["", "missing"] = "missing" if host in hosts else ""
        return Target(host, port, state=missing, cluster=name, subset=subset, name=name)
    if not cluster.hostname:
        empty: Literal["", "empty"] = "empty" if cluster.resolution == "blackhole" else ""
        return Target(name, cluster.port, (), cluster.resolution, empty, name=name)
    state: Literal["", "empty"] = "empty" if cluster.endpoints == 0 else ""
    return Target(
        cluster.hostname,
        cluster.port,
        cluster.labels,
        cluster.resolution,
        state,
        subset=cluster.subset,
        name=name,
    )


def parts_of(cluster: str) -> tuple[str, int, str]:
    """Return host, port and subset that the name of a cluster says; the name itself where it says none."""
    parts = cluster.split("|")
    if len(parts) != 4 or not parts[1].isdecimal():
        return cluster, 0, ""
    return parts[3], int(parts[1]), parts[2]


def _settings(cluster: Cluster | None) -> tuple[tuple[str, str], ...]:
    if cluster is None:
        return ()
    found: list[tuple[str, str]] = []
    if cluster.tls:
        found.append(("tls.mode", cluster.tls))
    if cluster.sni:
        found.append(("tls.sni", cluster.sni))
    if cluster.connect_timeout:
        found.append(("connectTimeout", f"{cluster.connect_timeout.total_seconds():g} s"))
    return (*found, *cluster.settings)


def cluster_key(cluster: Cluster) -> tuple[object, ...]:
    """Return what of a cluster traffic depends on."""
    return (
        cluster.hostname,
        cluster.port,
        cluster.labels,
        cluster.endpoints == 0,
        cluster.resolution,
        _settings(cluster),
    )


def _normal(changes: HeaderChanges) -> HeaderChanges | None:
    """Return header changes with names in order, ``None`` for none."""
    if changes == HeaderChanges():
        return None

    def ordered(values: tuple[HeaderValue, ...]) -> tuple[HeaderValue, ...]:
        return tuple(sorted(values, key=lambda each: each.name.lower()))

    return HeaderChanges(
        ordered(changes.request_add),
        tuple(sorted(changes.request_remove)),
        ordered(changes.response_add),
        tuple(sorted(changes.response_remove)),
    )


def _retries(policy: RetryPolicy | None) -> RetryPolicy | None:
    return policy if policy is not None and policy.attempts > 0 else None


def _prefix(prefix: str | None, match: PathMatch) -> tuple[str, int | None]:
    if not prefix:
        return "", 0
    return prefix, None if match.kind in ("regex", "connect") else len(match.value)


def _plain(redirect: Redirect) -> Redirect:
    """Return a redirect without what is told as a rewriting of the path."""
    return Redirect(
        redirect.status,
        redirect.host,
        redirect.path,
        scheme=redirect.scheme or ("https" if redirect.https else None),
        port=redirect.port,
    )


def same_rewriting(one: Rewriting, first: PathMatch, two: Rewriting, second: PathMatch) -> bool:
    """Tell whether two rewritings surely give the same for every path that both conditions take."""
    if one == two:
        return True
    if one.regex is not None or two.regex is not None or any(each.ignore_case for each in (first, second)):
        return False
    exact = next((each.value for each in (first, second) if each.kind == "exact"), None)
    starts = [each.value for each in (first, second) if each.kind in ("exact", "prefix", "separated_prefix")]
    start = exact if exact is not None else max(starts, key=len, default="")
    ends = []
    for each in (one, two):
        length = len(start) if each.length is None and exact is not None else each.length
        if length is None or length > len(start):
            return False
        ends.append(each.text + start[length:])
    return ends[0] == ends[1]


def concrete(decision: Decision, effects: Effects) -> Facts:
    """Return what one decision does with its request, in the same aspects."""
    reason = decision.reason
    if decision.outcome == "unknown":
        return {"answer": ("unknown", decision.unknown)}
    if decision.outcome == "no_listener":
        return REFUSED
    facts: Facts = {}
    if reason == "tcp":
        shares = effects.shares(decision.clusters)
        missing = all(each.target.state == "missing" for each in shares)
        facts = {"answer": Status(503, "missing") if missing else "bytes", "destination": shares}
        connection = effects._connection(shares)
        if connection:
            facts["connection"] = connection
    elif reason == "preflight" and decision.route is not None:
        facts = {"answer": Status(200, "preflight"), "CORS": decision.route.cors}
    elif reason == "requires_tls":
        facts = {"answer": "redirect", "redirect": (301, decision.location)}
    elif decision.route is None:
        facts = {"answer": Status(decision.status or 404, "bad" if reason == "bad_request" else "rule")}
    else:
        facts = dict(effects.of(decision.route))
        facts.pop("path", None)
        if reason == "cluster_missing":  # also of a host that neither side describes, which facts take to exist
            kept = {name: value for name, value in facts.items() if name in ("fault", "headers", "destination")}
            return {**kept, **_tls(decision), "answer": Status(decision.status or 503, "missing")}
        if "redirect" in facts:
            facts["redirect"] = (decision.status, decision.location)
        elif facts["answer"] == "forward":
            facts["path"], facts["host"] = decision.path, (facts.get("host"), decision.authority)
    return {**facts, **_tls(decision)}


def _tls(decision: Decision) -> Facts:
    chain = decision.chain
    return {"TLS": (chain.tls, chain.credential)} if chain is not None and chain.tls != "none" else {}
