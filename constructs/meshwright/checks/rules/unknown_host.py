"""MW102: a route leads to a host that no service has."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import SERVICES, Destination, Inventory
from meshwright.checks.rollouts import made_by_flagger
from meshwright.checks.wording import one_of


def _find(shown: Inventory) -> Iterator[Problem]:
    domain = f".svc.{shown.mesh.options.cluster_domain}"
    names: dict[str, list[str]] = {}
    for service in shown.mesh.registry.services:
        if service.kubernetes:
            names.setdefault(service.name, []).append(service.namespace)
    made = {f"{name}.{namespace}{domain}" for name, namespace in made_by_flagger(shown.of_kind("Canary"))}
    for destination in shown.destinations:
        if destination.host and destination.host not in made and not shown.services(destination.host):
            yield _problem(shown, destination, names, domain)


def _problem(shown: Inventory, destination: Destination, names: dict[str, list[str]], domain: str) -> Problem:
    host = destination.host
    completed = "" if host == destination.written else f' ("{destination.written}" in {destination.namespace})'
    wrong = f'no service has the host "{host}"{completed}'
    name, _, rest = host.removesuffix(domain).partition(".")
    if host.endswith(domain):
        known = shown.shows(rest, SERVICES)
        elsewhere = [f"{name}.{namespace}{domain}" for namespace in names.get(name, ())]
        short_form = False
    else:
        short_form = rest in names.get(name, ()) and "." not in rest
        known = shown.complete or short_form
        elsewhere = [f"{name}.{rest}{domain}"] if short_form else []
    origin = f"{destination.origin.field}.host"
    place = destination.origin.__class__(destination.origin.resource, origin, destination.origin.place)
    if elsewhere:
        why = "Istio does not complete a name that has a dot" if short_form else "short names mean the own namespace"
        remedy = f"Write {one_of(elsewhere)}: {why}."
    elif known:
        remedy = "Define a Service or a ServiceEntry for it, or correct the name."
    else:
        remedy = "Nothing here shows whether it exists."
    return Problem(place, wrong if known else f"{wrong} in these manifests", remedy, None if known else "unknown")


CHECK = Check("MW102", "unknown-host", "error", "A route leads to a host that no service has.", _find)
