"""Two versions side by side, of which one answers everybody."""

from __future__ import annotations

from meshwright.charts.given import listed
from meshwright.charts.match import Match
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.problem import problem
from meshwright.charts.release_routes import release_routes
from meshwright.charts.route import Route
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from meshwright.charts.http_app import HttpApp, VersionName
    from meshwright.charts.ingress_gateway import IngressGateway
    from meshwright.imports.istio.networking import VirtualService


@tells_misfits
class BlueGreen(Construct):
    """The routes of an app of which one version is live, and another can be looked at before it becomes so.

    Args:
        of: The app.
        live: The version that answers everybody; the switch is a change of this one word.
        preview: The version that answers those who look at it.
        preview_match: Their requests; those with the header ``x-preview: true`` when left out.
        hosts: Further hosts, next to the app's own; with ``gateways`` their public names alone.
        gateways: The gateways that answer for the hosts. Without one, the routes are for callers inside the mesh.
        timeout: For each request.
        name: Name of the object; the id when left out.

    Attributes:
        routes: The `HttpRoutes`.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        of: HttpApp[VersionName],
        live: VersionName,
        preview: VersionName | None = None,
        preview_match: Match | Sequence[Match] = (),
        hosts: Sequence[str] = (),
        gateways: Sequence[IngressGateway] = (),
        timeout: timedelta | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        matches = (
            [preview_match] if isinstance(preview_match, Match) else [*listed(preview_match, "preview_match", self)]
        )
        if preview == live:
            problem(self, f"live and preview are both {live!r}", "Name two versions of the app, or leave preview out")
        if preview is None and matches:
            problem(self, "preview_match without a preview", "Name the version that answers it")
        routes = []
        if preview is not None:
            looking = matches or [Match.any().header("x-preview", exact="true")]
            routes.append(Route(name="preview", to=of.version(preview), match=looking, timeout=timeout))
        routes.append(Route(name="live", to=of.version(live), timeout=timeout))
        self.routes = release_routes(self, name or id, of, hosts, gateways, routes)

    @property
    def virtual_service(self) -> VirtualService:
        """The level-1 ``VirtualService``."""
        return self.routes.virtual_service
