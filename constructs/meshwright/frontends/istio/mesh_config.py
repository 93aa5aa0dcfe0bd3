"""The mesh-wide settings that change traffic. Source: Istio reference, "Global Mesh Options"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from meshwright.frontends.istio.objects import section, text, texts
from meshwright.manifests.resource import Resource
from meshwright.traffic.table import PathNormalisation

_NORMALISATIONS: dict[str, PathNormalisation] = {
    "NONE": "NONE",
    "MERGE_SLASHES": "MERGE_SLASHES",
    "DECODE_AND_MERGE_SLASHES": "DECODE_AND_MERGE_SLASHES",
}


@dataclass(frozen=True, slots=True)
class MeshConfig:
    """What the settings say, with istiod's defaults for what they do not say.

    Args:
        default_retries: Retry policy of routes without one; ``None``: istiod's own.
        virtual_service_export_to, destination_rule_export_to, service_export_to: Who sees objects that do not say.
        path_normalization: ``BASE`` (the default), ``NONE``, ``MERGE_SLASHES`` or ``DECODE_AND_MERGE_SLASHES``.
        append_x_forwarded_host: Rewriting the authority keeps the old one in a header.
        count_attempts: Requests carry ``x-envoy-attempt-count``.
        raw: Everything, for settings that one reader needs.
    """

    default_retries: Mapping[str, Any] | None = None
    virtual_service_export_to: frozenset[str] = frozenset("*")
    destination_rule_export_to: frozenset[str] = frozenset("*")
    service_export_to: frozenset[str] = frozenset("*")
    path_normalization: PathNormalisation = "BASE"
    append_x_forwarded_host: bool = False
    count_attempts: bool = True
    raw: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "MeshConfig":
        """Read the settings as ``meshConfig`` of an installation writes them."""
        headers = section(section(settings.get("defaultConfig")).get("proxyHeaders"))
        retries = settings.get("defaultHttpRetryPolicy")
        normalization = text(section(settings.get("pathNormalization")).get("normalization"))
        return cls(
            default_retries=retries if isinstance(retries, dict) else None,
            virtual_service_export_to=_export_to(settings.get("defaultVirtualServiceExportTo")),
            destination_rule_export_to=_export_to(settings.get("defaultDestinationRuleExportTo")),
            service_export_to=_export_to(settings.get("defaultServiceExportTo")),
            path_normalization=_NORMALISATIONS.get(normalization, "BASE"),
            append_x_forwarded_host=section(headers.get("xForwardedHost")).get("enabled") is True,
            count_attempts=section(headers.get("attemptCount")).get("disabled") is not True,
            raw=settings,
        )


def _export_to(value: object) -> frozenset[str]:
    return frozenset(texts(value)) or frozenset("*")


def mesh_settings(resources: Iterable[Resource], root_namespace: str) -> Mapping[str, Any]:
    """Return the settings written in the ConfigMap ``istio`` of the root namespace.

    Without it those of the revisions (``istio-REVISION``) count if they agree; empty where nothing does.
    """
    maps = settings_by_revision(resources, root_namespace)
    agreed = set(maps.values())
    written = maps[""] if "" in maps else agreed.pop() if len(agreed) == 1 else ""
    return parsed_settings(written)


def settings_by_revision(resources: Iterable[Resource], root_namespace: str) -> dict[str, str]:
    """Return the text of the settings of each revision of istiod; the default one has an empty name."""
    found: dict[str, str] = {}
    for resource in resources:
        if resource.kind == "ConfigMap" and resource.namespace == root_namespace:
            name, _, revision = resource.name.partition("-")
            data = section(resource.body.get("data"))
            if name == "istio" and "mesh" in data:
                found[revision] = text(data["mesh"])
    return found


def parsed_settings(written: str) -> Mapping[str, Any]:
    """Read settings that stand as YAML in a text; empty where it is none."""
    if not written:
        return {}
    import ryaml

    try:
        return section(ryaml.loads(written))  # type: ignore[attr-defined]
    except ryaml.InvalidYamlError:  # type: ignore[attr-defined]
        return {}
