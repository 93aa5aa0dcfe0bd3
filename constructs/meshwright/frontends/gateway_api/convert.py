"""The whole conversion."""

from collections.abc import Iterable, Sequence

from meshwright.frontends.gateway_api.defaults import with_api_defaults
from meshwright.frontends.gateway_api.gateways import GatewayProxy, Listeners, read_listeners
from meshwright.frontends.gateway_api.http_routes import http_virtual_services
from meshwright.frontends.gateway_api.layer4_routes import layer4_virtual_services
from meshwright.frontends.gateway_api.objects import GATEWAY_API, GATEWAY_API_ALPHA, Objects
from meshwright.frontends.gateway_api.options import Options
from meshwright.frontends.gateway_api.policies import destination_rules
from meshwright.frontends.gateway_api.references import Grants
from meshwright.frontends.gateway_api.routing import Routing
from meshwright.frontends.gateway_api.tls import Certificates
from meshwright.manifests.resource import Resource


def convert(resources: Sequence[Resource], options: Options | None = None) -> list[Resource]:
    """Make the Istio objects that istiod makes of Gateway API objects.

    Args:
        resources: All objects of the mesh; Services, ServiceEntries, Namespaces and Secrets among them decide what
            references lead to.
        options: Settings of istiod; its defaults if left out.

    Returns:
        Only what was made: Gateways, VirtualServices and DestinationRules, without the ``resources``. Each part leads
        back to the field it was made from: ``origin("spec.http[0]")`` is a rule of an HTTPRoute.
    """
    options = options or Options()
    if not _concerned(resources):
        return []
    objects, certificates = _read(resources, options)
    listeners = read_listeners(objects, certificates, options)
    routing = Routing(listeners.parents, objects, certificates.grants, options)
    layer7 = [route for kind in ("HTTPRoute", "GRPCRoute") for route in objects.all(GATEWAY_API, kind)]
    layer4 = [route for kind in ("TCPRoute", "TLSRoute") for route in objects.all(GATEWAY_API, kind)]
    return [
        *listeners.gateways,
        *layer4_virtual_services(layer4, routing),
        *http_virtual_services(layer7, routing),
        *destination_rules(objects, options),
    ]


def gateway_proxies(resources: Sequence[Resource], options: Options | None = None) -> list[GatewayProxy]:
    """Return the workload of each Gateway that Istio programs, unless no listener of it is valid."""
    options = options or Options()
    if not _concerned(resources):
        return []
    return _listeners(resources, options).proxies


def _listeners(resources: Iterable[Resource], options: Options) -> Listeners:
    objects, certificates = _read(resources, options)
    return read_listeners(objects, certificates, options)


def _read(resources: Iterable[Resource], options: Options) -> tuple[Objects, Certificates]:
    if options.api_defaults:
        resources = map(with_api_defaults, resources)
    objects = Objects(resources)
    grants = Grants(objects.all(GATEWAY_API, "ReferenceGrant"))
    return objects, Certificates(objects, grants, options)


def _concerned(resources: Iterable[Resource]) -> bool:
    groups = (f"{GATEWAY_API}/", f"{GATEWAY_API_ALPHA}/")
    return any(resource.api_version.startswith(groups) for resource in resources)
