"""pilot/gateway-routes: one RouteConfiguration of a gateway, from objects in Istio's own tests."""

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.conformance import compiler
from benchmarks.conformance.corpus import load
from benchmarks.conformance.routes import by_name, ours_by_name
from benchmarks.conformance.verdict import Verdict, compare, each
from meshwright.manifests import read_text


def judge() -> Iterator[Verdict]:
    """Compare the one RouteConfiguration that each case records."""
    return each(load("pilot/gateway-routes.json")["cases"], _judge)


def _judge(case: dict[str, Any]) -> Verdict:
    recorded = load("pilot/gateway-routes.json")
    objects = [service_entry(recorded["service"]), *case["configs"]]
    resources = read_text("\n---\n".join(json.dumps(written) for written in _distinct(objects)))
    table = compiler.table(resources, compiler.proxy_of({"type": "router"} | recorded["proxy"]))
    theirs = by_name([case["route_config"]])
    ours = ours_by_name(rc for rc in table.route_configurations if rc.name == case["route_name"])
    return compare(case["id"], theirs, ours, tuple(unknown.feature for unknown in table.unknowns))


def service_entry(service: dict[str, Any]) -> dict[str, Any]:
    """Return a ServiceEntry for a service that the recording had in memory."""
    ports = [{"name": port["name"], "number": port["port"], "protocol": port["protocol"]} for port in service["ports"]]
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "ServiceEntry",
        "metadata": {"name": "recorded-service", "namespace": service["namespace"]},
        "spec": {"hosts": [service["hostname"]], "ports": ports, "resolution": "STATIC"},
    }


def _distinct(objects: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the objects with a name of their own each: the recordings do not go through a cluster."""
    seen: dict[tuple[str, str, str], int] = {}
    out = []
    for written in objects:
        metadata = written["metadata"]
        key = (written["kind"], metadata.get("namespace", ""), metadata["name"])
        seen[key] = seen.get(key, 0) + 1
        suffix = f"-{seen[key]}" if seen[key] > 1 else ""
        out.append(written | {"metadata": metadata | {"name": metadata["name"] + suffix}})
    return out
