"""MW301: a timeout per try that is not shorter than the one of the whole request."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.durations import parse_duration
from meshwright.frontends.istio.objects import section, text


def _find(shown: Inventory) -> Iterator[Problem]:
    for service in shown.written_virtual_services:
        for rule in service.http:
            retries = section(rule.spec.get("retries"))
            whole, each = text(rule.spec.get("timeout")), text(retries.get("perTryTimeout"))
            if not whole or not each or not retries.get("attempts"):
                continue
            limit, per_try = parse_duration(whole), parse_duration(each)
            if limit and per_try and per_try >= limit:
                wrong = f'perTryTimeout "{each}" is not below the timeout "{whole}", so a slow try is never repeated'
                remedy = "Make perTryTimeout shorter, or timeout longer."
                yield Problem(rule.config.origin(f"{rule.field}.retries.perTryTimeout"), wrong, remedy)


CHECK = Check("MW301", "per-try-timeout", "warning", "A timeout per try that never comes.", _find)
