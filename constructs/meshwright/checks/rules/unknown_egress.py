"""MW704: an egress host of a Sidecar that fits no service."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import SERVICES, Inventory
from meshwright.frontends.istio.hosts import is_subset
from meshwright.frontends.istio.objects import Config, entries, section, texts


def _find(shown: Inventory) -> Iterator[Problem]:
    for config in shown.mesh.configs("Sidecar"):
        for place, listener in enumerate(map(section, entries(config.spec.get("egress")))):
            for position, written in enumerate(texts(listener.get("hosts"))):
                scope, slash, host = written.partition("/")
                if slash and "." in host and not scope.startswith("~"):
                    origin = f"spec.egress[{place}].hosts[{position}]"
                    yield from _problems(shown, config, origin, written)


def _problems(shown: Inventory, config: Config, field: str, written: str) -> Iterator[Problem]:
    scope, _, host = written.partition("/")
    namespace = config.namespace if scope == "." else scope
    found = {
        service.namespace
        for each, services in shown.mesh.registry.by_host.items()
        if is_subset(each, host) or is_subset(host, each)
        for service in services.values()
    }
    routed = any(
        host in service.hosts and namespace in ("*", service.config.namespace)
        for service in shown.mesh.virtual_services.all
    )
    if namespace in found or (namespace == "*" and found) or routed:
        return
    if found:
        wrong, remedy, known = f'"{host}" is not in {namespace}', f'Write "{min(found)}/{host}".', True
    else:
        known = shown.complete or (namespace != "*" and shown.shows(namespace, SERVICES))
        wrong = f'no service in {namespace} has the host "{host}"' + ("" if known else " in these manifests")
        remedy = "Correct it, or remove it." if known else "Nothing here shows it."
    yield Problem(config.origin(field), wrong, remedy, None if known else "unknown")


CHECK = Check("MW704", "unknown-egress", "warning", "A Sidecar that lets in a host that does not exist.", _find)
