"""The verdicts as text and as the page docs/conformance.md."""

from collections import Counter
from collections.abc import Mapping, Sequence

from benchmarks.conformance.corpus import load
from benchmarks.conformance.settled import SETTLED
from benchmarks.conformance.verdict import Verdict
from meshwright.envoy.routes import LEFT_OUT


def summary(group: str, verdicts: Sequence[Verdict]) -> str:
    """Return one line: ``pilot/golden: 78 equal, 0 unknown, 2 different``."""
    counts = Counter(verdict.said for verdict in verdicts)
    settled = f", {counts['istiod']} settled by istiod" if counts["istiod"] else ""
    return f"{group}: {counts['equal']} equal{settled}, {counts['unknown']} unknown, {counts['different']} different"


def page(results: Mapping[str, Sequence[Verdict]]) -> str:
    """Return the page for the documentation."""
    commit = load("pilot/golden/cases.json")["commit"]
    lines = [
        "# Conformance",
        "",
        f"Our route tables beside those of istiod, istio/istio at `{commit[:12]}`. Written by `make conformance`.",
        "`python -m benchmarks.conformance --show GROUP/CASE` prints both sides of a case.",
        "",
        "Besides, `tests/data/routes` holds meshes of our own with istiod's answers, and `make differential` compares",
        "random meshes with istiod's own code, whole (routes, listeners, clusters), and random requests with Envoy.",
        "`tests/data/validation` holds objects with what istiod's admission webhook said, and `make differential` asks",
        "it about random ones. What it says to the value of an EnvoyFilter's patch is left out: that is for Envoy.",
        "",
        "`settled` counts the cases in which another checker and ours disagree, and istiod's own answer is ours.",
        "",
        "| group | equal | settled | unknown | different |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for group, verdicts in results.items():
        counts = Counter(verdict.said for verdict in verdicts)
        numbers = " | ".join(str(counts[said]) for said in ("equal", "istiod", "unknown", "different"))
        lines.append(f"| {group} | {numbers} |")
    every = [verdict for verdicts in results.values() for verdict in verdicts]
    features = Counter(verdict.because for verdict in every if verdict.because and verdict.said == "unknown")
    lines += ["", "## Features answered with unknown", ""]
    lines += [f"- {feature}: {count} cases" for feature, count in sorted(features.items())] or ["None in these cases."]
    lines += _settled()
    lines += ["", "## What is not compared", "", "Fields that traffic does not depend on:", ""]
    lines += [f"- {message}: {', '.join(f'`{field}`' for field in fields)}" for message, fields in LEFT_OUT.items()]
    lines += ["", "The order of virtual hosts and of the domains in one is not compared; the order of routes is."]
    different = [(group, v) for group, verdicts in results.items() for v in verdicts if v.said == "different"]
    if different:
        lines += ["", "## Different", ""]
        lines += [f"- {group}/{verdict.case}" for group, verdict in different]
    return "\n".join(lines) + "\n"


def _settled() -> list[str]:
    """Return the table of what istiod settled."""
    rows = [f"| {each.case} | {each.theirs} | {each.answer} |" for each in SETTLED]
    head = ["", "## Settled by istiod", "", "`tests/differential/test_settled.py` asks istiod again for each.", ""]
    return [*head, "| case | the other checker says | istiod's answer |", "| --- | --- | --- |", *rows]
