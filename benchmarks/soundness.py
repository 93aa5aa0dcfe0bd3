"""Whether `meshwright diff` tells everything, and nothing that is not so.

    python -m benchmarks.soundness [--pairs 1000] [--requests 10000] [--envoys 40] [--jobs 2] [--minutes 9] [--write]

Random pairs of meshes, most of them related by a few edits as two commits are: Gateways, VirtualServices with every
kind of rule, delegates, DestinationRules, Services of every protocol, ServiceEntries, Sidecars. To each pair go random
requests that come close to the conditions of either side, spread over all gateways and sidecars. An exception is a
request that both sides decide otherwise and that lies in no reported region, or a witness that proves nothing. The
witnesses of some pairs are replayed on two real Envoys as well, injected faults left out.
"""

import argparse
import multiprocessing
import sys
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from meshwright.analysis.traffic_diff import traffic_diff
from meshwright.cli.on_envoy import differences
from meshwright.errors import MeshwrightError
from tests.differential.pairs import Counts, check_pair, compiled, pairs
from tests.differential.test_istiod import without_chance

REPOSITORY = Path(__file__).resolve().parents[1]
CHUNK = 25
PAGE = REPOSITORY / "docs" / "benchmarks" / "soundness.md"


def main() -> None:
    """Measure, print, and fail when anything is wrong."""
    parser = argparse.ArgumentParser(prog="benchmarks.soundness", description=main.__doc__)
    parser.add_argument("--pairs", type=int, default=1000)
    parser.add_argument("--requests", type=int, default=10_000, help="to each pair")
    parser.add_argument("--envoys", type=int, default=40, help="pairs whose witnesses go to two real Envoys")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--minutes", type=float, default=0, help="begin nothing after so many; 0: check all pairs")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(REPOSITORY)}")
    arguments = parser.parse_args()
    started = time.perf_counter()
    counts, wrong = in_jobs(arguments)
    replayed, disagreements, refused = envoys(arguments.envoys, arguments.seed)
    table = "\n".join(
        [
            "| what | count |",
            "| --- | --- |",
            f"| pairs of meshes | {counts.pairs:,} |",
            f"| of them with a change of traffic | {counts.changed:,} |",
            f"| changes, in regions | {counts.changes:,}, in {counts.regions:,} |",
            f"| witnesses, each decided otherwise by the two sides | {counts.witnesses:,} |",
            f"| regions without a witness, which say why | {counts.unproven:,} |",
            f"| requests sent to both sides | {counts.requests:,} |",
            f"| of them decided otherwise | {counts.differing:,} |",
            f"| **exceptions** | **{len(wrong)}** |",
            f"| decisions about witnesses replayed on two real Envoys | {replayed:,} |",
            f"| **disagreements** | **{len(disagreements)}** |",
            f"| pairs left out because Envoy refuses a side's own configuration | {refused} |",
        ]
    )
    print(table)
    for each in [*wrong[:5], *disagreements[:5]]:
        print(each, file=sys.stderr)
    if arguments.write:
        text = (__doc__ or "").replace("\n    python", "\n```\npython").replace("[--write]\n", "[--write]\n```\n")
        minutes = (time.perf_counter() - started) / 60
        processes = "1 process" if arguments.jobs == 1 else f"{arguments.jobs} processes"
        run = f"Seed {arguments.seed}, {processes}, {arguments.requests:,} requests a pair, {minutes:.0f} minutes:"
        PAGE.write_text(f"# Soundness of the difference\n\n{text.strip()}\n\n{run}\n\n{table}\n")
    sys.exit(bool(wrong or disagreements))


def in_jobs(arguments: argparse.Namespace) -> tuple[Counts, list[object]]:
    """Check pairs of meshes in several processes, a chunk at a time, each with a seed of its own."""
    sizes = [min(CHUNK, arguments.pairs - start) for start in range(0, arguments.pairs, CHUNK)]
    until = time.time() + arguments.minutes * 60 if arguments.minutes else float("inf")
    works = [(size, arguments.requests, arguments.seed * 1_000_000 + chunk, until) for chunk, size in enumerate(sizes)]
    total, wrong = Counts(), list[object]()
    with multiprocessing.Pool(arguments.jobs) as pool:
        for counts, more in pool.imap(_model, works):
            wrong += more
            for name, value in vars(counts).items():
                setattr(total, name, getattr(total, name) + value)
            print(f"{total.pairs} pairs, {len(wrong)} exceptions", file=sys.stderr, flush=True)
    return total, wrong


def _model(work: tuple[int, int, int, float]) -> tuple[Counts, list[object]]:
    *what, until = work
    return model(*what) if time.time() < until else (Counts(), [])


def model(size: int, requests: int, seed: int) -> tuple[Counts, list[object]]:
    """Check pairs of meshes against the model; return counts and what is wrong."""
    counts, wrong = Counts(), list[object]()

    @seeded(seed)
    @settings(
        max_examples=size,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(pair=pairs(), number=st.integers(0, 2**32))
    def run(pair, number):
        for each in check_pair(pair, number, requests, counts):
            wrong.append(f"{each} in {pair}")
            print(each, file=sys.stderr, flush=True)

    run()
    return counts, wrong


def envoys(size: int, seed: int) -> tuple[int, list[str], int]:
    """Replay the witnesses of some pairs on real Envoys.

    Returns:
        How many decisions, what they disagree about, and how many pairs Envoy does not even start with.
    """
    replayed, refused, disagreements = 0, 0, list[str]()
    if not size:
        return replayed, disagreements, refused

    @seeded(seed)
    @settings(
        max_examples=size,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(pair=pairs())
    def run(pair):
        nonlocal replayed, refused
        found = traffic_diff(*(compiled(without_chance(each)) for each in pair))
        witnesses = [region.witness for change in found.changes for region in change.regions if region.witness]
        decisions = [decision for each in witnesses for decision in (each.before, each.after)]
        if decisions:
            try:
                disagreements.extend(differences(decisions))
            except MeshwrightError:
                refused += 1
            else:
                replayed += len(decisions)

    run()
    return replayed, disagreements, refused


if __name__ == "__main__":
    main()
