"""The clusters that a proxy knows: each visible service by port, whole and by subset.

Source: istiod's cluster generation. The name says what is meant: ``outbound|PORT|SUBSET|HOST``.
"""

from collections.abc import Callable, Iterable
from typing import Literal

from meshwright.frontends.istio.destination_rules import DestinationRule, Policy, Subset, policy_for
from meshwright.frontends.istio.durations import parse_duration
from meshwright.frontends.istio.objects import section, text
from meshwright.frontends.istio.services import Service
from meshwright.frontends.istio.workloads import Workloads
from meshwright.traffic import Cluster

BLACKHOLE = "BlackHoleCluster"

RuleFinder = Callable[[Service], DestinationRule | None]
Discovery = Literal["eds", "dns", "static", "passthrough", "blackhole"]
TlsMode = Literal["", "disable", "simple", "mutual", "istio_mutual"]

_TLS_MODES: dict[str, TlsMode] = {
    "DISABLE": "disable",
    "SIMPLE": "simple",
    "MUTUAL": "mutual",
    "ISTIO_MUTUAL": "istio_mutual",
}
_DISCOVERY: dict[str, Discovery] = {"dns": "dns", "dns_round_robin": "dns"}
_DYNAMIC_FORWARDING = frozenset({"HTTP", "HTTP2", "GRPC", "TLS"})


def cluster_name(port: int, subset: str, host: str) -> str:
    """Return the name of an outbound cluster."""
    return f"outbound|{port}|{subset}|{host}"


def sni_cluster_name(port: int, subset: str, host: str) -> str:
    """Return the name under which a gateway between networks reaches the same; clients send it as server name."""
    return f"outbound_.{port}_.{subset}_.{host}"


def outbound_clusters(
    services: Iterable[Service],
    rule_for: RuleFinder,
    workloads: Workloads,
    *,
    router: bool,
    name: Callable[[int, str, str], str] = cluster_name,
) -> dict[str, Cluster]:
    """Return the clusters of services by name.

    Args:
        services: Those the proxy sees.
        rule_for: Finds the DestinationRule that the proxy obeys for a service.
        router: The proxy is a gateway, which cannot pass connections on to where they were going.
        name: How clusters are called, by port, subset and host.
    """
    found: dict[str, Cluster] = {}
    for service in services:
        if service.resolution == "alias":
            continue
        rule = rule_for(service)
        dynamic = service.resolution == "dynamic_dns" and service.hostname.startswith("*")
        for port in service.ports:
            if port.protocol == "UDP" or (dynamic and port.protocol not in _DYNAMIC_FORWARDING):
                continue
            whole = _cluster(service, port.number, None, rule, workloads, router, name)
            if whole is None:
                continue
            found[whole.name] = whole
            if rule is None or dynamic:
                continue
            for subset in rule.subsets:
                part = _cluster(service, port.number, subset, rule, workloads, router, name)
                if part is not None:
                    found[part.name] = part
    return found


def _cluster(
    service: Service,
    port: int,
    subset: Subset | None,
    rule: DestinationRule | None,
    workloads: Workloads,
    router: bool,
    name: Callable[[int, str, str], str],
) -> Cluster | None:
    """Return one cluster; hosts found by DNS have none for a subset that no endpoint is in."""
    labels = subset.labels if subset is not None else ()
    endpoints = workloads.behind(service, labels)
    resolution = _DISCOVERY.get(service.resolution, "eds")
    if resolution == "dns" and endpoints == 0:
        return None
    policy = policy_for(rule, port, subset)
    if section(policy.get("loadBalancer")).get("simple") == "PASSTHROUGH" or (
        service.resolution == "passthrough" and not router and not service.kubernetes
    ):
        resolution = "passthrough"
    tls, sni = _tls(policy)
    subset_name = subset.name if subset is not None else ""
    return Cluster(
        name=name(port, subset_name, service.hostname),
        hostname=service.hostname,
        port=port,
        subset=subset_name,
        labels=labels,
        endpoints=endpoints,
        resolution=resolution,
        tls=tls,
        sni=sni,
        connect_timeout=parse_duration(section(section(policy.get("connectionPool")).get("tcp")).get("connectTimeout")),
        origin=service.origin,
        subset_origin=subset.origin if subset is not None else None,
    )


def _tls(policy: Policy) -> tuple[TlsMode, str]:
    """Return how the policy encrypts, and the server name; a ``tls`` block without a mode switches it off."""
    tls = policy.get("tls")
    if not isinstance(tls, dict):
        return "", ""
    return _TLS_MODES.get(text(tls.get("mode")) or "DISABLE", "disable"), text(tls.get("sni"))


def blackhole() -> Cluster:
    """Return the cluster that takes connections and never answers."""
    return Cluster(BLACKHOLE, resolution="blackhole", endpoints=0)
