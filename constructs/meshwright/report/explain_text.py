"""Decisions as text for a terminal: the answer first, then where it was written, then why."""

from collections.abc import Iterable, Iterator, Sequence

from meshwright.analysis.decision import Decision
from meshwright.analysis.wording import fault_words, seconds
from meshwright.report.explain_json import decision_json, winning_origin
from meshwright.report.printable import visible_line
from meshwright.traffic import Origin, Request

_LABEL = 9


def decisions_text(decisions: Sequence[Decision]) -> str:
    """Return the answers to one request; proxies that give the same answer share it."""
    lines = [*_request(decisions[0].request)]
    for proxies, decision in _grouped(decisions):
        lines += ["", *_answer(decision), *_facts(decision), _fact("at", ", ".join(proxies)), "", "why"]
        lines += [f"{number:>3}. {step}" for number, step in enumerate(decision.steps, 1)]
        lines += [f"  => {decision.because}"]
    return "\n".join(map(visible_line, lines)) + "\n"


def _grouped(decisions: Iterable[Decision]) -> Iterator[tuple[list[str], Decision]]:
    groups: dict[str, tuple[list[str], Decision]] = {}
    for decision in decisions:
        facts = {
            key: value for key, value in decision_json(decision).items() if key not in ("proxy", "steps", "because")
        }
        groups.setdefault(repr(facts), ([], decision))[0].append(str(decision.table.proxy))
    return iter(groups.values())


def _request(request: Request) -> Iterator[str]:
    yield f"{request.method} {request.scheme}://{request.authority}{request.path}"
    yield from (f"    {name}: {value}" for name, value in request.headers)


def _answer(decision: Decision) -> Iterator[str]:
    if decision.clusters:
        total = sum(each.weight for each in decision.clusters)
        for place, each in enumerate(decision.clusters):
            share = f"  {100 * each.weight / total:.4g} %" if len(decision.clusters) > 1 and total else ""
            yield f"{'->' if not place else '  '} {each.name}{share}"
        if decision.status is not None:
            yield f"   answered {decision.status} by Envoy"
    elif decision.location is not None:
        yield f"-> {decision.status} {decision.location}"
    elif decision.status is not None:
        yield f"-> {decision.status} by Envoy itself"
    else:
        yield f"-> {decision.outcome.replace('_', ' ')}"


def _facts(decision: Decision) -> Iterator[str]:
    origin = winning_origin(decision)
    if origin is not None:
        yield _fact("rule", origin_text(origin))
    if decision.outcome != "route" or decision.reason == "tcp":
        return
    if decision.path != decision.request.path:
        yield _fact("path", decision.path)
    if decision.authority != decision.request.authority:
        yield _fact("authority", decision.authority)
    if decision.timeout is not None:
        yield _fact("timeout", seconds(decision.timeout))
    if decision.retries is not None:
        yield _fact("retries", str(decision.retries.attempts))
    for words in fault_words(decision.fault) if decision.fault is not None else ():
        yield _fact("fault", words)
    for mirror in decision.mirrors:
        yield _fact("mirror", f"{mirror.percent:g} % to {mirror.cluster}")


def _fact(label: str, value: str) -> str:
    return f"   {label:<{_LABEL}} {value}"


def origin_text(origin: Origin) -> str:
    """Return ``VirtualService shop/cart spec.http[1]  (dist/shop.k8s.yaml:12)``."""
    what = f"{origin.resource} {origin.field}".rstrip()
    place = origin.place
    return f"{what}  ({place.file}:{place.line_of(origin.field)})" if place is not None and place.file else what
