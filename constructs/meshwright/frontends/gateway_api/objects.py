"""The objects that the conversion reads, found by kind and name, and the labels of namespaces."""

from collections.abc import Iterable, Mapping
from typing import Any

from meshwright.frontends.istio.objects import entries, section, text, texts
from meshwright.manifests.resource import Resource

GATEWAY_API = "gateway.networking.k8s.io"
GATEWAY_API_ALPHA = "gateway.networking.x-k8s.io"
INFERENCE = "inference.networking.k8s.io"
ISTIO = "networking.istio.io"

Group = str
Kind = str

OLDEST = "0001-01-01T00:00:00Z"
"""How istiod reads the creation time of an object that has none."""

_CLUSTER_WIDE = frozenset({"Namespace", "GatewayClass"})
_NAMESPACE_NAME = "kubernetes.io/metadata.name"


def group_of(resource: Resource) -> Group:
    """Return the API group, empty for the core one."""
    group, slash, _ = resource.api_version.partition("/")
    return group if slash else ""


def metadata(resource: Resource) -> Mapping[str, Any]:
    """Return ``metadata``, empty if there is none."""
    return section(resource.body.get("metadata"))


def labels(resource: Resource) -> Mapping[str, Any]:
    """Return ``metadata.labels``."""
    return section(metadata(resource).get("labels"))


def annotations(resource: Resource) -> Mapping[str, Any]:
    """Return ``metadata.annotations``."""
    return section(metadata(resource).get("annotations"))


def spec(resource: Resource) -> Mapping[str, Any]:
    """Return ``spec``, empty if there is none."""
    return section(resource.body.get("spec"))


def sections(value: object) -> list[Mapping[str, Any]]:
    """Return the mappings of a list."""
    return [section(item) for item in entries(value)]


def age(resource: Resource) -> str:
    """Return the creation time as text that sorts by time; objects without one are the oldest."""
    return str(metadata(resource).get("creationTimestamp") or OLDEST)


class Objects:
    """All objects by kind; of two with the same name the later one counts, as if applied in order."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._found: dict[tuple[Group, Kind], dict[tuple[str, str], Resource]] = {}
        self._namespaces: dict[str, Mapping[str, Any]] = {}
        self._declared: set[str] = set()
        for resource in resources:
            kind = resource.kind
            namespace = "" if kind in _CLUSTER_WIDE else resource.namespace
            self._found.setdefault((group_of(resource), kind), {})[namespace, resource.name] = resource
            if namespace:
                self._namespaces.setdefault(namespace, {_NAMESPACE_NAME: namespace})
            elif kind == "Namespace":
                self._namespaces[resource.name] = {**labels(resource), _NAMESPACE_NAME: resource.name}
                self._declared.add(resource.name)

    def all(self, group: Group, kind: Kind) -> list[Resource]:
        """Return the objects of a kind in order of namespace and name."""
        found = self._found.get((group, kind), {})
        return [found[key] for key in sorted(found)]

    def get(self, group: Group, kind: Kind, namespace: str, name: str) -> Resource | None:
        """Return one object."""
        return self._found.get((group, kind), {}).get((namespace, name))

    @property
    def namespaces(self) -> Mapping[str, Mapping[str, Any]]:
        """Labels by namespace, for each that is declared or that some object lives in."""
        return self._namespaces

    def selected_namespaces(self, selector: Mapping[str, Any]) -> list[str]:
        """Return the namespaces that a label selector selects, sorted.

        Of a namespace that is not declared, only the label with its name is known; it is selected by no other.
        """
        expressions = (expression.get("key") for expression in sections(selector.get("matchExpressions")))
        by_name = all(key == _NAMESPACE_NAME for key in (*section(selector.get("matchLabels")), *expressions))
        return sorted(
            name
            for name, found in self._namespaces.items()
            if (by_name or name in self._declared) and _selects(selector, found)
        )


def _selects(selector: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Tell whether a Kubernetes label selector selects these labels; a broken selector selects nothing."""
    if any(found.get(key) != value for key, value in section(selector.get("matchLabels")).items()):
        return False
    return all(_holds(expression, found) for expression in sections(selector.get("matchExpressions")))


def _holds(expression: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    key, values = text(expression.get("key")), texts(expression.get("values"))
    match expression.get("operator"):
        case "In":
            return key in found and found[key] in values
        case "NotIn":
            return key not in found or found[key] not in values
        case "Exists":
            return key in found
        case "DoesNotExist":
            return key not in found
    return False
