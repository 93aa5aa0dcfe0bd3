"""What the tests of gateways share: a gateway, services, and the routes that come of VirtualServices."""

from meshwright.frontends import Mesh, MeshOptions, compile_mesh
from meshwright.manifests import read_text
from meshwright.traffic import Forward, Proxy, Route, RouteTable, VirtualHost

INGRESS = Proxy("router", "istio-system", (("istio", "ingressgateway"),))

GATEWAY = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: web, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ["*"]
"""


def mesh(*documents: str, **options: object) -> Mesh:
    """Compile documents; objects without a namespace are in ``shop``."""
    text = "\n---\n".join(documents)
    return compile_mesh(read_text(text, default_namespace="shop"), MeshOptions(**options))  # type: ignore[arg-type]


def ingress(*documents: str, **options: object) -> RouteTable:
    """Return the route table of the ingress gateway."""
    return mesh(*documents, **options).route_table(INGRESS)


def virtual_service(name: str, http: str, hosts: str = "[shop.example.com]", more: str = "") -> str:
    """Return a VirtualService bound to the gateway ``web``; ``http`` is the list in flow style."""
    return f"""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: shop}}
spec: {{hosts: {hosts}, gateways: [web], http: {http}{more}}}
"""


def service(name: str, ports: str = "[{name: http, port: 80}]", namespace: str = "shop", more: str = "") -> str:
    """Return a Kubernetes Service."""
    return f"""
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{clusterIP: 10.0.0.1, ports: {ports}{more}}}
"""


def hosts_of(table: RouteTable, name: str = "http.80") -> dict[str, VirtualHost]:
    """Return the virtual hosts of a route configuration by name."""
    for configuration in table.route_configurations:
        if configuration.name == name:
            return {host.name: host for host in configuration.virtual_hosts}
    return {}


def routes_of_rule(http: str, *more: str, **options: object) -> list[Route]:
    """Return the routes that the HTTP rules of one VirtualService become."""
    table = ingress(GATEWAY, virtual_service("cart", http), *more, **options)
    return list(hosts_of(table)["shop.example.com:80"].routes)


def forward(route: Route) -> Forward:
    """Return the action of a route that sends requests on."""
    assert isinstance(route.action, Forward)
    return route.action


def cluster_of(route: Route) -> str:
    """Return the only cluster of a route."""
    (cluster,) = forward(route).clusters
    return cluster.name
