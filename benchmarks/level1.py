"""What typed constructs cost, as ratios in one run.

python benchmarks/level1.py            # prints the figures
python benchmarks/level1.py --write    # also writes docs/benchmarks/level1.md
"""

import gc
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "constructs"))

from meshwright.imports.istio.networking import (  # noqa: E402
    Destination,
    HTTPMatchRequest,
    HTTPRetry,
    HTTPRoute,
    HTTPRouteDestination,
    StringMatch,
    VirtualService,
)
from meshwright.tree import ApiObject, App, Chart  # noqa: E402

ROUNDS = 9
OBJECTS = 2000
FIRST = 250
PAGE = ROOT / "docs" / "benchmarks" / "level1.md"


def by_hand(name: str, host: str) -> dict[str, Any]:
    """Build a VirtualService with three routes as it would stand in the file."""
    return {
        "apiVersion": "networking.istio.io/v1",
        "kind": "VirtualService",
        "metadata": {"name": name, "namespace": "fleet", "labels": {"app": name, "version": "v1"}},
        "spec": {
            "hosts": [host],
            "gateways": [name],
            "http": [
                {
                    "name": "canary",
                    "match": [{"headers": {"x-canary": {"exact": "true"}}}],
                    "route": [{"destination": {"host": name, "subset": "v2"}}],
                },
                {
                    "name": "api",
                    "match": [{"uri": {"prefix": "/api"}}],
                    "timeout": "5s",
                    "retries": {"attempts": 3, "perTryTimeout": "2s", "retryOn": "5xx,reset"},
                    "route": [{"destination": {"host": name, "subset": "v1"}}],
                },
                {
                    "name": "default",
                    "route": [
                        {"destination": {"host": name, "subset": "v1"}, "weight": 80},
                        {"destination": {"host": name, "subset": "v2"}, "weight": 20},
                    ],
                },
            ],
        },
    }


def typed(chart: Chart, id: str, name: str, host: str) -> VirtualService:
    """Make the same object as a typed construct."""
    return VirtualService(
        chart,
        id,
        metadata={"name": name, "namespace": "fleet", "labels": {"app": name, "version": "v1"}},
        hosts=[host],
        gateways=[name],
        http=[
            HTTPRoute(
                name="canary",
                match=[HTTPMatchRequest(headers={"x-canary": StringMatch(exact="true")})],
                route=[HTTPRouteDestination(destination=Destination(host=name, subset="v2"))],
            ),
            HTTPRoute(
                name="api",
                match=[HTTPMatchRequest(uri=StringMatch(prefix="/api"))],
                timeout="5s",
                retries=HTTPRetry(attempts=3, per_try_timeout="2s", retry_on="5xx,reset"),
                route=[HTTPRouteDestination(destination=Destination(host=name, subset="v1"))],
            ),
            HTTPRoute(
                name="default",
                route=[
                    HTTPRouteDestination(destination=Destination(host=name, subset="v1"), weight=80),
                    HTTPRouteDestination(destination=Destination(host=name, subset="v2"), weight=20),
                ],
            ),
        ],
    )


def many_by_hand() -> object:
    return [by_hand(f"app-{number}", "app.example.com") for number in range(OBJECTS)]


def many_typed() -> object:
    chart = Chart(App(), "prod")
    for number in range(OBJECTS):
        typed(chart, f"vs-{number}", f"app-{number}", "app.example.com")
    return chart


def many_untyped() -> object:
    chart = Chart(App(), "prod")
    for number in range(OBJECTS):
        data = by_hand(f"app-{number}", "app.example.com")
        ApiObject(
            chart,
            f"vs-{number}",
            api_version=data["apiVersion"],
            kind=data["kind"],
            metadata=data["metadata"],
            spec=data["spec"],
        )
    return chart


def first_typed() -> object:
    """Make as many as are checked before the shapes of a kind are learned."""
    learned, VirtualService._convert = VirtualService._convert, None
    chart = Chart(App(), "prod")
    for number in range(FIRST):
        typed(chart, f"vs-{number}", f"app-{number}", "app.example.com")
    if learned is not None:
        VirtualService._convert = staticmethod(learned)
    return chart


def microseconds(make: Callable[[], object], objects: int = OBJECTS) -> float:
    """Time one batch; what it made is kept until the clock has stopped, as an app keeps it until synth."""
    gc.collect()
    start = time.perf_counter()
    made = make()
    taken = time.perf_counter() - start
    del made
    return taken / objects * 1e6


def whole_process(code: str) -> float:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "constructs")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, stderr=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1e3


def in_turn(measures: dict[str, Callable[[], float]]) -> dict[str, float]:
    """Return the shortest times of turns, so that the machine's drift hits all alike; the first does not count."""
    rounds = [{name: measure() for name, measure in measures.items()} for _ in range(ROUNDS + 1)][1:]
    return {name: min(one[name] for one in rounds) for name in measures}


def report() -> str:
    imports = in_turn(
        {
            "nothing": lambda: whole_process("pass"),
            "level 1": lambda: whole_process("import meshwright.imports.istio.networking"),
            "cdk8s": lambda: whole_process("import cdk8s"),
        }
    )
    own, theirs = imports["level 1"] - imports["nothing"], imports["cdk8s"] - imports["nothing"]
    made = in_turn(
        {
            "hand": lambda: microseconds(many_by_hand),
            "untyped": lambda: microseconds(many_untyped),
            "typed": lambda: microseconds(many_typed),
            "first": lambda: microseconds(first_typed, FIRST),
        }
    )
    ratio = {name: value / made["hand"] for name, value in made.items()}
    return f"""| what | cost | ratio |
| --- | --- | --- |
| `import cdk8s` | {theirs:.0f} ms | 1 |
| import all Istio networking types (with the tree) | {own:.1f} ms | {own / theirs:.3f} |
| a VirtualService with three routes, as a dict by hand | {made["hand"]:.1f} µs | 1 |
| the same dict attached as an untyped `ApiObject` | {made["untyped"]:.1f} µs | {ratio["untyped"]:.1f} |
| made of typed messages, checked and attached, one of {OBJECTS} | {made["typed"]:.1f} µs | {ratio["typed"]:.1f} |
| the same, one of the first {FIRST}, before its shape is known | {made["first"]:.1f} µs | {ratio["first"]:.1f} |
"""


if __name__ == "__main__":
    table = report()
    print(table)
    if "--write" in sys.argv:
        head = "# What typed constructs cost\n\nWritten by `python benchmarks/level1.py --write`; shortest times, "
        PAGE.parent.mkdir(parents=True, exist_ok=True)
        PAGE.write_text(f"{head}{OBJECTS} objects kept in memory.\n\n{table}", encoding="utf-8")
