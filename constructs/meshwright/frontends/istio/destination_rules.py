"""DestinationRules as istiod merges and finds them.

Source: Istio reference, "Destination Rule"; docs, "Control configuration sharing" (client's namespace, then the
service's, then the root namespace).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from meshwright.frontends.istio.hosts import HostMap, resolve_host
from meshwright.frontends.istio.mesh_config import MeshConfig
from meshwright.frontends.istio.objects import Config, entries, port_number, section, text, texts
from meshwright.frontends.istio.services import Service
from meshwright.traffic import Origin

Policy = Mapping[str, Any]

_PARENTS = "internal.istio.io/parents"
_LEVELLED = ("connectionPool", "outlierDetection", "loadBalancer", "tls")
_UNLEVELLED = ("tunnel", "proxyProtocol", "retryBudget")


@dataclass(frozen=True, slots=True, eq=False)
class Subset:
    """Some of a host's workloads, by their labels."""

    name: str
    labels: tuple[tuple[str, str], ...]
    policy: Policy | None
    origin: Origin


@dataclass(slots=True, eq=False)
class DestinationRule:
    """The rules of one host in one namespace that act together.

    Args:
        host: Complete, perhaps a wildcard.
        policy: Traffic policy of the first rule that has one.
        selector: Labels of the client workloads it is for; ``None``: for all.
        export_to: As written; empty: the mesh default.
        generated: Made from a policy of the Gateway API; fields of written rules win over it.
    """

    host: str
    namespace: str
    subsets: list[Subset]
    policy: Policy | None
    selector: Mapping[str, Any] | None
    export_to: frozenset[str]
    generated: bool
    origins: list[Origin]

    def subset(self, name: str) -> Subset | None:
        """Return the subset of this name."""
        for subset in self.subsets:
            if subset.name == name:
                return subset
        return None


_Rules = HostMap[list[DestinationRule]]


@dataclass(slots=True, eq=False)
class DestinationRules:
    """All rules of a mesh, found by client namespace and service."""

    root_namespace: str
    _local: dict[str, _Rules] = field(default_factory=dict)
    _exported: dict[str, _Rules] = field(default_factory=dict)
    _root_local: _Rules = field(default_factory=HostMap)

    def add(self, rule: DestinationRule, default_private: bool) -> None:
        """Add a rule to those of its host; call it oldest rule first, rules with a selector before all others."""
        export_to, own = rule.export_to, rule.namespace
        if not export_to or export_to & {"*", ".", own}:
            _merge(self._local.setdefault(own, HostMap()), rule)
        private = default_private if not export_to else export_to in ({"."}, {own})
        if not private:
            _merge(self._exported.setdefault(own, HostMap()), rule)
        elif own == self.root_namespace:
            _merge(self._root_local, rule)

    def candidates(self, client_namespace: str, service: Service) -> Sequence[DestinationRule]:
        """Return the rules that clients in a namespace have for a service."""
        local = self._root_local if client_namespace == self.root_namespace else self._local.get(client_namespace)
        if local is not None:
            found = local.best(service.hostname)
            if found is not None:
                return found
        for namespace in (service.namespace, self.root_namespace):
            exported = self._exported.get(namespace)
            found = exported.best(service.hostname) if exported is not None else None
            if found is not None:
                seen = [rule for rule in found if not rule.export_to or rule.export_to & {"*", client_namespace}]
                if seen:
                    return seen
        return ()

    def find(self, client_namespace: str, client_labels: Mapping[str, str], service: Service) -> DestinationRule | None:
        """Return the rule that one client workload obeys for a service."""
        general = None
        for rule in self.candidates(client_namespace, service):
            if rule.selector is None:
                general = rule
            elif rule.namespace == client_namespace and all(
                client_labels.get(key) == value for key, value in rule.selector.items()
            ):
                return rule
        return general


def destination_rules(configs: Iterable[Config], mesh: MeshConfig, root_namespace: str) -> DestinationRules:
    """Read DestinationRules and merge those of one host and namespace."""
    rules = DestinationRules(root_namespace)
    default_private = "." in mesh.destination_rule_export_to
    for config in sorted(configs, key=_order):
        rules.add(_rule(config), default_private)
    return rules


def _order(config: Config) -> tuple[bool, str, str, str]:
    return config.spec.get("workloadSelector") is None, config.created, config.name, config.namespace


