"""References between objects: what kind they mean, and whether a ReferenceGrant lets them cross a namespace."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from meshwright.frontends.gateway_api.objects import GATEWAY_API, GATEWAY_API_ALPHA, INFERENCE, ISTIO, sections, spec
from meshwright.frontends.istio.objects import text
from meshwright.manifests.resource import Resource

GroupKind = tuple[str, str]

GATEWAY: GroupKind = (GATEWAY_API, "Gateway")
LISTENER_SET: GroupKind = (GATEWAY_API, "ListenerSet")
SERVICE: GroupKind = ("", "Service")
SERVICE_ENTRY: GroupKind = (ISTIO, "ServiceEntry")
HOSTNAME: GroupKind = (ISTIO, "Hostname")
SERVICE_IMPORT: GroupKind = ("multicluster.x-k8s.io", "ServiceImport")
INFERENCE_POOL: GroupKind = (INFERENCE, "InferencePool")
XBACKEND: GroupKind = (GATEWAY_API_ALPHA, "XBackend")
SECRET: GroupKind = ("", "Secret")
CONFIG_MAP: GroupKind = ("", "ConfigMap")

_MAY_REFER = frozenset(
    {GATEWAY, LISTENER_SET, *((GATEWAY_API, f"{kind}Route") for kind in ("HTTP", "GRPC", "TLS", "TCP"))}
)
_MAY_BE_REFERRED_TO = frozenset({CONFIG_MAP, SECRET, SERVICE, INFERENCE_POOL, XBACKEND})


def group_kind(reference: Mapping[str, Any], default: GroupKind) -> GroupKind:
    """Return what kind a reference means; ``core`` is another way to write the empty group."""
    group, kind = reference.get("group"), reference.get("kind")
    found = default[0] if group is None else str(group)
    return "" if found == "core" else found, default[1] if kind is None else str(kind)


@dataclass(frozen=True, slots=True)
class Referrer:
    """Who refers: a kind in a namespace."""

    kind: GroupKind
    namespace: str


class Grants:
    """All ReferenceGrants.

    Source: Gateway API reference, ReferenceGrant.
    """

    def __init__(self, grants: Iterable[Resource]) -> None:
        self._granted: dict[tuple[Referrer, GroupKind, str], set[str | None]] = {}
        for grant in grants:
            for source in sections(spec(grant).get("from")):
                referrer = Referrer(group_kind(source, ("", "")), str(source.get("namespace", "")))
                if referrer.kind not in _MAY_REFER:
                    continue
                for target in sections(spec(grant).get("to")):
                    kind = group_kind(target, ("", ""))
                    if kind in _MAY_BE_REFERRED_TO:
                        names = self._granted.setdefault((referrer, kind, grant.namespace), set())
                        names.add(None if target.get("name") is None else text(target["name"]))

    def allow(self, referrer: Referrer, kind: GroupKind, namespace: str, name: str) -> bool:
        """Tell whether ``referrer`` may refer to an object of another namespace."""
        names = self._granted.get((referrer, kind, namespace), ())
        return None in names or name in names
