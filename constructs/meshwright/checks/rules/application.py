"""MW863: an Application without a source, or with no destination or two."""

from collections.abc import Iterator

from meshwright.checks.argo import applications, sources
from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import section


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource, path, spec in applications(shown):
        if not spec:
            continue
        if not list(sources(path, spec)) and not spec.get("sourceHydrator"):
            wrong = "it has no source"
            yield Problem(resource.origin(path), wrong, "Write source with repoURL, and path or chart.")
        elif spec.get("source") and spec.get("sources"):
            wrong = "it has both source and sources, of which sources counts"
            yield Problem(resource.origin(f"{path}.source"), wrong, "Remove one of them.", "warning")
        for field, source in sources(path, spec):
            if not any(source.get(part) for part in ("path", "chart", "ref")):
                wrong = "the source has neither path nor chart"
                yield Problem(resource.origin(field), wrong, 'Name one; write path: "." for the whole repository.')
        where = section(spec.get("destination"))
        if where.get("server") and where.get("name"):
            wrong = "the destination has both server and name"
            yield Problem(resource.origin(f"{path}.destination"), wrong, "Keep one of them: Argo CD refuses both.")
        elif not where.get("server") and not where.get("name"):
            wrong = "the destination names no cluster"
            remedy = "Write server: https://kubernetes.default.svc for the cluster of Argo CD."
            yield Problem(resource.origin(f"{path}.destination"), wrong, remedy)


CHECK = Check("MW863", "application", "error", "An Application that Argo CD cannot read.", _find)
