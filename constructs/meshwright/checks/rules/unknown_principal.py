"""MW508: an AuthorizationPolicy that names a service account that no workload runs as."""

import re
from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.policies import policies
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.objects import section, text, texts
from meshwright.traffic import Origin

_PRINCIPAL = re.compile(r"[^/*]+/ns/([^/*]+)/sa/([^/*]+)")


def _find(shown: Inventory) -> Iterator[Problem]:
    known = policies(shown)
    accounts = _accounts(shown) if known else {}
    made = {gateway.namespace for gateway in shown.mesh.deployed_gateways}
    for policy in known:
        for path, source in policy.sources():
            for field in ("principals", "notPrincipals"):
                for position, written in enumerate(texts(source.get(field))):
                    found = _PRINCIPAL.fullmatch(written)
                    if found is not None and found[1] not in made:
                        origin = policy.resource.origin(f"{path}.{field}[{position}]")
                        yield from _problems(shown, origin, found[1], found[2], accounts.get(found[1], set()))


def _problems(shown: Inventory, origin: Origin, namespace: str, account: str, known: set[str]) -> Iterator[Problem]:
    if account in known or (known and not shown.shows_workloads(namespace)):
        return
    sure = shown.complete or bool(known)
    wrong = f'no workload in {namespace} runs as "{account}"' + ("" if sure else " in these manifests")
    remedy = f"Correct it (there are {all_of(known)})." if known else "Correct the namespace or the name."
    yield Problem(origin, wrong, remedy, None if sure else "unknown")


def _accounts(shown: Inventory) -> dict[str, set[str]]:
    """Return the service accounts by namespace: those of pods, and those that are declared."""
    found: dict[str, set[str]] = {}
    for resource in shown.mesh.resources:
        if resource.kind == "ServiceAccount":
            found.setdefault(resource.namespace, set()).add(resource.name)
        elif resource.kind in ("WorkloadEntry", "WorkloadGroup"):
            spec = section(resource.body.get("spec"))
            name = text(section(spec.get("template")).get("serviceAccount")) or text(spec.get("serviceAccount"))
            found.setdefault(resource.namespace, set()).add(name or "default")
        elif resource.kind == "Pod" or "template" in section(resource.body.get("spec")):
            spec = section(resource.body.get("spec"))
            pod = spec if resource.kind == "Pod" else section(section(spec.get("template")).get("spec"))
            if pod.get("containers"):
                found.setdefault(resource.namespace, set()).add(text(pod.get("serviceAccountName")) or "default")
    return found


CHECK = Check("MW508", "unknown-principal", "warning", "A policy about a service account that nobody uses.", _find)
