"""How long it takes to tell dead rules, overlaps and differences of one virtual host.

    python -m benchmarks.overlap [--services 500] [--write]

One host of a gateway with many VirtualServices of 20 rules each: exact paths, prefixes, regular expressions, methods,
headers, query parameters and a catch-all. Every tenth of them shares paths with others; all of them have one path in
common, told apart by a header, and a catch-all. The differences are those of a host with 2,000 rules of which 20 were
edited. Seconds are those of the processor.
"""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.plot import plot
from meshwright.analysis.differences import differences
from meshwright.analysis.overlap import overlaps
from meshwright.analysis.unreachable import reach
from meshwright.traffic import (
    Forward,
    HeaderMatch,
    Origin,
    PathMatch,
    QueryMatch,
    Route,
    RouteMatch,
    StringMatch,
    VirtualHost,
    WeightedCluster,
)

REPOSITORY = Path(__file__).resolve().parents[1]
RULES = 20
SECONDS, MEGABYTES, DIFFERENCE_SECONDS = 20, 1000, 10
ANY_PATH = PathMatch("prefix", "/")
CANARY = HeaderMatch("x-canary", StringMatch("exact", "true"))


def main() -> None:
    """Measure, print, and fail when a target is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks.overlap", description=main.__doc__)
    parser.add_argument("--services", type=int, default=500)
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks/overlap.md")
    parser.add_argument("--one", type=int, metavar="SERVICES", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measured(arguments.one)))
        return
    sizes = [max(2, arguments.services * part // 8) for part in (1, 2, 4, 8)]
    rows = [in_own_process(size) for size in sizes]
    edit = edited_host()
    growth = math.log(rows[-1]["seconds"] / rows[0]["seconds"]) / math.log(sizes[-1] / sizes[0])
    table = "\n".join(
        [
            "| VirtualServices | rules | dead rules | overlaps | unknown | seconds | peak memory |",
            "| --- | --- | --- | --- | --- | --- | --- |",
            *(
                f"| {row['services']} | {row['rules']:,} | {row['dead']} in {row['reach']:.2f} s "
                f"| {row['overlaps']} in {row['overlap']:.2f} s | {row['unknown']} | {row['seconds']:.2f} "
                f"| {row['megabytes']:.0f} MB |"
                for row in rows
            ),
        ]
    )
    edited = (
        f"A host with 2,000 rules of which 20 were edited: {edit['regions']} regions in {edit['seconds']:.2f} s "
        f"(target {DIFFERENCE_SECONDS} s)."
    )
    told = f"Time grows with the number of rules to the power of {growth:.2f} (target below 2; {SECONDS} s, 1 GB)."
    print(f"{table}\n\n{told}\n{edited}")
    if arguments.write:
        write(rows, table, told, edited)
    last = rows[-1]
    met = last["seconds"] <= SECONDS and last["megabytes"] <= MEGABYTES and growth < 1.5
    sys.exit(not (met and edit["seconds"] <= DIFFERENCE_SECONDS))


def write(rows: "list[dict[str, float]]", table: str, *parts: str) -> None:
    page = REPOSITORY / "docs" / "benchmarks" / "overlap.md"
    page.parent.mkdir(parents=True, exist_ok=True)
    page.with_suffix(".svg").write_text(chart(rows))
    text = (__doc__ or "").replace("\n    python", "\n```\npython").replace("[--write]\n", "[--write]\n```\n")
    picture = "![Seconds by rules: measured, and what quadratic growth from the first would be](overlap.svg)"
    head = "# Speed of dead rules, overlaps and differences"
    page.write_text("\n\n".join([head, text.strip(), table, picture, *parts]) + "\n")


def chart(rows: "list[dict[str, float]]") -> str:
    """Return a plot of the seconds over the number of rules, beside what they would be at quadratic growth."""
    first = rows[0]
    quadratic = [first["seconds"] * (row["rules"] / first["rules"]) ** 2 for row in rows]
    lines = [("measured", [row["seconds"] for row in rows]), ("if quadratic", quadratic)]
    title = "Dead rules and overlaps of one virtual host"
    return plot(title, "rules in the virtual host", "seconds of the processor", [row["rules"] for row in rows], lines)


def in_own_process(services: int) -> "dict[str, float]":
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "constructs")}
    command = [sys.executable, "-m", "benchmarks.overlap", "--one", str(services)]
    done = subprocess.run(command, env=environment, cwd=REPOSITORY, capture_output=True, check=True)
    return json.loads(done.stdout)


def measured(services: int) -> "dict[str, float]":
    host = crowded_host(services)
    started = time.process_time()
    verdicts = Counter(each.verdict for each in reach(host))
    between = time.process_time()
    found = sum(1 for _ in overlaps(host))
    ended = time.process_time()
    return {
        "services": services,
        "rules": len(host.routes),
        "dead": verdicts["dead"],
        "unknown": verdicts["unknown"],
        "overlaps": found,
        "reach": between - started,
        "overlap": ended - between,
        "seconds": ended - started,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def crowded_host(services: int) -> VirtualHost:
    """Return one host, its catch-alls last as istiod puts them."""
    routes, late = [], []
    for number in range(services):
        rules = [
            Route(match, Forward((WeightedCluster(f"service-{number}"),)), origin=_origin(number, place))
            for place, match in enumerate(rules_of(number))
        ]
        routes += rules[:-1]
        late.append(rules[-1])
    return VirtualHost("shop.example.com:80", ("shop.example.com",), (*routes, *late))


def _origin(number: int, place: int) -> Origin:
    return Origin(f"VirtualService team-{number % 20}/service-{number}", f"spec.http[{place}]")


def rules_of(number: int) -> Iterator[RouteMatch]:
    """Return the conditions of one VirtualService."""
    base = f"/service-{number:05}"
    shared = number // 10 if number % 10 == 0 else number
    method = HeaderMatch(":method", StringMatch("exact", ("GET", "POST")[number % 2]))
    yield RouteMatch(PathMatch("prefix", f"{base}/api"), (CANARY,))
    for item in range(5):
        yield RouteMatch(PathMatch("exact", f"{base}/api/item-{item}"))
    for version in range(3):
        yield RouteMatch(PathMatch("prefix", f"{base}/api/v{version}"), (method,))
    for part in range(3):
        yield RouteMatch(PathMatch("regex", rf"{base}/api/users/[0-9]+/part-{part}(/.*)?"))
    yield RouteMatch(PathMatch("regex", rf"{base}/.*\.(css|js|png)"))
    yield RouteMatch(PathMatch("prefix", f"{base}/search"), (), (QueryMatch("debug", StringMatch("exact", "1")),))
    yield RouteMatch(PathMatch("prefix", f"/shared-{shared:05}/"))
    yield RouteMatch(PathMatch("exact", f"/shared-{shared:05}/status"), (method,))
    yield RouteMatch(PathMatch("separated_prefix", f"{base}/admin"))
    yield RouteMatch(PathMatch("regex", r"/health/[a-z]+"), (HeaderMatch("x-service", StringMatch("exact", base)),))
    yield RouteMatch(PathMatch("prefix", base))
    yield RouteMatch(ANY_PATH)


def edited_host() -> "dict[str, float]":
    """Measure the differences of a host of which every hundredth rule was edited: changed, removed, moved, added."""
    before = crowded_host(2000 // RULES)
    routes: list[Route] = []
    for place, route in enumerate(before.routes):
        kind = place // 100 % 4 if place % 100 == 50 else None
        moved = Forward((WeightedCluster(f"other-{place}"),))
        if kind == 0:
            routes.append(replace(route, action=moved))
        elif kind == 2:
            routes.insert(0, route)
        elif kind == 3:
            routes += [replace(route, match=replace(route.match, headers=(CANARY,)), action=moved), route]
        elif kind is None:
            routes.append(route)
    started = time.process_time()
    found = list(differences(before, replace(before, routes=tuple(routes)), lambda a, b: _action(a) == _action(b)))
    return {"regions": len(found), "seconds": time.process_time() - started}


def _action(route: Route | None) -> object:
    return route.action if route is not None else None


if __name__ == "__main__":
    main()
