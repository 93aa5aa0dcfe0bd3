"""TCPRoutes and TLSRoutes to VirtualServices, one for each parent and host."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshwright.frontends.gateway_api import generated as made
from meshwright.frontends.gateway_api.backends import (
    NO_BACKEND,
    Backends,
    UnusableRoute,
    total_weight,
    weighted,
)
from meshwright.frontends.gateway_api.http_rules import Rule
from meshwright.frontends.gateway_api.objects import age, sections, spec
from meshwright.frontends.gateway_api.parents import attachments
from meshwright.frontends.gateway_api.routing import Routing
from meshwright.frontends.istio.hosts import is_subset, overlaps
from meshwright.frontends.istio.objects import texts
from meshwright.manifests.resource import Resource
from meshwright.traffic.origin import Origin


def layer4_virtual_services(routes: Iterable[Resource], routing: Routing) -> Iterator[Resource]:
    """Convert TCPRoutes and TLSRoutes."""
    for route in routes:
        yield from _tcp(route, routing) if route.kind == "TCPRoute" else _tls(route, routing)


def _tcp(route: Resource, routing: Routing) -> Iterator[Resource]:
    count = 0
    for attachment in attachments(route, routing.parents, routing.objects):
        rules = _rules(route, routing.backends(route, attachment.in_mesh), None)
        hosts = ["*"]
        if attachment.in_mesh:
            hosts = attachment.mesh_hosts(routing.objects, routing.options.domain_suffix)
            if attachment.port:
                rules = [rule.on_port(attachment.port) for rule in rules]
        parent = route.origin(f"spec.parentRefs[{attachment.index}]")
        for host in hosts:
            yield _virtual_service(route, "tcp", count, host, attachment.parent.gateway, rules, parent)
            count += 1


def _tls(route: Resource, routing: Routing) -> Iterator[Resource]:
    hostnames = list(texts(spec(route).get("hostnames"))) or ["*"]
    count = 0
    for attachment in attachments(route, routing.parents, routing.objects):
        rules = _rules(route, routing.backends(route, attachment.in_mesh), hostnames)
        hosts = hostnames
        listener = attachment.parent.hostname
        if attachment.in_mesh:
            hosts = attachment.mesh_hosts(routing.objects, routing.options.domain_suffix)
            rules = [_in_mesh(rule, attachment.port, hosts) for rule in rules]
        elif listener:
            hosts = _intersection(hostnames, [listener])
            narrowed = [_narrowed(rule, listener) for rule in rules]
            rules = [rule for rule in narrowed if "match" not in rule.route or rule.route["match"][0]["sniHosts"]]
        parent = route.origin(f"spec.parentRefs[{attachment.index}]")
        for host in hosts:
            own = [_for_host(rule, host) for rule in rules] if attachment.in_mesh else rules
            yield _virtual_service(route, "tls", count, host, attachment.parent.gateway, own, parent)
            count += 1


def _rules(route: Resource, backends: Backends, hostnames: list[str] | None) -> list[Rule]:
    """Convert the rules; none where istiod refuses one of them.

    Args:
        hostnames: For a TLSRoute, the names that clients ask for.
    """
    rules: list[Rule] = []
    try:
        for index, rule in enumerate(sections(spec(route).get("rules"))):
            written = f"spec.rules[{index}]"
            origins = {"": route.origin(written)}
            references = sections(rule.get("backendRefs"))
            if total_weight(references) == 0:
                rules.append(Rule({"route": [dict(NO_BACKEND)]}, origins))
                continue
            body: dict[str, Any] = {"route": []}
            if hostnames is not None:
                body["match"] = [{"sniHosts": hostnames}]
                origins["match"] = route.origin("spec.hostnames")
            for target, reference, weight in weighted(references):
                origins[f"route[{len(body['route'])}]"] = route.origin(f"{written}.backendRefs[{target}]")
                destination: dict[str, Any] = {"destination": backends.resolve(reference).destination}
                body["route"].append(destination | ({"weight": weight} if weight else {}))
            rules.append(Rule(body, origins))
    except UnusableRoute:
        return []
    return rules


def _with_names(rule: Rule, names: Iterable[str], **fields: object) -> Rule:
    return Rule({**rule.route, "match": [{"sniHosts": list(names), **fields}]}, rule.origins)


def _names(rule: Rule) -> list[str]:
    matches: list[Mapping[str, Any]] = rule.route.get("match", [])
    return list(matches[0]["sniHosts"]) if matches else []


def _in_mesh(rule: Rule, port: int, hosts: list[str]) -> Rule:
    """Match the hosts of the service where the route names none, and the port it asks for."""
    if not _names(rule):
        return rule
    names = hosts if _names(rule) == ["*"] else _names(rule)
    return _with_names(rule, names, **({"port": port} if port else {}))


def _for_host(rule: Rule, host: str) -> Rule:
    """Keep, of several names, those that have to do with one host of the service."""
    names = _names(rule)
    if len(names) < 2:
        return rule
    match = rule.route["match"][0]
    return Rule(
        {**rule.route, "match": [{**match, "sniHosts": [name for name in names if overlaps(host, name)]}]},
        rule.origins,
    )


def _narrowed(rule: Rule, listener: str) -> Rule:
    return _with_names(rule, _intersection(_names(rule), [listener])) if _names(rule) else rule


def _intersection(hosts: Iterable[str], others: Iterable[str]) -> list[str]:
    """Return the hosts covered by both lists, the more specific of each pair, in the order of ``hosts``."""
    others = list(others)
    common: dict[str, None] = {}
    for host in hosts:
        for other in others:
            if is_subset(host, other):
                common[host] = None
            elif is_subset(other, host):
                common[other] = None
    return list(common)


def _virtual_service(
    route: Resource, layer: str, count: int, host: str, gateway: str, rules: list[Rule], parent: Origin
) -> Resource:
    origins: dict[str, Origin] = {"": route.origin(), "spec.gateways": parent}
    if layer == "tls":
        origins["spec.hosts"] = route.origin("spec.hostnames")
    for index, rule in enumerate(rules):
        path = f"spec.{layer}[{index}]"
        origins |= {f"{path}.{part}" if part else path: origin for part, origin in rule.origins.items()}
    return made.generated(
        "VirtualService",
        route.namespace,
        f"{route.name}~{layer}~{count}~{made.AUTOGENERATED}",
        annotations={made.PARENTS: made.parent_name(route), made.ROUTE_SEMANTICS: "gateway"},
        spec={"hosts": [host], "gateways": [gateway], layer: [rule.route for rule in rules]},
        origins=origins,
        created=age(route),
    )
