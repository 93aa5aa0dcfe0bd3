"""Envoy's RouteConfiguration in protobuf JSON back to the route table: from istiod, a config dump, or ``routes``.

Fields that traffic does not depend on are dropped. What the route table cannot say is an error, never a guess.
"""

from meshwright.envoy.protobuf_json import JSON
from meshwright.envoy.read_actions import read_action, read_cors, read_fault, read_header_changes
from meshwright.envoy.read_matches import read_route_match
from meshwright.envoy.routes import TLS_REQUIREMENTS
from meshwright.errors import InputError
from meshwright.traffic import Route, RouteConfiguration, VirtualHost

FILTERS_WITHOUT_EFFECT = {"envoy.filters.http.stateful_session"}


def from_route_configuration(message: JSON) -> RouteConfiguration:
    """Return the routes that ``message`` says.

    Raises:
        InputError: A route uses something that the route table has no word for.
    """
    return RouteConfiguration(
        name=message.get("name", ""),
        virtual_hosts=tuple(_virtual_host(host) for host in message.get("virtualHosts", ())),
        ignore_port_in_host_matching=message.get("ignorePortInHostMatching", False),
    )


def _virtual_host(message: JSON) -> VirtualHost:
    requirements = {word: ours for ours, word in TLS_REQUIREMENTS.items()}
    return VirtualHost(
        name=message["name"],
        domains=tuple(message.get("domains", ())),
        routes=tuple(_route(route) for route in message.get("routes", ())),
        require_tls=requirements.get(message.get("requireTls", "NONE"), "none"),  # type: ignore[arg-type]
        include_request_attempt_count=message.get("includeRequestAttemptCount", False),
    )


def _route(message: JSON) -> Route:
    filters = message.get("typedPerFilterConfig", {})
    fault, cors = filters.get("envoy.filters.http.fault"), filters.get("envoy.filters.http.cors")
    others = set(filters) - {"envoy.filters.http.fault", "envoy.filters.http.cors"} - FILTERS_WITHOUT_EFFECT
    if others:
        raise InputError(
            f"route {message.get('name', '')!r}",
            f"the filter {min(others)} is set up for it",
            "The route table knows faults and CORS only",
        )
    return Route(
        match=read_route_match(message["match"]),
        action=read_action(message),
        name=message.get("name", ""),
        header_changes=read_header_changes(message),
        fault=None if fault is None else read_fault(fault),
        cors=None if cors is None else read_cors(cors),
        stat_prefix=message.get("statPrefix", ""),
    )
