"""The reason of a decision in one sentence."""

from collections.abc import Callable

from meshwright.analysis.decision import Decision
from meshwright.analysis.wording import clusters_words, place_words, proxy_words, quoted
from meshwright.traffic import Route

SAME_FOR_ALL_REQUESTS = frozenset(
    ("route", "tcp", "direct_response", "preflight", "aborted", "no_clusters", "cluster_missing")
)
"""Reasons whose sentence depends on what answers alone: a route, or a filter chain."""


def because_of(decision: Decision) -> str:
    """Return why the request ends where it does."""
    return _SENTENCES[decision.reason](decision)


def route_words(route: Route) -> str:
    """Return a rule by where it was written, or else by its name."""
    if route.origin is not None:
        return place_words(route.origin)
    return f"route {quoted(route.name)}" if route.name else "the default route"


def rule_words(decision: Decision) -> str:
    """Return the rule that won."""
    return "no rule" if decision.route is None else route_words(decision.route)


def entry_words(decision: Decision) -> str:
    """Return where the request arrives: ``router/istio-system/istio=ingressgateway port 80``."""
    return f"{proxy_words(decision.table.proxy)} port {decision.request.port}"


def _route(decision: Decision) -> str:
    return f"{rule_words(decision)} sends it to {clusters_words(decision.clusters)}"


def _tcp(decision: Decision) -> str:
    return f"the connection itself goes to {clusters_words(decision.clusters)}, requests inside it are not read"


def _redirect(decision: Decision) -> str:
    return f"{rule_words(decision)} redirects to {quoted(decision.location or '')}"


def _direct_response(decision: Decision) -> str:
    return f"{rule_words(decision)} answers {decision.status} by itself"


def _requires_tls(decision: Decision) -> str:
    host = decision.virtual_host
    where = place_words(host.origin) if host is not None else ""
    return f"{where or 'the virtual host'} redirects plain HTTP to {quoted(decision.location or '')}"


def _preflight(decision: Decision) -> str:
    return f"the CORS policy of {rule_words(decision)} answers the preflight"


def _aborted(decision: Decision) -> str:
    return f"the fault of {rule_words(decision)} answers {decision.status} to every request"


def _no_clusters(decision: Decision) -> str:
    return f"{rule_words(decision)} names no destination that may be used, so Envoy answers {decision.status}"


def _cluster_missing(decision: Decision) -> str:
    name = clusters_words(decision.clusters)
    return f"{rule_words(decision)} sends it to {name}, which does not exist, so Envoy answers {decision.status}"


def _bad_request(decision: Decision) -> str:
    what = f"path {quoted(decision.path)}" if decision.path else f"authority {quoted(decision.authority)}"
    return f"Envoy refuses the {what} and answers 400"


def _no_virtual_host(decision: Decision) -> str:
    return f"no virtual host on {entry_words(decision)} is for {quoted(decision.authority)}, so Envoy answers 404"


def _no_route(decision: Decision) -> str:
    count = len(decision.virtual_host.routes) if decision.virtual_host is not None else 0
    rules = "its virtual host has no rules" if not count else f"none of the {count} rules of its virtual host fits"
    return f"{rules}, so Envoy answers 404"


def _no_listener(decision: Decision) -> str:
    ports = sorted({each.port for each in decision.table.listeners if not each.name.startswith("virtual")})
    offered = f" (ports: {', '.join(map(str, ports))})" if ports else ""
    return f"nothing listens on {entry_words(decision)}{offered}"


def _no_chain(decision: Decision) -> str:
    sni = decision.request.sni
    what = "plain text" if sni is None else f"TLS for {quoted(sni)}"
    chains = decision.listener.chains if decision.listener is not None else ()
    names = sorted({name for chain in chains for name in chain.match.server_names})
    shown = ", ".join(map(quoted, names[:5])) + (", …" if len(names) > 5 else "")
    offered = f" (it takes: {shown})" if names else ""
    return f"{entry_words(decision)} takes no connection with {what}{offered}"


def _plaintext_to_tls(decision: Decision) -> str:
    return f"{entry_words(decision)} speaks TLS, and the request comes in plain text"


def _tls_to_plaintext(decision: Decision) -> str:
    return f"{entry_words(decision)} reads plain text, and the request comes in TLS"


def _unknown(decision: Decision) -> str:
    unknown = decision.unknown
    if unknown is None:
        return "the model does not cover something on the way"
    named = unknown.origin is None or unknown.origin.resource in unknown.because
    where = "" if named else f" ({place_words(unknown.origin)})"
    return f"{unknown.feature}{where} may change the answer: {unknown.because}"


_SENTENCES: dict[str, Callable[[Decision], str]] = {
    "route": _route,
    "tcp": _tcp,
    "redirect": _redirect,
    "direct_response": _direct_response,
    "requires_tls": _requires_tls,
    "preflight": _preflight,
    "aborted": _aborted,
    "no_clusters": _no_clusters,
    "cluster_missing": _cluster_missing,
    "bad_request": _bad_request,
    "no_virtual_host": _no_virtual_host,
    "no_route": _no_route,
    "no_listener": _no_listener,
    "no_chain": _no_chain,
    "plaintext_to_tls": _plaintext_to_tls,
    "tls_to_plaintext": _tls_to_plaintext,
    "unknown": _unknown,
}
