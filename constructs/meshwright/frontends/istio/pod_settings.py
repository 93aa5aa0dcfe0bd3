"""What pods and ProxyConfigs set for their own proxies. It is not modelled; what of it changes traffic is told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from meshwright.frontends.istio.mesh_config import parsed_settings
from meshwright.frontends.istio.objects import section, text
from meshwright.frontends.istio.workloads import pod_metadata
from meshwright.manifests.resource import Resource
from meshwright.traffic import Proxy, Unknown

_REDIRECTION = ("traffic.sidecar.istio.io/", "sidecar.istio.io/interceptionMode")
_PROXY_CONFIG = "proxy.istio.io/config"
_CHANGES_TRAFFIC = ("proxyHeaders", "interceptionMode")
_METADATA = "ISTIO_META_"
"""How the environment variables begin that tell istiod about a proxy."""


@dataclass(frozen=True, slots=True)
class PodSetting:
    """One setting of some pods.

    Args:
        namespace: Theirs; empty: any.
        labels: They carry these.
        only_these: They carry no others.
    """

    namespace: str
    labels: Mapping[str, Any]
    only_these: bool
    unknown: Unknown

    def concerns(self, proxy: Proxy) -> bool:
        """Tell whether a proxy, of which some labels are known, may be one of these pods."""
        if self.namespace not in ("", proxy.namespace):
            return False
        if self.only_these:
            return all(self.labels.get(key) == value for key, value in proxy.labels)
        return all(self.labels.get(key, value) == value for key, value in proxy.labels)


def pod_settings(resources: Iterable[Resource], root_namespace: str) -> Iterator[PodSetting]:
    """Yield the settings that change traffic."""
    for resource in resources:
        if resource.kind == "ProxyConfig":
            spec = section(resource.body.get("spec"))
            if _tells_istiod(spec.get("environmentVariables")):
                namespace = "" if resource.namespace == root_namespace else resource.namespace
                labels = section(section(spec.get("selector")).get("matchLabels"))
                because = f"{resource}: it sets {_METADATA}… for its proxies"
                yield PodSetting(namespace, labels, False, Unknown("ProxyConfig", because, resource.origin()))
            continue
        metadata = pod_metadata(resource)
        annotation = _changing(section(metadata.get("annotations")))
        if annotation:
            because = f"{resource}: its pods are annotated with {annotation}"
            unknown = Unknown("pod annotations", because, resource.origin())
            yield PodSetting(resource.namespace, section(metadata.get("labels")), True, unknown)


def _changing(annotations: Mapping[str, Any]) -> str:
    """Return the annotation that changes traffic, empty when none does."""
    for name in annotations:
        if name.startswith(_REDIRECTION):
            return name
    settings = parsed_settings(text(annotations.get(_PROXY_CONFIG)))
    if any(settings.get(name) for name in _CHANGES_TRAFFIC) or _tells_istiod(settings.get("proxyMetadata")):
        return _PROXY_CONFIG
    return ""


def _tells_istiod(variables: object) -> bool:
    return any(name.startswith(_METADATA) for name in section(variables))
