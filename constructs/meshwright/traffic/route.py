"""Routes in the order in which Envoy tries them, by virtual host. Source: Envoy docs, "config.route.v3.VirtualHost"."""

from dataclasses import dataclass
from typing import Literal

from meshwright.traffic.action import NO_CHANGES, Action, CorsPolicy, Fault, HeaderChanges
from meshwright.traffic.match import RouteMatch
from meshwright.traffic.origin import Origin


@dataclass(frozen=True, slots=True)
class Route:
    """One rule. ``origin`` is the field it was compiled from: ``spec.http[1]``."""

    match: RouteMatch
    action: Action
    name: str = ""
    header_changes: HeaderChanges = NO_CHANGES
    fault: Fault | None = None
    cors: CorsPolicy | None = None
    stat_prefix: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class VirtualHost:
    """The routes of some hosts; the first whose conditions hold answers.

    ``domains`` are exact hosts, ``*.suffix``, ``prefix.*`` or ``*``, as Envoy compares them with the authority.
    """

    name: str
    domains: tuple[str, ...]
    routes: tuple[Route, ...] = ()
    require_tls: Literal["none", "external_only", "all"] = "none"
    include_request_attempt_count: bool = True
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class RouteConfiguration:
    """What one listener asks for HTTP: ``http.80`` on a gateway, ``9080`` on a sidecar."""

    name: str
    virtual_hosts: tuple[VirtualHost, ...] = ()
    ignore_port_in_host_matching: bool = False
