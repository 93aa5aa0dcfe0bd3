"""MW501: routing by a claim of a token that the gateway never verifies."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import MESH, Config, entries, section
from meshwright.manifests.resource import Resource

_CLAIM = "@request.auth.claims"


def _find(shown: Inventory) -> Iterator[Problem]:
    policies = shown.of_kind("RequestAuthentication")
    for service in shown.written_virtual_services:
        gateways = [shown.gateways.get(name) for name in service.gateways if name != MESH]
        known = [gateway for gateway in gateways if gateway is not None]
        if not known or any(_is_verified(shown, gateway, policies) for gateway in known):
            continue
        for rule in service.http:
            for position, match in enumerate(map(section, entries(rule.spec.get("match")))):
                for part in ("headers", "withoutHeaders"):
                    for name in section(match.get(part)):
                        if str(name).startswith(_CLAIM):
                            origin = rule.config.origin(f"{rule.field}.match[{position}].{part}")
                            wrong = f'"{name}" needs a RequestAuthentication at the gateway, and there is none'
                            yield Problem(origin, wrong, "Add one whose selector fits the gateway's pods.")


def _is_verified(shown: Inventory, gateway: Config, policies: list[Resource]) -> bool:
    """Tell whether a policy may reach the pods of a gateway; where manifests show no pods, any policy may."""
    namespaces = shown.gateway_namespaces(gateway)
    if not namespaces:
        return bool(policies) or not shown.complete
    root = shown.mesh.options.root_namespace
    return any(policy.namespace in (*namespaces, root) and _selects(gateway, policy) for policy in policies)


def _selects(gateway: Config, policy: Resource) -> bool:
    spec = section(policy.body.get("spec"))
    labels = section(section(spec.get("selector")).get("matchLabels"))
    selector = section(gateway.spec.get("selector"))
    return bool(spec.get("jwtRules")) and all(selector.get(key, value) == value for key, value in labels.items())


CHECK = Check("MW501", "jwt-claim", "error", "Routing by a claim of a token that nobody verifies.", _find)
