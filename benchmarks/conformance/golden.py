"""pilot/golden: sample applications and VirtualServices of Istio, for gateways and sidecars."""

from collections.abc import Iterator
from typing import Any

from benchmarks.conformance import compiler
from benchmarks.conformance.corpus import load, text
from benchmarks.conformance.routes import by_name, ours_by_name
from benchmarks.conformance.verdict import Verdict, compare, each


def judge() -> Iterator[Verdict]:
    """Compare all RouteConfigurations of each case."""
    return each(load("pilot/golden/cases.json")["cases"], _judge)


def _judge(case: dict[str, Any]) -> Verdict:
    texts = [text(f"pilot/golden/{case[part]}") for part in ("kube", "config") if part in case]
    table = compiler.table(compiler.resources_of(*texts), compiler.proxy_of(case["proxy"]))
    recorded = by_name(load(f"pilot/golden/{case['xds']}")["routes"])
    ours = ours_by_name(table.route_configurations)
    return compare(case["id"], recorded, ours, tuple(unknown.feature for unknown in table.unknowns))
