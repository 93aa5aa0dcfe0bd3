"""kiali: the objects that Kiali's checkers name, beside ours, with the file taken for the whole cluster."""

import json
from collections.abc import Iterator
from typing import Any

import yaml

from benchmarks.conformance.corpus import load, text
from benchmarks.conformance.settled import verdict
from benchmarks.conformance.verdict import Verdict, each
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
    "common/export_to_namespace_checker": ("MW108",),
}
"""Our codes for the question of each checker."""


def judge() -> Iterator[Verdict]:
    """Compare what each checker says with what our checks for its question say."""
    return each(load("kiali/cases.json")["cases"], _judge)


def _judge(case: dict[str, Any]) -> Verdict:
    codes = QUESTIONS[case["checker"]]
    findings = check_mesh(_inventory(case), CHECKS)
    places = sorted({_path(finding.origin.field) for finding in findings if finding.code in codes})
    expected = sorted({finding["path"] or "" for finding in case.get("expected", [])})
    if not all(expected):
        return verdict("kiali", case["id"], bool(expected), bool(places))
    return verdict("kiali", case["id"], expected, places)


def _inventory(case: dict[str, Any]) -> Inventory:
    """Read a case; it may tell which namespaces there are, and whether mutual TLS is automatic."""
    resources = [_named(each) for each in yaml.safe_load_all(text(f"kiali/inputs/{case['file']}")) if each]
    resources += [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        for name in case.get("context", {}).get("namespaces", [])
    ]
    settings = {} if case.get("auto_mtls") is None else {"enableAutoMtls": case["auto_mtls"]}
    written = "\n---\n".join(json.dumps(each) for each in resources)
    return Inventory(compile_mesh(read_text(written), MeshOptions(mesh_config=settings)), complete=True)


def _named(body: dict[str, Any]) -> dict[str, Any]:
    """Give a Service that has no name, which no cluster takes, the one that its label tells, beside the workloads."""
    metadata = body["metadata"]
    if "name" in metadata:
        return body
    return {**body, "metadata": {"name": metadata["labels"]["service"], "namespace": "bookinfo", **metadata}}


def _path(field: str) -> str:
    """Return a field in Kiali's notation."""
    return field.replace(".", "/")
