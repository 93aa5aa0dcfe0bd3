"""Kubernetes' own kinds, from the JSON schemas that the package kubernetes-validate carries."""

import json
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from meshwright.bindings.crd import BESIDE_SPEC, version_rank
from meshwright.bindings.model import Field, Kind, Limits, ListOf, MapOf, Message, Module, Ref, Scalar, Type
from meshwright.bindings.names import RESERVED, field_name
from meshwright.errors import InputError

Schema = dict[str, Any]
_META = "io.k8s.apimachinery.pkg.apis.meta.v1."
_OPEN = {
    "io.k8s.apimachinery.pkg.api.resource.Quantity": "quantity",
    "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "int_or_str",
    "io.k8s.apimachinery.pkg.runtime.RawExtension": "object",
    f"{_META}FieldsV1": "object",
    f"{_META}Patch": "object",
}
_BASES = {"string": "str", "integer": "int", "number": "number", "boolean": "bool"}
_ROOTS = ("io.k8s.api.", "io.k8s.apiextensions-apiserver.pkg.apis.", "io.k8s.kube-aggregator.pkg.apis.")
_ASKED_NOT_KEPT = ("authentication", "authorization")  # reviews: requests that no cluster stores
# The JSON schemas do not carry them: the API reference, fields that list all values they may have.
_POLICIES = ("Always", "OnFailure", "Never")
_PROTOCOLS = ("TCP", "UDP", "SCTP")
_ENUMS = {
    "apps.v1.DaemonSetUpdateStrategy.type": ("RollingUpdate", "OnDelete"),
    "apps.v1.DeploymentStrategy.type": ("RollingUpdate", "Recreate"),
    "apps.v1.StatefulSetSpec.podManagementPolicy": ("OrderedReady", "Parallel"),
    "apps.v1.StatefulSetUpdateStrategy.type": ("RollingUpdate", "OnDelete"),
    "autoscaling.v2.MetricTarget.type": ("Utilization", "Value", "AverageValue"),
    "batch.v1.CronJobSpec.concurrencyPolicy": ("Allow", "Forbid", "Replace"),
    "core.v1.Container.imagePullPolicy": ("Always", "IfNotPresent", "Never"),
    "core.v1.Container.terminationMessagePolicy": ("File", "FallbackToLogsOnError"),
    "core.v1.ContainerPort.protocol": _PROTOCOLS,
    "core.v1.HTTPGetAction.scheme": ("HTTP", "HTTPS"),
    "core.v1.PersistentVolumeClaimSpec.accessModes[]": (
        "ReadWriteOnce",
        "ReadOnlyMany",
        "ReadWriteMany",
        "ReadWriteOncePod",
    ),
    "core.v1.PodSpec.dnsPolicy": ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "core.v1.PodSpec.restartPolicy": _POLICIES,
    "core.v1.ServicePort.protocol": _PROTOCOLS,
    "core.v1.ServiceSpec.externalTrafficPolicy": ("Cluster", "Local"),
    "core.v1.ServiceSpec.internalTrafficPolicy": ("Cluster", "Local"),
    "core.v1.ServiceSpec.ipFamilyPolicy": ("SingleStack", "PreferDualStack", "RequireDualStack"),
    "core.v1.ServiceSpec.ipFamilies[]": ("IPv4", "IPv6"),
    "core.v1.ServiceSpec.sessionAffinity": ("ClientIP", "None"),
    "core.v1.ServiceSpec.type": ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"),
    "core.v1.Taint.effect": ("NoExecute", "NoSchedule", "PreferNoSchedule"),
    "core.v1.Toleration.effect": ("NoExecute", "NoSchedule", "PreferNoSchedule"),
    "core.v1.TopologySpreadConstraint.whenUnsatisfiable": ("DoNotSchedule", "ScheduleAnyway"),
    "networking.v1.HTTPIngressPath.pathType": ("Exact", "ImplementationSpecific", "Prefix"),
    "networking.v1.NetworkPolicyPort.protocol": _PROTOCOLS,
    "networking.v1.NetworkPolicySpec.policyTypes[]": ("Egress", "Ingress"),
}
_REFERENCE = "https://kubernetes.io/docs/reference/generated/kubernetes-api/v{version}/#{anchor}"


def kubernetes_modules(package: str, version: str) -> list[Module]:
    """Read all stable kinds of one Kubernetes version, a module for each API group.

    Raises:
        InputError: kubernetes-validate is not installed, or has no such version.
    """
    definitions = _definitions(version)
    world = _World(package, version, definitions, _stable_groups(definitions))
    for name in sorted(definitions):
        world.add_kind(name)
    return [world.modules[group] for group in sorted(world.modules)]


def _definitions(version: str) -> Schema:
    spec = find_spec("kubernetes_validate")
    label = f"k8s@{version}"
    if spec is None or spec.origin is None:
        raise InputError(label, "needs the package kubernetes-validate", "pip install kubernetes-validate")
    folder = Path(spec.origin).parent / "kubernetes-json-schema"
    file = folder / f"v{version}-local" / "_definitions.json"
    if not file.exists():
        known = sorted((one.name[1:-6] for one in folder.glob("v*-local")), key=lambda v: [*map(int, v.split("."))])
        raise InputError(label, "is not in the installed kubernetes-validate", f"It has {', '.join(known)}")
    data: Schema = json.loads(file.read_text(encoding="utf-8"))
    definitions: Schema = data.get("$defs") or data["definitions"]
    return definitions


