"""MW871: a password, token or key that everybody who reads the manifests reads, too."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.secrets import literal_secrets, may_hold_secrets


def _find(shown: Inventory) -> Iterator[Problem]:
    suspected: dict[str, bool] = {}
    for resource in shown.mesh.resources:
        place = resource.place
        if place is not None and resource.kind != "Secret":
            if place.file not in suspected:
                suspected[place.file] = may_hold_secrets(place.content)
            if not suspected[place.file]:
                continue
        for found in literal_secrets(resource):
            wrong = f"{found.what} stands here as it is"
            remedy = "Keep it in a vault or encrypted (ExternalSecret, SealedSecret), and change it: it has been read."
            yield Problem(resource.origin(found.field), wrong, remedy)


CHECK = Check("MW871", "literal-secret", "warning", "A secret that stands in the manifests as it is.", _find)
