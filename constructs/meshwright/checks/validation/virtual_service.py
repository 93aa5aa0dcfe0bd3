"""VirtualService. Source: Istio reference, "Virtual Service"."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.destinations import route_faults
from meshwright.checks.validation.fault import Fault, Faults, Flaw, at
from meshwright.checks.validation.headers import is_claim
from meshwright.checks.validation.http_route import http_faults
from meshwright.checks.validation.names import export_faults, gateway_faults, host_flaw, label_faults
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.values import is_ip, port_flaw, subnet_flaw
from meshwright.frontends.istio.hosts import HostSet, is_subset, overlaps
from meshwright.frontends.istio.objects import MESH, ROUTE_SEMANTICS, entries, integer, section, texts

_GENERATED = "outbound_"
_MANY_HOSTS = 50


def virtual_service_faults(judged: Judged) -> Faults:
    """Find what istiod has against a VirtualService."""
    spec = judged.spec
    hosts, gateways = texts(spec.get("hosts")), texts(spec.get("gateways"))
    complete = judged.annotations.get(ROUTE_SEMANTICS) == "gateway"
    at_gateway = bool(gateways) and MESH not in gateways
    rules = {layer: entries(spec.get(layer)) for layer in ("http", "tls", "tcp")}
    if not hosts:
        yield from _delegate_faults(spec)
    yield from gateway_faults("spec.gateways", gateways, complete)
    if not at_gateway:
        yield from _claim_faults(rules["http"])
    yield from _host_faults(spec, hosts, at_gateway)
    if not any(rules.values()):
        yield Fault("spec", "it has no rule", "Give it http, tls or tcp.")
    for place, rule in enumerate(map(section, rules["http"])):
        yield from http_faults(f"spec.http[{place}]", rule, delegate=not hosts, complete=complete)
    for place, rule in enumerate(map(section, rules["tls"])):
        yield from _tls_faults(f"spec.tls[{place}]", rule, hosts, at_gateway, complete)
    for place, rule in enumerate(map(section, rules["tcp"])):
        yield from _tcp_faults(f"spec.tcp[{place}]", rule, complete)
    yield from export_faults("spec.exportTo", judged.namespace, texts(spec.get("exportTo")))


def _delegate_faults(spec: Mapping[str, Any]) -> Faults:
    for field in ("gateways", "tls", "tcp"):
        if spec.get(field):
            remedy = f"Name its hosts, or remove {field}."
            yield Fault(f"spec.{field}", f"without hosts it is a delegate, which has no {field}", remedy)


def _claim_faults(rules: list[Any]) -> Faults:
    for number, rule in enumerate(map(section, rules)):
        for place, match in enumerate(map(section, entries(rule.get("match")))):
            for field in ("headers", "withoutHeaders"):
                for name in section(match.get(field)):
                    if is_claim(name):
                        where = f"spec.http[{number}].match[{place}].{field}.{name}"
                        wrong = f'"{name}" asks for a claim of a token, which gateways alone can answer'
                        yield Fault(where, wrong, "Bind the VirtualService to gateways, without mesh.")


def _host_faults(spec: Mapping[str, Any], hosts: tuple[str, ...], at_gateway: bool) -> Faults:
    generated = at_gateway and _has_sni(spec)
    sound = True
    for place, host in enumerate(hosts):
        flaw = _host_flaw(host, generated)
        if flaw is not None and not is_ip(host):
            sound = False
            yield Fault(f"spec.hosts[{place}]", *flaw)
        elif flaw is None and host == "*" and not at_gateway:
            sound = False
            wrong = '"*" is no host for sidecars'
            yield Fault(f"spec.hosts[{place}]", wrong, "Name the hosts, or bind it to gateways alone.")
    if sound and len(hosts) > 1:
        yield from _repeated(hosts)


def _repeated(hosts: tuple[str, ...]) -> Faults:
    wide = len(hosts) > _MANY_HOSTS and len(set(hosts)) == len(hosts)
    wildcards = [host for host in hosts if host.startswith("*")]
    if wide and not (HostSet(wildcards).intersection(set(hosts) - set(wildcards)) if wildcards else ()):
        hosts = tuple(wildcards)
    for place, host in enumerate(hosts):
        first = next((other for other in hosts[:place] if overlaps(other, host)), None)
        if first is not None:
            wrong = f'"{host}" is covered by "{first}" beside it' if first != host else f'"{host}" is named twice'
            yield Fault(f"spec.hosts[{place}]", wrong, "Remove one of the two.")


def _has_sni(spec: Mapping[str, Any]) -> bool:
    return any(
        section(match).get("sniHosts")
        for rule in map(section, entries(spec.get("tls")))
        for match in entries(rule.get("match"))
    )


def _host_flaw(host: str, generated: bool) -> Flaw | None:
    """Judge a host; ``generated`` allows the names that istiod makes for gateways between networks."""
    if not (generated and host.startswith(_GENERATED) and len(host.encode()) <= 255):
        return host_flaw(host)
    parts = host.split("_")
    sound = len(parts) >= 4 and any(c in "0123456789" for c in parts[1].strip(".")) and _has_letter(parts[3])
    return None if sound else (f'"{host}" is no host', "Write outbound_.PORT_._.HOST.")


def _has_letter(name: str) -> bool:
    return any(letter.isascii() and letter.isalpha() for letter in name)


def _tls_faults(path: str, rule: Mapping[str, Any], hosts: tuple[str, ...], at_gateway: bool, complete: bool) -> Faults:
    matches = entries(rule.get("match"))
    if not matches:
        yield Fault(f"{path}.match", "a rule for TLS has no match", "Name its sniHosts.")
    for place, match in enumerate(map(section, matches)):
        where = f"{path}.match[{place}]"
        names = texts(match.get("sniHosts"))
        if not names:
            yield Fault(f"{where}.sniHosts", "a match for TLS has no sniHosts", "Name them.")
        for position, name in enumerate(names):
            yield from _sni_faults(f"{where}.sniHosts[{position}]", name, hosts, at_gateway)
        yield from _connection_faults(where, match)
    if not entries(rule.get("route")):
        yield Fault(f"{path}.route", "a rule for TLS has no route", "Name its destination.")
    yield from route_faults(path, rule, complete=complete)


def _sni_faults(path: str, name: str, hosts: tuple[str, ...], at_gateway: bool) -> Faults:
    flaw = _host_flaw(name, at_gateway)
    if flaw is None:
        if not any(is_subset(name, host) for host in hosts):
            wrong = f'"{name}" is not among the hosts of the VirtualService'
            yield Fault(path, wrong, f"Add it to hosts ({', '.join(hosts[:5])}), or name one of these.")
    elif is_ip(name):
        wrong = f'"{name}" is an address, and most clients send no address as server name'
        yield Fault(path, wrong, "Match the destination's address in tcp rules.", warning=True)
    else:
        yield Fault(path, *flaw)


def _tcp_faults(path: str, rule: Mapping[str, Any], complete: bool) -> Faults:
    for place, match in enumerate(map(section, entries(rule.get("match")))):
        yield from _connection_faults(f"{path}.match[{place}]", match)
    if not entries(rule.get("route")):
        yield Fault(f"{path}.route", "a rule for TCP has no route", "Name its destination.")
    yield from route_faults(path, rule, complete=complete)


def _connection_faults(path: str, match: Mapping[str, Any]) -> Faults:
    for place, subnet in enumerate(texts(match.get("destinationSubnets"))):
        yield from at(f"{path}.destinationSubnets[{place}]", subnet_flaw(subnet))
    if integer(match.get("port")):
        yield from at(f"{path}.port", port_flaw(integer(match["port"])))
    yield from label_faults(f"{path}.sourceLabels", section(match.get("sourceLabels")))
    yield from gateway_faults(f"{path}.gateways", texts(match.get("gateways")))
