"""MW859: a ReferenceGrant that lets in a namespace which is not there."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.gateway_api.objects import sections, spec
from meshwright.frontends.istio.objects import text


def _find(shown: Inventory) -> Iterator[Problem]:
    for grant in shown.of_kind("ReferenceGrant") if shown.complete else ():
        for position, source in enumerate(sections(spec(grant).get("from"))):
            name = text(source.get("namespace"))
            if name and name not in shown.namespaces:
                wrong = f'there is no namespace "{name}" (there are {all_of(shown.namespaces)})'
                origin = grant.origin(f"spec.from[{position}].namespace")
                yield Problem(origin, wrong, "Correct the name, or remove it.")


CHECK = Check("MW859", "grant-for-nobody", "warning", "A ReferenceGrant for a namespace that does not exist.", _find)
