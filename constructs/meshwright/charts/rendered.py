"""Objects that another program rendered, admitted one by one into a chart of ours."""

from __future__ import annotations

from meshwright.charts.backend import Backend
from meshwright.charts.environment import Environment
from meshwright.charts.problem import problem
from meshwright.tree import ApiObject, Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Any

    from meshwright.manifests.resource import Resource

ADMITTED = frozenset(
    {
        "Certificate",
        "ConfigMap",
        "CronJob",
        "DaemonSet",
        "Deployment",
        "DestinationRule",
        "ExternalSecret",
        "GRPCRoute",
        "HTTPRoute",
        "HorizontalPodAutoscaler",
        "Ingress",
        "Job",
        "NetworkPolicy",
        "PersistentVolumeClaim",
        "PodDisruptionBudget",
        "PodMonitor",
        "PrometheusRule",
        "Role",
        "RoleBinding",
        "SealedSecret",
        "Service",
        "ServiceAccount",
        "ServiceMonitor",
        "StatefulSet",
        "VirtualService",
    }
)
"""The kinds that may come without being named: they work inside one namespace and hold no secret."""

_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.:")
_HOOK = "helm.sh/hook"


class Admission:
    """What rendered objects may be.

    Args:
        kinds: Kinds that may come beside `ADMITTED`.
        without: What is left out: ``ClusterRole`` is a kind, ``Secret/redis`` one object.
        namespaces: Namespaces that objects may name beside that of the environment.
        admin: Why roles and bindings may give every right.
    """

    __slots__ = ("admin", "kinds", "namespaces", "without")

    def __init__(
        self, kinds: Collection[str], without: Collection[str], namespaces: Collection[str], admin: str | None
    ) -> None:
        self.kinds = frozenset(kinds)
        self.without = frozenset(without)
        self.namespaces = frozenset(namespaces)
        self.admin = admin

    def leaves_out(self, resource: Resource) -> bool:
        """Whether an object is left out."""
        return not self.without.isdisjoint((resource.kind, f"{resource.kind}/{resource.name}"))


class Rendered(Construct):
    """What `HelmChart` and `Kustomization` have in common: objects by kind and name, to be patched and routed to.

    Attributes:
        objects: All objects, in the order in which they were rendered.
    """

    def _admit(self, text: str, source: str, admission: Admission) -> None:
        """Make an object of each that was rendered, and tell of those that may not come.

        Raises:
            InputError: The text is no YAML of Kubernetes objects.
        """
        from meshwright.manifests import read_text

        self._objects: dict[tuple[str, str], ApiObject] = {}
        self.objects: list[ApiObject] = []
        environment = Environment.of(self)
        resources = read_text(text, source, environment.namespace)
        for resource in resources:
            if admission.leaves_out(resource):
                continue
            for wrong, remedy in _problems(resource, admission, environment.namespace):
                problem(self, wrong, remedy)
            self._make(resource)
        known = {name for each in resources for name in (each.kind, f"{each.kind}/{each.name}")}
        for name in sorted(admission.without - known):
            problem(self, f"without names {name!r}, which is not there", "Leave it out of without")

    def _make(self, resource: Resource) -> None:
        body = resource.body
        fields = {key: value for key, value in body.items() if key not in ("apiVersion", "kind", "metadata")}
        made = ApiObject(
            self,
            f"object-{len(self.objects)}",
            api_version=resource.api_version,
            kind=resource.kind,
            metadata={**body.get("metadata", {}), "name": resource.name},
            **fields,
        )
        if not resource.namespace:
            made._metadata.pop("namespace", None)  # the chart's own, which has no meaning here
        self.objects.append(made)
        self._objects.setdefault((resource.kind, resource.name), made)

    def object(self, kind: str, name: str) -> ApiObject:
        """Return one of the objects: to be patched with ``add_json_patch``.

        Raises:
            ConfigurationError: There is none of this kind and name.
        """
        found = self._objects.get((kind, name))
        if found is None:
            known = sorted(known for each, known in self._objects if each == kind)
            said = f"Of this kind there are: {', '.join(known)}" if known else f"It has {self._kinds_text()}"
            raise self.error(f"it has no {kind} {name!r}", said)
        return found

    def backend(self, service: str, port: int) -> Backend:
        """Return one of its Services as the target of a route.

        Raises:
            ConfigurationError: There is no such Service.
        """
        self.object("Service", service)
        return Backend(Environment.of(self).service_host(service), port)

    def _kinds_text(self) -> str:
        return ", ".join(sorted({kind for kind, _ in self._objects})) or "nothing"


def _problems(resource: Resource, admission: Admission, own: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an object, and what to do."""
    said = f"{resource.kind} {resource.name!r}"
    if resource.kind not in ADMITTED | admission.kinds:
        yield (
            f"it brings {said}, a kind that is not admitted",
            f'Admit it: kinds=["{resource.kind}"], or leave it out: without=["{resource.kind}"]',
        )
    if not resource.name or not _NAME.issuperset(resource.name) or len(resource.name) > 253:
        yield f"it brings a {resource.kind} of the name {resource.name!r}", "Leave it out with without="
    if resource.namespace not in ("", own) and resource.namespace not in admission.namespaces:
        yield (
            f"{said} goes to namespace {resource.namespace!r}, not to {own!r}",
            f'Admit it: namespaces=["{resource.namespace}"], or leave it out',
        )
    annotations = _section(_section(resource.body.get("metadata")).get("annotations"))
    if _HOOK in annotations:
        yield (
            f"{said} is a hook ({annotations[_HOOK]}), which no one runs when files are synced",
            f'Leave it out: without=["{resource.kind}/{resource.name}"], and do what it does otherwise',
        )
    if admission.admin is None and _gives_every_right(resource.body):
        yield f"{said} gives every right", "Leave it out, or say why it is needed: admin=…"


def _gives_every_right(body: Mapping[str, Any]) -> bool:
    if body.get("kind") in ("RoleBinding", "ClusterRoleBinding"):
        return _section(body.get("roleRef")).get("name") == "cluster-admin"
    if body.get("kind") not in ("Role", "ClusterRole"):
        return False
    rules = body.get("rules")
    return any(
        "*" in (_section(rule).get("verbs") or ()) and "*" in (_section(rule).get("resources") or ())
        for rule in (rules if isinstance(rules, list) else ())
    )


def _section(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
