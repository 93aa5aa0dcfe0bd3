"""Route tables as Envoy's RouteConfiguration, in protobuf JSON, equal to istiod's in all that touches traffic.

What istiod sends besides and traffic does not depend on is left out; ``LEFT_OUT`` lists it.
"""

from meshwright.envoy.actions import action, cors_filter, fault_filter, header_changes
from meshwright.envoy.matches import route_match
from meshwright.envoy.protobuf_json import JSON
from meshwright.traffic import Route, RouteConfiguration, VirtualHost

LEFT_OUT = {
    "RouteConfiguration": ("maxDirectResponseBodySizeBytes", "validateClusters"),
    "Route": ("decorator", "metadata", "typedPerFilterConfig[envoy.filters.http.stateful_session]"),
    "VirtualHost": ("typedPerFilterConfig[envoy.filters.http.stateful_session]",),
}
INSIDE_LISTENERS = ("inbound|", "InboundPassthroughCluster", "allow_any_dynamic_dns")
"""How the names of RouteConfigurations begin that istiod writes into listeners, and does not send by themselves."""

TLS_REQUIREMENTS = {"external_only": "EXTERNAL_ONLY", "all": "ALL"}


def is_sent_by_itself(configuration: RouteConfiguration) -> bool:
    """Return whether istiod sends these routes by their name, not inside a listener."""
    return not configuration.name.startswith(INSIDE_LISTENERS)


def route_configuration(configuration: RouteConfiguration) -> JSON:
    """Return Envoy's RouteConfiguration. Source: Envoy docs, "config.route.v3.RouteConfiguration"."""
    out: JSON = {"name": configuration.name}
    if configuration.virtual_hosts:
        out["virtualHosts"] = [virtual_host(host) for host in configuration.virtual_hosts]
    if configuration.ignore_port_in_host_matching:
        out["ignorePortInHostMatching"] = True
    return out


def virtual_host(host: VirtualHost) -> JSON:
    """Return Envoy's VirtualHost."""
    out: JSON = {"name": host.name, "domains": list(host.domains)}
    if host.routes:
        out["routes"] = [route(each) for each in host.routes]
    if host.require_tls != "none":
        out["requireTls"] = TLS_REQUIREMENTS[host.require_tls]
    if host.include_request_attempt_count:
        out["includeRequestAttemptCount"] = True
    return out


def route(each: Route) -> JSON:
    """Return Envoy's Route; faults and CORS stand in ``typedPerFilterConfig``."""
    out: JSON = {"name": each.name} if each.name else {}
    out |= {"match": route_match(each.match)} | action(each.action) | header_changes(each.header_changes)
    filters = {}
    if each.cors is not None:
        filters["envoy.filters.http.cors"] = cors_filter(each.cors)
    if each.fault is not None:
        filters["envoy.filters.http.fault"] = fault_filter(each.fault)
    if filters:
        out["typedPerFilterConfig"] = filters
    if each.stat_prefix:
        out["statPrefix"] = each.stat_prefix
    return out
