"""HTTP rules of a VirtualService. Source: Istio reference, "Virtual Service", HTTPRoute."""

from collections.abc import Callable, Mapping
from typing import Any

from meshwright.checks.validation.destinations import destination_faults, route_faults
from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.headers import authority_faults, header_faults, matched_name_flaw
from meshwright.checks.validation.http_actions import (
    cors_faults,
    direct_response_faults,
    fault_faults,
    redirect_faults,
    retry_faults,
    rewrite_faults,
)
from meshwright.checks.validation.names import gateway_faults, is_dns_label, label_faults
from meshwright.checks.validation.numbers import number
from meshwright.checks.validation.values import duration_flaw, port_flaw, regex_flaw
from meshwright.frontends.istio.objects import entries, integer, section, text, texts

_ALONE = ("delegate", "redirect", "directResponse", "fault", "rewrite")
_PLAIN = frozenset({"name", "match", "route", "timeout", "retries", "headers"})
"""Fields that have nothing against each other."""

_PARTS: dict[str, Callable[[str, Mapping[str, Any]], Faults]] = {
    "corsPolicy": cors_faults,
    "directResponse": direct_response_faults,
    "fault": fault_faults,
    "headers": header_faults,
    "mirror": destination_faults,
    "retries": retry_faults,
    "rewrite": rewrite_faults,
}


def http_faults(path: str, rule: Mapping[str, Any], *, delegate: bool, complete: bool) -> Faults:
    """Find what istiod has against an HTTP rule.

    Args:
        path: Of the rule.
        rule: As written.
        delegate: It belongs to a VirtualService without hosts.
        complete: It belongs to an object that was made of the Gateway API.
    """
    plain = _PLAIN.issuperset(rule)
    if not plain or not rule.get("route"):
        yield from _conflicts(path, rule, delegate)
    matches = entries(rule.get("match"))
    for place, match in enumerate(matches):
        yield from _match_faults(f"{path}.match[{place}]", section(match))
    yield from route_faults(path, rule, complete=complete)
    for field, value in rule.items():
        judge = _PARTS.get(field)
        if judge is not None and isinstance(value, dict):
            yield from judge(f"{path}.{field}", value)
    if "timeout" in rule:
        yield from at(f"{path}.timeout", duration_flaw(rule["timeout"]))
    if "rewrite" in rule or "headers" in rule:
        yield from authority_faults(path, section(rule.get("rewrite")), rule.get("headers"))
    if not plain:
        if isinstance(rule.get("redirect"), dict):
            yield from redirect_faults(f"{path}.redirect", rule["redirect"], matches)
        yield from _mirror_faults(path, rule)


def _conflicts(path: str, rule: Mapping[str, Any], delegate: bool) -> Faults:
    has = {
        field: isinstance(rule.get(field), dict)
        for field in ("delegate", "redirect", "directResponse", "fault", "rewrite")
    }
    routes = bool(entries(rule.get("route")))
    if has["delegate"] and not delegate:
        for field, given in (("redirect", has["redirect"]), ("route", routes)):
            if given:
                remedy = f"Keep delegate or {field}."
                yield Fault(f"{path}.{field}", f"a rule that delegates has a {field} of its own", remedy)
        return
    if has["delegate"]:
        wrong = "a delegate delegates again"
        yield Fault(f"{path}.delegate", wrong, "Move the rules of the second delegate here.")
    answer = "redirect" if has["redirect"] else "directResponse" if has["directResponse"] else ""
    if answer:
        others = {"route": routes, "fault": has["fault"], "rewrite": has["rewrite"]}
        if answer == "redirect":
            others["directResponse"] = has["directResponse"]
        for field, given in others.items():
            if given:
                yield Fault(f"{path}.{field}", f"the rule has a {answer} and a {field}", f"Keep {answer} or {field}.")
    elif not routes:
        wrong = "the rule leads nowhere"
        yield Fault(f"{path}.route", wrong, "Give it a route, a redirect or a directResponse.")
    if isinstance(rule.get("mirror"), dict) and rule.get("mirrors"):
        yield Fault(f"{path}.mirror", "the rule has mirror and mirrors", "Move the mirror into mirrors.")


def _match_faults(path: str, match: Mapping[str, Any]) -> Faults:
    for field, value in match.items():
        where = f"{path}.{field}"
        if field in ("headers", "withoutHeaders", "queryParams"):
            for name, condition in section(value).items():
                if field != "queryParams":
                    yield from at(f"{where}.{name}", matched_name_flaw(name))
                if field != "withoutHeaders" or section(condition).get("regex") != "*":
                    yield from _string_faults(f"{where}.{name}", condition)
        elif field in ("uri", "scheme", "method", "authority"):
            yield from _string_faults(where, value, prefix=field != "uri")
        elif field == "port" and integer(value):
            yield from at(where, port_flaw(integer(value)))
        elif field == "sourceLabels":
            yield from label_faults(where, section(value))
        elif field == "gateways":
            yield from gateway_faults(where, texts(value))
        elif field == "sourceNamespace" and text(value) and not is_dns_label(text(value)):
            yield Fault(where, f'"{value}" is no namespace', "Use letters, digits and hyphens.")


def _string_faults(path: str, condition: object, *, prefix: bool = True) -> Faults:
    asked = section(condition)
    if prefix and asked.get("prefix") == "":
        yield Fault(f"{path}.prefix", "the prefix is empty", "Give one, or remove the condition.")
    if asked.get("regex") == "":
        yield Fault(f"{path}.regex", "the regular expression is empty", "Give one, or remove the condition.")
    elif "regex" in asked:
        yield from at(f"{path}.regex", regex_flaw(text(asked["regex"])))


def _mirror_faults(path: str, rule: Mapping[str, Any]) -> Faults:
    for place, mirror in enumerate(map(section, entries(rule.get("mirrors")))):
        where = f"{path}.mirrors[{place}]"
        if not isinstance(mirror.get("destination"), dict):
            yield Fault(f"{where}.destination", "a mirror has no destination", "Name its host.")
            continue
        yield from destination_faults(f"{where}.destination", mirror["destination"])
        yield from _percentage_faults(f"{where}.percentage", mirror.get("percentage"))
    yield from _percentage_faults(f"{path}.mirrorPercentage", rule.get("mirrorPercentage"))
    for old in ("mirrorPercent", "mirror_percent"):
        if rule.get(old) is None:
            continue
        if integer(rule[old]) > 100:
            yield Fault(f"{path}.{old}", f"{rule[old]} is no percentage", "Give 0 to 100.")
        yield Fault(f"{path}.{old}", f"{old} is deprecated", "Use mirrorPercentage.", warning=True, told_by="MW830")


def _percentage_faults(path: str, percentage: object) -> Faults:
    value = number(section(percentage).get("value"))
    if not 0 <= value <= 100:
        yield Fault(f"{path}.value", f"{value} is no percentage", "Give 0 to 100.")
