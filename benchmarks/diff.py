"""How long `meshwright diff` takes, beside reading and compiling both sides.

    python -m benchmarks.diff [--apps 1000] [--write]

The fleet of benchmarks.compile with 10 apps changed: the difference covers the gateway and all sidecars, the other side
reads and compiles both folders for the gateway alone. One host with 2,000 rules, each for a path prefix and every third
for a header as well, of which 20 are edited in turn: another timeout, other pods, a longer prefix, or gone. Times are
the best of several runs taken in turns, of the processor, so that a busy machine slows neither.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.compile import REPOSITORY, compiled, write_fleet
from meshwright.cli.compared import compared
from meshwright.frontends import MeshOptions
from meshwright.manifests.garbage import collecting_no_garbage

RUNS, CHANGED, MOST = 2, 10, 1.3
RULES, EDITED, MOST_SECONDS = 2_000, 20, 10
PAGE = REPOSITORY / "docs" / "benchmarks" / "diff.md"
ONE_HOST = """\
apiVersion: v1
kind: Service
metadata: {name: shop, namespace: fleet}
spec: {selector: {app: shop}, ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: shop, namespace: fleet}
spec: {host: shop, subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop, namespace: fleet}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [shop.example.com]}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: fleet}
spec:
  hosts: [shop.example.com]
  gateways: [shop]
  http:
"""


def main() -> None:
    """Measure, print, and fail when a target is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks.diff", description=main.__doc__)
    parser.add_argument("--apps", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(REPOSITORY)}")
    arguments = parser.parse_args()
    found = [one_host(), fleet(arguments.apps)]
    rows = [f"| {what} | {measured} | {target} | {'yes' if met else 'NO'} |" for what, measured, target, met in found]
    table = "\n".join(["| what | measured | target | met |", "| --- | --- | --- | --- |", *rows])
    print(table)
    if arguments.write:
        text = (__doc__ or "").replace("\n    python", "\n```\npython").replace("[--write]\n", "[--write]\n```\n")
        PAGE.write_text(f"# Speed of the difference\n\n{text.strip()}\n\n{table}\n")
    sys.exit(not all(met for *_, met in found))


def fleet(apps: int) -> tuple[str, str, str, bool]:
    """Measure the fleet; return what, how long, the target and whether it is met."""
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before"), Path(folder, "after")
        write_fleet(before, apps)
        write_fleet(after, apps)
        for number in range(CHANGED):
            file = after / f"app-{number * apps // CHANGED}.yaml"
            file.write_text(file.read_text().replace("timeout: 5s", "timeout: 7s"))
        sides = str(before), str(after)
        base = difference = float("inf")
        for _ in range(RUNS):
            base = min(base, timed(lambda: [compiled(each) for each in sides]))
            difference = min(difference, timed(lambda: compared(*sides, MeshOptions())))
    measured = f"{difference:.2f} s, {difference / base:.2f} times {base:.2f} s"
    return f"{CHANGED} of {apps:,} apps changed", measured, f"at most {MOST} times", difference <= MOST * base


def one_host() -> tuple[str, str, str, bool]:
    """Measure one host with many rules; return what, how long, the target and whether it is met."""
    rules = [rule(number) for number in range(RULES)]
    edited = list(rules)
    for number in range(EDITED):
        place = number * RULES // EDITED
        edited[place] = edit(rules[place], number)
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before.yaml"), Path(folder, "after.yaml")
        before.write_text(ONE_HOST + "".join(rules))
        after.write_text(ONE_HOST + "".join(edited))
        seconds = min(timed(lambda: compared(str(before), str(after), MeshOptions())) for _ in range(RUNS))
    what = f"one host with {RULES:,} rules, {EDITED} edited"
    return what, f"{seconds:.2f} s", f"at most {MOST_SECONDS} s", seconds <= MOST_SECONDS


def rule(number: int) -> str:
    """Return a rule for a path of its own, now and then for a header as well."""
    header = f", headers: {{x-tenant: {{exact: t{number % 7}}}}}" if number % 3 == 0 else ""
    shares = "".join(
        f"    - {{destination: {{host: shop, subset: v{version}}}, weight: {weight}}}\n"
        for version, weight in ((1, 100 - number % 50), (2, number % 50))
    )
    return f"  - match: [{{uri: {{prefix: /p{number}/}}{header}}}]\n    timeout: 5s\n    route:\n{shares}"


def edit(text: str, number: int) -> str:
    """Return a rule with one edit; the kinds take turns."""
    if number % 4 == 3:
        return ""
    old, new = (("timeout: 5s", "timeout: 7s"), ("subset: v1", "subset: v2"), ("/}", "/new/}"))[number % 4]
    return text.replace(old, new)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of the processor that ``work`` takes."""
    started = time.process_time()
    with collecting_no_garbage():
        work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
