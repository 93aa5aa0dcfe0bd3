"""Small meshes for the tests of sidecars."""

from typing import Any

from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read_text
from meshwright.traffic import Listener, Proxy, RouteTable, VirtualHost


def sidecar_table(manifests: str, namespace: str = "shop", **options: Any) -> RouteTable:
    """Return the route table of the sidecar beside ``app: web``."""
    proxy = Proxy("sidecar", namespace, (("app", "web"),))
    return compile_mesh(read_text(manifests), MeshOptions(**options)).route_table(proxy)


def virtual_host(table: RouteTable, route: str, name: str) -> VirtualHost | None:
    """Return a virtual host of a route configuration by name."""
    hosts = [host for rc in table.route_configurations if rc.name == route for host in rc.virtual_hosts]
    return next((host for host in hosts if host.name == name), None)


def listener(table: RouteTable, name: str) -> Listener | None:
    """Return a listener by name."""
    return next((each for each in table.listeners if each.name == name), None)


def service(name: str, port: str, namespace: str = "shop", **spec: Any) -> str:
    """Return a Service with one port, written ``http:80``."""
    port_name, _, number = port.partition(":")
    fields = "".join(f"\n  {key}: {value}" for key, value in spec.items())
    return f"""
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  ports: [{{name: {port_name}, port: {number}}}]{fields}
---"""
