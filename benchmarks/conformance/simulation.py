"""pilot/simulation: connections through gateways and sidecars, each call a case."""

import traceback
from collections.abc import Iterable, Iterator
from typing import Any

from benchmarks.conformance import compiler
from benchmarks.conformance.calls import run
from benchmarks.conformance.corpus import load, text
from benchmarks.conformance.verdict import Verdict, compare


def judge() -> Iterator[Verdict]:
    """Compare the whole answer of each call."""
    for case in load("pilot/simulation/cases.json")["cases"]:
        texts = [text(f"pilot/simulation/{case[part]}") for part in ("kube", "config") if part in case]
        names = list(_distinct(f"{case['id']}/{call['name']}" for call in case["calls"]))
        try:
            resources = compiler.resources_of(*texts)
            table = compiler.table(resources, compiler.proxy_of(case["proxy"]), **options_of(case))
            features = tuple(unknown.feature for unknown in table.unknowns)
            for name, call in zip(names, case["calls"], strict=True):
                yield compare(name, call["actual"], run(table, call["call"]), features)
        except Exception:
            failure = traceback.format_exc()
            yield from (Verdict(name, "different", failure) for name in names)


def options_of(case: dict[str, Any]) -> dict[str, Any]:
    """Return what a case tells istiod; some of these tests switch on what is off elsewhere."""
    return {"mesh_config": settings_of(case), "tls_on_sidecar_ingress": True}


def settings_of(case: dict[str, Any]) -> dict[str, Any]:
    """Return the mesh settings; a traffic policy without a mode is the first of the modes, which JSON leaves out."""
    settings = case.get("mesh_config") or {}
    policy = settings.get("outboundTrafficPolicy")
    return settings if policy is None else settings | {"outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"} | policy}


def _distinct(names: Iterable[str]) -> Iterator[str]:
    seen: dict[str, int] = {}
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        yield name if seen[name] == 1 else f"{name} ({seen[name]})"
