"""Who may call whom."""

from __future__ import annotations

from meshwright.charts.claims import claim_name
from meshwright.charts.environment import Environment
from meshwright.charts.lists import as_given, check_lists, only
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.names import is_dns_label
from meshwright.charts.numbers import one_of
from meshwright.charts.numbers import port as port_number
from meshwright.charts.problem import Part, problem
from meshwright.charts.workloads import app_of, selected
from meshwright.charts.written import Written
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any, Literal

    from meshwright.charts.http_app import HttpApp
    from meshwright.imports.istio.security import AuthorizationPolicy, Condition, Operation, Rule, Source

ACTIONS = ("ALLOW", "DENY", "AUDIT", "CUSTOM")
TRUST_DOMAIN = "cluster.local"
"""Istio takes it for the trust domain of the mesh, whatever that is called."""


class Identity:
    """A ServiceAccount as a caller, for workloads that are no app of ours.

    Args:
        namespace, service_account: ``istio-system`` and ``istio-ingressgateway-service-account`` for Istio's default
            ingress gateway.
    """

    __slots__ = ("namespace", "service_account_name")

    def __init__(self, namespace: str, service_account: str) -> None:
        self.namespace = namespace
        self.service_account_name = service_account


@tells_misfits
class Access(Written):
    """Some requests: all that is given has to hold. Without anything, every request.

    Args:
        sources: The callers: apps, or an `Identity`. They are known by mutual TLS alone.
        namespaces: The callers' namespaces.
        ip_blocks: Addresses of the callers, as ``10.0.0.0/8``.
        request_principals: Who a valid token says the user is, as ``ISSUER/SUBJECT``; ``*`` for any valid token.
        methods, paths, hosts: Of the request. A path may start or end with ``*``; its query does not count.
        not_paths: Paths that are left out.
        ports: Ports that the containers listen on.
        when: Further conditions, by key: ``{"request.headers[x-tier]": ["gold"]}``.

    Source: Istio reference, "Authorization Policy", Rule; "Authorization Policy Conditions".
    """

    __slots__ = (
        "hosts",
        "ip_blocks",
        "methods",
        "namespaces",
        "not_paths",
        "paths",
        "ports",
        "request_principals",
        "sources",
        "when",
    )

    def __init__(
        self,
        *,
        sources: Sequence[HttpApp[Any] | Identity] = (),
        namespaces: Sequence[str] = (),
        ip_blocks: Sequence[str] = (),
        request_principals: Sequence[str] = (),
        methods: Sequence[str] = (),
        paths: Sequence[str] = (),
        not_paths: Sequence[str] = (),
        hosts: Sequence[str] = (),
        ports: Sequence[int] = (),
        when: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__()
        self.sources = as_given(sources)
        self.namespaces = as_given(namespaces)
        self.ip_blocks = as_given(ip_blocks)
        self.request_principals = as_given(request_principals)
        self.methods = as_given(methods)
        self.paths = as_given(paths)
        self.not_paths = as_given(not_paths)
        self.hosts = as_given(hosts)
        self.ports = as_given(ports)
        self.when = {key: tuple(values) for key, values in (when or {}).items()}

    def to_istio(self, part: Part) -> Rule:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.security import Condition, From, Rule, To

        self._check(part)
        rule = Rule()
        source, operation = self._source(part), self._operation()
        if source:
            rule["from_"] = [From(source=source)]
        if operation:
            rule["to"] = [To(operation=operation)]
        when: list[Condition] = [Condition(key=key, values=list(values)) for key, values in self.when.items()]
        if when:
            rule["when"] = when
        return rule

    def _source(self, part: Part) -> Source:
        principals = []
        for source in self.sources:
            account, namespace = getattr(source, "service_account_name", None), getattr(source, "namespace", None)
            if not isinstance(account, str) or not isinstance(namespace, str):
                part.problem(f"a source is {source!r}", "Pass an app, or an Identity")
                continue
            principals.append(f"{TRUST_DOMAIN}/ns/{namespace}/sa/{account}")
        fields = {
            "principals": principals,
            "namespaces": list(self.namespaces),
            "ip_blocks": list(self.ip_blocks),
            "request_principals": list(self.request_principals),
        }
        return {field: values for field, values in fields.items() if values}  # type: ignore[return-value]  # as named

    def _operation(self) -> Operation:
        fields = {
            "hosts": list(self.hosts),
            "methods": list(self.methods),
            "paths": list(self.paths),
            "not_paths": list(self.not_paths),
            "ports": [str(port) for port in self.ports],
        }
        return {field: values for field, values in fields.items() if values}  # type: ignore[return-value]  # as named

    def _check(self, part: Part) -> None:
        check_lists(self, part, *self.__slots__[:-1])
        for name in self.namespaces:
            if not is_dns_label(name.strip("*") or "x"):
                part.problem(f"namespaces has {name!r}, which is no DNS label", "Give the name of a namespace")
        for method in self.methods:
            if not isinstance(method, str) or method != method.upper():
                part.problem(f"methods has {method!r}, which no request has", f"Write {str(method).upper()}")
        for path in (*self.paths, *self.not_paths):
            if not _is_path(path):
                remedy = "Start it with / or *; a * stands at its end or start alone"
                part.problem(f"paths has {path!r}, which no path matches", remedy)
        for number in self.ports:
            port_number(number, "ports", part)
        for block in self.ip_blocks:
            _check_block(block, part)
        for key, values in self.when.items():
            if key.partition("[")[0] not in _KEYS and not key.startswith("experimental.envoy.filters."):
                part.problem(f"when has {key!r}, which is no condition", f"Known are {', '.join(_KEYS)}")
            if not values:
                part.problem(f"when[{key!r}] has no value", "Give at least one")


_KEYS = (
    "request.headers",
    "source.ip",
    "remote.ip",
    "source.namespace",
    "source.principal",
    "source.serviceAccount",
    "request.auth.principal",
    "request.auth.audiences",
    "request.auth.presenter",
    "request.auth.claims",
    "destination.ip",
    "destination.port",
    "connection.sni",
)


def _is_path(path: object) -> bool:
    if not isinstance(path, str) or not path.startswith(("/", "*")):
        return False
    if "{" in path:
        return path.startswith("/")
    inner = path[1:] if path.startswith("*") else path.removesuffix("*")
    return "*" not in inner and "?" not in path


def _check_block(block: str, part: Part) -> None:
    from ipaddress import ip_network

    try:
        ip_network(block, strict=False)
    except ValueError:
        part.problem(f"ip_blocks has {block!r}, which is no address", "Give one such as 10.0.0.0/8")


@tells_misfits
class AccessPolicy(Construct):
    """The AuthorizationPolicy of an app, or of a whole namespace.

    As soon as one policy allows something, nothing else is allowed; what one denies is denied whatever others allow.

    Args:
        rules: Of alternatives, one has to hold. ``ALLOW`` without any allows nothing.
        of: The app that is called; all workloads of the namespace when left out.
        action: What becomes of the requests.
        provider: For ``CUSTOM``: the name of the extension provider, in the configuration of the mesh, that decides.
        name: Name of the object; the id when left out.

    Attributes:
        authorization_policy: The level-1 ``AuthorizationPolicy``.

    Source: Istio reference, "Authorization Policy".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        rules: Sequence[Access],
        of: HttpApp[Any] | None = None,
        action: Literal["ALLOW", "DENY", "AUDIT", "CUSTOM"] = "ALLOW",
        provider: str | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.istio.security import AuthorizationPolicy, ExtensionProvider, WorkloadSelector

        environment = Environment.of(self)
        name = name or id
        rules = only(Access, rules, "rules", self)
        of = app_of(self, of)
        claim_name(self, "AuthorizationPolicy", environment.namespace, name)
        labels = selected(self, of, environment)
        one_of(action, ACTIONS, "action", Part(self, "policy"))
        if (action == "CUSTOM") is (provider is None):
            problem(self, f"action {action} with provider {provider!r}", "Give a provider for CUSTOM, and only then")
        if not rules and action != "ALLOW":
            problem(self, f"action {action} without rules has no effect", "Give at least one Access")
        self._check_ports(rules, of)
        self.authorization_policy: AuthorizationPolicy = AuthorizationPolicy(
            self,
            "authorization-policy",
            metadata={"name": name, "namespace": environment.namespace},
            selector=None if labels is None else WorkloadSelector(match_labels=labels),
            action=action,
            provider=None if provider is None else ExtensionProvider(name=provider),
            rules=[rule.to_istio(Part(self, f"rule {position}", rule)) for position, rule in enumerate(rules)] or None,
        )

    def _check_ports(self, rules: Sequence[Access], of: HttpApp[Any] | None) -> None:
        for position, rule in enumerate(rules):
            for number in rule.ports if of is not None else ():
                if of is not None and number != of.container_port:
                    part = Part(self, f"rule {position}", rule)
                    part.problem(
                        f"the containers of {of.name} do not listen on port {number}", f"Use {of.container_port}"
                    )