def _group_of(definition: str) -> tuple[str, str]:
    """Split a definition's name into group and version; both empty if it is of no group."""
    for root in _ROOTS:
        if definition.startswith(root):
            group, version, _ = definition.removeprefix(root).split(".")
            return group, version
    return ("meta", "v1") if definition.startswith(_META) else ("", "")


def _stable_groups(definitions: Schema) -> dict[str, str]:
    """Choose the newest stable version of each group."""
    chosen: dict[str, str] = {}
    for name in definitions:
        group, version = _group_of(name)
        if group and version_rank(version)[0] == 2 and group not in _ASKED_NOT_KEPT:
            chosen[group] = max(chosen.get(group, "v0"), version, key=version_rank)
    return chosen


@dataclass
class _World:
    package: str
    version: str
    definitions: Schema
    groups: dict[str, str]
    modules: dict[str, Module] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.kinds = {name for name in self.definitions if self._is_kind(name)}

    def _is_kind(self, name: str) -> bool:
        group, version = _group_of(name)
        schema = self.definitions[name]
        metadata = schema.get("properties", {}).get("metadata", {})
        return (
            self.groups.get(group) == version
            and bool(schema.get("x-kubernetes-group-version-kind"))
            and str(metadata.get("$ref", "")).endswith(".ObjectMeta")
        )

    def module(self, group: str) -> Module:
        if group not in self.modules:
            title = f"Kinds and messages of the Kubernetes API group {group}/{self.groups[group]}."
            self.modules[group] = Module(f"{self.package}/{group}", title, f"k8s@{self.version}")
        return self.modules[group]

    def add_kind(self, name: str) -> None:
        if name not in self.kinds:
            return
        group, _ = _group_of(name)
        schema = self.definitions[name]
        meaning = schema["x-kubernetes-group-version-kind"][0]
        short = name.rpartition(".")[2]
        api_version = f"{meaning['group']}/{meaning['version']}" if meaning["group"] else meaning["version"]
        properties = {wire: one for wire, one in schema["properties"].items() if wire not in BESIDE_SPEC}
        required = set(schema.get("required", ()))
        spec = self._target(properties.get("spec", {}))
        link = self._link(name)
        if spec.get("properties"):
            del properties["spec"]
            declared = _ref(schema["properties"]["spec"]) if "$ref" in schema["properties"]["spec"] else f"{name}.spec"
            inner = self._fields(group, spec["properties"], set(spec.get("required", ())), declared)
            beside = self._fields(group, properties, required, name)
        else:
            inner, beside = self._fields(group, properties, required, name), ()
        fields = _keywords((*inner, *beside))
        module = self.module(group)
        module.messages[short] = Message(short, short, fields, link=link)
        wires = tuple(one.wire for one in beside)
        module.kinds[short] = Kind(short, api_version, bool(spec.get("properties")), wires, link)

    def _target(self, schema: Schema) -> Schema:
        target: Schema = self.definitions[_ref(schema)] if "$ref" in schema else schema
        return target

    def _link(self, name: str) -> str:
        group, version = _group_of(name)
        minor = ".".join(self.version.split(".")[:2])
        return _REFERENCE.format(version=minor, anchor=f"{name.rpartition('.')[2]}-{version}-{group}".lower())

    def _fields(self, group: str, properties: Schema, required: set[str], where: str) -> tuple[Field, ...]:
        return tuple(
            Field(field_name(wire), wire, self._type(group, one, f"{where}.{wire}"), wire in required)
            for wire, one in properties.items()
        )

    def _type(self, group: str, schema: Schema, where: str) -> Type:
        if "$ref" in schema:
            return self._reference(group, _ref(schema))
        kind = schema.get("type")
        kind = next((one for one in kind if one != "null"), None) if isinstance(kind, list) else kind
        listed = _ENUMS.get(where.removeprefix("io.k8s.api.")) or schema.get("enum", ())
        limits = Limits(enum=tuple(one for one in listed if one is not None))
        if kind in _BASES:
            return Scalar(_BASES[kind], limits)
        if kind == "array" and "items" in schema:
            return ListOf(self._type(group, schema["items"], f"{where}[]"))
        if kind == "object" and "additionalProperties" in schema:
            return MapOf(self._type(group, schema["additionalProperties"], f"{where}{{}}"))
        if kind == "object":
            return Scalar("object")
        raise InputError(f"k8s@{self.version}", f"{where} has the type {kind!r}", "Report it with the version")

    def _reference(self, group: str, name: str) -> Type:
        schema = self.definitions[name]
        short = name.rpartition(".")[2]
        if name in _OPEN:
            return Scalar(_OPEN[name])
        if short.startswith("JSON") and "properties" not in schema:
            return Scalar("json")
        if "properties" not in schema:
            return self._type(group, schema, name)
        home, version = _group_of(name)
        if self.groups.get(home) != version:
            raise InputError(f"k8s@{self.version}", f"{name} is of no imported version", "Report it with the version")
        own = f"Embedded{short}" if name in self.kinds else short
        module = self.module(home)
        if own not in module.messages:
            link = self._link(name) if home != "meta" else ""
            module.messages[own] = Message(own, own, (), link=link)
            properties = {wire: one for wire, one in schema["properties"].items() if own == short or wire != "status"}
            fields = self._fields(home, properties, set(schema.get("required", ())), name)
            module.messages[own] = Message(own, own, fields, link=link)
        return Ref(own, "" if home == group else home)


def _ref(schema: Schema) -> str:
    return str(schema["$ref"]).rpartition("/")[2]


def _keywords(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    taken = set(RESERVED)
    result = []
    for one in fields:
        name = one.name
        while name in taken:
            name += "_"
        taken.add(name)
        result.append(Field(name, one.wire, one.type, one.required, one.default))
    return tuple(result)
