"""pilot/visibility: which VirtualService a sidecar sees."""

from collections.abc import Iterator
from typing import Any

from benchmarks.conformance import compiler
from benchmarks.conformance.corpus import load, text
from benchmarks.conformance.routes import by_name, ours_by_name
from benchmarks.conformance.verdict import Verdict, compare, each


def judge() -> Iterator[Verdict]:
    """Compare the RouteConfiguration that each case names."""
    return each(load("pilot/visibility/cases.json")["cases"], _judge)


def _judge(case: dict[str, Any]) -> Verdict:
    resources = compiler.resources_of(text(f"pilot/visibility/{case['config']}"))
    table = compiler.table(resources, compiler.proxy_of(case["proxy"]))
    theirs = by_name([case["route_config"]] if case["route_config"] else [])
    ours = ours_by_name(rc for rc in table.route_configurations if rc.name == case["route_name"])
    return compare(case["id"], theirs, ours, tuple(unknown.feature for unknown in table.unknowns))
