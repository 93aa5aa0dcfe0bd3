"""How fast manifests become route tables, beside what reading the same files takes PyYAML's CSafeLoader.

    python -m benchmarks.compile [--apps 1000] [--write]

The fleet: a file an app, five objects each (Deployment, Service, Gateway, VirtualService with three rules,
DestinationRule). Times are the best of several runs taken in turns, so that a busy machine slows both sides alike.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import yaml

from meshwright.analysis.decide import Decider
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_folder
from meshwright.report.explain_json import AnswerWriter
from meshwright.traffic import Request

REPOSITORY = Path(__file__).resolve().parents[1]
RUNS = 5
REQUESTS = 40_000
APP = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  namespace: fleet
  labels: {{app: {name}, version: v1}}
spec:
  replicas: 2
  selector:
    matchLabels:
      app: {name}
      version: v1
  template:
    metadata:
      labels:
        app: {name}
        version: v1
    spec:
      containers:
      - name: app
        image: registry.example.com/{name}:1.4.2
        ports:
        - name: http
          containerPort: 8080
        env:
        - name: APP_NAME
          value: {name}
        - name: LOG_LEVEL
          value: info
        - name: PORT
          value: "8080"
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            cpu: 500m
            memory: 256Mi
        readinessProbe:
          httpGet:
            path: /healthz
            port: 8080
          initialDelaySeconds: 5
          periodSeconds: 10
---
apiVersion: v1
kind: Service
metadata:
  name: {name}
  namespace: fleet
  labels: {{app: {name}}}
spec:
  type: ClusterIP
  selector:
    app: {name}
  ports:
  - name: http
    port: 80
    targetPort: 8080
    protocol: TCP
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata:
  name: {name}
  namespace: fleet
spec:
  selector:
    istio: ingressgateway
  servers:
  - port:
      number: 80
      name: http
      protocol: HTTP
    hosts:
    - {name}.example.com
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: {name}
  namespace: fleet
spec:
  hosts:
  - {name}.example.com
  gateways:
  - {name}
  http:
  - name: canary
    match:
    - headers:
        x-canary:
          exact: "true"
    route:
    - destination:
        host: {name}
        subset: v2
  - name: api
    match:
    - uri:
        prefix: /api
    timeout: 5s
    retries:
      attempts: 3
      perTryTimeout: 2s
      retryOn: 5xx,reset
    route:
    - destination:
        host: {name}
        subset: v1
  - name: default
    route:
    - destination:
        host: {name}
        subset: v1
      weight: 80
    - destination:
        host: {name}
        subset: v2
      weight: 20
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: {name}
  namespace: fleet
spec:
  host: {name}
  subsets:
  - name: v1
    labels:
      version: v1
  - name: v2
    labels:
      version: v2
"""


def main() -> None:
    """Measure, print, and fail when a target is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks.compile", description=main.__doc__)
    parser.add_argument("--apps", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks/compile.md")
    parser.add_argument("--memory-of", metavar="FOLDER", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.memory_of:
        _decide(compiled(arguments.memory_of), 1000, 1000)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    with tempfile.TemporaryDirectory() as folder:
        fleet, small = Path(folder, "fleet"), Path(folder, "small")
        write_fleet(fleet, arguments.apps)
        write_fleet(small, 1)
        rows = measure(fleet, small, arguments.apps)
    lines = [f"| {what} | {measured} | {target} | {'yes' if met else 'NO'} |" for what, measured, target, met in rows]
    table = "\n".join(["| what | measured | target | met |", "| --- | --- | --- | --- |", *lines])
    print(table)
    if arguments.write:
        page = REPOSITORY / "docs" / "benchmarks" / "compile.md"
        page.parent.mkdir(parents=True, exist_ok=True)
        text = (__doc__ or "").replace("\n    python", "\n```\npython").replace("[--write]\n", "[--write]\n```\n")
        page.write_text(f"# Speed of compiling\n\n{text.strip()}\n\n{arguments.apps} apps:\n\n{table}\n")
    sys.exit(not all(met for *_, met in rows))


def write_fleet(folder: Path, apps: int) -> None:
    """Write the files of ``apps`` apps."""
    folder.mkdir()
    for number in range(apps):
        (folder / f"app-{number}.yaml").write_text(APP.format(name=f"app-{number}"))


def measure(fleet: Path, small: Path, apps: int) -> list[tuple[str, str, str, bool]]:
    """Return what was measured: name, figure, target, whether it was met."""
    files = sorted(fleet.iterdir())
    times = best_of(
        {
            "load": lambda: [list(yaml.load_all(file.read_bytes(), yaml.CSafeLoader)) for file in files],
            "read": lambda: read_folder(fleet),
            "compile": lambda: compiled(str(fleet)),
        }
    )
    table = compiled(str(fleet))
    rate = max(REQUESTS / timed(lambda: _decide(table, apps, REQUESTS)) for _ in range(RUNS))
    told = max(REQUESTS / timed(lambda: _tell(table, apps, REQUESTS)) for _ in range(RUNS))
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "constructs")}
    measuring = [sys.executable, "-m", "benchmarks.compile", "--memory-of", str(fleet)]
    memory = float(subprocess.run(measuring, env=environment, cwd=REPOSITORY, capture_output=True, check=True).stdout)
    asking = [sys.executable, "-m", "meshwright", "explain", str(small), "GET", "http://app-0.example.com/api"]
    explain = min(
        timed(lambda: subprocess.run(asking, env=environment, capture_output=True, check=True)) for _ in "1234567"
    )
    ratio = times["compile"] / times["load"]
    read = f"{times['read']:.2f} s, {times['read'] / times['load']:.2f} of CSafeLoader"
    compiling = f"{times['compile']:.2f} s, {ratio:.2f} of CSafeLoader ({times['load']:.2f} s)"
    return [
        ("reading", read, "0.35 of CSafeLoader", times["read"] / times["load"] <= 0.35),
        ("reading and compiling", compiling, "0.8 of CSafeLoader", ratio <= 0.8),
        ("explained requests", f"{rate:,.0f} a second", "20,000 a second", rate >= 20_000),
        ("the same, told as JSON with steps and lines", f"{told:,.0f} a second", "20,000 a second", told >= 20_000),
        ("memory of all that", f"{memory:.0f} MB", "400 MB", memory <= 400),
        ("`explain` on a small folder, start included", f"{explain:.2f} s", "0.35 s", explain <= 0.35),
    ]


def best_of(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the shortest time of each, taken in turns."""
    rounds = [{name: timed(work) for name, work in works.items()} for _ in range(RUNS)]
    return {name: min(each[name] for each in rounds) for name in works}


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that ``work`` takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def compiled(folder: str) -> Decider:
    """Read and compile for every gateway; return what answers requests to the first."""
    mesh = compile_mesh(read_folder(folder))
    tables = [mesh.route_table(proxy) for proxy in mesh.gateways()]
    return Decider(tables[0])


def _requests(apps: int, requests: int) -> Iterator[Request]:
    paths = ("/", "/api/items?page=2", "/static/a.css")
    for number in range(requests):
        authority = f"app-{number * 7919 % apps}.example.com"
        yield Request("GET", authority, paths[number % 3], (("x-canary", "true"),) if number % 5 == 0 else ())


def _decide(decider: Decider, apps: int, requests: int) -> None:
    for request in _requests(apps, requests):
        decider.decide(request)


def _tell(decider: Decider, apps: int, requests: int) -> None:
    writer = AnswerWriter()
    for request in _requests(apps, requests):
        writer.answer((decider.decide(request),))


if __name__ == "__main__":
    main()
