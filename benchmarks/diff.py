"""How long `meshwright diff` takes, beside reading and compiling both sides.

    python -m benchmarks.diff [--apps 1000] [--write]

The fleet of benchmarks.compile with 10 apps changed: the difference covers the gateway and all sidecars, the other side
reads and compiles both folders for the gateway alone. Times are the best of several runs taken in turns, of the
processor, so that a busy machine slows neither.
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

RUNS, CHANGED, MOST = 3, 10, 1.3
PAGE = REPOSITORY / "docs" / "benchmarks" / "diff.md"


def main() -> None:
    """Measure, print, and fail when the target is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks.diff", description=main.__doc__)
    parser.add_argument("--apps", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(REPOSITORY)}")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before"), Path(folder, "after")
        write_fleet(before, arguments.apps)
        write_fleet(after, arguments.apps)
        for number in range(CHANGED):
            file = after / f"app-{number * arguments.apps // CHANGED}.yaml"
            file.write_text(file.read_text().replace("timeout: 5s", "timeout: 7s"))
        sides = str(before), str(after)
        base = difference = float("inf")
        for _ in range(RUNS):
            base = min(base, timed(lambda: [compiled(each) for each in sides]))
            difference = min(difference, timed(lambda: compared(*sides, MeshOptions())))
    met = difference <= MOST * base
    measured = f"{difference:.2f} s, {difference / base:.2f} times {base:.2f} s"
    what = f"{CHANGED} of {arguments.apps} apps changed"
    row = f"| {what} | {measured} | at most {MOST} times | {'yes' if met else 'NO'} |"
    table = f"| what | measured | target | met |\n| --- | --- | --- | --- |\n{row}"
    print(table)
    if arguments.write:
        text = (__doc__ or "").replace("\n    python", "\n```\npython").replace("[--write]\n", "[--write]\n```\n")
        PAGE.write_text(f"# Speed of the difference\n\n{text.strip()}\n\n{table}\n")
    sys.exit(not met)


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of the processor that ``work`` takes."""
    started = time.process_time()
    with collecting_no_garbage():
        work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
