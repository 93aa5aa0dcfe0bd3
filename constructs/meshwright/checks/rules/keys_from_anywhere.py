"""MW504: an istiod that fetches the keys of tokens from any address that a RequestAuthentication names."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.objects import entries, section
from meshwright.manifests.resource import Resource

_SETTING = "BLOCKED_CIDRS_IN_JWKS_URIS"


def _find(shown: Inventory) -> Iterator[Problem]:
    policies = shown.of_kind("RequestAuthentication")
    for resource in shown.of_kind("Deployment") if policies else ():
        labels = section(section(resource.body.get("metadata")).get("labels"))
        if labels.get("app") == "istiod" and not _has_setting(resource):
            wrong = f"istiod fetches keys from whatever address {all_of([str(each) for each in policies])} may name"
            remedy = f"Set {_SETTING} on it to the networks that it shall never ask, such as 169.254.0.0/16."
            origin = resource.origin("spec.template.spec.containers")
            yield Problem(origin, wrong, remedy, related=tuple(each.origin() for each in policies[:3]))


def _has_setting(resource: Resource) -> bool:
    template = section(section(resource.body.get("spec")).get("template"))
    containers = map(section, entries(section(template.get("spec")).get("containers")))
    variables = [section(each) for container in containers for each in entries(container.get("env"))]
    return any(each.get("name") == _SETTING and (each.get("value") or each.get("valueFrom")) for each in variables)


CHECK = Check("MW504", "keys-from-anywhere", "note", "istiod fetches keys from whatever address a policy names.", _find)
