"""Requests that are lost while a commit reaches the proxies, and the commits that lose none."""

from dataclasses import dataclass
from typing import Literal

from meshwright.traffic import Origin, Proxy, Request

Part = Literal["host", "port", "subset", "workloads"]
"""What of a destination is new or goes: all of it, one port, one subset, or just the pods behind it."""


@dataclass(frozen=True, slots=True)
class Gap:
    """One destination that is new, or goes, in the commit that also moves requests to it, or from it.

    Envoy answers 503 where it is told of a route before its destination, or of a destination's end before its routes'.

    Args:
        change: ``new``: requests move to it that something else answers until now. ``gone``: it answers them until now.
        host, port, subset: The destination; the port is one of those where several have the same gap.
        defined: What defines it: in the manifests after the change if it is new, before if it goes.
        led_by: What leads requests to it: in the manifests after the change if it is new, before if it goes.
        proxies: Those that answer 503.
        witness: A request that is lost; ``None``: none that a client can choose to send was found.
        remains: Requests are still led to what has gone, so that they are lost for good.
    """

    change: Literal["new", "gone"]
    part: Part
    host: str
    port: int
    subset: str
    defined: tuple[Origin, ...]
    led_by: tuple[Origin, ...]
    proxies: tuple[Proxy, ...]
    witness: Request | None = None
    remains: bool = False

    @property
    def destination(self) -> str:
        """The destination in words: ``subset "v3" of reviews.shop.svc.cluster.local``."""
        if self.part == "subset":
            return f'subset "{self.subset}" of {self.host}'
        if self.part == "port":
            return f"port {self.port} of {self.host}"
        if self.part == "workloads":
            return (
                f'the workloads of subset "{self.subset}" of {self.host}'
                if self.subset
                else f"workloads of {self.host}"
            )
        return self.host

    @property
    def wrong(self) -> str:
        """What the change does, as a sentence without its full stop."""
        if self.change == "new":
            return f"the change adds {self.destination} and moves requests to it at once: they get 503 on the way"
        if self.remains:
            return f"the change removes {self.destination}, to which requests are still routed: they get 503"
        return f"the change removes {self.destination} and moves requests away at once: they get 503 on the way"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do in a commit: ``does`` is a whole sentence without its full stop, ``origin`` the object."""

    does: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Commit:
    """Steps that can reach the cluster together."""

    steps: tuple[Step, ...]
