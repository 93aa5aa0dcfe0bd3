"""The Applications and AppProjects of Argo CD. Source: Argo CD docs, "Declarative Setup" and "Projects"."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, section
from meshwright.manifests.resource import Resource

GROUP = "argoproj.io/"


def applications(shown: Inventory) -> Iterator[tuple[Resource, str, Mapping[str, Any]]]:
    """Yield each Application, and the template of each ApplicationSet: the object, the path of its spec, the spec."""
    for resource in shown.of_kind("Application", "ApplicationSet"):
        if not resource.api_version.startswith(GROUP):
            continue
        spec = section(resource.body.get("spec"))
        if resource.kind == "Application":
            yield resource, "spec", spec
        else:
            yield resource, "spec.template.spec", section(section(spec.get("template")).get("spec"))


def sources(path: str, spec: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the sources of an Application that count: of both fields ``sources``."""
    several = entries(spec.get("sources"))
    for position, source in enumerate(map(section, several)):
        yield f"{path}.sources[{position}]", source
    if not several and spec.get("source"):
        yield f"{path}.source", section(spec["source"])


def is_templated(value: object) -> bool:
    """Tell whether a value is put in by an ApplicationSet."""
    return "{{" in str(value)
