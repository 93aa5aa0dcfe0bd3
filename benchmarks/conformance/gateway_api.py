"""pilot/gateway-api: Gateway API objects to the Istio objects that istiod makes of them."""

from collections.abc import Iterator
from typing import Any

from benchmarks.conformance.corpus import PILOT, load
from benchmarks.conformance.verdict import Verdict, compare, each
from meshwright.frontends.gateway_api import Options, convert
from tests.frontends.gateway_api.test_corpus import comparable, read, surroundings

OPTIONS = Options(
    domain_suffix="domain.suffix",
    api_defaults=False,
    assume_unseen=False,
    alpha=True,
    inference_pools=True,
    multi_network=True,
)


def judge() -> Iterator[Verdict]:
    """Compare kind, name, annotations and specification of each object."""
    return each(load("pilot/gateway-api/cases.json")["cases"], _judge, name="name")


def _judge(case: dict[str, Any]) -> Verdict:
    folder = PILOT / "gateway-api"
    given, expected = read(folder / case["input"]), read(folder / case["expected"])
    found = convert([*surroundings(load("pilot/gateway-api/cases.json"), given), *given], OPTIONS)
    return compare(case["name"], dict(map(comparable, expected)), dict(map(comparable, found)))
