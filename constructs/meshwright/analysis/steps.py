"""How a decision came about, told after the fact: only then is anything but the winner looked at."""

from collections.abc import Iterator
from typing import NamedTuple

from meshwright.analysis.decision import Decision
from meshwright.analysis.matching import Test, tests_of
from meshwright.analysis.paths import normalise
from meshwright.analysis.reasons import entry_words, route_words
from meshwright.analysis.subject import Subject, absolute
from meshwright.analysis.wording import (
    Value,
    clusters_words,
    condition_values,
    condition_words,
    fault_words,
    place_words,
    proxy_words,
    quoted,
    seconds,
)
from meshwright.traffic import Forward, Route

NEAR_MISSES = 5
"""Rules that are told of beside the winner."""


class RouteWords(NamedTuple):
    """What is told of one route again and again.

    Args:
        name: Where it was written, or what it is called.
        conditions: Test, words and the request's own value, one a condition.
        taken: The sentence for when it wins.
        patience: Timeout and retries.
    """

    name: str
    conditions: tuple[tuple[Test, str, Value], ...]
    taken: str
    patience: str


def steps_of(decision: Decision) -> tuple[str, ...]:
    """Return one sentence a step, from the connection to what the destination sees."""
    subject = _subject(decision)
    steps = [*_arrival(decision)]
    if decision.reason != "bad_request" and decision.configuration is not None:
        steps += _virtual_host(decision, subject)
    if subject is not None:
        steps += _rules(decision, subject)
    steps += _action(decision, subject)
    steps += _remarks(decision)
    return tuple(steps)


def _subject(decision: Decision) -> Subject | None:
    """Return the request as routes saw it."""
    if decision.configuration is None:
        return None
    request = decision.request
    authority, path = absolute(request)
    full_path = normalise(path, decision.table.path_normalisation)
    if full_path is None:
        return None
    edge = decision.table.proxy.type == "router"
    return Subject(request.method, authority, full_path, request.headers, request.scheme, edge)


def _arrival(decision: Decision) -> Iterator[str]:
    listener, chain = decision.listener, decision.chain
    if listener is None:
        if decision.configuration is None:
            yield f"no listener on {entry_words(decision)}"
        return
    name, proxy = listener.name or listener.port, proxy_words(decision.table.proxy)
    yield f"listener {name} of {proxy} takes port {decision.request.port}"
    if chain is None:
        yield f"none of its filter chains fits, there are {len(listener.chains)}"
        return
    if decision.request.sni is not None:
        ends = "is decrypted here" if chain.tls != "none" else "is passed on unread"
        written = place_words(chain.origin)
        yield f"TLS for {quoted(decision.request.sni)} {ends}" + (f", by {written}" if written else "")
    if chain.tls == "mutual":
        yield "the client has to show a certificate"


def _virtual_host(decision: Decision, subject: Subject | None) -> Iterator[str]:
    if subject is not None and subject.full_path != decision.request.path:
        yield f"path {quoted(decision.request.path)} is read as {quoted(subject.full_path)}"
    host, configuration = decision.virtual_host, decision.configuration
    authority = quoted(subject.authority if subject is not None else decision.request.authority)
    if host is not None:
        yield f"authority {authority} is for virtual host {host.name}, by domain {quoted(decision.domain)}"
    elif configuration is not None:
        known = [domain for each in configuration.virtual_hosts for domain in each.domains]
        shown = ", ".join(map(quoted, known[:NEAR_MISSES])) + (", …" if len(known) > NEAR_MISSES else "")
        yield f"no virtual host of {configuration.name} is for {authority} (there are: {shown or 'none'})"


def _rules(decision: Decision, subject: Subject) -> Iterator[str]:
    host = decision.virtual_host
    if host is None or decision.reason == "requires_tls":
        return
    missed: list[tuple[int, str]] = []
    winner: RouteWords | None = None
    for route in host.routes:
        words = _words(decision, route)
        if route is decision.route:
            winner = words
            break
        failed = failed_conditions(words, subject)
        missed.append((len(failed), f"not {words.name}: {'; '.join(failed)}"))
    nearest = range(len(missed))
    if len(missed) > NEAR_MISSES:
        nearest = sorted(sorted(nearest, key=lambda place: (missed[place][0], place))[:NEAR_MISSES])  # type: ignore[assignment]
    for place in nearest:
        yield missed[place][1]
    if len(missed) > NEAR_MISSES:
        yield f"nor {len(missed) - NEAR_MISSES} rules that fit less"
    if winner is not None:
        yield winner.taken


def failed_conditions(words: RouteWords, subject: Subject) -> list[str]:
    """Return what a route asks for and the request has not, with what it has instead."""
    return [f"{text}, but it is {value(subject)}" for test, text, value in words.conditions if not test(subject)]


def _words(decision: Decision, route: Route) -> RouteWords:
    words = decision.words.get(id(route))
    if words is None:
        texts = condition_words(route.match)
        conditions = tuple(zip(tests_of(route.match), texts, condition_values(route.match), strict=True))
        name = route_words(route)
        words = decision.words[id(route)] = RouteWords(
            name, conditions, f"{name} takes it: {'; '.join(texts)}", _patience(route)
        )
    return words


def _action(decision: Decision, subject: Subject | None) -> Iterator[str]:
    route = decision.route
    if decision.reason == "tcp":
        yield f"bytes go to {clusters_words(decision.clusters)}"
    if route is None or not isinstance(route.action, Forward) or decision.outcome != "route":
        return
    if subject is not None and decision.path != subject.full_path:
        yield f"path is rewritten to {quoted(decision.path)}"
    if subject is not None and decision.authority != subject.authority:
        yield f"authority is rewritten to {quoted(decision.authority)}"
    if route.fault is not None:
        yield from (f"fault: {each}" for each in fault_words(route.fault))
        if route.fault.delay is not None and decision.timeout is not None:
            yield "the timeout does not count that wait"
    for mirror in decision.mirrors:
        yield f"{mirror.percent:g} % are copied to {mirror.cluster}"
    yield _words(decision, route).patience


def _patience(route: Route) -> str:
    action = route.action
    if not isinstance(action, Forward):
        return ""
    timeout = f"timeout {seconds(action.timeout)}" if action.timeout else "no timeout"
    policy = action.retries
    if policy is None or not policy.attempts:
        return f"{timeout}, no retries"
    each = f", {seconds(policy.per_try_timeout)} a try" if policy.per_try_timeout else ""
    return f"{timeout}, up to {policy.attempts} retries{each} on {policy.retry_on}"


def _remarks(decision: Decision) -> Iterator[str]:
    clusters = decision.table.clusters
    for each in decision.clusters:
        cluster = clusters.get(each.name)
        if cluster is None and clusters:
            yield f"{each.name} does not exist: no Service, ServiceEntry or subset in the manifests makes it"
        elif cluster is not None and cluster.endpoints == 0:
            yield f"no workload of the manifests stands behind {each.name}; without one Envoy answers 503"
    if decision.unknown is not None:
        yield f"{decision.unknown.feature} is not modelled: {decision.unknown.because}"
