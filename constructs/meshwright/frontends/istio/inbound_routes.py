"""The route configurations of ``virtualInbound``: every request goes to the workload's own port."""

from collections.abc import Iterable, Iterator

from meshwright.frontends.istio.durations import NO_TIMEOUT
from meshwright.frontends.istio.inbound_listeners import inbound_cluster
from meshwright.frontends.istio.inbound_targets import InboundTarget
from meshwright.frontends.istio.matches import ANY_REQUEST
from meshwright.frontends.istio.sidecar_proxy import INBOUND_PASSTHROUGH_CLUSTER
from meshwright.traffic import (
    Forward,
    Listener,
    Origin,
    RetryPolicy,
    Route,
    RouteConfiguration,
    VirtualHost,
    WeightedCluster,
)

_RETRIES = RetryPolicy(2, "reset-before-request", avoid_previous_hosts=False, host_selection_attempts=0)


def inbound_routes(listeners: Iterable[Listener], targets: Iterable[InboundTarget]) -> Iterator[RouteConfiguration]:
    """Yield the route configurations that the ways through inbound listeners name."""
    by_cluster = {inbound_cluster(target.number): target for target in targets}
    names = dict.fromkeys(chain.http for listener in listeners for chain in listener.chains if chain.http)
    for name in names:
        target = by_cluster.get(name)
        if target is not None:
            yield _configuration(name, target.service_port, target.protocol, target.origin)
        elif name == INBOUND_PASSTHROUGH_CLUSTER:
            yield _configuration(name, 0, "", None)


def _configuration(cluster: str, port: int, protocol: str, origin: Origin | None) -> RouteConfiguration:
    """Return the one route to a cluster; gRPC streams are not tried again."""
    action = Forward(
        (WeightedCluster(cluster),),
        timeout=NO_TIMEOUT,
        retries=None if protocol in ("GRPC", "GRPC-Web") else _RETRIES,
        max_stream_duration=NO_TIMEOUT,
    )
    route = Route(ANY_REQUEST, action, name="default", origin=origin)
    host = VirtualHost(f"inbound|http|{port}", ("*",), (route,), include_request_attempt_count=False, origin=origin)
    return RouteConfiguration(cluster, (host,))
