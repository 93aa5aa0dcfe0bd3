"""Kubernetes Ingresses that istiod serves itself. Source: Istio reference, "Global Mesh Options"."""

from collections.abc import Iterable

from meshwright.frontends.istio.mesh_config import MeshConfig
from meshwright.frontends.istio.objects import section, text
from meshwright.manifests.resource import Resource

_ANNOTATION = "kubernetes.io/ingress.class"
_CONTROLLER = "istio.io/ingress-controller"


def served_ingresses(resources: Iterable[Resource], mesh: MeshConfig) -> list[Resource]:
    """Return the Ingresses of istiod's class: by annotation, by IngressClass, or all others where it is the default."""
    ingresses: list[Resource] = []
    classes: set[str] = set()
    for resource in resources:
        if not resource.api_version.startswith("networking.k8s.io/"):
            continue
        if resource.kind == "Ingress":
            ingresses.append(resource)
        elif resource.kind == "IngressClass" and _spec(resource, "controller") == _CONTROLLER:
            classes.add(resource.name)
    mode = text(mesh.raw.get("ingressControllerMode")) or "STRICT"
    wanted = text(mesh.raw.get("ingressClass")) or "istio"
    return [ingress for ingress in ingresses if _is_served(ingress, mode, wanted, classes)]


def _is_served(ingress: Resource, mode: str, wanted: str, classes: set[str]) -> bool:
    annotated = section(section(ingress.body.get("metadata")).get("annotations")).get(_ANNOTATION)
    if annotated is not None:
        return mode != "OFF" and annotated == wanted
    named = _spec(ingress, "ingressClassName")
    return named in classes if named else mode == "DEFAULT"


def _spec(resource: Resource, field: str) -> str:
    return text(section(resource.body.get("spec")).get(field))
