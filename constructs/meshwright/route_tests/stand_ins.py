"""Objects that stand in for what route tests leave out, so that VirtualServices alone can be compiled."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from meshwright.frontends import Mesh, MeshOptions, compile_mesh
from meshwright.frontends.istio.hosts import resolve_gateway
from meshwright.manifests import Resource

_API = "networking.istio.io/v1"


def complete_mesh(resources: Sequence[Resource], options: MeshOptions, gateway: str | None) -> Mesh:
    """Return the mesh of ``resources`` in which every host of a VirtualService exists on port 80.

    Args:
        gateway: ``NAMESPACE/NAME`` of a Gateway that is made up, for all hosts on port 80, if there is none.
    """
    mesh = compile_mesh(resources, options)
    made = [*_services(mesh), *_gateways(resources, gateway)]
    return compile_mesh([*resources, *made], options) if made else mesh


def _services(mesh: Mesh) -> Iterator[Resource]:
    hosts = {host: service.config.namespace for service in mesh.virtual_services.all for host in service.hosts}
    for host, namespace in hosts.items():
        if host != "*" and host.lower() not in mesh.registry.by_host:
            spec = {
                "hosts": [host],
                "ports": [{"number": 80, "name": "http", "protocol": "HTTP"}],
                "resolution": "NONE" if host.startswith("*") else "DNS",
            }
            yield _resource("ServiceEntry", namespace, f"stand-in-for-{host}", spec)


def _gateways(resources: Iterable[Resource], gateway: str | None) -> Iterator[Resource]:
    if gateway is None:
        return
    namespace, _, name = resolve_gateway(gateway, "default").partition("/")
    if any(each.kind == "Gateway" and (each.namespace, each.name) == (namespace, name) for each in resources):
        return
    server = {"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": ["*"]}
    yield _resource("Gateway", namespace, name, {"selector": {"istio": "ingressgateway"}, "servers": [server]})


def _resource(kind: str, namespace: str, name: str, spec: dict[str, Any]) -> Resource:
    body = {"apiVersion": _API, "kind": kind, "metadata": {"name": name, "namespace": namespace}, "spec": spec}
    return Resource(body, _API, kind, namespace, name)
