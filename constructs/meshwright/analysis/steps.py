"""How a decision came about, told after the fact: only then is anything but the winner looked at."""

from collections.abc import Iterator

from meshwright.analysis.decision import Decision
from meshwright.analysis.matching import tests_of
from meshwright.analysis.paths import normalise, without_query
from meshwright.analysis.reasons import entry_words, rule_words
from meshwright.analysis.subject import Subject, absolute
from meshwright.analysis.wording import clusters_words, condition_words, fault_words, place_words, quoted, seconds
from meshwright.traffic import Forward, Route

NEAR_MISSES = 5
"""Rules that are told of beside the winner."""


def steps_of(decision: Decision) -> tuple[str, ...]:
    """Return one sentence a step, from the connection to what the destination sees."""
    return (
        *_arrival(decision),
        *_virtual_host(decision),
        *_rules(decision),
        *_action(decision),
        *_remarks(decision),
    )


def _arrival(decision: Decision) -> Iterator[str]:
    listener, chain = decision.listener, decision.chain
    if listener is None:
        if decision.configuration is None:
            yield f"no listener on {entry_words(decision)}"
        return
    yield f"listener {listener.name or listener.port} of {decision.table.proxy} takes port {decision.request.port}"
    if chain is None:
        yield f"none of its {len(listener.chains)} filter chains fits"
        return
    if decision.request.sni is not None:
        ends = "is decrypted here" if chain.tls != "none" else "is passed on unread"
        written = place_words(chain.origin)
        yield f"TLS for {quoted(decision.request.sni)} {ends}" + (f", by {written}" if written else "")
    if chain.tls == "mutual":
        yield "the client has to show a certificate"


def _virtual_host(decision: Decision) -> Iterator[str]:
    if decision.reason == "bad_request":
        return
    sent = _sent_path(decision)
    if decision.path and sent is not None:
        yield sent
    host, configuration = decision.virtual_host, decision.configuration
    if host is not None:
        authority, domain = quoted(decision.request.authority), quoted(decision.domain)
        yield f"authority {authority} is for virtual host {host.name}, by domain {domain}"
    elif configuration is not None:
        known = [domain for each in configuration.virtual_hosts for domain in each.domains]
        shown = ", ".join(map(quoted, known[:NEAR_MISSES])) + (", …" if len(known) > NEAR_MISSES else "")
        authority = quoted(decision.authority)
        yield f"no virtual host of {configuration.name} is for {authority} (there are: {shown or 'none'})"


def _sent_path(decision: Decision) -> str | None:
    subject = _subject(decision)
    if subject is None or subject.full_path == decision.request.path:
        return None
    return f"path {quoted(decision.request.path)} is read as {quoted(subject.full_path)}"


def _subject(decision: Decision) -> Subject | None:
    """Return the request as routes saw it; rewrites are not undone but made again from the start."""
    authority, path = absolute(decision.request)
    full_path = normalise(path, decision.table.path_normalisation)
    if full_path is None:
        return None
    request, edge = decision.request, decision.table.proxy.type == "router"
    return Subject(request.method, authority, full_path, request.headers, request.scheme, edge)


def _rules(decision: Decision) -> Iterator[str]:
    host, subject = decision.virtual_host, _subject(decision)
    if host is None or subject is None or decision.reason == "requires_tls":
        return
    before = host.routes if decision.route is None else host.routes[: _position(host.routes, decision.route)]
    missed = [(failed_conditions(route, subject), route) for route in before]
    nearest = sorted(range(len(missed)), key=lambda place: (len(missed[place][0]), place))[:NEAR_MISSES]
    for place in sorted(nearest):
        failed, route = missed[place]
        yield f"not {_name(route)}: {'; '.join(failed)}"
    if len(missed) > len(nearest):
        yield f"and {len(missed) - len(nearest)} rules before it that fit less"
    if decision.route is not None:
        conditions = "; ".join(condition_words(decision.route.match))
        yield f"{rule_words(decision)} takes it: {conditions}"


def _position(routes: tuple[Route, ...], route: Route) -> int:
    return next(place for place, each in enumerate(routes) if each is route)


def _name(route: Route) -> str:
    return place_words(route.origin) or (f"route {quoted(route.name)}" if route.name else "a default route")


def failed_conditions(route: Route, subject: Subject) -> tuple[str, ...]:
    """Return what ``route`` asks for and the request has not, with what it has instead."""
    words = condition_words(route.match)
    failed = [text for text, test in zip(words, tests_of(route.match), strict=True) if not test(subject)]
    return tuple(f"{text} — it is {_actual(text, subject)}" for text in failed)


def _actual(text: str, subject: Subject) -> str:
    """Return the request's own value of what a condition is about."""
    kind, _, rest = text.partition(" ")
    if kind == "path":
        return quoted(without_query(subject.full_path))
    if kind == "header":
        values = subject.headers.get(rest.partition(" ")[0].lower())
        return "absent" if values is None else " and ".join(map(quoted, values))
    if kind == "query":
        value = subject.query.get(rest.removeprefix("parameter ").partition(" ")[0])
        return "absent" if value is None else quoted(value)
    if kind == "token":
        return "absent"
    values = subject.headers.get(f":{kind}")
    return "absent" if values is None else quoted(values[0])


def _action(decision: Decision) -> Iterator[str]:
    route = decision.route
    if decision.reason == "tcp":
        yield f"bytes go to {clusters_words(decision.clusters)}"
    if route is None or not isinstance(route.action, Forward) or decision.outcome != "route":
        return
    subject = _subject(decision)
    if subject is not None and decision.path != subject.full_path:
        yield f"path is rewritten to {quoted(decision.path)}"
    if subject is not None and decision.authority != subject.authority:
        yield f"authority is rewritten to {quoted(decision.authority)}"
    if route.fault is not None:
        yield from (f"fault: {each}" for each in fault_words(route.fault))
    for mirror in decision.mirrors:
        yield f"{mirror.percent:g} % are copied to {mirror.cluster}"
    yield _patience(decision)


def _patience(decision: Decision) -> str:
    timeout = "no timeout" if decision.timeout is None else f"timeout {seconds(decision.timeout)}"
    policy = decision.retries
    if policy is None:
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
        unknown = decision.unknown
        yield f"{unknown.feature} is not modelled: {unknown.because}"
