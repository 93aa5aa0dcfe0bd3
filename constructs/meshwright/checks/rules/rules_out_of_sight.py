"""MW703: a Sidecar that lets in none of the hosts of a VirtualService that is for its namespace alone."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.objects import MESH, Config, entries, section, texts
from meshwright.frontends.istio.visibility import imported_hosts, lets_in


def _find(shown: Inventory) -> Iterator[Problem]:
    sidecars: dict[str, list[Config]] = {}
    for config in shown.mesh.configs("Sidecar"):
        sidecars.setdefault(config.namespace, []).append(config)
    for service in shown.written_virtual_services if sidecars else ():
        namespace = service.config.namespace
        if service.gateways != (MESH,) or service.export_to != {namespace} or namespace not in sidecars:
            continue
        mine = sidecars[namespace]
        lists = [
            imported_hosts(texts(section(each).get("hosts")), namespace)
            for config in mine
            for each in entries(config.spec.get("egress")) or [{"hosts": ["*/*"]}]
        ]
        general = any(config.spec.get("workloadSelector") is None for config in mine)
        if general and not any(lets_in(hosts, namespace, service.hosts, False) for hosts in lists):
            wrong = f"no Sidecar of {namespace} lets in {all_of(service.hosts)}, and nobody else sees these rules"
            remedy = f'Add "./{service.hosts[0]}" to the egress hosts of the Sidecar.'
            related = tuple(config.origin("spec.egress") for config in mine)
            yield Problem(service.config.origin("spec.hosts"), wrong, remedy, related=related)


CHECK = Check("MW703", "rules-out-of-sight", "warning", "A Sidecar that hides rules of its own namespace.", _find)
