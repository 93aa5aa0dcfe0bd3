"""Time whole cold processes that write the fleet of the bench, ours beside others, and write docs/benchmarks/fleet.md.

python benchmarks/fleet_table.py [--write] [--peer NAME='CMD {n} {out}' ...]

Peers found on PATH (jsonnet, kustomize) and in this environment (cdk8s) take their programs from the bench beside this
repository. A peer given by option replaces one of that name; {bench} is that bench, {overlays} what kustomize reads.
"""

import argparse
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PEERS = ROOT.parent / "shared" / "bench" / "peers"
PAGE = ROOT / "docs" / "benchmarks" / "fleet.md"
IN_MEMORY = "/dev/shm"  # a disk's ways with new files would hide the rest
OWN = "meshwright"
COLLECTING = "meshwright, collector on"
CHECKING = "meshwright, checking"
RUNS = {1: 21, 10: 21, 100: 9, 1000: 5}
MOST = {"kustomize": 100}  # it takes minutes for more
COMMANDS = {
    "jsonnet": "jsonnet -S -m {out} --tla-code n={n} {bench}/jsonnet/fleet.jsonnet",
    "kustomize": "kustomize build {overlays} -o {out}/fleet.yaml",
    "cdk8s-py": f"{sys.executable} {{bench}}/cdk8s-py/main.py {{n}} {{out}}",
}
TARGETS = [(1, "kustomize", 1.0), (10, "jsonnet", 1.5), (100, "jsonnet", 0.8), (1000, "jsonnet", 0.8)]
SLOWER = (1000, "cdk8s-py", 20)
MEMORY = 60
HEAD = """# Speed of writing a fleet

Written by `python benchmarks/fleet_table.py --write`: whole cold processes that write N apps of five objects
(Deployment, Service, Gateway, VirtualService with three routes, DestinationRule), a file an app, into an empty folder
in memory; kustomize writes one file. Medians of runs taken in turns, so that a busy machine slows all alike; the
fastest in brackets. `benchmarks/fleet.py` goes without Python's cyclic collector, as a `main.py` may that only builds
and writes; the second column is the same with it (`--collect`). Both go without the checks, as other programs do; the
third is a synth that checks what it is about to write (`--check`), which is the default.
"""

Times = dict[tuple[str, int], list[float]]


def main() -> None:
    """Measure, print and perhaps write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--peer", action="append", default=[], metavar="NAME=CMD", help="another program, or where it is"
    )
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(ROOT)}")
    parser.add_argument("--apps", type=int, nargs="+", default=list(RUNS), help="how many apps")
    options = parser.parse_args()
    commands, missing = peers(dict(given.split("=", 1) for given in options.peer))
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if os.path.isdir(IN_MEMORY) else None) as scratch:  # noqa: PTH112
        times, memory = measure(commands, options.apps, Path(scratch))
    load = f"{os.cpu_count()} cores; the load average went from {before:.1f} to {os.getloadavg()[0]:.1f}.\n"
    text = f"{HEAD}{load}\n{table(times, list(commands), options.apps)}\n{targets(times, memory)}{missing}"
    print(text)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")


def peers(given: dict[str, str]) -> tuple[dict[str, str], str]:
    """Return the command of each program, and a line about those that are missing."""
    fleet = f"{sys.executable} {ROOT / 'benchmarks' / 'fleet.py'} {{n}} {{out}}"
    found = {OWN: fleet, COLLECTING: f"{fleet} --collect", CHECKING: f"{fleet} --check"}
    missing = []
    for name, command in COMMANDS.items():
        if name in given:
            found[name] = given[name]
        elif PEERS.is_dir() and shutil.which(shlex.split(command)[0]):
            found[name] = command
        else:
            missing.append(name)
    found.update(given)
    return found, f"\nNot found, so not measured: {', '.join(missing)}.\n" if missing else ""


def measure(commands: dict[str, str], sizes: list[int], scratch: Path) -> tuple[Times, float]:
    """Run all in turns; a first turn does not count. Returns seconds, and MB of ours at the largest size."""
    times: Times = {}
    memory = 0.0
    for apps in sizes:
        overlays = scratch / f"overlays-{apps}"
        chosen = {name: command for name, command in commands.items() if apps <= MOST.get(name, apps)}
        if "kustomize" in chosen:
            subprocess.run([sys.executable, str(PEERS / "kustomize" / "gen.py"), str(apps), str(overlays)], check=True)
        for turn in range(RUNS.get(apps, 5) + 1):
            for name, command in chosen.items():
                out = scratch / "out"
                shutil.rmtree(out, ignore_errors=True)
                out.mkdir()
                filled = command.format(n=apps, out=out, bench=PEERS, overlays=overlays)
                taken, most = once(shlex.split(filled))
                if turn:
                    times.setdefault((name, apps), []).append(taken)
                    memory = max(memory, most) if name == OWN else memory
    return times, memory


def once(command: list[str]) -> tuple[float, float]:
    """Run one process; returns seconds and the most memory in MB."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{shlex.join(command)} ended with {process.returncode}")
    return taken, usage.ru_maxrss / 1024


def table(times: Times, names: list[str], sizes: list[int]) -> str:
    """Return a row for each size."""
    lines = [f"| apps | {' | '.join(f'{name}, ms' for name in names)} |", f"|{' --- |' * (len(names) + 1)}"]
    for apps in sizes:
        cells = [shown(times.get((name, apps))) for name in names]
        lines.append(f"| {apps} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def shown(taken: "list[float] | None") -> str:
    """Return a median with its minimum."""
    if taken is None:
        return "-"
    digits = 1 if min(taken) < 0.1 else 0
    return f"{statistics.median(taken) * 1e3:.{digits}f} ({min(taken) * 1e3:.{digits}f})"


def targets(times: Times, memory: float) -> str:
    """Return what was asked and what was reached."""
    lines = ["| what | asked | reached | met |", "| --- | --- | --- | --- |"]

    def ratio(name: str, apps: int) -> float:
        return statistics.median(times[OWN, apps]) / statistics.median(times[name, apps])

    for apps, name, most in TARGETS:
        if (name, apps) in times:
            reached = ratio(name, apps)
            what = f"{apps} app{'s' * (apps > 1)}, times {name}"
            lines.append(f"| {what} | at most {most} | {reached:.2f} | {met(reached <= most)} |")
    apps, name, least = SLOWER
    if (name, apps) in times:
        faster = 1 / ratio(name, apps)
        lines.append(
            f"| {apps} apps, faster than {name} | at least {least} times | {faster:.1f} | {met(faster >= least)} |"
        )
    if (OWN, apps) in times:
        lines.append(f"| memory at {apps} apps | at most {MEMORY} MB | {memory:.0f} MB | {met(memory <= MEMORY)} |")
    return "\n".join(lines) + "\n"


def met(reached: bool) -> str:
    """Say whether."""
    return "yes" if reached else "no"


if __name__ == "__main__":
    main()
