"""Small meshes of Gateway API objects for the tests of this folder."""

from collections.abc import Mapping, Sequence
from typing import Any

from meshwright.frontends.gateway_api import Options, convert
from meshwright.manifests.resource import Resource

API = "gateway.networking.k8s.io/v1"


def thing(kind: str, name: str, spec: Mapping[str, Any], namespace: str = "shop", **metadata: Any) -> Resource:
    """One object; the API version follows from the kind."""
    version = {"Service": "v1", "Namespace": "v1", "ServiceEntry": "networking.istio.io/v1"}.get(kind, API)
    body = {"apiVersion": version, "kind": kind, "metadata": {"name": name, **metadata}, "spec": dict(spec)}
    return Resource(body, version, kind, namespace, name)


def service(name: str, namespace: str = "shop") -> Resource:
    return thing("Service", name, {"ports": [{"port": 80}]}, namespace)


def listener(name: str = "http", port: int = 80, protocol: str = "HTTP", **fields: Any) -> dict[str, Any]:
    return {"name": name, "port": port, "protocol": protocol, **fields}


def gateway(*listeners: Mapping[str, Any], name: str = "gate", namespace: str = "shop", **spec: Any) -> Resource:
    listeners = listeners or (listener(),)
    return thing("Gateway", name, {"gatewayClassName": "istio", "listeners": list(listeners), **spec}, namespace)


def to(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "port": 80, **fields}


def route(
    *rules: Mapping[str, Any],
    name: str = "cart",
    kind: str = "HTTPRoute",
    parents: Sequence[Mapping[str, Any]] = ({"name": "gate"},),
    hostnames: Sequence[str] = (),
    namespace: str = "shop",
    **metadata: Any,
) -> Resource:
    spec: dict[str, Any] = {"parentRefs": list(parents), "rules": list(rules) or [{"backendRefs": [to("cart")]}]}
    if hostnames:
        spec["hostnames"] = list(hostnames)
    return thing(kind, name, spec, namespace, **metadata)


def path(value: str, kind: str = "PathPrefix", **fields: Any) -> dict[str, Any]:
    return {"path": {"type": kind, "value": value}, **fields}


def virtual_services(*resources: Resource, **options: Any) -> list[Resource]:
    """What routes become, beside the Services ``cart`` and ``stock`` of the namespace ``shop``."""
    known = (service("cart"), service("stock"))
    return [made for made in convert([*known, *resources], Options(**options)) if made.kind == "VirtualService"]


def rules_of(*resources: Resource, **options: Any) -> list[dict[str, Any]]:
    """The HTTP rules of the only VirtualService that comes out."""
    (made,) = virtual_services(*resources, **options)
    rules: list[dict[str, Any]] = made.body["spec"]["http"]
    return rules


def hosts_of(*resources: Resource) -> list[str]:
    """The hosts of all VirtualServices, each once."""
    return sorted({host for made in virtual_services(*resources) for host in made.body["spec"]["hosts"]})
