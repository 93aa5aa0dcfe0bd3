"""The door of the mesh: which hosts an ingress gateway listens for."""

from __future__ import annotations

from meshwright.charts.environment import Environment
from meshwright.charts.problem import problem
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INGRESS_SELECTOR = {"istio": "ingressgateway"}


class IngressGateway(Construct):
    """A Gateway: hosts and ports that gateway workloads open.

    Args:
        hosts: Host names as clients write them; ``*`` takes every host, ``*.example.com`` every host below it.
        port: Port number of the listener.
        name: Name of the object; the id when left out.
        selector: Labels of the gateway pods, in any namespace; Istio's default ingress gateway when left out.

    Attributes:
        gateway: The level-1 ``Gateway``.

    Source: Istio reference, "Gateway".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosts: Sequence[str],
        port: int = 80,
        name: str | None = None,
        selector: Mapping[str, str] = INGRESS_SELECTOR,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.istio.networking import Gateway, Port, Server

        self.name = name or id
        self.namespace = Environment.of(self).namespace
        self.hosts = tuple(hosts)
        if not self.hosts:
            problem(self, "there is no host", 'Name at least one, or "*" for every host')
        self.gateway = Gateway(
            self,
            "gateway",
            metadata={"name": self.name, "namespace": self.namespace},
            selector=dict(selector),
            servers=[Server(port=Port(number=port, name=f"http-{port}", protocol="HTTP"), hosts=list(hosts))],
        )

    @property
    def reference(self) -> str:
        """How a VirtualService of any namespace names this gateway."""
        return f"{self.namespace}/{self.name}"
