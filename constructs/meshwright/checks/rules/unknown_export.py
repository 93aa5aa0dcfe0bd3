"""MW108: an object that is exported to a namespace that does not exist."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.objects import texts

_EVERYWHERE = ("*", ".", "~")


def _find(shown: Inventory) -> Iterator[Problem]:
    for kind in ("DestinationRule", "ServiceEntry", "VirtualService"):
        for config in shown.mesh.configs(kind):
            written = texts(config.spec.get("exportTo")) if config.resource.origins is None else ()
            for position, name in enumerate(written):
                if name in _EVERYWHERE or name in shown.namespaces:
                    continue
                origin = config.origin(f"spec.exportTo[{position}]")
                wrong = f'there is no namespace "{name}"'
                if shown.complete:
                    remedy = f"Correct it (there are {all_of(shown.namespaces)}), or remove it."
                    yield Problem(origin, wrong, remedy)
                else:
                    yield Problem(origin, f"{wrong} in these manifests", "Nothing here shows it.", "unknown")


CHECK = Check("MW108", "unknown-export", "warning", "An exportTo that names a namespace that does not exist.", _find)
