"""The groups of cases, each a module with one function ``judge``; modules are loaded when their group is judged."""

import traceback
from collections.abc import Iterator
from importlib import import_module

from benchmarks.conformance.verdict import Verdict

GROUPS = {
    "pilot/golden": "golden",
    "pilot/gateway-routes": "gateway_routes",
    "pilot/http-routes": "http_routes",
    "pilot/visibility": "visibility",
    "pilot/simulation": "simulation",
    "pilot/listeners": "listeners",
    "pilot/delegates": "delegates",
    "pilot/gateway-api": "gateway_api",
    "routes": "route_tests",
    "analyze": "analyze",
    "kiali": "kiali",
    "validate": "validate",
}


def judge(group: str) -> Iterator[Verdict]:
    """Yield the verdict of each case; a crash of ours ends the group and counts as different."""
    try:
        yield from import_module(f"benchmarks.conformance.{GROUPS[group]}").judge()
    except Exception:
        yield Verdict("(the group)", "different", traceback.format_exc())
