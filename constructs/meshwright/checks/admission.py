"""What istiod's admission webhook says to the objects of a mesh, without what their schemas say already."""

from collections.abc import Iterator
from typing import Any

from meshwright.checks.inventory import Inventory
from meshwright.checks.schemas import has_schema, misfits, refusals
from meshwright.checks.validation import Fault, Judged, faults
from meshwright.frontends.istio.objects import section
from meshwright.manifests.resource import Resource


def objections(shown: Inventory) -> list[tuple[Resource, Fault]]:
    """Return what istiod has against each object: a refusal or a warning, and not where the schema refuses, too."""
    found: list[tuple[Resource, Fault]] = shown.remember("objections", lambda: list(_objections(shown)))
    return found


def _objections(shown: Inventory) -> Iterator[tuple[Resource, Fault]]:
    pruned = {id(resource): found.spec for resource, found in misfits(shown)}
    refused: dict[int, list[str]] = {}
    for refusal in refusals(shown):
        refused.setdefault(id(refusal.resource), []).append(refusal.path)
    for resource in shown.mesh.resources:
        if not has_schema(resource):
            continue
        told = refused.get(id(resource), ())
        for fault in faults(judged(resource, pruned.get(id(resource)))):
            if not any(_is_same(path, fault.path) for path in told):
                yield resource, fault


def judged(resource: Resource, spec: dict[str, Any] | None = None) -> Judged:
    """Return an object as istiod sees it; ``spec`` is what a cluster leaves of its own, where that is less."""
    metadata = section(resource.body.get("metadata"))
    return Judged(
        resource.kind,
        resource.namespace,
        resource.name,
        section(resource.body.get("spec")) if spec is None else spec,
        section(metadata.get("labels")),
        section(metadata.get("annotations")),
    )


def _is_same(one: str, other: str) -> bool:
    """Tell whether two paths are of one field, or of one and a part of it; ``spec`` is whole with its own fields."""
    shorter, longer = sorted((one, other), key=len)
    if shorter == "spec":
        return "." not in longer[5:]
    return longer.startswith(shorter) and longer[len(shorter) : len(shorter) + 1] in ("", ".", "[")
