"""VirtualServices as istiod holds them: names completed, delegates merged in, sorted by age, found by gateway.

Source: Istio reference, "Virtual Service"; istiod's virtual service controller and its index.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from meshwright.frontends.istio.delegates import merge_http_routes
from meshwright.frontends.istio.hosts import resolve_gateway, resolve_host
from meshwright.frontends.istio.objects import MESH, ROUTE_SEMANTICS, Config, by_age, entries, section, text, texts
from meshwright.traffic import Origin

PUBLIC = "*"
NOBODY = "~"


@dataclass(frozen=True, slots=True, eq=False)
class HTTPRoute:
    """One HTTP rule with the place it was written at: in a delegate's text, for a rule that came from one.

    Destinations and gateways in ``spec`` are short or complete; ``namespace`` completes them.
    """

    spec: Mapping[str, Any]
    config: Config
    field: str

    @property
    def origin(self) -> Origin:
        """Where it was written."""
        return self.config.origin(self.field)

    def host(self, destination: Mapping[str, Any]) -> str:
        """Return the complete host of a destination in this rule."""
        host, config = text(destination.get("host")), self.config
        return host if config.complete or "." in host else resolve_host(host, config.namespace, config.domain)

    def gateways(self, match: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the complete names of the gateways that a match is confined to."""
        return gateway_names(match.get("gateways"), self.config)


@dataclass(frozen=True, slots=True, eq=False)
class VirtualService:
    """One VirtualService after delegation.

    Args:
        hosts: Complete names, as written otherwise (upper case stays).
        gateways: Complete names, ``mesh`` when it names none.
        export_to: Namespaces that see it, ``*`` for all, ``~`` for none.
        semantics: ``ingress`` or ``gateway`` for an object converted from an Ingress or from the Gateway API.
    """

    config: Config
    hosts: tuple[str, ...]
    gateways: tuple[str, ...]
    http: tuple[HTTPRoute, ...]
    export_to: frozenset[str]
    semantics: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Namespace and name."""
        return self.config.namespace, self.config.name

    @property
    def tls(self) -> list[Any]:
        """The rules for TLS connections."""
        return entries(self.config.spec.get("tls"))

    @property
    def tcp(self) -> list[Any]:
        """The rules for other connections."""
        return entries(self.config.spec.get("tcp"))

    def host(self, destination: Mapping[str, Any]) -> str:
        """Return the complete host of a destination in ``tls`` or ``tcp``."""
        host, config = text(destination.get("host")), self.config
        return host if config.complete or "." in host else resolve_host(host, config.namespace, config.domain)


def gateway_names(written: object, config: Config) -> tuple[str, ...]:
    """Return the complete names of Gateways; ``mesh`` stays."""
    if config.complete:
        return texts(written)
    return tuple(name if name == MESH else resolve_gateway(name, config.namespace) for name in texts(written))


def _export_to(config: Config, default: frozenset[str]) -> frozenset[str]:
    written = texts(config.spec.get("exportTo")) or default
    return frozenset(config.namespace if name == "." else name for name in written)


@dataclass(slots=True, eq=False)
class VirtualServices:
    """All VirtualServices that have hosts, by gateway and by who sees them, each list oldest first."""

    all: tuple[VirtualService, ...]
    private: dict[tuple[str, str], list[VirtualService]] = field(default_factory=dict)
    exported: dict[tuple[str, str], list[VirtualService]] = field(default_factory=dict)
    public: dict[str, list[VirtualService]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for service in self.all:
            if PUBLIC in service.export_to:
                for gateway in service.gateways:
                    self.public.setdefault(gateway, []).append(service)
            elif NOBODY not in service.export_to:
                for namespace in service.export_to:
                    index = self.private if namespace == service.config.namespace else self.exported
                    for gateway in service.gateways:
                        index.setdefault((namespace, gateway), []).append(service)

    def for_gateway(self, namespace: str, gateway: str) -> list[VirtualService]:
        """Return what binds to a gateway and is seen from ``namespace``: private, exported to it, then public ones.

        Among public ones, those that the Gateway API put into the same namespace come first.
        """
        public = self.public.get(gateway, [])
        own = [vs for vs in public if vs.semantics == "gateway" and vs.config.namespace == namespace]
        if own:
            public = own + [vs for vs in public if vs.semantics != "gateway" or vs.config.namespace != namespace]
        seen = self.private.get((namespace, gateway), []) + self.exported.get((namespace, gateway), [])
        return seen + public if seen else public


def virtual_services(configs: Iterable[Config], default_export_to: frozenset[str]) -> VirtualServices:
    """Read VirtualServices; those without hosts are delegates and act through others only."""
    roots: list[Config] = []
    delegates: dict[tuple[str, str], Config] = {}
    for config in by_age(configs):
        if texts(config.spec.get("hosts")):
            roots.append(config)
        else:
            delegates[config.namespace, config.name] = config
    return VirtualServices(tuple(_bind(config, delegates, default_export_to) for config in roots))


def _bind(
    config: Config, delegates: Mapping[tuple[str, str], Config], default_export_to: frozenset[str]
) -> VirtualService:
    hosts = texts(config.spec.get("hosts"))
    complete = config.complete
    return VirtualService(
        config=config,
        hosts=hosts if complete else tuple(resolve_host(host, config.namespace, config.domain) for host in hosts),
        gateways=gateway_names(config.spec.get("gateways"), config) or (MESH,),
        http=tuple(_http_routes(config, delegates, default_export_to)),
        export_to=_export_to(config, default_export_to),
        semantics=text(config.annotations.get(ROUTE_SEMANTICS)),
    )


def _http_routes(
    config: Config, delegates: Mapping[tuple[str, str], Config], default_export_to: frozenset[str]
) -> Iterator[HTTPRoute]:
    delegating = not text(config.annotations.get(ROUTE_SEMANTICS))
    for position, spec in enumerate(entries(config.spec.get("http"))):
        rule = section(spec)
        target = rule.get("delegate")
        if target is None or not delegating:
            yield HTTPRoute(rule, config, f"spec.http[{position}]")
            continue
        namespace = text(section(target).get("namespace")) or config.namespace
        delegate = delegates.get((namespace, text(section(target).get("name"))))
        if delegate is None or not {PUBLIC, config.namespace} & _export_to(delegate, default_export_to):
            continue
        written = [with_complete_names(section(child), delegate) for child in entries(delegate.spec.get("http"))]
        for child, merged in merge_http_routes(with_complete_names(rule, config), written):
            yield HTTPRoute(merged, delegate, f"spec.http[{child}]")


def with_complete_names(rule: Mapping[str, Any], config: Config) -> Mapping[str, Any]:
    """Return a copy of an HTTP rule with the hosts and gateways in it completed."""

    def destination(value: object) -> object:
        if not isinstance(value, dict):
            return value
        return {**value, "host": resolve_host(text(value.get("host")), config.namespace, config.domain)}

    def inside(values: object) -> list[object]:
        return [{**item, "destination": destination(item.get("destination"))} for item in _mappings(values)]

    completed = dict(rule)
    if rule.get("match"):
        completed["match"] = [
            {**match, "gateways": list(gateway_names(match["gateways"], config))} if match.get("gateways") else match
            for match in _mappings(rule["match"])
        ]
    for field_name in ("route", "mirrors"):
        if rule.get(field_name):
            completed[field_name] = inside(rule[field_name])
    if rule.get("mirror"):
        completed["mirror"] = destination(rule["mirror"])
    return completed


def _mappings(values: object) -> Sequence[Mapping[str, Any]]:
    return [section(value) for value in entries(values)]
