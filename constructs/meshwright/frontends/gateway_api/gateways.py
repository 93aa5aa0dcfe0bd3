"""Gateways and ListenerSets to Istio Gateways, one for each listener, and the workloads that serve them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from meshwright.frontends.gateway_api import generated as made
from meshwright.frontends.gateway_api.classes import (
    EAST_WEST_CONTROLLER,
    WAYPOINT_CONTROLLER,
    GatewayClass,
    class_of,
    is_managed,
)
from meshwright.frontends.gateway_api.listener_conflicts import lost_listeners, may_attach, port_of
from meshwright.frontends.gateway_api.objects import GATEWAY_API, Objects, age, annotations, sections, spec
from meshwright.frontends.gateway_api.options import Options
from meshwright.frontends.gateway_api.references import GATEWAY, LISTENER_SET, GroupKind, group_kind
from meshwright.frontends.gateway_api.tls import Certificates, server_tls
from meshwright.frontends.istio.objects import integer, section, text
from meshwright.manifests.resource import Resource

_NAME_OVERRIDE = "gateway.istio.io/name-override"
_SERVICE_ACCOUNT = "gateway.istio.io/service-account"
_SERVICE_TYPE = "networking.istio.io/service-type"
_HBONE_PORT = 15008

_ROUTE_KINDS = {
    "HTTP": ("HTTPRoute", "GRPCRoute"),
    "HTTPS": ("HTTPRoute", "GRPCRoute"),
    "TCP": ("TCPRoute",),
    "TLS": ("TLSRoute",),
}


@dataclass(frozen=True, slots=True)
class Parent:
    """A listener as routes see it.

    Args:
        gateway: ``namespace/name`` of the Istio Gateway made of it; ``mesh`` for the mesh.
        kinds: The kinds of route it takes; the mesh takes all.
        hosts: Which namespaces may attach routes (``*`` all, ``~`` none), each with the host name.
        hostname: As written; empty for all.
    """

    gateway: str
    kinds: tuple[str, ...]
    hosts: tuple[tuple[str, str], ...] = ()
    hostname: str = ""
    section: str = ""
    port: int = 0
    protocol: str = ""


@dataclass(frozen=True, slots=True)
class GatewayProxy:
    """The workload that serves a Gateway.

    Args:
        gateway: The Gateway object.
        namespace: Where the workload must live.
        services: Host names of the Services in front of it; a proxy serves the Gateway if it stands behind one of them.
        labels: Of the pods that istiod deploys for the Gateway; ``None`` if it binds to Services that exist.
        ports: That its listeners ask for, in order, with the protocol of each.
    """

    gateway: Resource
    namespace: str
    services: tuple[str, ...]
    labels: Mapping[str, str] | None
    ports: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Listeners:
    """What becomes of all listeners: Istio Gateways for the valid ones, parents for routes, and their proxies."""

    gateways: list[Resource]
    parents: dict[tuple[GroupKind, str, str], list[Parent]]
    proxies: list[GatewayProxy]


def read_listeners(objects: Objects, certificates: Certificates, options: Options) -> Listeners:
    """Convert every Gateway that is Istio's, with the ListenerSets attached to it."""
    found = Listeners([], {}, [])
    sets: dict[tuple[str, str], list[Resource]] = {}
    for listener_set in objects.all(GATEWAY_API, "ListenerSet"):
        reference = section(spec(listener_set).get("parentRef"))
        if group_kind(reference, GATEWAY) == GATEWAY:
            namespace = text(reference.get("namespace")) or listener_set.namespace
            sets.setdefault((namespace, text(reference.get("name"))), []).append(listener_set)
    for gateway in objects.all(GATEWAY_API, "Gateway"):
        kind = class_of(gateway, objects, options)
        if kind is not None and kind.programs:
            attached = sets.get((gateway.namespace, gateway.name), ())
            _GatewayReader(gateway, kind, objects, certificates, options).read(attached, found)
    return found


