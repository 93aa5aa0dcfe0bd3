"""What a comparison of two meshes finds, as plain frozen values.

A difference of traffic is a list of changes. A change is one thing that happens to requests, told once however many
hosts, proxies and rules it concerns; its regions say for which requests, and each has a request that proves it.
"""

from dataclasses import dataclass, field
from typing import Literal, Protocol, get_args

from meshwright.analysis.decision import Decision
from meshwright.traffic import Origin, Proxy, Request, RouteMatch, Unknown

ChangeKind = Literal["refused", "opened", "moved", "altered", "age", "unknown"]
"""From what matters most to a reader: requests that are no longer answered; that newly are; that go elsewhere; that are
treated otherwise on the way to the same place; whose answer depends on which of two objects is older; that something
may change which the model does not cover."""

KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)

Way = Literal["gateway", "sidecar", "workload"]
"""Through a gateway; out of a workload through its sidecar; in to a workload."""


@dataclass(frozen=True, slots=True)
class Entrance:
    """Where requests come in.

    Args:
        proxy: One that stands for all of ``proxies``, which do the same; gateways stand alone.
        hosts: As Envoy compares them with the authority: exact, ``*.suffix`` or ``*``; for TLS that is passed on
            unread, server names; empty for plain connections.
        port: As clients see it; 0: any.
        service: For a sidecar the one full name that ``hosts`` are spellings of, where there is one.
        everyone: All sidecars of the mesh do the same.
        listeners: What the listener and the way through it are called on both sides; empty where there is none.
    """

    way: Way
    proxy: Proxy
    port: int
    scheme: Literal["http", "https", "tcp", "tls"]
    hosts: tuple[str, ...] = ()
    service: str = ""
    proxies: tuple[Proxy, ...] = ()
    everyone: bool = False
    address: str = ""
    listeners: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Destination:
    """One of those that share the requests of an answer.

    Args:
        host: Full name of the service; for a cluster that is none, its name.
        share: In percent.
        state: ``missing``: no Service, ServiceEntry or subset makes it, so Envoy answers 503; ``empty``: no workload
            of the manifests stands behind it.
    """

    host: str
    port: int = 0
    subset: str = ""
    share: float = 100.0
    state: Literal["", "missing", "empty"] = ""
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one side does with the requests of a region.

    Args:
        words: ``checkout v1 80 %, v2 20 %``, ``404, no rule is for it``, ``301 to https://…``.
        answered: The requests reach somebody, or are answered as somebody wrote.
        origins: Where that was written; empty where nobody wrote anything.
    """

    words: str
    answered: bool
    destinations: tuple[Destination, ...] = ()
    origins: tuple[Origin, ...] = ()


@dataclass(frozen=True, slots=True)
class Aspect:
    """One thing that differs: ``timeout``, ``none`` before, ``5 s`` after; empty text where there is none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Witness:
    """A request that proves a change, with what each side decides about it."""

    proxy: Proxy
    request: Request
    before: Decision
    after: Decision


class Requests(Protocol):
    """A set of requests to one proxy."""

    def holds(self, request: Request) -> bool:
        """Tell whether a request is one of these."""


@dataclass(frozen=True, slots=True)
class Region:
    """Requests for which the same thing changes: those that meet all ``matches`` and none of ``exceptions``.

    Args:
        witness: ``None``: nobody can choose to send one, or none was found; ``because`` tells why.
        words: The requests in words: ``GET shop.example.com/api/v2/…``.
    """

    entrances: tuple[Entrance, ...]
    matches: tuple[RouteMatch, ...]
    exceptions: tuple[RouteMatch, ...]
    before: Answer
    after: Answer
    words: str
    witness: Witness | None = None
    because: str = ""
    raw: "tuple[Requests, ...]" = field(default=(), repr=False, compare=False)

    def holds(self, proxy: Proxy, request: Request) -> bool:
        """Tell whether a request to one of the proxies is one of these."""
        mine = any(proxy == each.proxy or proxy in each.proxies for each in self.entrances)
        return mine and any(each.holds(request) for each in self.raw)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happens to requests.

    Args:
        aspects: What differs, by weight; the same in all regions.
        certain: ``False``: whether any request is concerned could not be found out, and ``because`` tells why.
        because: For ``age`` the objects that fight, for ``unknown`` what is not covered.
        provided: What is not covered on both sides alike, and may act on these requests as well.
    """

    kind: ChangeKind
    aspects: tuple[Aspect, ...]
    regions: tuple[Region, ...]
    certain: bool = True
    because: str = ""
    origins: tuple[Origin, ...] = ()
    provided: tuple[Unknown, ...] = ()

    @property
    def before(self) -> Answer:
        """What happened to the requests of the first region."""
        return self.regions[0].before

    @property
    def after(self) -> Answer:
        """What happens to them now."""
        return self.regions[0].after

    @property
    def witness(self) -> Witness | None:
        """A request that proves it."""
        return next((each.witness for each in self.regions if each.witness is not None), None)


@dataclass(frozen=True, slots=True)
class TrafficDiff:
    """All changes of traffic between two meshes, by weight.

    Args:
        unknown_alike: What neither side is sure about, and both alike.
        gateways, sidecars: How many proxies were compared; of sidecars that do the same, all are counted.
        hosts: How many names they answer to.
    """

    changes: tuple[Change, ...] = ()
    unknown_alike: tuple[Unknown, ...] = ()
    gateways: int = 0
    sidecars: int = 0
    hosts: int = 0

    def of_kind(self, kind: ChangeKind) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(each for each in self.changes if each.kind == kind)


@dataclass(frozen=True, slots=True)
class ObjectChange:
    """What happens to one object beside traffic: an image, replicas, resources, the environment, a selector.

    Args:
        what: ``added``, ``removed``, or ``changed``, of which ``aspects`` tell what.
    """

    what: Literal["added", "removed", "changed"]
    resource: str
    aspects: tuple[Aspect, ...] = ()
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class DiffReport:
    """All that is told about two sides.

    Args:
        before, after: The sides as they were named.
        files, lines: How many files differ, and how many lines were added or removed in them.
        objects: What changes beside traffic.
        rollout: Findings about the order in which the change can be rolled out, a sentence each.
    """

    before: str
    after: str
    traffic: TrafficDiff
    files: int = 0
    lines: int = 0
    objects: tuple[ObjectChange, ...] = ()
    rollout: tuple[str, ...] = field(default=())
