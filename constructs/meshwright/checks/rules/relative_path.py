"""MW511: an AuthorizationPolicy about a path that no request has, as it begins with no slash."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.policies import policies
from meshwright.frontends.istio.objects import texts


def _find(shown: Inventory) -> Iterator[Problem]:
    for policy in policies(shown):
        for path, operation in policy.operations():
            for field in ("paths", "notPaths"):
                for position, written in enumerate(texts(operation.get(field))):
                    if written and written[0] not in "/*{":
                        origin = policy.resource.origin(f"{path}.{field}[{position}]")
                        wrong = f'no request has the path "{written}"'
                        yield Problem(origin, wrong, f'Write "/{written}".')


CHECK = Check("MW511", "relative-path", "warning", "A policy about a path that does not begin with a slash.", _find)
