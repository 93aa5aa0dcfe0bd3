"""Sidecar. Source: Istio reference, "Sidecar"."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.connection_pool import pool_faults
from meshwright.checks.validation.destinations import destination_faults
from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.gateway import hostname_faults
from meshwright.checks.validation.names import fqdn_flaw, is_dns_label, label_flaw
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.selectors import selector_faults
from meshwright.checks.validation.server_tls import server_tls_faults
from meshwright.checks.validation.values import bind_flaw, is_unix, port_flaw, protocol_flaw, unix_flaw
from meshwright.frontends.istio.objects import entries, integer, section, text, texts
from meshwright.frontends.istio.protocols import is_http, is_tls, parse_protocol

_LOCAL = ("", "127.0.0.1", "0.0.0.0", "::1", "::")
_NOT_HERE = ("subjectAltNames", "httpsRedirect", "credentialName", "credentialNames", "tlsCertificates")


def sidecar_faults(judged: Judged) -> Faults:
    """Find what istiod has against a Sidecar."""
    spec = judged.spec
    selector = list(selector_faults("spec.workloadSelector", spec.get("workloadSelector"), "labels"))
    yield from selector
    if any(not fault.warning for fault in selector):
        return
    ingress, egress = entries(spec.get("ingress")), entries(spec.get("egress"))
    outbound, pool = spec.get("outboundTrafficPolicy"), spec.get("inboundConnectionPool")
    if not (ingress or egress or isinstance(outbound, dict) or isinstance(pool, dict)):
        yield Fault("spec", "it says nothing", "Give it egress, ingress, or a policy for outbound traffic.")
        return
    yield from _ingress_faults(ingress)
    if isinstance(pool, dict):
        yield from pool_faults("spec.inboundConnectionPool", pool)
    yield from _egress_faults(egress, judged.namespace)
    if isinstance(outbound, dict):
        yield from _outbound_faults("spec.outboundTrafficPolicy", outbound)


def _ingress_faults(listeners: list[Any]) -> Faults:
    seen: set[int] = set()
    for place, listener in enumerate(map(section, listeners)):
        path = f"spec.ingress[{place}]"
        port = listener.get("port")
        if not isinstance(port, dict):
            yield Fault(f"{path}.port", "the listener has no port", "Give it number, name and protocol.")
            continue
        number = integer(port.get("number"))
        yield from _port_faults(f"{path}.port", port)
        yield from at(f"{path}.port.number", port_flaw(number))
        yield from at(f"{path}.bind", bind_flaw(text(listener.get("bind"))))
        if number in seen:
            yield Fault(f"{path}.port.number", f"another listener has the port {number}, too", "Remove one of the two.")
        seen.add(number)
        yield from _endpoint_faults(f"{path}.defaultEndpoint", text(listener.get("defaultEndpoint")))
        if isinstance(listener.get("tls"), dict):
            yield from _tls_faults(f"{path}.tls", listener["tls"], text(port.get("protocol")))
        pool = listener.get("connectionPool")
        if isinstance(pool, dict):
            yield from pool_faults(f"{path}.connectionPool", pool)
            if isinstance(pool.get("http"), dict) and not is_http(parse_protocol(port.get("protocol"))):
                wrong = f"the port {number} is not declared as HTTP, and settings for HTTP do nothing"
                yield Fault(f"{path}.connectionPool.http", wrong, "Declare HTTP, or use tcp.", warning=True)


def _port_faults(path: str, port: Mapping[str, Any]) -> Faults:
    if integer(port.get("targetPort")) > 0:
        yield Fault(f"{path}.targetPort", "listeners have no targetPort", "Remove it.")
    name = text(port.get("name"))
    if name:
        yield from at(f"{path}.name", label_flaw(name, "name of a port"))
    yield from at(f"{path}.protocol", protocol_flaw(text(port.get("protocol"))))


def _endpoint_faults(path: str, endpoint: str) -> Faults:
    if not endpoint:
        return
    if is_unix(endpoint):
        yield from at(path, unix_flaw(endpoint))
        return
    remedy = "Write 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT or unix:///path."
    host, colon, port = endpoint.rpartition(":")
    bracketed = host.startswith("[") and host.endswith("]")
    address = host[1:-1] if bracketed else host
    bare = not bracketed and any(mark in host for mark in ":[]")
    digits = port.removeprefix("+")
    if not colon or bare or address not in _LOCAL or not (digits.isascii() and digits.isdigit()):
        yield Fault(path, f'"{endpoint}" is no port of the workload itself', remedy)
    else:
        yield from at(path, port_flaw(int(digits)))


def _tls_faults(path: str, tls: Mapping[str, Any], protocol: str) -> Faults:
    for field in _NOT_HERE:
        if tls.get(field):
            yield Fault(f"{path}.{field}", f"listeners of sidecars know no {field}", "Remove it.")
    mode = text(tls.get("mode"))
    if mode in ("ISTIO_MUTUAL", "AUTO_PASSTHROUGH"):
        yield Fault(f"{path}.mode", f"listeners of sidecars know no {mode}", "Choose SIMPLE or MUTUAL.")
    if not is_tls(parse_protocol(protocol)):
        wrong = f"a port for {protocol or 'no protocol'} has settings for TLS"
        yield Fault(path, wrong, "Declare HTTPS or TLS, or remove tls.")
    told = {f"{path}.{field}" for field in _NOT_HERE}
    yield from (fault for fault in server_tls_faults(path, tls) if fault.path not in told)


def _egress_faults(listeners: list[Any], namespace: str) -> Faults:
    numbers: set[int] = set()
    sockets: set[str] = set()
    for place, listener in enumerate(map(section, listeners)):
        path = f"spec.egress[{place}]"
        port, bind = listener.get("port"), text(listener.get("bind"))
        if not isinstance(port, dict):
            if place != len(listeners) - 1:
                wrong = "a listener without a port takes all that other listeners leave, and is not the last"
                yield Fault(path, wrong, "Give it a port, or make it the last.")
        else:
            yield from _port_faults(f"{path}.port", port)
            yield from _bind_faults(path, port, bind, text(listener.get("captureMode")))
            number = integer(port.get("number"))
            if (bind in sockets) if not number else (number in numbers):
                what = f"the port {number}" if number else f'the socket "{bind}"'
                yield Fault(f"{path}.port.number", f"another listener has {what}, too", "Remove one of the two.")
            if number:
                numbers.add(number)
            else:
                sockets.add(bind)
        yield from _host_faults(path, texts(listener.get("hosts")), namespace)


def _bind_faults(path: str, port: Mapping[str, Any], bind: str, capture: str) -> Faults:
    number = integer(port.get("number"))
    if number:
        yield from at(f"{path}.port.number", port_flaw(number))
        yield from at(f"{path}.bind", bind_flaw(bind))
        return
    if is_unix(bind):
        yield from at(f"{path}.bind", unix_flaw(bind))
    else:
        yield Fault(f"{path}.port.number", "the port has no number", "Give it one, or bind to unix:///path.")
    if capture not in ("", "DEFAULT", "NONE"):
        yield Fault(f"{path}.captureMode", f"a Unix socket captures nothing by {capture}", "Choose NONE.")


def _host_faults(path: str, hosts: tuple[str, ...], namespace: str) -> Faults:
    if not hosts:
        yield Fault(f"{path}.hosts", "the listener has no host", "Name them: namespace/host, or */*.")
    seen: dict[str, set[str]] = {}
    for place, written in enumerate(hosts):
        where = f"{path}.hosts[{place}]"
        owner, slash, host = written.partition("/")
        if slash and not owner.startswith("~"):
            known = seen.setdefault(namespace if owner == "." else owner, set())
            if (known and host == "*") or host in known or "*" in known:
                yield Fault(where, f'"{written}" is named twice', "Remove one of the two.", warning=True)
            known.add(host)
        yield from _host_fault(where, written, owner, slash, host)
    if len(seen) > 1 and "*" in seen.get("*", ()):
        wrong = "*/* means every host, and others are named beside it"
        yield Fault(f"{path}.hosts", wrong, "Keep */* or the others.", warning=True)


def _host_fault(path: str, written: str, owner: str, slash: str, host: str) -> Faults:
    if not slash:
        yield Fault(path, f'"{written}" does not say of which namespace', f"Write ./{written}, or */{written}.")
        return
    named = owner.removeprefix("~")
    if not owner or not host:
        yield Fault(path, f'"{written}" has an empty part', "Write namespace/host.")
    elif named not in ("", "*", ".") and not is_dns_label(named):
        yield Fault(path, f'"{owner}" is no namespace', "Write namespace/host, ./host or */host.")
    elif host:
        yield from hostname_faults(path, host, addresses=False)


def _outbound_faults(path: str, policy: Mapping[str, Any]) -> Faults:
    mode, proxy = policy.get("mode") or "REGISTRY_ONLY", policy.get("egressProxy")
    if mode not in ("REGISTRY_ONLY", "ALLOW_ANY"):
        yield Fault(f"{path}.mode", f"{mode} is a setting of the whole mesh", "Choose ALLOW_ANY or REGISTRY_ONLY.")
        return
    if not isinstance(proxy, dict):
        return
    where = f"{path}.egressProxy"
    if mode != "ALLOW_ANY":
        yield Fault(where, f"{mode} lets nothing out to a proxy", "Choose ALLOW_ANY.")
        return
    host = text(proxy.get("host"))
    flaw = fqdn_flaw(host)
    yield from at(f"{where}.host", flaw)
    if not isinstance(proxy.get("port"), dict):
        yield Fault(f"{where}.port", "the proxy has no port", "Give it one.")
        return
    yield from (fault for fault in destination_faults(where, proxy) if flaw is None or fault.path != f"{where}.host")
