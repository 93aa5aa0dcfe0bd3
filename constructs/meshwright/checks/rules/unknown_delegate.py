"""MW106: a VirtualService delegates to one that does not exist, or that it does not see."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import Config, entries, section, text, texts


def _find(shown: Inventory) -> Iterator[Problem]:
    configs = {(config.namespace, config.name): config for config in shown.mesh.configs("VirtualService")}
    for service in shown.written_virtual_services:
        config = service.config
        for position, rule in enumerate(map(section, entries(config.spec.get("http")))):
            target = section(rule.get("delegate"))
            name = text(target.get("name"))
            if name:
                namespace = text(target.get("namespace")) or config.namespace
                delegate = configs.get((namespace, name))
                yield from _problems(shown, config, position, f"{namespace}/{name}", delegate)


def _problems(shown: Inventory, config: Config, position: int, name: str, delegate: Config | None) -> Iterator[Problem]:
    origin = config.origin(f"spec.http[{position}].delegate")
    if delegate is None:
        known = shown.shows(name.partition("/")[0], ("VirtualService",))
        wrong = f'VirtualService "{name}" does not exist' + ("" if known else " in these manifests")
        remedy = "Define it without hosts, or correct the name: this rule is left out."
        yield Problem(origin, wrong, remedy, None if known else "unknown")
    elif texts(delegate.spec.get("hosts")):
        remedy = "Remove its hosts: this rule is left out."
        yield Problem(
            origin, f'VirtualService "{name}" has hosts, so it is no delegate', remedy, related=(delegate.origin(),)
        )
    else:
        default = shown.mesh.mesh_config.virtual_service_export_to
        exported = {
            delegate.namespace if each == "." else each for each in texts(delegate.spec.get("exportTo")) or default
        }
        if not exported & {"*", config.namespace}:
            wrong = f'VirtualService "{name}" is not exported to {config.namespace}'
            remedy = f"Add {config.namespace} to its exportTo: this rule is left out."
            yield Problem(origin, wrong, remedy, related=(delegate.origin("spec.exportTo"),))


CHECK = Check("MW106", "unknown-delegate", "error", "A VirtualService delegates to one that it cannot use.", _find)
