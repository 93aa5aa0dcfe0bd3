"""What a route can send requests to, by reference: an app, one version of it, or a Service made with cdk8s-plus."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol, TypeAlias

    from cdk8s_plus_27 import Service as PlusService

    from meshwright.imports.istio.networking import Destination

    class HasBackend(Protocol):
        """A construct that requests can be routed to."""

        @property
        def backend(self) -> Backend:
            """All its workloads."""

    Target: TypeAlias = "Backend | HasBackend | PlusService"


class Backend:
    """A Service's port, or a subset of the workloads behind it.

    Args:
        host: Full name of the Service.
        port: Number of its port.
        subset: Name of a subset that the Service's DestinationRule defines; empty for all workloads.
        elsewhere: Whether the Service is deployed by others, so that this app does not know its ports and subsets.
    """

    __slots__ = ("elsewhere", "host", "port", "subset")

    def __init__(self, host: str, port: int, subset: str = "", *, elsewhere: bool = False) -> None:
        self.host = host
        self.port = port
        self.subset = subset
        self.elsewhere = elsewhere

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Backend) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f"{self.host}:{self.port}" + (f" {self.subset}" if self.subset else "")

    def _key(self) -> tuple[str, int, str]:
        return self.host, self.port, self.subset

    def service(self, cluster_domain: str) -> tuple[str, str] | None:
        """Return name and namespace of the Service; None if the host is none of the cluster's."""
        name, dot, namespace = str(self.host).removesuffix(f".svc.{cluster_domain}").partition(".")
        inside = dot and "." not in namespace and str(self.host).endswith(f".svc.{cluster_domain}")
        return (name, namespace) if inside else None

    @property
    def destination(self) -> Destination:
        """The level-1 message of this backend."""
        from meshwright.imports.istio.networking import Destination, PortSelector

        port = PortSelector(number=self.port)
        if self.subset:
            return Destination(host=self.host, port=port, subset=self.subset)
        return Destination(host=self.host, port=port)


def is_target(target: object) -> bool:
    """Whether requests can be sent to ``target``."""
    return (
        isinstance(target, Backend)
        or isinstance(getattr(target, "backend", None), Backend)
        or hasattr(type(target), "__jsii_type__")
    )


def backend_of(target: Target, namespace: str, cluster_domain: str) -> Backend:
    """Return the backend behind ``target``.

    Args:
        target: A backend, a construct that has one, or a genuine cdk8s-plus Service with one port.
        namespace, cluster_domain: Used for a cdk8s-plus Service that names no namespace itself.
    """
    if isinstance(target, Backend):
        return target
    own = getattr(target, "backend", None)
    if isinstance(own, Backend):
        return own
    from meshwright.tree.cdk8s_bridge import service_ref

    service = service_ref(target)
    return Backend(
        f"{service.name}.{service.namespace or namespace}.svc.{cluster_domain}", next(iter(service.ports.values()))
    )
