"""What a route that took a request does with it: fault, preflight, redirect, direct response or destination.

The order is that of istiod's filters: faults, then CORS, then the route's action.
"""

from meshwright.analysis.decision import Outcome, Reason
from meshwright.analysis.matching import matches_value
from meshwright.analysis.rewriting import location, rewritten
from meshwright.analysis.subject import Subject
from meshwright.traffic import (
    CorsPolicy,
    DirectResponse,
    Fault,
    Forward,
    NoAction,
    Redirect,
    Route,
    RouteTable,
    StringMatch,
)

Answer = tuple[Outcome, Reason, int | None, str, str, str | None]
"""Outcome, reason, status, path, authority and Location."""


def answer(table: RouteTable, route: Route, subject: Subject) -> Answer:
    """Return what Envoy does with a request that ``route`` took."""
    action = route.action
    path, authority = subject.full_path, subject.authority
    if route.fault is not None and (status := _certain_abort(route.fault)) is not None:
        outcome: Outcome = "route" if isinstance(action, Forward) else "direct_response"
        return outcome, "aborted", status, path, authority, None
    if isinstance(action, Redirect):
        return "redirect", "redirect", action.status, path, authority, location(subject, route.match.path, action)
    if isinstance(action, DirectResponse):
        return "direct_response", "direct_response", action.status, path, authority, None
    if isinstance(action, NoAction):
        return "route", "no_clusters", 500, path, authority, None
    if route.cors is not None and subject.method == "OPTIONS" and is_answered_preflight(route.cors, subject):
        return "direct_response", "preflight", 200, path, authority, None
    reason, status = _without_destination(table, action)
    path = rewritten(path, route.match.path, action.prefix_rewrite, action.regex_rewrite)
    return "route", reason, status, path, _authority(action, authority), None


def _certain_abort(fault: Fault) -> int | None:
    abort = fault.abort
    if abort is None or abort.percent < 100:
        return None
    return abort.http_status if abort.http_status is not None else 200


def _without_destination(table: RouteTable, action: Forward) -> tuple[Reason, int | None]:
    if not action.clusters:
        return "no_clusters", 500
    clusters = table.clusters
    if clusters and all(
        each.name not in clusters for each in action.clusters if each.weight or len(action.clusters) == 1
    ):
        return "cluster_missing", action.cluster_not_found_status or 503
    return "route", None


def _authority(action: Forward, authority: str) -> str:
    """Return the new authority: the route's, else the one that all destinations share, else the client's."""
    own = {each.host_rewrite for each in action.clusters}
    shared = own.pop() if len(own) == 1 else None
    return action.host_rewrite or shared or authority


def is_answered_preflight(policy: CorsPolicy, subject: Subject) -> bool:
    """Tell whether Envoy answers this OPTIONS request itself.

    Source: Envoy docs, "CORS"; a preflight of an origin that is not allowed is forwarded unless the policy says no.
    """
    origin = subject.headers.get("origin", ("",))[0]
    if not origin or not subject.headers.get("access-control-request-method", ("",))[0]:
        return False
    allowed = any(_allows(each, origin) for each in policy.allow_origins)
    return allowed or policy.forward_not_matching_preflights is False


def _allows(allowed: StringMatch, origin: str) -> bool:
    holds = matches_value(allowed)
    return holds("*") or holds(origin)
