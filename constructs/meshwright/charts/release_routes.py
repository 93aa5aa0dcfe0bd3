"""The routes of an app whose versions are being exchanged."""

from __future__ import annotations

from meshwright.charts.given import listed
from meshwright.charts.http_routes import HttpRoutes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from meshwright.charts.backend import HasBackend
    from meshwright.charts.http_app import HttpApp
    from meshwright.charts.ingress_gateway import IngressGateway
    from meshwright.charts.route import Route
    from meshwright.tree import Construct


def release_routes(
    release: Construct,
    name: str,
    of: HttpApp[Any],
    hosts: Sequence[str],
    gateways: Sequence[IngressGateway],
    routes: Sequence[Route],
) -> HttpRoutes:
    """Return the routes of a release: for callers inside the mesh by the app itself, at gateways by ``hosts`` alone.

    Args:
        release: The construct of the release, which they stand in.
        name: Name of the VirtualService.
        of: The app.
        hosts: Further hosts; those of the gateways, where there are any.
        gateways: None: the routes are for the mesh.
        routes: In the order in which they are tried.
    """
    own: list[str | HasBackend] = [] if gateways else [of]
    return HttpRoutes(
        release, "routes", name=name, hosts=[*own, *listed(hosts, "hosts", release)], gateways=gateways, routes=routes
    )