class _GatewayReader:
    def __init__(
        self, gateway: Resource, kind: GatewayClass, objects: Objects, certificates: Certificates, options: Options
    ) -> None:
        self.gateway = gateway
        self.kind = kind
        self.objects = objects
        self.certificates = certificates
        self.services = gateway_services(gateway, kind, options)
        name = workload_name(gateway, kind)
        self.account = str(annotations(gateway).get(_SERVICE_ACCOUNT, name)) if is_managed(gateway) else ""

    def read(self, attached: Iterable[Resource], found: Listeners) -> None:
        """Add this Gateway's listeners and those of the ListenerSets attached to it."""
        if not self.services and _complains_of_addresses(self.gateway):
            return
        takes = self.kind.takes_listener_sets
        eligible = [one for one in attached if takes and may_attach(one.namespace, self.gateway, self.objects)]
        lost = lost_listeners(self.gateway, eligible) if takes else set()
        ports: dict[int, str] = {}
        for owner in (self.gateway, *eligible):
            for index, listener in enumerate(sections(spec(owner).get("listeners"))):
                if ((owner.namespace, owner.name), text(listener.get("name"))) not in lost:
                    self._read_listener(owner, index, listener, found, ports)
        if ports:
            pods = pod_labels(self.gateway) if is_managed(self.gateway) else None
            found.proxies.append(GatewayProxy(self.gateway, self.gateway.namespace, self.services, pods, ports))

    def _read_listener(
        self, owner: Resource, index: int, listener: Mapping[str, Any], found: Listeners, ports: dict[int, str]
    ) -> None:
        own = owner is self.gateway
        port = integer(listener.get("port")) if own else port_of(listener)
        protocol = text(listener.get("protocol"))
        tls, valid = server_tls(listener, port, owner, self.gateway, self.certificates)
        valid = valid and (own or port != 0) and protocol in self._protocols()
        if tls is None and protocol in ("HTTPS", "TLS"):
            return
        if self.kind.controller == WAYPOINT_CONTROLLER:
            return
        if self.kind.controller == EAST_WEST_CONTROLLER and port == _HBONE_PORT:
            return
        if not own and not valid:
            return
        name = text(listener.get("name"))
        hosts = self._hosts(owner, listener)
        server: dict[str, Any] = {
            "port": {"name": "default", "number": port, "protocol": protocol},
            "hosts": [f"{namespace}/{hostname}" for namespace, hostname in hosts],
        }
        if tls is not None:
            server["tls"] = tls
        key = (GATEWAY if own else LISTENER_SET, owner.namespace, owner.name)
        internal = f"{owner.name}~{made.AUTOGENERATED}~{name}"
        found.parents.setdefault(key, []).append(
            Parent(
                f"{owner.namespace}/{internal}",
                route_kinds(listener),
                hosts,
                text(listener.get("hostname")),
                name,
                port,
                protocol,
            )
        )
        if valid:
            ports.setdefault(port, protocol)
            found.gateways.append(self._istio_gateway(owner, index, name, internal, server))

    def _protocols(self) -> frozenset[str]:
        usual = frozenset({"HTTP", "HTTPS", "TLS", "TCP"})
        tunnels = self.kind.controller in (WAYPOINT_CONTROLLER, EAST_WEST_CONTROLLER)
        return usual | {"HBONE"} if tunnels else usual

    def _hosts(self, owner: Resource, listener: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
        """Return which namespaces may attach routes, each with the host name; ``~`` for none."""
        hostname = listener.get("hostname")
        hostname = "*" if hostname is None else str(hostname)
        allowed = section(section(listener.get("allowedRoutes")).get("namespaces"))
        match allowed.get("from"):
            case None | "Same":
                namespaces = [owner.namespace]
            case "All":
                namespaces = ["*"]
            case _:
                selector = allowed.get("selector")
                namespaces = self.objects.selected_namespaces(selector) if isinstance(selector, dict) else ["*"]
        return tuple((namespace, hostname) for namespace in namespaces if namespace) or (("~", hostname),)

    def _istio_gateway(
        self, owner: Resource, index: int, name: str, internal: str, server: Mapping[str, Any]
    ) -> Resource:
        notes = {
            made.PARENTS: made.parent_name(owner, name),
            made.GATEWAY_SEMANTICS: "gateway",
            made.GATEWAY_SERVICE: ",".join(self.services),
            made.SERVICE_ACCOUNT: self.account,
        }
        if owner is not self.gateway:
            notes[made.PARENT_NAMESPACE] = self.gateway.namespace
        written = f"spec.listeners[{index}]"
        origins = {
            "": owner.origin(written),
            "spec.servers[0].hosts": owner.origin(f"{written}.hostname"),
            "spec.servers[0].port": owner.origin(f"{written}.port"),
            "spec.servers[0].tls": owner.origin(f"{written}.tls"),
        }
        return made.generated(
            "Gateway",
            owner.namespace,
            internal,
            annotations=notes,
            spec={"servers": [dict(server)]},
            origins=origins,
            created=age(owner),
        )


def route_kinds(listener: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the kinds of route a listener takes: those its protocol can carry and ``allowedRoutes`` permits."""
    protocol = text(listener.get("protocol"))
    kinds = _ROUTE_KINDS.get(protocol, ())
    if protocol == "TLS" and section(listener.get("tls")).get("mode") == "Terminate":
        kinds += ("TCPRoute",)
    allowed = sections(section(listener.get("allowedRoutes")).get("kinds"))
    if not allowed:
        return kinds
    named = {kind for group, kind in (group_kind(one, GATEWAY) for one in allowed) if group == GATEWAY_API}
    return tuple(kind for kind in kinds if kind in named)


def workload_name(gateway: Resource, kind: GatewayClass) -> str:
    """Return the name of the Service and Deployment that istiod makes for a Gateway."""
    suffix = f"-{text(spec(gateway).get('gatewayClassName'))}" if kind.suffixed else ""
    return str(annotations(gateway).get(_NAME_OVERRIDE, f"{gateway.name}{suffix}"))


def pod_labels(gateway: Resource) -> dict[str, str]:
    """Return the labels of the pods that istiod deploys for a Gateway."""
    infrastructure = section(spec(gateway).get("infrastructure")).get("labels")
    if isinstance(infrastructure, dict):
        chosen = {key: value for key, value in infrastructure.items() if not key.startswith(f"{GATEWAY_API}/")}
    else:
        chosen = dict(section(section(gateway.body.get("metadata")).get("labels")))
    return chosen | {
        f"{GATEWAY_API}/gateway-name": gateway.name,
        f"{GATEWAY_API}/gateway-class-name": text(spec(gateway).get("gatewayClassName")),
    }


def gateway_services(gateway: Resource, kind: GatewayClass, options: Options) -> tuple[str, ...]:
    """Return the host names of the Services whose pods serve a Gateway."""
    suffix = f"{gateway.namespace}.svc.{options.domain_suffix}"
    if is_managed(gateway):
        return (f"{workload_name(gateway, kind)}.{suffix}",)
    values = [text(address.get("value")) for address in _host_addresses(gateway)]
    return tuple(value if "." in value else f"{value}.{suffix}" for value in values)


def _host_addresses(gateway: Resource) -> list[Mapping[str, Any]]:
    addresses = sections(spec(gateway).get("addresses"))
    return [address for address in addresses if address.get("type") in (None, "Hostname")]


def _complains_of_addresses(gateway: Resource) -> bool:
    """Tell whether istiod finds fault with the addresses, for which it gives up where no usable one is left."""
    skipped = len(_host_addresses(gateway)) < len(sections(spec(gateway).get("addresses")))
    return skipped or _SERVICE_TYPE in annotations(gateway)
