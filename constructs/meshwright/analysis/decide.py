"""From a route table and a request to the decision, as Envoy would take it."""

from typing import Any

from meshwright.analysis.answering import Answer, answer
from meshwright.analysis.decision import Decision
from meshwright.analysis.hosts import Hosts, is_authority
from meshwright.analysis.listening import Chains, listener_of
from meshwright.analysis.matching import Test, matches
from meshwright.analysis.paths import normalise, query_parameters
from meshwright.analysis.regex import PatternError
from meshwright.analysis.rewriting import tls_location
from meshwright.analysis.subject import Subject, absolute
from meshwright.analysis.wording import place_words
from meshwright.errors import InputError
from meshwright.traffic import Listener, Request, Route, RouteConfiguration, RouteTable, Unknown, VirtualHost

CompiledRoutes = list[tuple[Test, Route]]


class Decider:
    """Answers many requests to one table; compiles what a request needs when it first needs it."""

    def __init__(self, table: RouteTable) -> None:
        self.table = table
        self._configurations = {each.name: each for each in table.route_configurations}
        self._chains: dict[str, Chains] = {}
        self._hosts: dict[str, Hosts] = {}
        self._routes: dict[int, CompiledRoutes] = {}
        self._words: dict[int, Any] = {}

    def decide(self, request: Request) -> Decision:
        """Return where ``request`` goes.

        Raises:
            InputError: A route on the way has a regular expression that RE2 cannot read.
        """
        table = self.table
        listener = listener_of(table, request)
        if listener is None:
            return Decision(table, request, "no_listener", "no_listener")
        chain = self._chains_of(listener).find(request)
        if chain is None:
            return Decision(table, request, "no_listener", "no_chain", listener=listener)
        found: dict[str, Any] = {"listener": listener, "chain": chain, "words": self._words}
        if chain.tls != "none" and request.sni is None:
            return Decision(table, request, "no_listener", "plaintext_to_tls", **found)
        if chain.tcp is not None:
            return self._unless_unknown(Decision(table, request, "route", "tcp", authority=request.authority, **found))
        if chain.tls == "none" and request.sni is not None:
            return Decision(table, request, "no_listener", "tls_to_plaintext", **found)
        configuration = self._configurations.get(chain.http or "")
        if configuration is None:
            return self._unless_unknown(Decision(table, request, "no_route", "no_virtual_host", 404, **found))
        return self._in(configuration, request, found)

    def decide_in(self, configuration: str, request: Request) -> Decision:
        """Return what the route configuration of this name does, whatever listener leads to it.

        Raises:
            KeyError: There is none of this name.
            InputError: A route on the way has a regular expression that RE2 cannot read.
        """
        return self._in(self._configurations[configuration], request, {"words": self._words})

    def _in(self, configuration: RouteConfiguration, request: Request, found: dict[str, Any]) -> Decision:
        table = self.table
        found["configuration"] = configuration
        authority, path = absolute(request)
        full_path = normalise(path, table.path_normalisation)
        if path == "*" and request.method == "OPTIONS":
            full_path = path
        if full_path is None or not is_authority(authority):
            return Decision(table, request, "no_route", "bad_request", 400, path, authority, **found)
        edge = table.proxy.type == "router"
        subject = Subject(request.method, authority, full_path, request.headers, request.scheme, edge)
        found["subject"] = subject
        host = self._hosts_of(configuration).find(authority)
        if host is None:
            missed = Decision(table, request, "no_route", "no_virtual_host", 404, full_path, authority, **found)
            return self._unless_unknown(missed)
        found["virtual_host"], found["domain"] = host
        return self._unless_unknown(self._by_route(host[0], subject, request, found))

    def _by_route(self, host: VirtualHost, subject: Subject, request: Request, found: dict[str, Any]) -> Decision:
        table, path, authority = self.table, subject.full_path, subject.authority
        if host.require_tls != "none" and subject.forwarded_proto not in ("https", ""):
            there = tls_location(subject)
            return Decision(table, request, "redirect", "requires_tls", 301, path, authority, there, **found)
        route = self._first(host, subject)
        if route is None:
            return Decision(table, request, "no_route", "no_route", 404, path, authority, **found)
        given: Answer = answer(table, route, subject)
        return Decision(table, request, *given, route=route, **found)

    def _first(self, host: VirtualHost, subject: Subject) -> Route | None:
        if not subject.forwarded_proto:
            return None
        routes = self._routes.get(id(host))
        if routes is None:
            routes = self._routes[id(host)] = [(_compiled(route), route) for route in host.routes]
        for test, route in routes:
            if test(subject):
                return route
        return None

    def _chains_of(self, listener: Listener) -> Chains:
        chains = self._chains.get(listener.name)
        if chains is None:
            chains = self._chains[listener.name] = Chains(listener)
        return chains

    def _hosts_of(self, configuration: RouteConfiguration) -> Hosts:
        hosts = self._hosts.get(configuration.name)
        if hosts is None:
            hosts = self._hosts[configuration.name] = Hosts(configuration)
        return hosts

    def _unless_unknown(self, decision: Decision) -> Decision:
        if not self.table.unknowns:
            return decision
        unknown = next((each for each in self.table.unknowns if _may_touch(each, decision)), None)
        if unknown is None:
            return decision
        return Decision(
            self.table,
            decision.request,
            "unknown",
            "unknown",
            path=decision.path,
            authority=decision.authority,
            listener=decision.listener,
            chain=decision.chain,
            configuration=decision.configuration,
            virtual_host=decision.virtual_host,
            domain=decision.domain,
            route=decision.route,
            unknown=unknown,
            subject=decision.subject,
            words=self._words,
        )


def _compiled(route: Route) -> Test:
    try:
        return matches(route.match)
    except PatternError as error:
        origin = route.origin
        place = origin.place if origin is not None else None
        where = f"{place.file}:{place.line_of(origin.field)}" if origin and place else str(route.name or "route")
        wrong = f"a regular expression of {place_words(origin) or route.name} is not RE2: {error}"
        raise InputError(where, wrong, "Write it as RE2 (no look-around, no back-references)") from error


def _may_touch(unknown: Unknown, decision: Decision) -> bool:
    listener, host = decision.listener, decision.virtual_host
    if unknown.listeners and (listener is None or listener.name not in unknown.listeners):
        return False
    if unknown.virtual_hosts and (host is None or host.name not in unknown.virtual_hosts):
        return False
    return not (unknown.headers or unknown.query) or _carries(unknown, decision.request)


def _carries(unknown: Unknown, request: Request) -> bool:
    """Tell whether a request has one of the headers or query parameters that something acts on."""
    if any(name.lower() in unknown.headers for name, _ in request.headers):
        return True
    from urllib.parse import unquote_plus  # few proxies need it

    return any(unquote_plus(name) in unknown.query for name in query_parameters(absolute(request)[1]))
