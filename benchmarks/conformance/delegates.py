"""pilot/delegates: the rules of one VirtualService inside another's, from tables of Istio's own tests."""

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.conformance.corpus import load
from benchmarks.conformance.verdict import Verdict, compare, each
from meshwright.frontends.istio.delegates import has_conflict, merge_http_match_requests, merge_http_routes
from meshwright.frontends.istio.objects import Config
from meshwright.frontends.istio.virtual_services import virtual_services, with_complete_names
from meshwright.manifests import read_text


def judge() -> Iterator[Verdict]:
    """Compare what each operation gives."""
    return each(load("pilot/delegates.json")["cases"], _judge)


def _judge(case: dict[str, Any]) -> Verdict:
    return compare(case["id"], case["expected"], OPERATIONS[case["op"]](case))


def _merged(case: dict[str, Any]) -> list[dict[str, Any]]:
    resources = read_text("\n---\n".join(json.dumps(written) for written in case["input"]))
    configs = [Config.of(resource, "") for resource in resources]
    return [
        {
            "apiVersion": service.config.resource.api_version,
            "kind": "VirtualService",
            "metadata": {"name": service.config.name, "namespace": service.config.namespace},
            "spec": {
                **service.config.spec,
                "hosts": list(service.hosts),
                "gateways": list(service.gateways),
                "http": [with_complete_names(rule.spec, rule.config) for rule in service.http],
            },
        }
        for service in virtual_services(configs, frozenset(case["default_export_to"])).all
    ]


OPERATIONS = {
    "has_conflict": lambda case: has_conflict(case["root"], case["leaf"]),
    "merge_http_match_requests": lambda case: merge_http_match_requests(case["root"], case["delegate"]),
    "merge_http_routes": lambda case: [rule for _, rule in merge_http_routes(case["root"], case["delegate"])],
    "merge_virtual_services": _merged,
}
