"""Programs of tests/charts/programs with requests: what istiod and a real Envoy make of them.

A program is a module with ``program(app)``; it may have ``AROUND``, YAML of what others deploy, and ``GATEWAY``, the
gateway that is asked instead of Istio's default one. Its requests and their answers are the lists of
tests/data/charts/NAME.json. A request has a method, a URL and perhaps headers, ``from`` (a caller in namespace
``shop``; the gateway when left out), ``times`` (how often it is sent, for weights) and ``look`` (names of headers that
are looked for in the answer and in what arrived at the backend).
"""

import importlib
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

from meshwright.envoy.ask import EnvoyAnswer, RealEnvoy
from meshwright.envoy.read_routes import from_route_configuration
from meshwright.traffic import FilterChain, FilterChainMatch, Forward, Listener, Proxy, Request, RouteTable
from meshwright.tree import App
from tests.recorder import istiod

REPOSITORY = Path(__file__).resolve().parents[2]
ANSWERS = REPOSITORY / "tests" / "data" / "charts"
PROGRAMS = sorted(file.stem for file in ANSWERS.glob("*.json"))
NAMESPACE = "shop"
DEFAULT_RETRIES = [2, "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes", None]
INGRESS = Proxy("router", "istio-system", (("istio", "ingressgateway"),))


def module(name: str) -> ModuleType:
    """Return a program."""
    return importlib.import_module(f"tests.charts.programs.{name}")


def manifests(name: str) -> str:
    """Return what a program synthesises, with the YAML that stands around it."""
    app = App()
    program = module(name)
    program.program(app)
    return "\n---\n".join([app.synth_yaml(), getattr(program, "AROUND", "")])


def requests(name: str) -> list[dict[str, Any]]:
    """Return the requests of a program as they are asked."""
    recorded = json.loads((ANSWERS / f"{name}.json").read_text())["answers"]
    return [{key: value for key, value in answer.items() if key != "answer"} for answer in recorded]


def proxies(name: str, asked: Iterable[dict[str, Any]]) -> dict[str, Proxy]:
    """Return the proxies that are asked, by the caller's name; the gateway has the empty one."""
    callers = sorted({each["from"] for each in asked if "from" in each})
    gateway = getattr(module(name), "GATEWAY", INGRESS)
    return {"": gateway, **{caller: Proxy("sidecar", NAMESPACE, (("app", caller),)) for caller in callers}}


def request_of(asked: dict[str, Any]) -> Request:
    """Return the request that an entry describes."""
    url = urlsplit(asked["url"])
    path = url.path + (f"?{url.query}" if url.query else "")
    port = url.port or (443 if url.scheme == "https" else 80)
    return Request(asked["method"], url.netloc, path, tuple(asked.get("headers", {}).items()), port=port)


def answers_of_istiod(name: str, asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the answer to each request, as a real Envoy gives it with istiod's configuration."""
    callers = proxies(name, asked)
    question = istiod.question(name, manifests(name), [_question(each, proxy) for each, proxy in callers.items()])
    with istiod.Istiod() as asking:
        answer = asking.ask(question)
    if "error" in answer:
        raise RuntimeError(answer["error"])
    tables = [_table(answer["proxies"][each]["routes"], proxy) for each, proxy in callers.items()]
    with RealEnvoy(*tables) as envoy:
        return [_answer(envoy, each, list(callers).index(each.get("from", ""))) for each in asked]


def said_of(route: object) -> dict[str, Any]:
    """Return what a route says that one answer does not show: times, retries other than the default, mirrors."""
    said: dict[str, Any] = {}
    action = getattr(route, "action", None)
    if isinstance(action, Forward):
        if action.timeout:
            said["timeout"] = action.timeout.total_seconds()
        if action.retries is not None:
            each = action.retries.per_try_timeout
            retries = [action.retries.attempts, action.retries.retry_on, each and each.total_seconds()]
            if retries != DEFAULT_RETRIES:
                said["retries"] = retries
        elif action.clusters:
            said["retries"] = None
        if action.mirrors:
            said["mirrors"] = [[mirror.cluster, mirror.percent] for mirror in action.mirrors]
    return said


def _question(name: str, proxy: Proxy) -> dict[str, Any]:
    return {
        "name": name,
        "type": proxy.type,
        "namespace": proxy.namespace,
        "labels": dict(proxy.labels),
        "addresses": list(proxy.addresses),
    }


def _table(routes: list[dict[str, Any]], proxy: Proxy) -> RouteTable:
    configurations = tuple(from_route_configuration(route) for route in routes)
    listeners = []
    for configuration in configurations:
        port = configuration.name.rpartition(".")[2]
        if port.isdigit():
            chain = FilterChain("default", FilterChainMatch(), http=configuration.name)
            listeners.append(Listener(f"0.0.0.0_{port}", "0.0.0.0", int(port), (chain,)))
    return RouteTable(proxy, tuple(listeners), configurations)


def _answer(envoy: RealEnvoy, asked: dict[str, Any], table: int) -> dict[str, Any]:
    got = [envoy.request(request_of(asked), table) for _ in range(asked.get("times", 1))]
    statuses, clusters = Counter(each.status for each in got), Counter(each.cluster for each in got)
    answer: dict[str, Any] = {"status": got[0].status, "cluster": got[0].cluster}
    if "times" in asked:
        answer = {
            "statuses": {str(status): count for status, count in sorted(statuses.items(), key=str)},
            "clusters": dict(sorted(clusters.items())),
        }
    return {**asked, "answer": {**answer, **_seen(got[0], asked), **said_of(got[0].route)}}


def _seen(got: EnvoyAnswer, asked: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    if got.location:
        seen["location"] = got.location
    if got.upstream is not None:
        request = request_of(asked)
        if got.upstream["path"] != request.path:
            seen["path"] = got.upstream["path"]
        if got.upstream["headers"].get("host", request.authority) != request.authority:
            seen["authority"] = got.upstream["headers"]["host"]
    elif got.body and "times" not in asked:
        seen["body"] = got.body.decode()
    arrived = got.upstream["headers"] if got.upstream else {}
    for name in asked.get("look", ()):
        back = dict(got.headers).get(name)
        seen.setdefault("looked", {})[name] = arrived.get(name) if back is None else back
    return seen
