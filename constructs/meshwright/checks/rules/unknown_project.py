"""MW861: an Application of a project that is not there."""

from collections.abc import Iterator

from meshwright.checks.argo import GROUP, applications, is_templated
from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import one_of
from meshwright.frontends.istio.objects import text

_ALWAYS_THERE = "default"


def _find(shown: Inventory) -> Iterator[Problem]:
    known = {each.name for each in shown.of_kind("AppProject") if each.api_version.startswith(GROUP)}
    for resource, path, spec in applications(shown):
        name = text(spec.get("project"))
        if not name or name in {*known, _ALWAYS_THERE} or is_templated(name):
            continue
        sure = shown.complete or bool(known)
        wrong = f'there is no AppProject "{name}"' + ("" if sure else " in these manifests")
        remedy = f"Define it, or name {one_of({*known, _ALWAYS_THERE})}: Argo CD does not sync it."
        origin = resource.origin(f"{path}.project")
        yield Problem(origin, wrong, remedy if sure else "Nothing here shows it.", None if sure else "unknown")


CHECK = Check("MW861", "unknown-project", "error", "An Application of a project that does not exist.", _find)
