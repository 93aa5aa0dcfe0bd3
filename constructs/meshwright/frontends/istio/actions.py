"""What HTTP rules do. Source: Istio reference, "Virtual Service", HTTPRoute, and istiod's route translation."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from meshwright.frontends.istio.durations import parse_duration, parse_nanoseconds
from meshwright.frontends.istio.faults import percentage
from meshwright.frontends.istio.headers import header_changes, joined
from meshwright.frontends.istio.mesh_config import MeshConfig
from meshwright.frontends.istio.objects import entries, integer, port_number, section, text
from meshwright.frontends.istio.retries import retry_policy
from meshwright.frontends.istio.services import Service
from meshwright.frontends.istio.virtual_services import HTTPRoute
from meshwright.traffic import (
    DirectResponse,
    Forward,
    HashPolicy,
    HeaderChanges,
    MirrorPolicy,
    NoAction,
    Redirect,
    RegexRewrite,
    RouteMatch,
    WeightedCluster,
)

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
INVALID_BACKEND = "UnknownService"
"""The cluster of a destination that the Gateway API found invalid; it never exists."""


@dataclass(frozen=True, slots=True)
class RouteContext:
    """For whom and where the routes of a VirtualService are made.

    Args:
        namespace, labels: The proxy's.
        gateways: The gateway (``namespace/name``), or ``mesh`` for sidecars.
        port: The gateway server's or the listener's.
        tls: The server speaks TLS, or redirects to it.
        service: Finds the service of a complete host.
        consistent_hash: Finds consistent-hash settings by complete host, subset, and port (0: none written).
        announces_http3: Answers tell clients that the port speaks HTTP/3 too; istiod has that switched off.
    """

    namespace: str
    labels: Mapping[str, str]
    gateways: frozenset[str]
    port: int
    tls: bool
    mesh: MeshConfig
    service: Callable[[str], Service | None]
    consistent_hash: Callable[[str, str, int], Mapping[str, Any] | None]
    announces_http3: bool = False


def destination_cluster(host: str, destination: Mapping[str, Any], service: Service | None, listener_port: int) -> str:
    """Return the name of the cluster a destination means.

    Without a port it is the service's only one, or else the port of the listener. An ExternalName Service gives its
    target.
    """
    if not host:
        return INVALID_BACKEND
    port = listener_port
    if destination.get("port") is not None:
        port = port_number(destination["port"])
    elif service is not None and len(service.ports) == 1:
        port = service.ports[0].number
    if service is not None and service.external_name:
        host = service.external_name
    return f"outbound|{port}|{text(destination.get('subset'))}|{host}"


def redirect(written: Mapping[str, Any], port: int, tls: bool) -> Redirect | NoAction:
    """Return the redirect; for a status that is none istiod sends a route without action."""
    status = integer(written.get("redirectCode")) or 301
    if status not in _REDIRECTS:
        return NoAction()
    scheme = text(written.get("scheme"))
    target = 0
    if written.get("derivePort") == "FROM_REQUEST_PORT":
        target = port
    elif written.get("port") is not None:
        target = integer(written["port"])
    if (target, scheme or ("https" if tls else "http")) in ((80, "http"), (443, "https")):
        target = 0
    prefix = text(written.get("prefixRewrite"))
    return Redirect(
        status=status,
        host=text(written.get("authority")) or None,
        path=None if prefix else text(written.get("uri")) or None,
        prefix=prefix or None,
        scheme=scheme or None,
        port=target or None,
    )


def direct_response(written: Mapping[str, Any]) -> DirectResponse:
    """Return the answer that a rule gives by itself."""
    body = section(written.get("body"))
    status = integer(written.get("status"))
    if "string" in body:
        return DirectResponse(status, text(body["string"]).encode())
    if "bytes" in body:
        return DirectResponse(status, _decode(text(body["bytes"])), body_is_binary=True)
    return DirectResponse(status)


def _decode(written: str) -> bytes:
    from base64 import b64decode
    from binascii import Error

    try:
        return b64decode(written.replace("-", "+").replace("_", "/") + "=" * (-len(written) % 4))
    except Error:
        return b""


def forward(
    rule: HTTPRoute, match: RouteMatch, context: RouteContext, *, gateway_api: bool
) -> tuple[Forward, HeaderChanges]:
    """Return where a rule sends requests, and the header operations of rule and single destination together."""
    spec = rule.spec
    changes, authority = header_changes(spec.get("headers"))
    rewrite = section(spec.get("rewrite"))
    if rewrite:
        authority = text(rewrite.get("authority")) or authority
    destinations = [section(item) for item in entries(spec.get("route"))]
    hashes: list[HashPolicy] = []
    hashed = False
    clusters: list[WeightedCluster] = []
    single = len(destinations) == 1
    for destination in destinations:
        weight = 1 if single else integer(destination.get("weight"))
        if weight == 0:
            continue
        target = section(destination.get("destination"))
        host = rule.host(target)
        name = destination_cluster(host, target, context.service(host), context.port)
        own, own_authority = header_changes(destination.get("headers"))
        if single:
            changes = joined(changes, own)
            authority = authority or own_authority
            clusters.append(WeightedCluster(name))
        else:
            clusters.append(WeightedCluster(name, weight, own_authority or None, own))
        settings = context.consistent_hash(host, text(target.get("subset")), port_number(target.get("port")))
        if settings is not None:
            hashed = True
            policy = hash_policy(settings)
            if policy is not None:
                hashes.append(policy)
    prefix_rewrite, regex_rewrite = _rewrites(rewrite, match, gateway_api) if rewrite else (None, None)
    retries = spec.get("retries")
    return Forward(
        clusters=tuple(clusters),
        timeout=parse_duration(spec.get("timeout")) or None,
        retries=retry_policy(
            retries if isinstance(retries, dict) else context.mesh.default_retries, consistent_hash=single and hashed
        ),
        prefix_rewrite=prefix_rewrite,
        regex_rewrite=regex_rewrite,
        host_rewrite=authority or None,
        append_x_forwarded_host=bool(spec.get("rewrite") is not None and context.mesh.append_x_forwarded_host),
        mirrors=_mirrors(rule, context) if "mirror" in spec or "mirrors" in spec else (),
        hash_policies=tuple(hashes),
        cluster_not_found_status=500 if gateway_api else None,
        split=not single,
    ), changes


def _rewrites(
    rewrite: Mapping[str, Any], match: RouteMatch, gateway_api: bool
) -> tuple[str | None, RegexRewrite | None]:
    expression = rewrite.get("uriRegexRewrite")
    if isinstance(expression, dict):
        return None, RegexRewrite(text(expression.get("match")), text(expression.get("rewrite")))
    uri = text(rewrite.get("uri"))
    if gateway_api and uri == "/":
        prefix = match.path.value if match.path.kind == "separated_prefix" else ""
        return None, RegexRewrite(f"^{_quote(prefix)}(/?)(.*)", "/\\2")
    return uri or None, None


def _quote(literal: str) -> str:
    """Escape what RE2 reads as an operator."""
    return re.sub(r"[\\.+*?()|\[\]{}^$]", r"\\\g<0>", literal)


def _mirrors(rule: HTTPRoute, context: RouteContext) -> tuple[MirrorPolicy, ...]:
    spec = rule.spec
    found: list[MirrorPolicy] = []

    def add(destination: object, policy: MirrorPolicy) -> None:
        if isinstance(destination, dict) and policy.percent > 0:
            host = rule.host(destination)
            name = destination_cluster(host, destination, context.service(host), context.port)
            found.append(MirrorPolicy(name, policy.percent, policy.denominator))

    exact = percentage(spec.get("mirrorPercentage"))
    whole = spec.get("mirrorPercent", spec.get("mirror_percent"))
    if exact is not None:
        add(spec.get("mirror"), MirrorPolicy("", exact))
    else:
        add(spec.get("mirror"), MirrorPolicy("", 100.0 if whole is None else float(integer(whole)), 100))
    for mirror in map(section, entries(spec.get("mirrors"))):
        exact = percentage(mirror.get("percentage"))
        add(mirror.get("destination"), MirrorPolicy("", 100.0, 100) if exact is None else MirrorPolicy("", exact))
    return tuple(found)


def hash_policy(settings: Mapping[str, Any]) -> HashPolicy | None:
    """Return what consistent hashing takes from a request, ``None`` where the settings do not say."""
    if text(settings.get("httpHeaderName")):
        return HashPolicy("header", text(settings["httpHeaderName"]))
    if isinstance(settings.get("httpCookie"), dict):
        cookie = settings["httpCookie"]
        return HashPolicy(
            "cookie",
            text(cookie.get("name")),
            parse_nanoseconds(cookie.get("ttl")),
            text(cookie.get("path")),
            tuple(
                (text(item.get("name")), text(item.get("value")))
                for item in map(section, entries(cookie.get("attributes")))
            ),
        )
    if settings.get("useSourceIp") is True:
        return HashPolicy("source_ip")
    if text(settings.get("httpQueryParameterName")):
        return HashPolicy("query", text(settings["httpQueryParameterName"]))
    return None
