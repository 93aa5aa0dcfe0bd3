"""Whether a change that reaches the cluster as one commit loses requests on the way, and which commits would not.

Proxies learn of clusters and of routes one after the other, and objects reach the cluster one after the other: a route
to a subset that is not there yet is a 503, and so is one to a subset that is there no more. Source: Istio docs,
"Traffic Management Best Practices", Avoid 503 errors while reconfiguring service routes.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from meshwright.analysis.differences import differences
from meshwright.changes.clients import shared_proxies
from meshwright.changes.commits import commits_of
from meshwright.changes.destinations import Side
from meshwright.changes.entrances import byte_pairs, pairs
from meshwright.changes.gap import Commit, Gap, Part
from meshwright.changes.touched import touched_hosts
from meshwright.frontends import Mesh
from meshwright.traffic import (
    Cluster,
    DirectResponse,
    Forward,
    Origin,
    Proxy,
    Redirect,
    Request,
    Route,
    TcpRoute,
    VirtualHost,
)

Change = Literal["new", "gone"]


@dataclass(frozen=True, slots=True)
class Rollout:
    """What is lost if all is done at once.

    Args:
        gaps: What loses requests, by destination; none: the change can be one commit.
        commits: The commits to make instead, in their order; the rest of the change goes with any of them.
    """

    gaps: tuple[Gap, ...] = ()
    commits: tuple[Commit, ...] = ()


def rollout(before: Mesh, after: Mesh) -> Rollout:
    """Find destinations that one change both adds and routes to, or removes and still had routes to.

    Only requests that are answered before count: nobody loses a new host. Rules that get no request and destinations
    without weight do not count, nor does what was there before and only gets a route, nor copies of requests.

    Args:
        before: What runs now.
        after: What shall run.
    """
    hosts = touched_hosts(before, after)
    if not hosts:
        return Rollout()
    found: dict[tuple[Change, Part, str, int, str], _Found] = {}
    for proxy in shared_proxies(before, after, hosts):
        old, new = Side(before, before.route_table(proxy)), Side(after, after.route_table(proxy))
        for loss in _Losses(old, new).all():
            key = loss.change, loss.part, loss.cluster.hostname, loss.port, loss.cluster.subset
            found.setdefault(key, _Found(loss)).add(loss, proxy)
    gaps = tuple(each.gap() for each in found.values())
    return Rollout(gaps, commits_of(gaps, before, after))


@dataclass(frozen=True, slots=True)
class _Loss:
    """One destination that is new or gone for some requests of one proxy."""

    change: Change
    part: Part
    cluster: Cluster
    defined: tuple[Origin, ...]
    led_by: Origin | None
    witness: Request | None
    remains: bool = False

    @property
    def port(self) -> int:
        return self.cluster.port if self.part == "port" else 0


@dataclass(eq=False)
class _Found:
    """The losses of one destination."""

    first: _Loss
    defined: dict[tuple[str, str], Origin] = field(default_factory=dict)
    led_by: dict[tuple[str, str], Origin] = field(default_factory=dict)
    proxies: dict[Proxy, None] = field(default_factory=dict)
    witness: Request | None = None
    remains: bool = False

    def add(self, loss: _Loss, proxy: Proxy) -> None:
        for origin in loss.defined:
            self.defined.setdefault((origin.resource, origin.field), origin)
        if loss.led_by is not None:
            self.led_by.setdefault((loss.led_by.resource, loss.led_by.field), loss.led_by)
        self.proxies[proxy] = None
        self.witness = self.witness or loss.witness
        self.remains = self.remains or loss.remains

    def gap(self) -> Gap:
        first, cluster = self.first, self.first.cluster
        return Gap(
            first.change,
            first.part,
            cluster.hostname,
            cluster.port,
            cluster.subset,
            tuple(self.defined.values()),
            tuple(self.led_by.values()),
            tuple(self.proxies),
            self.witness,
            self.remains,
        )


class _Losses:
    """Finds the losses of one proxy."""

    def __init__(self, before: Side, after: Side) -> None:
        self._before, self._after = before, after
        self._new: dict[str, Part | None] = {}
        self._gone: dict[str, Part | None] = {}

    def all(self) -> Iterator[_Loss]:
        for pair in pairs(self._before.table, self._after.table):
            if not self._is_concerned(pair.before, pair.after):
                continue
            for region in differences(pair.before, pair.after, self._loses_nothing, pair.entrance):
                for part in region.parts:
                    if part.certain:
                        yield from self._of(part.before, part.after, part.witness)
        for old, new, _ in byte_pairs(self._before.table, self._after.table):
            yield from self._of(old, new, None)

    def _is_concerned(self, before: VirtualHost, after: VirtualHost) -> bool:
        """Tell whether any route leads to what is new or gone: most hosts need no further question."""
        return any(self._is_new(name) for route in after.routes for name in _names(route)) or any(
            self._is_gone(name) for route in before.routes for name in _names(route)
        )

    def _loses_nothing(self, before: Route | None, after: Route | None) -> bool:
        return next(self._of(before, after, None), None) is None

    def _of(
        self, before: Route | TcpRoute | None, after: Route | TcpRoute | None, witness: Request | None
    ) -> Iterator[_Loss]:
        """Yield what requests lose that ``before`` answers until now and ``after`` will."""
        if before is None or not _serves(before, self._before.answers):
            return
        old, new = _names(before), _names(after)
        serves = after is not None and _serves(after, self._after.knows)
        for name in new if serves else ():
            part = self._is_new(name)
            if part is not None and (name not in old or (part == "workloads" and self._before.answers(name))):
                cluster = self._after.table.clusters[name]
                origin = after.origin if after is not None else None
                led_by = origin if name not in old else cluster.subset_origin or cluster.origin
                yield _Loss("new", part, cluster, self._after.defining(cluster, part, self._before), led_by, witness)
        for name in old:
            part = self._is_gone(name)
            remains = name in new and part != "workloads"
            if part is not None and self._before.answers(name) and (serves or remains):
                cluster = self._before.table.clusters[name]
                led_by = before.origin if name not in new or remains else cluster.subset_origin or cluster.origin
                yield _Loss(
                    "gone", part, cluster, self._before.defining(cluster, part, self._after), led_by, witness, remains
                )

    def _is_new(self, name: str) -> Part | None:
        if name not in self._new:
            self._new[name] = _lacking(name, self._after, self._before)
        return self._new[name]

    def _is_gone(self, name: str) -> Part | None:
        if name not in self._gone:
            self._gone[name] = _lacking(name, self._before, self._after)
        return self._gone[name]


def _lacking(name: str, here: Side, there: Side) -> Part | None:
    """Tell what the other side lacks of a cluster of some service."""
    cluster = here.table.clusters.get(name)
    return there.lacks(cluster) if cluster is not None and cluster.hostname else None


def _names(route: Route | TcpRoute | None) -> Sequence[str]:
    """Return the clusters that get requests: those with a share of them."""
    action = route.action if isinstance(route, Route) else route
    if not isinstance(action, Forward | TcpRoute):
        return ()
    return [cluster.name for cluster in action.clusters if cluster.weight or len(action.clusters) == 1]


def _serves(route: Route | TcpRoute, is_good: Callable[[str], bool]) -> bool:
    """Tell whether clients get an answer that is worth keeping; ``is_good`` tells of clusters whether they give one."""
    if isinstance(route, Route):
        fault = route.fault.abort if route.fault is not None else None
        if fault is not None and fault.percent >= 100:
            return False
        if isinstance(route.action, Redirect):
            return True
        if isinstance(route.action, DirectResponse):
            return route.action.status < 400
    return any(is_good(name) for name in _names(route))
