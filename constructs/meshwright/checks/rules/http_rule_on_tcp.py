"""MW507: a policy that speaks of HTTP for workloads whose ports carry bytes."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.policies import Policy, policies, ports_of, workloads_of
from meshwright.frontends.istio.objects import entries, section, text
from meshwright.frontends.istio.protocols import is_http_or_sniffed

_OF_SOURCES = ("requestPrincipals", "notRequestPrincipals", "remoteIpBlocks", "notRemoteIpBlocks")
_OF_OPERATIONS = ("hosts", "notHosts", "methods", "notMethods", "paths", "notPaths")


def _find(shown: Inventory) -> Iterator[Problem]:
    for policy in policies(shown):
        fields = list(_http_fields(policy))
        if not fields or policy.action not in ("ALLOW", "DENY"):
            continue
        ports = [port for workload in workloads_of(shown, policy) for _, port in ports_of(shown, workload)]
        if ports and not any(is_http_or_sniffed(port.protocol) for port in ports):
            effect = "the rule never allows anything" if policy.action == "ALLOW" else "the rule denies without it"
            for field, name in fields:
                wrong = f'"{name}" is about HTTP, and the Services of these workloads declare none, so {effect}'
                remedy = "Match principals, namespaces or ports, or declare HTTP by the name of the port."
                yield Problem(policy.resource.origin(field), wrong, remedy)


def _http_fields(policy: Policy) -> Iterator[tuple[str, str]]:
    for parts, names in ((policy.sources(), _OF_SOURCES), (policy.operations(), _OF_OPERATIONS)):
        for path, written in parts:
            for name in names:
                if written.get(name):
                    yield f"{path}.{name}", name
    for place, rule in enumerate(policy.rules):
        for position, condition in enumerate(map(section, entries(rule.get("when")))):
            key = text(condition.get("key"))
            if key.startswith("request."):
                yield f"spec.rules[{place}].when[{position}]", key


CHECK = Check("MW507", "http-rule-on-tcp", "warning", "A policy about requests for workloads that get none.", _find)
