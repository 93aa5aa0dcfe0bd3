"""validate: which objects a cluster takes, by the schemas of the CRDs and by istiod's admission webhook."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from benchmarks.conformance.corpus import load, text
from benchmarks.conformance.verdict import Verdict, compare, each
from meshwright.checks import Inventory, check_mesh
from meshwright.checks.admission import judged
from meshwright.checks.rules import refused_by_istiod, schema
from meshwright.checks.schemas import refusals
from meshwright.checks.validation import faults
from meshwright.frontends import compile_mesh
from meshwright.manifests.nodes import read
from meshwright.manifests.resource import Resource


def judge() -> Iterator[Verdict]:
    """Compare the verdicts of the schema, then those of istiod."""
    yield from each(load("validate/crd.json")["cases"], _judge_schema)
    yield from each(load("validate/webhook.json")["cases"], _judge_webhook)


def _judge_schema(case: dict[str, Any]) -> Verdict:
    ours = _verdict(bool(refusals(_inventory(case))))
    return compare(f"crd/{case['id']}", case["expect"], ours)


def _judge_webhook(case: dict[str, Any]) -> Verdict:
    """Compare what istiod says by itself, what the schema says before it, and whether the checks tell either."""
    recorded = {
        "istiod": case["expect"],
        "warned": bool(case.get("warnings")),
        "schema": case["crd"]["expect"],
        "told": _verdict("invalid" in (case["expect"], case["crd"]["expect"])),
    }
    inventory = _inventory(case)
    found = faults(judged(inventory.mesh.resources[0]))
    ours = {
        "istiod": _verdict(any(not fault.warning for fault in found)),
        "warned": any(fault.warning for fault in found),
        "schema": _verdict(bool(refusals(inventory))),
        "told": _verdict(bool(check_mesh(inventory, (schema.CHECK, refused_by_istiod.CHECK)))),
    }
    return compare(f"webhook/{case['id']}", recorded, ours)


def _verdict(refused: bool) -> str:
    return "invalid" if refused else "valid"


def _inventory(case: dict[str, Any]) -> Inventory:
    body = _documents(case["file"])[case["index"]]
    metadata = body.get("metadata") or {}
    name, namespace = str(metadata.get("name") or "case"), str(metadata.get("namespace") or "")
    return Inventory(compile_mesh([Resource(body, body["apiVersion"], body["kind"], namespace, name)]))


@cache
def _documents(file: str) -> list[dict[str, Any]]:
    return [document.root.value for document in read(text(f"validate/{file}"), 1) if document.root is not None]
