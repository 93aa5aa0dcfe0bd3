"""Whether workloads take connections without the mesh's own TLS."""

from __future__ import annotations

from meshwright.charts.claims import claim, claim_name
from meshwright.charts.environment import Environment
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import one_of
from meshwright.charts.problem import Part, problem
from meshwright.charts.workloads import app_of, selected
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal, TypeAlias

    from meshwright.charts.http_app import HttpApp
    from meshwright.imports.istio.security import PeerAuthentication

    Mode: TypeAlias = Literal["STRICT", "PERMISSIVE", "DISABLE"]

MODES = ("STRICT", "PERMISSIVE", "DISABLE")


@tells_misfits
class MutualTls(Construct):
    """The PeerAuthentication of an app, or of a whole namespace.

    Args:
        mode: ``STRICT`` takes mutual TLS alone, ``PERMISSIVE`` plain connections too, ``DISABLE`` those alone.
        of: The app; all workloads of the namespace when left out.
        ports: Other modes for single ports, by the number that the containers listen on.
        name: Name of the object; the id when left out.

    Attributes:
        peer_authentication: The level-1 ``PeerAuthentication``.

    Source: Istio reference, "PeerAuthentication".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        mode: Mode = "STRICT",
        of: HttpApp[Any] | None = None,
        ports: Mapping[int, Mode] | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.istio.security import MutualTLS, PeerAuthentication, WorkloadSelector

        environment = Environment.of(self)
        name = name or id
        of = app_of(self, of)
        claim_name(self, "PeerAuthentication", environment.namespace, name)
        labels = selected(self, of, environment)
        self._check_alone(of, environment)
        part = Part(self, "mutual TLS")
        one_of(mode, MODES, "mode", part)
        for port, other in (ports or {}).items():
            one_of(other, MODES, f"the mode of port {port}", part)
            if of is None:
                problem(self, f"port {port} has a mode of its own, but no app is named", "Name the app: of=")
            elif port != of.container_port:
                problem(self, f"the containers of {of.name} do not listen on port {port}", f"Use {of.container_port}")
        self.peer_authentication: PeerAuthentication = PeerAuthentication(
            self,
            "peer-authentication",
            metadata={"name": name, "namespace": environment.namespace},
            selector=None if labels is None else WorkloadSelector(match_labels=labels),
            mtls=MutualTLS(mode=mode),
            port_level_mtls={str(port): MutualTLS(mode=other) for port, other in (ports or {}).items() if labels}
            or None,
        )

    def _check_alone(self, of: HttpApp[Any] | None, environment: Environment) -> None:
        said = f"namespace {environment.namespace}" if of is None else f"app {of.name}"
        holder = claim(self, "PeerAuthentication of", said)
        if holder is not None:
            wrong = f"{holder.node.path} ({holder.defined_at}) says the mode of {said} already"
            problem(self, wrong, "Say it once: of two, only the older counts")
