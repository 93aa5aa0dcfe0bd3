"""MW503: an AuthorizationPolicy by identity for workloads that switch mutual TLS off, so that nobody has one."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.clients import plain_clients
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.inbound_mtls import mtls_policy
from meshwright.frontends.istio.objects import entries, section, text
from meshwright.manifests.resource import Resource

_SOURCES = ("principals", "notPrincipals", "namespaces", "notNamespaces", "serviceAccounts", "notServiceAccounts")
_KEYS = ("source.principal", "source.namespace", "source.serviceAccount", "connection.sni")


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource in shown.of_kind("AuthorizationPolicy"):
        spec = section(resource.body.get("spec"))
        if spec.get("targetRef") or spec.get("targetRefs"):
            continue
        needs = list(_identities(spec))
        if not needs:
            continue
        if shown.mesh.peer_authentications and _has_no_mtls(shown, resource, spec):
            for field, what in needs:
                wrong = f'"{what}" comes from mutual TLS, which a PeerAuthentication switches off for these workloads'
                remedy = "Set its mode to PERMISSIVE or STRICT, or match something else."
                yield Problem(resource.origin(field), wrong, remedy)
            continue
        plain = plain_clients(shown, resource.namespace, selector_of(spec))
        for field, what in needs if plain is not None else ():
            wrong = f'"{what}" comes from mutual TLS, and clients send plain text to these workloads: {plain}'
            remedy = "Let a DestinationRule for them say tls.mode ISTIO_MUTUAL, or match something else."
            yield Problem(resource.origin(field), wrong, remedy, None if shown.complete else "warning")


def _identities(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields that need the identity of the client."""
    for place, rule in enumerate(map(section, entries(spec.get("rules")))):
        for position, source in enumerate(map(section, entries(rule.get("from")))):
            written = section(source.get("source"))
            for field in _SOURCES:
                if written.get(field):
                    yield f"spec.rules[{place}].from[{position}].source.{field}", field
        for position, condition in enumerate(map(section, entries(rule.get("when")))):
            if text(condition.get("key")) in _KEYS:
                yield f"spec.rules[{place}].when[{position}]", text(condition.get("key"))


def _has_no_mtls(shown: Inventory, resource: Resource, spec: Mapping[str, Any]) -> bool:
    """Tell whether all workloads of a policy take plain text alone; where manifests show none, ones with its labels."""
    root, configs = shown.mesh.options.root_namespace, shown.mesh.peer_authentications
    if resource.namespace == root:
        return False
    selector = selector_of(spec)
    selected = shown.mesh.workloads.select(resource.namespace, selector.items())
    labels = [workload.labels for workload in selected] or [selector]
    policies = [mtls_policy(configs, resource.namespace, each, root) for each in labels]
    return all({policy.mode, *policy.by_port.values()} == {"DISABLE"} for policy in policies)


def selector_of(spec: Mapping[str, Any]) -> dict[str, str]:
    """Return the labels of the workloads that a policy is for."""
    return {key: str(value) for key, value in section(section(spec.get("selector")).get("matchLabels")).items()}


CHECK = Check("MW503", "identity-without-mtls", "error", "A policy by identity where nobody has one.", _find)
