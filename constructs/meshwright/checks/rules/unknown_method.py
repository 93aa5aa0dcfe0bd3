"""MW510: an AuthorizationPolicy about a method in lower case, or one that is misspelt."""

from collections.abc import Iterator
from difflib import get_close_matches

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.policies import policies
from meshwright.frontends.istio.objects import texts

_KNOWN = (
    *("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"),
    *("COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND", "PROPPATCH", "SEARCH", "UNLOCK", "PURGE", "QUERY", "REPORT"),
)


def _find(shown: Inventory) -> Iterator[Problem]:
    for policy in policies(shown):
        for path, operation in policy.operations():
            for field in ("methods", "notMethods"):
                for position, method in enumerate(texts(operation.get(field))):
                    if "*" in method or method in _KNOWN or method.startswith("/"):
                        continue
                    near = get_close_matches(method.upper(), _KNOWN, 1, 0.6)
                    if near:
                        origin = policy.resource.origin(f"{path}.{field}[{position}]")
                        wrong = f'no request has the method "{method}"'
                        yield Problem(origin, wrong, f"Write {near[0]}: methods are upper case.")


CHECK = Check("MW510", "unknown-method", "warning", "A policy about a method that no request has.", _find)
