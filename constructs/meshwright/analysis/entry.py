"""Where a request enters the mesh: at which gateways, or at whose sidecar."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

from meshwright.analysis.decide import Decider
from meshwright.analysis.decision import Decision
from meshwright.analysis.hosts import without_port
from meshwright.errors import InputError
from meshwright.traffic import Proxy, Request, RouteTable

_AUTHORITY = re.compile("[^/?]*").match
_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST = ("host", ":authority")
_APP_LABELS = ("app", "app.kubernetes.io/name", "k8s-app", "service.istio.io/canonical-name")


class Compiled(Protocol):
    """A mesh that gives the route table of each of its proxies."""

    def gateways(self) -> Sequence[Proxy]:
        """Return the proxies that Gateways select."""

    def sidecars(self) -> Sequence[Proxy]:
        """Return the proxies beside workloads."""

    def route_table(self, proxy: Proxy) -> RouteTable:
        """Return what one proxy does."""


def request_to(method: str, url: str, headers: Iterable[tuple[str, str]] = ()) -> Request:
    """Return the request that a client sends for ``url``; a ``Host`` header changes only the authority.

    The path stays as written. Without a scheme the URL is http. TLS names the URL's host, as curl does.

    Raises:
        InputError: ``url`` has no host, another scheme, or a port that is none.
    """
    scheme, found, rest = url.partition("://")
    if not found:
        scheme, rest = "http", url
    kind: Literal["http", "https"] = "https" if scheme.lower() == "https" else "http"
    rest = rest.partition("#")[0]
    before = _AUTHORITY(rest)[0]  # type: ignore[index]  # it matches whatever there is
    authority, path = before.rpartition("@")[2], rest[len(before) :]
    if not path.startswith("/"):
        path = "/" + path
    host = without_port(authority)
    port = authority[len(host) + 1 :] or str(_DEFAULT_PORTS[kind])
    if scheme.lower() not in _DEFAULT_PORTS or not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise InputError(url, "this is no URL to ask for", "Write http://HOST[:PORT]/PATH or https://…")
    pairs = [(name.strip().lower(), value.strip()) for name, value in headers]
    told = [value for name, value in pairs if name in _HOST]
    kept = tuple([pair for pair in pairs if pair[0] not in _HOST]) if told else tuple(pairs)
    authority = told[0] if told else authority
    return Request(method, authority, path, kept, kind, int(port), host if kind == "https" else None)


class Questions:
    """Asks one mesh many requests; each route table is compiled when the first request needs it."""

    def __init__(self, mesh: Compiled) -> None:
        self._mesh = mesh
        self._deciders: dict[Proxy, Decider] = {}
        self._at_gateways: list[Decider] = []

    def ask(self, request: Request, source: str | None = None, proxy: Proxy | None = None) -> tuple[Decision, ...]:
        """Return one decision a proxy that serves the request's host and port, at least one.

        Args:
            source: ``NAMESPACE/APP``: the request leaves through that workload's sidecar. ``None``: it enters at the
                ingress gateways.
            proxy: Ask this one alone.

        Raises:
            InputError: There is no gateway, or ``source`` names no workload's place.
        """
        if proxy is not None:
            deciders = [self._decider(proxy)]
        else:
            deciders = self._gateways() if source is None else [*map(self._decider, self._sidecars(source))]
        decisions = tuple([each.decide(request) for each in deciders])
        if len(decisions) == 1:
            return decisions
        serving = tuple([each for each in decisions if _serves(each)])
        listening = tuple([each for each in decisions if each.outcome != "no_listener"])
        return serving or (listening or decisions)[:1]

    def _decider(self, proxy: Proxy) -> Decider:
        decider = self._deciders.get(proxy)
        if decider is None:
            decider = self._deciders[proxy] = Decider(self._mesh.route_table(proxy))
        return decider

    def _gateways(self) -> list[Decider]:
        if not self._at_gateways:
            # A mesh without a Gateway has no gateway that listens; asking Istio's own says so.
            proxies = self._mesh.gateways() or (Proxy("router", "istio-system", (("istio", "ingressgateway"),)),)
            self._at_gateways = [*map(self._decider, proxies)]
        return self._at_gateways

    def _sidecars(self, source: str) -> Sequence[Proxy]:
        namespace, _, app = source.partition("/")
        if not namespace or "/" in app:
            raise InputError("--from", f'"{source}" names no workload', "Write NAMESPACE/APP")
        if not app:
            return (Proxy("sidecar", namespace),)
        here = [each for each in self._mesh.sidecars() if each.namespace == namespace]
        named = [each for each in here if any(dict(each.labels).get(label) == app for label in _APP_LABELS)]
        return named or (Proxy("sidecar", namespace, (("app", app),)),)


def _serves(decision: Decision) -> bool:
    return decision.virtual_host is not None or decision.reason == "tcp"
