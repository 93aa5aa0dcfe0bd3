"""GatewayClasses: which Gateways are Istio's, and what kind of proxy serves them."""

from dataclasses import dataclass

from meshwright.frontends.gateway_api.objects import GATEWAY_API, Objects, spec
from meshwright.frontends.gateway_api.options import Options
from meshwright.frontends.istio.objects import section, text
from meshwright.manifests.resource import Resource

GATEWAY_CONTROLLER = "istio.io/gateway-controller"
WAYPOINT_CONTROLLER = "istio.io/mesh-controller"
EAST_WEST_CONTROLLER = "istio.io/eastwest-controller"
REMOTE_CONTROLLER = "istio.io/unmanaged-gateway"

_BUILT_IN = {
    "istio": GATEWAY_CONTROLLER,
    "istio-waypoint": WAYPOINT_CONTROLLER,
    "istio-remote": REMOTE_CONTROLLER,
    "istio-east-west": EAST_WEST_CONTROLLER,
}
_OF_ANOTHER_CONTROLLER = frozenset({"istio-agentgateway", "istio-agentgateway-waypoint"})


@dataclass(frozen=True, slots=True)
class GatewayClass:
    """How istiod treats the Gateways of a class.

    Args:
        programs: It makes configuration for them; not so for gateways of a remote cluster.
        takes_listener_sets: ListenerSets may add listeners.
        suffixed: The workload istiod deploys is called ``NAME-CLASS``, not ``NAME``.
    """

    controller: str
    programs: bool = True
    takes_listener_sets: bool = False
    suffixed: bool = False


_CLASSES = {
    found.controller: found
    for found in (
        GatewayClass(GATEWAY_CONTROLLER, takes_listener_sets=True, suffixed=True),
        GatewayClass(WAYPOINT_CONTROLLER),
        GatewayClass(EAST_WEST_CONTROLLER),
        GatewayClass(REMOTE_CONTROLLER, programs=False, suffixed=True),
    )
}


def class_of(gateway: Resource, objects: Objects, options: Options) -> GatewayClass | None:
    """Return the class of a Gateway, ``None`` if another controller looks after it.

    Istiod's own classes need no GatewayClass object, as istiod creates them.
    """
    name = text(spec(gateway).get("gatewayClassName"))
    if name in _OF_ANOTHER_CONTROLLER:
        return None
    declared = objects.get(GATEWAY_API, "GatewayClass", "", name)
    for controller in (_controller_named_by(declared), _BUILT_IN.get(name)):
        if controller == EAST_WEST_CONTROLLER and not options.multi_network:
            continue
        if controller in _CLASSES:
            return _CLASSES[controller]
    return None


def controller_name(name: str, objects: Objects) -> str | None:
    """Return the controller that a declared GatewayClass names."""
    return _controller_named_by(objects.get(GATEWAY_API, "GatewayClass", "", name))


def _controller_named_by(declared: Resource | None) -> str | None:
    return text(spec(declared).get("controllerName")) if declared is not None else None


def is_managed(gateway: Resource) -> bool:
    """Tell whether istiod deploys the workload itself: no address, or one that is an IP address."""
    addresses = spec(gateway).get("addresses")
    if not isinstance(addresses, list) or not addresses:
        return True
    return len(addresses) == 1 and section(addresses[0]).get("type") in (None, "IPAddress")
