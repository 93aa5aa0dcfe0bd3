"""validate: which objects a cluster takes, by the schemas of the CRDs and by istiod's own rules."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from benchmarks.conformance.corpus import load, text
from benchmarks.conformance.verdict import Verdict, compare, each
from meshwright.checks import Inventory
from meshwright.checks.rules import schema
from meshwright.frontends import compile_mesh
from meshwright.manifests.nodes import read
from meshwright.manifests.resource import Resource

_BEYOND = "istiod's rules beyond the schema are not checked yet"
_BEFORE = "the schema refuses it before istiod is asked"


def judge() -> Iterator[Verdict]:
    """Compare the verdicts of the schema, then those of istiod."""
    yield from each(load("validate/crd.json")["cases"], _judge_schema)
    yield from each(load("validate/webhook.json")["cases"], _judge_webhook)


def _judge_schema(case: dict[str, Any]) -> Verdict:
    return compare(f"crd/{case['id']}", case["expect"], _ours(case))


def _judge_webhook(case: dict[str, Any]) -> Verdict:
    ours = _ours(case)
    if ours != case["crd"]["expect"]:
        return compare(f"webhook/{case['id']}", case["crd"]["expect"], ours)
    because = _BEYOND if ours == "valid" else _BEFORE
    return compare(f"webhook/{case['id']}", case["expect"], ours, (because,))


def _ours(case: dict[str, Any]) -> str:
    body = _documents(case["file"])[case["index"]]
    name = str((body.get("metadata") or {}).get("name") or "case")
    resource = Resource(body, body["apiVersion"], body["kind"], "default", name)
    return "invalid" if list(schema.CHECK.find(Inventory(compile_mesh([resource])))) else "valid"


@cache
def _documents(file: str) -> list[dict[str, Any]]:
    return [document.root.value for document in read(text(f"validate/{file}"), 1) if document.root is not None]
