"""What the checks cost: beside reading and compiling a fleet, and on top of writing it.

    python -m benchmarks.check [--apps 1000] [--write]

The fleet is that of `benchmarks.compile`: a file an app, five objects each. "The whole check" is what
`meshwright check` does with a folder before it reports: reading, compiling, all checks, suppressions. Times of
processes that write the fleet (`benchmarks/fleet.py`) are of cold ones. All are seconds of the processor, medians of
rounds in which each was done once, so that a busy machine slows all alike; the ratio is the median of all rounds.
"""

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.compile import compiled, write_fleet
from meshwright.checks.configuration import Configuration
from meshwright.checks.registry import all_checks
from meshwright.checks.run import examine
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_folder

REPOSITORY = Path(__file__).resolve().parents[1]
PAGE = REPOSITORY / "docs" / "benchmarks" / "check.md"
IN_MEMORY = "/dev/shm"
ROUNDS = 3
RATIO = 1.5
SIZES = (1, 10, 1000)


def main() -> None:
    """Measure, print, and fail when the target is missed."""
    parser = argparse.ArgumentParser(prog="benchmarks.check", description=main.__doc__)
    parser.add_argument("--apps", type=int, default=1000)
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(REPOSITORY)}")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if Path(IN_MEMORY).is_dir() else None) as scratch:
        folder = Path(scratch, "fleet")
        write_fleet(folder, arguments.apps)
        told, met = beside_compiling(str(folder), arguments.apps)
        table = on_top_of_writing(Path(scratch))
    load = f"{os.cpu_count()} cores; load average {os.getloadavg()[0]:.1f}."
    print(f"{told}\n\n{table}\n\n{load}")
    if arguments.write:
        head = (__doc__ or "").replace("\n    python", "\n```\npython").replace("[--write]\n", "[--write]\n```\n")
        PAGE.write_text("\n\n".join(["# Speed of checking", head.strip(), told, table, load]) + "\n")
    sys.exit(not met)


def beside_compiling(folder: str, apps: int) -> tuple[str, bool]:
    """Return a table of the whole check beside reading and compiling, and whether it is quick enough."""
    checks = all_checks()
    found = whole_check(folder)  # once, so that neither side pays for imports
    rounds = [(timed(lambda: compiled(folder)), timed(lambda: whole_check(folder))) for _ in range(ROUNDS)]
    compiling, checking = (statistics.median(each) for each in zip(*rounds, strict=True))
    ratio = statistics.median(check / compile for compile, check in rounds)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = [
        f"| reading and compiling {apps} apps | {compiling:.2f} s | | |",
        f"| the whole check, {len(checks)} checks, {found} findings | {checking:.2f} s | | |",
        f"| the check, times reading and compiling | {ratio:.2f} | {RATIO} | {'yes' if ratio <= RATIO else 'NO'} |",
        f"| memory of both | {memory:.0f} MB | | |",
    ]
    return "\n".join(["| what | measured | target | met |", "| --- | --- | --- | --- |", *rows]), ratio <= RATIO


def whole_check(folder: str) -> int:
    """Do what the command does; returns the number of findings."""
    resources = read_folder(folder)
    return len(examine(compile_mesh(resources), resources, Configuration(), all_checks())[0])


def on_top_of_writing(scratch: Path) -> str:
    """Return a table of cold processes that write the fleet, with and without the checks."""
    lines = ["| apps written | without checks | with checks |", "| --- | --- | --- |"]
    for apps in SIZES:
        rounds = [[written(scratch, apps, option) for option in ("", "--check")] for _ in range(ROUNDS)]
        without, with_checks = (statistics.median(each) for each in zip(*rounds, strict=True))
        lines.append(f"| {apps} | {without * 1e3:.0f} ms | {with_checks * 1e3:.0f} ms |")
    return "\n".join(lines)


def written(scratch: Path, apps: int, option: str) -> float:
    """Write the fleet into a new folder by a cold process; returns the seconds it took of the processor."""
    out = scratch / "out"
    shutil.rmtree(out, ignore_errors=True)
    command = [
        sys.executable,
        str(REPOSITORY / "benchmarks" / "fleet.py"),
        str(apps),
        str(out),
        *filter(None, [option]),
    ]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, cwd=scratch, check=True, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that ``work`` takes of the processor."""
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
