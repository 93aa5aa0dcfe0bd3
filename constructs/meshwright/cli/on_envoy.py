"""What a real Envoy says to requests that the model has decided."""

from meshwright.analysis.decision import Decision
from meshwright.envoy.ask import EnvoyAnswer, RealEnvoy
from meshwright.report.printable import visible_line
from meshwright.traffic import RouteTable


def differences(decisions: list[Decision]) -> list[str]:
    """Return one line a decision with which Envoy disagrees; what the model does not know is not compared."""
    known = [each for each in decisions if each.outcome != "unknown"]
    tables: dict[int, RouteTable] = {id(each.table): each.table for each in known}
    if not tables:
        return []
    places = {key: place for place, key in enumerate(tables)}
    found = []
    with RealEnvoy(*tables.values()) as envoy:
        for decision in known:
            answer = envoy.request(decision.request, places[id(decision.table)])
            found += [
                f"{decision.request.method} {decision.request.authority}{decision.request.path}: {each}"
                for each in _disagreements(decision, answer)
            ]
    return found


def _disagreements(decision: Decision, answer: EnvoyAnswer) -> list[str]:
    told: list[tuple[str, object, object]] = []
    fault = decision.fault
    aborted = fault is not None and fault.abort is not None and answer.status == fault.abort.http_status
    if decision.route is not answer.route and decision.reason not in ("preflight", "tcp", "aborted"):
        told.append(("route", decision.route and decision.route.origin, answer.route and answer.route.origin))
    if decision.location != answer.location:
        told.append(("location", decision.location, answer.location))
    if decision.status is not None and decision.status != answer.status:
        told.append(("status", decision.status, answer.status))
    if decision.outcome == "route" and decision.status is None and not aborted:
        known = decision.table.clusters
        names = {each.name for each in decision.clusters if not known or each.name in known or decision.reason != "tcp"}
        missing = bool(known) and any(each.name not in known for each in decision.clusters)
        lost = missing and answer.status == 503 and not answer.cluster  # the one that was chosen does not exist
        if answer.cluster not in (names or {""}) and not lost:
            told.append(
                ("cluster", " or ".join(sorted(names)) or "none", answer.cluster or f"none (status {answer.status})")
            )
        elif answer.upstream is not None and decision.reason == "route" and answer.upstream["path"] != decision.path:
            told.append(("path", decision.path, answer.upstream["path"]))
    return [visible_line(f"{what}: the model says {ours}, the real Envoy {theirs}") for what, ours, theirs in told]
