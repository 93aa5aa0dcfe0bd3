"""Gateway. Source: Istio reference, "Gateway"."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.names import host_flaw, is_dns_label, label_flaw, partial_wildcard_flaw
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.server_tls import server_tls_faults
from meshwright.checks.validation.values import PROTOCOLS, ip_flaw, is_ip, is_unix, port_flaw, unix_flaw
from meshwright.frontends.istio.objects import entries, integer, section, text, texts
from meshwright.frontends.istio.protocols import UNSUPPORTED, is_http, is_tls, parse_protocol

_SEMANTICS = "internal.istio.io/gateway-semantics"
_PASSING = ("PASSTHROUGH", "AUTO_PASSTHROUGH")


def gateway_faults(judged: Judged) -> Faults:
    """Find what istiod has against a Gateway."""
    complete = judged.annotations.get(_SEMANTICS) == "gateway"
    servers = [section(each) for each in entries(judged.spec.get("servers"))]
    if not complete:
        yield from at("metadata.name", label_flaw(judged.name, "name of a Gateway"))
    if not servers:
        yield Fault("spec.servers", "the Gateway has no server", "Give it one.")
    names: set[str] = set()
    for place, server in enumerate(servers):
        path = f"spec.servers[{place}]"
        yield from _server_faults(path, server, complete)
        port = server.get("port")
        if isinstance(port, dict):
            name = text(port.get("name"))
            if name in names:
                yield Fault(f"{path}.port.name", f'another port is called "{name}", too', "Rename one of the two.")
            names.add(name)
            redirects = section(server.get("tls")).get("httpsRedirect") is True
            if redirects and not is_http(parse_protocol(port.get("protocol"))):
                wrong = f"httpsRedirect does nothing on a port for {text(port.get('protocol')) or 'no protocol'}"
                remedy = "Set it on the port for HTTP."
                yield Fault(f"{path}.tls.httpsRedirect", wrong, remedy, warning=True)


def _server_faults(path: str, server: Mapping[str, Any], complete: bool) -> Faults:
    hosts = texts(server.get("hosts"))
    if not hosts:
        yield Fault(f"{path}.hosts", "the server has no host", "Name its hosts, or *.")
    for place, host in enumerate(hosts):
        yield from _host_faults(f"{path}.hosts[{place}]", host, complete)
    port, bind, tls = server.get("port"), text(server.get("bind")), server.get("tls")
    if is_unix(bind):
        yield from at(f"{path}.bind", unix_flaw(bind))
        if integer(section(port).get("number")):
            yield Fault(f"{path}.port.number", "a Unix socket has no port", "Remove the number, or bind to an address.")
    elif bind:
        yield from at(f"{path}.bind", ip_flaw(bind))
    if isinstance(tls, dict):
        yield from server_tls_faults(f"{path}.tls", tls)
    faults = list(_port_faults(f"{path}.port", port, bind))
    yield from faults
    if not faults:
        yield from _fit_faults(path, text(section(port).get("protocol")), tls)


def _host_faults(path: str, host: str, complete: bool) -> Faults:
    namespace, slash, name = host.partition("/")
    if not slash:
        name = host
    elif not namespace or not name:
        yield Fault(path, f'"{host}" has an empty part', "Write namespace/host.")
    elif namespace not in ("*", ".") and not (namespace == "~" and complete) and not is_dns_label(namespace):
        yield Fault(path, f'"{namespace}" is no namespace', "Write namespace/host, ./host or */host.")
    yield from hostname_faults(path, name, addresses=True)


def hostname_faults(path: str, name: str, *, addresses: bool) -> Faults:
    """Judge the host of a server or of an egress listener; ``addresses`` says whether an IP address will do."""
    flaw = host_flaw(name)
    if flaw is not None and not (addresses and is_ip(name)):
        yield Fault(path, *flaw)
    elif name != "*" and "." not in name:
        yield Fault(
            path, f'"{name}" is a short name, which is not completed here', f"Write {name}.NAMESPACE.svc.cluster.local."
        )
    else:
        yield from at(path, partial_wildcard_flaw(name))


def _port_faults(path: str, port: object, bind: str) -> Faults:
    if not isinstance(port, dict):
        yield Fault(path, "the server has no port", "Give it number, name and protocol.")
        return
    protocol, number = text(port.get("protocol")), integer(port.get("number"))
    if parse_protocol(protocol) == UNSUPPORTED:
        wrong = f'"{protocol}" is no protocol that Istio knows' if protocol else "the port has no protocol"
        yield Fault(f"{path}.protocol", wrong, f"Choose {PROTOCOLS}.")
    if number > 0 or not is_unix(bind):
        yield from at(f"{path}.number", port_flaw(number))
    if integer(port.get("targetPort")) > 0:
        yield Fault(
            f"{path}.targetPort", "Gateways have no targetPort", "Remove it: the Service of the gateway says it."
        )
    if not text(port.get("name")):
        yield Fault(f"{path}.name", "the port has no name", "Name it.")


def _fit_faults(path: str, written: str, tls: object) -> Faults:
    protocol, settings = parse_protocol(written), section(tls)
    if is_tls(protocol):
        if not isinstance(tls, dict):
            yield Fault(f"{path}.tls", f"a port for {written} has no tls", "Give it tls, or choose HTTP or TCP.")
    elif isinstance(tls, dict):
        certificates = any(text(settings.get(field)) for field in ("caCertificates", "privateKey", "serverCertificate"))
        if not is_http(protocol) or settings.get("mode", "PASSTHROUGH") not in _PASSING or certificates:
            wrong = f"a port for {written} has settings for TLS"
            yield Fault(f"{path}.tls", wrong, "Choose HTTPS or TLS, or keep httpsRedirect alone.")
