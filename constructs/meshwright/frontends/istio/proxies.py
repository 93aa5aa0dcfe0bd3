"""The workloads that run gateways: those of the manifests that a Gateway selects, or ones made up for it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from meshwright.frontends.istio.gateways import PortTarget
from meshwright.frontends.istio.objects import Config, entries, integer, section, text, texts
from meshwright.frontends.istio.services import Service, ServicePort, ServiceRegistry
from meshwright.frontends.istio.workloads import Workloads
from meshwright.traffic import Proxy

DEFAULT_LABELS = {"istio": "ingressgateway"}
GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name"
GATEWAY_SERVICE = "internal.istio.io/gateway-service"

_INJECTION = "sidecar.istio.io/inject"
_NO_TRANSLATION = "experimental.istio.io/disable-gateway-port-translation"


def selected_proxies(
    gateways: Iterable[Config], workloads: Workloads, root_namespace: str, *, ingress: bool = False
) -> tuple[Proxy, ...]:
    """Return every workload that Gateways select, and the default one if there are Ingresses for it (``ingress``).

    A Gateway whose selector fits no workload of the manifests gets one that carries just the selector's labels and
    lives in the root namespace. A Gateway without a selector is for all gateway workloads, or for a default one.
    """
    selectors: dict[tuple[tuple[str, str], ...], None] = {}
    unselective = False
    if ingress:
        selectors[_pairs(DEFAULT_LABELS)] = None
    for gateway in gateways:
        if GATEWAY_SERVICE in gateway.annotations:
            continue
        written = section(gateway.spec.get("selector"))
        if written:
            selectors[_pairs(written)] = None
        else:
            unselective = True
    found: dict[Proxy, None] = {}
    for selector in selectors:
        selected = [
            workload for namespace in workloads.by_namespace for workload in workloads.select(namespace, selector)
        ]
        for workload in selected:
            found[Proxy("router", workload.namespace, _pairs(workload.labels))] = None
        if not selected:
            found[Proxy("router", root_namespace, selector)] = None
    if unselective and not found:
        found[Proxy("router", root_namespace, _pairs(DEFAULT_LABELS))] = None
    return tuple(found)


def _pairs(labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key, str(value)) for key, value in labels.items()))


class DeployedGateway(Protocol):
    """The workload of a Gateway API Gateway: behind Services that exist, or (with labels) made by istiod."""

    @property
    def namespace(self) -> str:
        """Where it lives."""

    @property
    def services(self) -> tuple[str, ...]:
        """Host names of the Services in front of it."""

    @property
    def labels(self) -> Mapping[str, str] | None:
        """Of the pods that istiod makes; ``None`` where it makes none."""


def deployed_proxies(gateway: DeployedGateway, registry: ServiceRegistry, workloads: Workloads) -> Iterator[Proxy]:
    """Yield the workloads that serve a Gateway of the Gateway API."""
    if gateway.labels is not None:
        yield Proxy("router", gateway.namespace, _pairs(gateway.labels))
        return
    for host in gateway.services:
        service = registry.by_host.get(host, {}).get(gateway.namespace)
        if service is None or not service.selector:
            continue
        selected = workloads.select(gateway.namespace, service.selector)
        for labels in [workload.labels for workload in selected] or [dict(service.selector)]:
            yield Proxy("router", gateway.namespace, _pairs(labels))


def sidecar_proxies(workloads: Workloads, gateways: Iterable[Proxy]) -> tuple[Proxy, ...]:
    """Return a sidecar for each workload that is no gateway and does not refuse one."""
    taken = {(gateway.namespace, gateway.labels) for gateway in gateways}
    found: dict[Proxy, None] = {}
    for namespace, members in workloads.by_namespace.items():
        for workload in members:
            labels = _pairs(workload.labels)
            if (namespace, labels) not in taken and workload.labels.get(_INJECTION) != "false":
                found[Proxy("sidecar", namespace, labels)] = None
    return tuple(found)


def port_targets(
    proxy: Proxy, registry: ServiceRegistry, workloads: Workloads, service_entries: Iterable[Config]
) -> Sequence[PortTarget]:
    """Return the ports of the Services in front of a workload, the oldest Service's first.

    A Service is in front of it when its selector fits in the same namespace, a ServiceEntry when it writes down one of
    the workload's addresses.
    """
    labels = dict(proxy.labels)
    found: list[tuple[str, PortTarget]] = []
    for service in registry.services:
        if service.namespace != proxy.namespace or not service.kubernetes or not service.selector:
            continue
        if all(labels.get(key) == value for key, value in service.selector):
            found.extend((service.created, target) for target in _targets(service, workloads))
    if proxy.addresses:
        found.extend(_written_targets(proxy, service_entries))
    found.sort(key=lambda item: (item[0], item[1].hostname))
    return [target for _, target in found]


def _targets(service: Service, workloads: Workloads) -> list[PortTarget]:
    translates = all(key != _NO_TRANSLATION for key, _ in service.labels)
    seen: dict[tuple[int, str], PortTarget] = {}
    for port in service.ports:
        number = _target_port(service, port, workloads)
        target = PortTarget(service.hostname, service.namespace, port.number, number, translates)
        seen.setdefault((number, port.protocol), target)
    return list(seen.values())


def _target_port(service: Service, port: ServicePort, workloads: Workloads) -> int:
    """Return where a port leads: by number, by the name that a container gives it, else to the same number."""
    target = port.target_port
    if isinstance(target, str) and target:
        return workloads.port_named(service, target) or port.number
    return target or port.number


def _written_targets(proxy: Proxy, service_entries: Iterable[Config]) -> Iterator[tuple[str, PortTarget]]:
    for config in service_entries:
        for endpoint in map(section, entries(config.spec.get("endpoints"))):
            if endpoint.get("address") not in proxy.addresses:
                continue
            labels = section(section(config.resource.body.get("metadata")).get("labels"))
            for host in texts(config.spec.get("hosts")):
                for port in map(section, entries(config.spec.get("ports"))):
                    number = integer(port.get("number"))
                    target = integer(section(endpoint.get("ports")).get(text(port.get("name"))))
                    target = target or integer(port.get("targetPort")) or number
                    translates = _NO_TRANSLATION not in labels
                    yield config.created, PortTarget(host, config.namespace, number, target, translates)
