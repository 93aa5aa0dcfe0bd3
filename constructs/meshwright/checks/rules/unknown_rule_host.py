"""MW110: a DestinationRule for a host that no service has, so that nothing obeys it."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import SERVICES, Inventory
from meshwright.frontends.istio.hosts import is_subset, is_wildcard, resolve_host
from meshwright.frontends.istio.objects import Config, text


def _find(shown: Inventory) -> Iterator[Problem]:
    for config in shown.mesh.configs("DestinationRule"):
        host = resolve_host(text(config.spec.get("host")), config.namespace, config.domain)
        if config.resource.origins is None and host and not _exists(shown, host):
            yield _problem(shown, config, host)


def _exists(shown: Inventory, host: str) -> bool:
    if not is_wildcard(host):
        return bool(shown.services(host))
    return any(is_subset(each, host) for each in shown.mesh.registry.by_host)


def _problem(shown: Inventory, config: Config, host: str) -> Problem:
    written, domain = text(config.spec.get("host")), shown.mesh.options.cluster_domain
    wrong = f'no service has the host "{host}"' + ("" if host == written else f' ("{written}" in {config.namespace})')
    name, _, rest = host.partition(".")
    namespace = rest.removesuffix(f".svc.{domain}")
    short = f"{host}.svc.{domain}"
    if shown.services(short):
        remedy = f"Write {short}: Istio does not complete a name that has a dot."
        return Problem(config.origin("spec.host"), wrong, remedy)
    in_cluster = namespace != rest and "*" not in name
    known = shown.complete or (in_cluster and shown.shows(namespace, SERVICES))
    remedy = "Correct the host, or remove the rule: nothing obeys it." if known else "Nothing here shows it."
    wrong = wrong if known else f"{wrong} in these manifests"
    return Problem(config.origin("spec.host"), wrong, remedy, None if known else "unknown")


CHECK = Check("MW110", "unknown-rule-host", "warning", "A DestinationRule for a host that no service has.", _find)
