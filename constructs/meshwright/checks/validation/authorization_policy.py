"""AuthorizationPolicy. Source: Istio reference, "Authorization Policy" and "Authorization Policy Conditions"."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.validation.attributes import address_flaw, attribute_flaw, written_port_flaw
from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.path_templates import template_flaw
from meshwright.checks.validation.principals import accounts_flaw, empty_flaw, trust_domain_flaw
from meshwright.checks.validation.selectors import target_faults
from meshwright.frontends.istio.objects import entries, section, text, texts

_BLOCKS = ("ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks")
_NAMED = ("principals", "notPrincipals", "namespaces", "notNamespaces")
_PLAIN = (*_NAMED, "requestPrincipals", "notRequestPrincipals")
_ACCOUNTS = ("serviceAccounts", "notServiceAccounts")
_DOMAINS = ("trustDomains", "notTrustDomains")
_SOURCE = (*_PLAIN, *_BLOCKS, *_ACCOUNTS, *_DOMAINS)
_NOT_CUSTOM = (*_PLAIN, *_ACCOUNTS, *_DOMAINS)
_OF_CONNECTIONS = (*_NAMED, *_BLOCKS, *_ACCOUNTS)
_OPERATION = ("ports", "notPorts", "methods", "notMethods", "paths", "notPaths", "hosts", "notHosts")
_CONDITIONS_NOT_CUSTOM = ("source.namespace", "source.serviceAccount", "source.trustDomain", "source.principal")


def authorization_policy_faults(judged: Judged) -> Faults:
    """Find what istiod has against an AuthorizationPolicy."""
    spec = judged.spec
    action = text(spec.get("action")) or "ALLOW"
    rules = [section(rule) for rule in entries(spec.get("rules"))]
    yield from target_faults(spec)
    yield from _action_faults(spec, action, rules)
    for place, rule in enumerate(rules):
        path = f"spec.rules[{place}]"
        sources = list(_parts(f"{path}.from", rule.get("from"), "source"))
        operations = list(_parts(f"{path}.to", rule.get("to"), "operation"))
        for where, source in sources:
            yield from _source_faults(where, source)
        for where, operation in operations:
            yield from _operation_faults(where, operation)
        for position, condition in enumerate(map(section, entries(rule.get("when")))):
            yield from _condition_faults(f"{path}.when[{position}]", condition)
        if action == "DENY" and _denies_tcp(sources, operations):
            wrong = "HTTP alone can tell what the rule asks for, and so it denies all other TCP traffic"
            yield Fault(path, wrong, "Name the ports that it is for.", warning=True)


def _action_faults(spec: Mapping[str, Any], action: str, rules: list[Mapping[str, Any]]) -> Faults:
    if action in ("CUSTOM", "DENY") and not rules:
        wrong = f"{action} without rules is never asked for"
        yield Fault("spec.rules", wrong, "Give it rules: [{}] for every request, or remove the policy.")
    provider = spec.get("provider")
    if action != "CUSTOM":
        if isinstance(provider, dict):
            yield Fault("spec.provider", f"{action} asks no provider", "Remove provider, or choose CUSTOM.")
        return
    if rules and not text(section(provider).get("name")):
        remedy = "Name one of the mesh's extensionProviders."
        yield Fault("spec.provider.name", "CUSTOM does not say whom to ask", remedy)
    for place, rule in enumerate(rules):
        path = f"spec.rules[{place}]"
        for where, source in _parts(f"{path}.from", rule.get("from"), "source"):
            for field in _NOT_CUSTOM:
                if source and source.get(field):
                    yield Fault(f"{where}.{field}", f"CUSTOM does not know {field}", "Use ipBlocks, or remove it.")
        for position, condition in enumerate(map(section, entries(rule.get("when")))):
            key = text(condition.get("key"))
            if key in _CONDITIONS_NOT_CUSTOM or key.startswith("request.auth."):
                yield Fault(f"{path}.when[{position}].key", f"CUSTOM does not know {key}", "Remove the condition.")


def _parts(path: str, parts: object, field: str) -> Iterator[tuple[str, Mapping[str, Any] | None]]:
    for place, part in enumerate(map(section, entries(parts))):
        found = part.get(field)
        yield f"{path}[{place}].{field}", found if isinstance(found, dict) else None


def _denies_tcp(
    sources: list[tuple[str, Mapping[str, Any] | None]], operations: list[tuple[str, Mapping[str, Any] | None]]
) -> bool:
    given = [source for _, source in sources if source is not None]
    asked = [operation for _, operation in operations if operation is not None]
    if asked:
        return not any(operation.get(field) for operation in asked for field in ("ports", "notPorts"))
    return bool(given) and not any(source.get(field) for source in given for field in _OF_CONNECTIONS)


def _source_faults(path: str, source: Mapping[str, Any] | None) -> Faults:
    if source is None:
        yield Fault(path, "it has no source", "Give it one, or remove it.")
        return
    given = [field for field in _SOURCE if source.get(field)]
    if not given:
        yield Fault(path, "the source says nothing", "Give it a field, or remove it.")
    accounts = [field for field in given if field in _ACCOUNTS]
    named = [field for field in given if field in _NAMED]
    if accounts and named:
        yield Fault(f"{path}.{accounts[0]}", f"it has {accounts[0]} and {named[0]}", "Keep one of the two.")
    for field in given:
        values = texts(source[field])
        where = f"{path}.{field}"
        if field in _ACCOUNTS:
            yield from at(where, accounts_flaw(values))
        for place, value in enumerate(values):
            if field in _BLOCKS:
                yield from at(f"{where}[{place}]", address_flaw(value))
            elif field in _DOMAINS:
                yield from at(f"{where}[{place}]", trust_domain_flaw(value))
            elif field in _PLAIN:
                yield from at(f"{where}[{place}]", empty_flaw(value))


def _operation_faults(path: str, operation: Mapping[str, Any] | None) -> Faults:
    if operation is None:
        yield Fault(path, "it has no operation", "Give it one, or remove it.")
        return
    if not any(operation.get(field) for field in _OPERATION):
        yield Fault(path, "the operation says nothing", "Give it a field, or remove it.")
    for field in _OPERATION:
        for place, value in enumerate(texts(operation.get(field))):
            where = f"{path}.{field}[{place}]"
            if field in ("ports", "notPorts"):
                yield from at(where, written_port_flaw(value))
            elif not value:
                yield from at(where, empty_flaw(value))
            elif field in ("paths", "notPaths"):
                yield from at(where, template_flaw(value))


def _condition_faults(path: str, condition: Mapping[str, Any]) -> Faults:
    key = text(condition.get("key"))
    if not key:
        yield Fault(f"{path}.key", "the condition does not say on what", "Give it a key, such as request.headers[x].")
        return
    values, others = texts(condition.get("values")), texts(condition.get("notValues"))
    if not values and not others:
        yield Fault(path, f"the condition on {key} has no values", "Give it values or notValues.")
        return
    for field, given in (("values", values), ("notValues", others)):
        place, flaw = attribute_flaw(key, given)
        if flaw is not None:
            yield Fault(f"{path}.key" if place is None else f"{path}.{field}[{place}]", *flaw)
            return
