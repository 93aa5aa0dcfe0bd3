"""Record what istiod and a real Envoy make of dist/: ``python tests/recorder/record_dist.py``.

Asks the requests of tests/data/dist/requests.json; the answers go to answers.json beside it. Run it after a change of
``dist/`` that is meant to change an answer, and after raising Istio's version in go.mod.
"""

import json
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "constructs")]

from meshwright.envoy.ask import RealEnvoy  # noqa: E402
from meshwright.envoy.read_routes import from_route_configuration  # noqa: E402
from meshwright.traffic import FilterChain, FilterChainMatch, Listener, Proxy, Request, RouteTable  # noqa: E402
from tests.recorder import istiod  # noqa: E402

FOLDER = REPOSITORY / "tests" / "data" / "dist"
GATEWAY = {"name": "", "type": "router", "namespace": "istio-system", "labels": {"istio": "ingressgateway"}}


def request_of(asked: dict[str, Any]) -> Request:
    """Return the request that a line of requests.json describes."""
    url = urlsplit(asked["url"])
    path = url.path + (f"?{url.query}" if url.query else "")
    headers = tuple(asked.get("headers", {}).items())
    return Request(asked["method"], url.netloc, path, headers, port=url.port or 80)


def table_of(name: str, sent: dict[str, Any]) -> RouteTable:
    """Return istiod's own routes as a table with one plain listener for each, by the port in its name."""
    configurations = tuple(from_route_configuration(route) for route in sent["routes"])
    listeners = []
    for configuration in configurations:
        port = configuration.name.rpartition(".")[2]
        if port.isdigit():
            chain = FilterChain("default", FilterChainMatch(), http=configuration.name)
            listeners.append(Listener(f"0.0.0.0_{port}", "0.0.0.0", int(port), (chain,)))
    proxy = Proxy("sidecar" if name else "router", "default")
    return RouteTable(proxy, tuple(listeners), configurations)


def answers_of_istiod() -> list[dict[str, Any]]:
    """Return status and cluster of each request, as a real Envoy answers with istiod's configuration."""
    requests = json.loads((FOLDER / "requests.json").read_text())
    callers = sorted({asked["from"] for asked in requests if "from" in asked})
    proxies = [
        GATEWAY,
        *({"name": app, "type": "sidecar", "namespace": "default", "labels": {"app": app}} for app in callers),
    ]
    # istiod's own reader knows no kinds of Argo CD
    files = [file for file in sorted((REPOSITORY / "dist").rglob("*.yaml")) if file.parent.name != "argocd"]
    manifests = "\n---\n".join(file.read_text() for file in files)
    with istiod.Istiod() as asking:
        answer = asking.ask(istiod.question("dist", manifests, proxies))
    names = ["", *callers]
    answers = []
    with RealEnvoy(*(table_of(name, answer["proxies"][name]) for name in names)) as envoy:
        for asked in requests:
            got = envoy.request(request_of(asked), names.index(asked.get("from", "")))
            answers.append({**asked, "status": got.status, "cluster": got.cluster})
    return answers


def main() -> None:
    """Record."""
    recorded = {"istio": istiod.istio_version(), "answers": answers_of_istiod()}
    (FOLDER / "answers.json").write_text(json.dumps(recorded, indent=1) + "\n")
    for answer in recorded["answers"]:
        print(answer["status"], answer["method"], answer["url"], answer.get("headers", ""), answer["cluster"])


if __name__ == "__main__":
    if istiod.program() is None:
        istiod.build()
    main()