def _rule(config: Config) -> DestinationRule:
    spec = config.spec
    selector = spec.get("workloadSelector")
    return DestinationRule(
        host=resolve_host(text(spec.get("host")), config.namespace, config.domain),
        namespace=config.namespace,
        subsets=[
            Subset(
                text(subset.get("name")),
                tuple(section(subset.get("labels")).items()),
                _policy(subset.get("trafficPolicy")),
                config.origin(f"spec.subsets[{position}]"),
            )
            for position, subset in enumerate(map(section, entries(spec.get("subsets"))))
        ],
        policy=_policy(spec.get("trafficPolicy")),
        selector=None if selector is None else section(section(selector).get("matchLabels")),
        export_to=frozenset(texts(spec.get("exportTo"))) if selector is None else frozenset("."),
        generated=_PARENTS in config.annotations,
        origins=[config.origin()],
    )


def _policy(value: object) -> Policy | None:
    return value if isinstance(value, dict) else None


def _merge(rules: _Rules, rule: DestinationRule) -> None:
    """Merge a rule into those of its host that show it to the same namespaces and select the same clients."""
    present = rules.get(rule.host)
    if present is None:
        rules.set(rule.host, [_copy(rule)])
        return
    separate = True
    for existing in present:
        if rule.export_to == existing.export_to:
            separate = False
        elif existing.export_to and rule.export_to > existing.export_to:
            separate = True
        else:
            separate = True
            continue
        both = rule.selector is not None and existing.selector is not None
        if both and rule.selector != existing.selector:
            separate = True
            continue
        if both or (rule.selector is None and existing.selector is None):
            separate = False
        _absorb(existing, rule)
    if separate:
        present.append(_copy(rule))


def _copy(rule: DestinationRule) -> DestinationRule:
    return DestinationRule(
        rule.host,
        rule.namespace,
        list(rule.subsets),
        rule.policy,
        rule.selector,
        rule.export_to,
        rule.generated,
        list(rule.origins),
    )


def _absorb(existing: DestinationRule, rule: DestinationRule) -> None:
    """Add what ``rule`` says and ``existing`` does not."""
    known = {subset.name for subset in existing.subsets}
    existing.subsets.extend(subset for subset in rule.subsets if subset.name not in known)
    existing.origins.extend(rule.origins)
    if existing.generated == rule.generated:
        if existing.policy is None:
            existing.policy = rule.policy
    elif rule.generated:
        existing.policy = _fill(existing.policy, rule.policy)
    else:
        existing.policy = _fill(rule.policy, existing.policy)


def _fill(written: Policy | None, generated: Policy | None) -> Policy | None:
    """Give a written policy the fields that only the generated one has, port by port too."""
    if written is None or generated is None:
        return written if generated is None else generated
    filled = {key: value for key, value in generated.items() if key != "portLevelSettings"}
    filled.update((key, value) for key, value in written.items() if value is not None)
    ports = [dict(section(port)) for port in entries(written.get("portLevelSettings"))]
    by_number = {port_number(port.get("port")): port for port in ports}
    for port in map(section, entries(generated.get("portLevelSettings"))):
        mine = by_number.get(port_number(port.get("port")))
        if mine is None:
            ports.append(dict(port))
        else:
            mine.update((key, port[key]) for key in _LEVELLED if mine.get(key) is None and port.get(key) is not None)
    if ports:
        filled["portLevelSettings"] = ports
    return filled


def policy_for(rule: DestinationRule | None, port: int, subset: Subset | None = None) -> Policy:
    """Return the traffic policy in effect for one port, with the subset's on top.

    Settings of a port replace those of the destination level as a whole.
    """
    if rule is None:
        return {}
    merged = _at_port(rule.policy, port)[0]
    if subset is None or subset.policy is None:
        return merged
    own, for_port = _at_port(subset.policy, port)
    changed = {key: own[key] for key in (*_LEVELLED, *_UNLEVELLED) if own.get(key) is not None}
    return {**merged, **({key: own.get(key) for key in _LEVELLED} if for_port else changed)}


def _at_port(policy: Policy | None, port: int) -> tuple[Policy, bool]:
    """Return a policy as one port has it, and whether it is the port's own."""
    level = _port_level(policy, port) if policy is not None else None
    return (policy or {}, False) if level is None else (level, True)


def _port_level(policy: Policy, port: int) -> Policy | None:
    for level in map(section, entries(policy.get("portLevelSettings"))):
        if port_number(level.get("port")) == port:
            return level
    return None


def consistent_hash(rule: DestinationRule | None, subset: str, port: int) -> Policy | None:
    """Return the consistent-hash settings that a route to a destination takes.

    Args:
        subset: The destination's, empty for none.
        port: The port that the destination names, 0 for none: settings of single ports then do not count.
    """
    if rule is None:
        return None
    found = rule.subset(subset)
    chosen = found.policy if found is not None else None
    for policy, level in ((chosen, True), (chosen, False), (rule.policy, True), (rule.policy, False)):
        if policy is None:
            continue
        holder = _port_level(policy, port) if level and port else policy if not level else None
        value = section(section(holder).get("loadBalancer")).get("consistentHash")
        if isinstance(value, dict):
            return value
    return None
