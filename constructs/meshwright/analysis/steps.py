"""How a decision came about, told after the fact: only then is anything but the winner looked at."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from meshwright.analysis.decision import Decision
from meshwright.analysis.matching import Test, tests_of
from meshwright.analysis.reasons import entry_words, route_words
from meshwright.analysis.subject import Subject
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
from meshwright.traffic import Forward, Route, RouteTable, WeightedCluster

NEAR_MISSES = 5
"""Rules that are told of beside the winner."""


class RouteWords(NamedTuple):
    """What is told of one route again and again.

    Args:
        name: Where it was written, or what it is called.
        conditions: Test, words and the request's own value, one a condition.
        taken: The sentence for when it wins.
        ending: What follows when it sends a request on: faults, mirrors, timeout and retries, what is amiss with
            destinations.
    """

    name: str
    conditions: tuple[tuple[Test, str, Value], ...]
    taken: str
    ending: tuple[str, ...]


def steps_of(decision: Decision) -> tuple[str, ...]:
    """Return one sentence a step, from the connection to what the destination sees."""
    subject = decision.subject
    steps = _arrival(decision)
    if decision.configuration is not None and decision.reason != "bad_request":
        steps += _virtual_host(decision, subject)
    if subject is not None:
        steps += _rules(decision, subject)
    if decision.outcome == "route":
        steps += _action(decision, subject)
    if decision.unknown is not None:
        steps.append(f"{decision.unknown.feature} is not modelled: {decision.unknown.because}")
    return tuple(steps)


def _arrival(decision: Decision) -> list[str]:
    listener, chain = decision.listener, decision.chain
    if listener is None:
        return [f"no listener on {entry_words(decision)}"] if decision.configuration is None else []
    name, proxy = listener.name or listener.port, proxy_words(decision.table.proxy)
    steps = [f"listener {name} of {proxy} takes port {decision.request.port}"]
    if chain is None:
        return [*steps, f"none of its filter chains fits, there are {len(listener.chains)}"]
    if decision.request.sni is not None:
        ends = "is decrypted here" if chain.tls != "none" else "is passed on unread"
        written = place_words(chain.origin)
        steps.append(f"TLS for {quoted(decision.request.sni)} {ends}" + (f", by {written}" if written else ""))
    if chain.tls == "mutual":
        steps.append("the client has to show a certificate")
    return steps


def _virtual_host(decision: Decision, subject: Subject | None) -> list[str]:
    steps = []
    if subject is not None and subject.full_path != decision.request.path:
        steps.append(f"path {quoted(decision.request.path)} is read as {quoted(subject.full_path)}")
    host, configuration = decision.virtual_host, decision.configuration
    authority = quoted(subject.authority if subject is not None else decision.request.authority)
    if host is not None:
        steps.append(f"authority {authority} is for virtual host {host.name}, by domain {quoted(decision.domain)}")
    elif configuration is not None:
        known = [domain for each in configuration.virtual_hosts for domain in each.domains]
        shown = ", ".join(map(quoted, known[:NEAR_MISSES])) + (", …" if len(known) > NEAR_MISSES else "")
        steps.append(f"no virtual host of {configuration.name} is for {authority} (there are: {shown or 'none'})")
    return steps


def _rules(decision: Decision, subject: Subject) -> list[str]:
    host, winner = decision.virtual_host, decision.route
    if host is None or decision.reason == "requires_tls":
        return []
    missed: list[tuple[str, list[tuple[Test, str, Value]]]] = []
    for route in host.routes:
        if route is winner:
            break
        words = _words(decision, route)
        missed.append((words.name, [each for each in words.conditions if not each[0](subject)]))
    nearest = missed
    if len(missed) > NEAR_MISSES:
        places = sorted(range(len(missed)), key=lambda place: len(missed[place][1]))[:NEAR_MISSES]
        nearest = [missed[place] for place in sorted(places)]
    steps = [f"not {name}: {failed_words(failed, subject)}" for name, failed in nearest]
    if len(missed) > NEAR_MISSES:
        steps.append(f"nor {len(missed) - NEAR_MISSES} rules that fit less")
    if winner is not None:
        steps.append(_words(decision, winner).taken)
    return steps


def failed_words(conditions: Iterable[tuple[Test, str, Value]], subject: Subject) -> str:
    """Return what a route asks for and the request has not, with what it has instead."""
    return "; ".join([f"{text}, but it is {value(subject)}" for _, text, value in conditions])


def _words(decision: Decision, route: Route) -> RouteWords:
    words = decision.words.get(id(route))
    if words is None:
        texts = condition_words(route.match)
        conditions = tuple(zip(tests_of(route.match), texts, condition_values(route.match), strict=True))
        name = route_words(route)
        taken = f"{name} takes it: {'; '.join(texts)}"
        words = decision.words[id(route)] = RouteWords(name, conditions, taken, _ending(decision.table, route))
    return words


def _action(decision: Decision, subject: Subject | None) -> list[str]:
    if decision.reason == "tcp":
        return [f"bytes go to {clusters_words(decision.clusters)}", *_amiss(decision.table, decision.clusters)]
    if decision.route is None:
        return []
    steps = []
    if subject is not None and decision.path != subject.full_path:
        steps.append(f"path is rewritten to {quoted(decision.path)}")
    if subject is not None and decision.authority != subject.authority:
        steps.append(f"authority is rewritten to {quoted(decision.authority)}")
    return [*steps, *_words(decision, decision.route).ending]


def _ending(table: RouteTable, route: Route) -> tuple[str, ...]:
    action, fault = route.action, route.fault
    if not isinstance(action, Forward):
        return ()
    steps = [f"fault: {each}" for each in fault_words(fault)] if fault is not None else []
    if fault is not None and fault.delay is not None and action.timeout:
        steps.append("the timeout does not count that wait")
    steps += [f"{mirror.percent:g} % are copied to {mirror.cluster}" for mirror in action.mirrors]
    return (*steps, _patience(action), *_amiss(table, action.clusters))


def _patience(action: Forward) -> str:
    timeout = f"timeout {seconds(action.timeout)}" if action.timeout else "no timeout"
    policy = action.retries
    if policy is None or not policy.attempts:
        return f"{timeout}, no retries"
    each = f", {seconds(policy.per_try_timeout)} a try" if policy.per_try_timeout else ""
    return f"{timeout}, up to {policy.attempts} retries{each} on {policy.retry_on}"


def _amiss(table: RouteTable, destinations: Iterable[WeightedCluster]) -> Iterator[str]:
    """Yield what keeps destinations from answering."""
    for each in destinations:
        cluster = table.clusters.get(each.name)
        if cluster is None and table.clusters:
            yield f"{each.name} does not exist: no Service, ServiceEntry or subset in the manifests makes it"
        elif cluster is not None and cluster.endpoints == 0:
            yield f"no workload of the manifests stands behind {each.name}; without one Envoy answers 503"
