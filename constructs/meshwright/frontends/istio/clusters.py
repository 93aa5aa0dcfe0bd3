"""The clusters that a proxy knows: each visible service by port, whole and by subset.

Source: istiod's cluster generation. The name says what is meant: ``outbound|PORT|SUBSET|HOST``.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from meshwright.frontends.istio.destination_rules import DestinationRule, Policy, Subset, policy_for
from meshwright.frontends.istio.durations import parse_duration
from meshwright.frontends.istio.objects import section, text
from meshwright.frontends.istio.services import Service
from meshwright.frontends.istio.workloads import Workloads
from meshwright.traffic import Cluster, Origin

BLACKHOLE = "BlackHoleCluster"

_TOLD_ELSEWHERE = frozenset({"tls", "portLevelSettings"})
_NO_SETTINGS = frozenset({"connectionPool.tcp.connectTimeout"})

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
    between_networks: bool = False,
) -> dict[str, Cluster]:
    """Return the clusters of services by name.

    Args:
        services: Those the proxy sees.
        rule_for: Finds the DestinationRule that the proxy obeys for a service.
        router: The proxy is a gateway, which cannot pass connections on to where they were going.
        between_networks: Their twins for another network's proxies, called by server name and never encrypted here.
    """
    name = sni_cluster_name if between_networks else cluster_name
    found: dict[str, Cluster] = {}
    for service in services:
        if service.resolution == "alias":
            continue
        rule = rule_for(service)
        dynamic = service.resolution == "dynamic_dns" and service.hostname.startswith("*")
        for port in service.ports:
            if port.protocol == "UDP" or (dynamic and port.protocol not in _DYNAMIC_FORWARDING):
                continue
            whole = _cluster(service, port.number, None, rule, workloads, _discovery(service, router), name)
            if whole is None:
                continue
            found[whole.name] = whole
            if rule is None or dynamic:
                continue
            for subset in rule.subsets:
                part = _cluster(service, port.number, subset, rule, workloads, whole.resolution, name)
                if part is not None:
                    found[part.name] = part
    return found


def _cluster(
    service: Service,
    port: int,
    subset: Subset | None,
    rule: DestinationRule | None,
    workloads: Workloads,
    resolution: Discovery,
    name: Callable[[int, str, str], str],
) -> Cluster | None:
    """Return one cluster; hosts found by DNS have none for a subset that no endpoint is in.

    A policy that passes connections on to where they were going wins over ``resolution``.
    """
    labels = subset.labels if subset is not None else ()
    endpoints = workloads.behind(service, labels, port)
    if resolution == "dns" and endpoints == 0 and not (subset is not None and _passes_on(subset.policy)):
        return None
    policy = policy_for(rule, port, subset)
    if _passes_on(policy) or (subset is not None and _passes_on(subset.policy)):
        resolution = "passthrough"
    tls, sni = _tls(policy) if name is cluster_name else ("", "")
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
        settings=_settings(policy) if policy else (),
        policy_origin=_policy_origin(rule, subset) if policy else None,
    )


def _settings(policy: Policy) -> tuple[tuple[str, str], ...]:
    """Return what a policy says besides encryption and the time to connect, which are known by themselves."""
    return tuple(sorted(_leaves("", {key: value for key, value in policy.items() if key not in _TOLD_ELSEWHERE})))


def _leaves(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _leaves(f"{path}[{number}]", inner)
    elif value is not None and path not in _NO_SETTINGS:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)


def _policy_origin(rule: DestinationRule | None, subset: Subset | None) -> Origin | None:
    if subset is not None and subset.policy is not None:
        return subset.origin
    return rule.origins[0] if rule is not None and rule.origins else None


def _discovery(service: Service, router: bool) -> Discovery:
    """Return how endpoints are found when no policy says otherwise."""
    if service.resolution == "passthrough" and not router and not service.kubernetes:
        return "passthrough"
    return _DISCOVERY.get(service.resolution, "eds")


def _passes_on(policy: Policy | None) -> bool:
    return section(section(policy).get("loadBalancer")).get("simple") == "PASSTHROUGH"


def _tls(policy: Policy) -> tuple[TlsMode, str]:
    """Return how the policy encrypts, and the server name; a ``tls`` block without a mode switches it off."""
    tls = policy.get("tls")
    if not isinstance(tls, dict):
        return "", ""
    return _TLS_MODES.get(text(tls.get("mode")) or "DISABLE", "disable"), text(tls.get("sni"))


def blackhole() -> Cluster:
    """Return the cluster that takes connections and never answers."""
    return Cluster(BLACKHOLE, resolution="blackhole", endpoints=0)
