"""kiali: the objects that Kiali's checkers name, beside ours, with the file taken for the whole cluster."""

from collections.abc import Iterator
from typing import Any

from benchmarks.conformance.corpus import load, text
from benchmarks.conformance.verdict import Verdict, compare, each
from meshwright.checks import Inventory, check_mesh
from meshwright.checks.rules import CHECKS
from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read_text

QUESTIONS = {
    "virtualservices/subset_presence_checker": ("MW104",),
    "authorization/mtls_enabled_checker": ("MW503",),
    "destinationrules/disabled_meshwide_mtls_checker": ("MW403",),
    "peerauthentications/disabled_namespacewide_checker": ("MW403",),
    "peerauthentications/disabled_meshwide_checker": ("MW403",),
    "common/export_to_namespace_checker": (),
}
"""Our codes for the question of each checker."""

_OFF = "a mesh with automatic mutual TLS switched off is not asked about"
_CLIENTS = (
    "clients that a DestinationRule keeps from mutual TLS are told at the DestinationRule, where there is a Service"
)
REASONS = {f"authorization-mtls-enabled-checker-{number}": _CLIENTS for number in (10, 15, 16, 17, 22)}
REASONS["virtualservices-subset-presence-matching-subsets-half-fqdn"] = "istiod completes no host that has a dot"
"""Why the answers differ."""

UNREADABLE = ("authorization-mtls-enabled-checker-19", "authorization-mtls-enabled-checker-22")
"""Inputs with a Service that has no name, which no cluster takes and reading refuses."""


def judge() -> Iterator[Verdict]:
    """Compare what each checker says with what our checks for its question say."""
    return each(load("kiali/cases.json")["cases"], _judge)


def _judge(case: dict[str, Any]) -> Verdict:
    if case["id"].startswith(UNREADABLE):
        return Verdict(case["id"], "unknown", because="a Service without a name is refused when it is read")
    codes = QUESTIONS[case["checker"]]
    if not codes:
        return Verdict(case["id"], "unknown", because="no check asks this question")
    resources = read_text(text(f"kiali/inputs/{case['file']}"))
    findings = check_mesh(Inventory(compile_mesh(resources, MeshOptions()), complete=True), CHECKS)
    places = sorted({_path(finding.origin.field) for finding in findings if finding.code in codes})
    expected = sorted({finding["path"] or "" for finding in case.get("expected", [])})
    if not all(expected) or codes != QUESTIONS["virtualservices/subset_presence_checker"]:
        return compare(case["id"], bool(expected), bool(places), _because(case))
    return compare(case["id"], expected, places, _because(case))


def _because(case: dict[str, Any]) -> tuple[str, ...]:
    if case.get("auto_mtls") is False:
        return (_OFF,)
    reason = REASONS.get(case["id"])
    return (reason,) if reason else ()


def _path(field: str) -> str:
    """Return a field in Kiali's notation."""
    return field.replace(".", "/")
