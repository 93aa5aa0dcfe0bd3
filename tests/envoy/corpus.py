"""RouteConfigurations that istiod built, as far as the conformance corpus lies beside this repository."""

import json
from pathlib import Path
from typing import Any

PILOT = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "pilot"


def recorded_route_configurations() -> dict[str, dict[str, Any]]:
    """Return every recorded RouteConfiguration by the name of its case; empty without the corpus."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(PILOT.glob("golden/*/xds.json")) + sorted(PILOT.glob("simulation/*/xds.json")):
        for route_configuration in json.loads(file.read_text())["routes"]:
            found[f"{file.parent.parent.name} {file.parent.name} {route_configuration['name']}"] = route_configuration
    if PILOT.is_dir():
        for case in json.loads((PILOT / "gateway-routes.json").read_text())["cases"]:
            found[f"gateway-routes {case['id']}"] = case["route_config"]
        for case in json.loads((PILOT / "http-routes.json").read_text())["cases"]:
            if "routes" in case:
                host = {"name": "host", "domains": ["*"], "routes": case["routes"]}
                found[f"http-routes {case['id']}"] = {"name": "routes", "virtualHosts": [host]}
    return found


def that_touches_traffic(message: Any) -> Any:
    """Return ``message`` without what has no effect on traffic: ``routes.LEFT_OUT``, and the case of header names."""
    if isinstance(message, list):
        return [that_touches_traffic(each) for each in message]
    if not isinstance(message, dict):
        return message
    dropped = {"decorator", "metadata", "maxDirectResponseBodySizeBytes", "validateClusters"}
    out = {key: that_touches_traffic(value) for key, value in message.items() if key not in dropped}
    if "typedPerFilterConfig" in out:
        out["typedPerFilterConfig"].pop("envoy.filters.http.stateful_session", None)
        if not out["typedPerFilterConfig"]:
            del out["typedPerFilterConfig"]
    if "name" in out and ("presentMatch" in out or "stringMatch" in out):
        out["name"] = out["name"].lower()
    return out
