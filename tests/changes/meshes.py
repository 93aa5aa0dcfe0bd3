"""Small meshes before and after a change, written as text."""

from meshwright.changes import Rollout, rollout
from meshwright.frontends import Mesh, compile_mesh
from meshwright.manifests import read_text

GATEWAY = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge, namespace: istio-system}
spec:
  selector: {istio: ingressgateway}
  servers:
    - port: {number: 80, name: http, protocol: HTTP}
      hosts: ["*"]
"""


def service(name: str, *ports: int) -> str:
    listed = ", ".join(f"{{name: http-{port}, port: {port}}}" for port in ports or (80,))
    return f"""
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: shop}}
spec: {{selector: {{app: {name}}}, ports: [{listed}]}}
"""


def deployment(app: str, version: str = "v1") -> str:
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {app}-{version}, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: {app}, version: {version}}}}}
  template:
    metadata: {{labels: {{app: {app}, version: {version}}}}}
    spec: {{containers: [{{name: app, image: example}}]}}
"""


def subsets(app: str, *versions: str) -> str:
    listed = ", ".join(f"{{name: {version}, labels: {{version: {version}}}}}" for version in versions)
    return f"""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {app}, namespace: shop}}
spec: {{host: {app}, subsets: [{listed}]}}
"""


def routes(http: str, host: str = "shop.example.com", gateways: str = "[istio-system/edge]", name: str = "web") -> str:
    return f"""
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: shop}}
spec:
  hosts: ["{host}"]
  gateways: {gateways}
  http:
{http}
"""


def to(host: str, subset: str = "", weight: int | None = None, port: int = 0) -> str:
    """One destination of a rule."""
    parts = [
        f"host: {host}",
        *([f"subset: {subset}"] if subset else []),
        *([f"port: {{number: {port}}}"] if port else []),
    ]
    shares = f", weight: {weight}" if weight is not None else ""
    return f"{{destination: {{{', '.join(parts)}}}{shares}}}"


def rule(*destinations: str, match: str = "") -> str:
    asked = f"match: [{match}], " if match else ""
    return f"    - {{{asked}route: [{', '.join(destinations)}]}}"


def mesh(*parts: str) -> Mesh:
    return compile_mesh(read_text("\n---\n".join(parts), "dist/shop.yaml"))


def change(before: tuple[str, ...], after: tuple[str, ...]) -> Rollout:
    return rollout(mesh(*before), mesh(*after))


def steps(found: Rollout) -> list[list[str]]:
    return [[step.does for step in commit.steps] for commit in found.commits]
