"""MW303: a route that is for POST or PATCH alone, and repeats what fails."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, integer, section, text

_WRITING = ("POST", "PATCH")


def _find(shown: Inventory) -> Iterator[Problem]:
    default = shown.mesh.mesh_config.default_retries
    for service in shown.written_virtual_services:
        for rule in service.http:
            methods = [
                text(section(section(match).get("method")).get("exact")) for match in entries(rule.spec.get("match"))
            ]
            written = rule.spec.get("retries")
            retries = section(written if written is not None else default)
            off = (written is not None or default is not None) and integer(retries.get("attempts")) <= 0
            if not methods or not set(methods) <= set(_WRITING) or not rule.spec.get("route") or off:
                continue
            how = f'on "{retries["retryOn"]}"' if text(retries.get("retryOn")) else "by default"
            wrong = f"requests of the method {' and '.join(sorted(set(methods)))} are retried {how}"
            remedy = "Write retries: {attempts: 0}, unless the app takes a request twice for one."
            field = f"{rule.field}.retries" if written is not None else rule.field
            yield Problem(rule.config.origin(field), wrong, remedy)


CHECK = Check("MW303", "retried-write", "note", "A route for writing requests that are retried.", _find)
