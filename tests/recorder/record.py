"""Record istiod's answers for the cases in tests/data/routes: ``python tests/recorder/record.py [CASE]...``.

A case is a folder with ``mesh.yaml`` and ``question.json``; the answer goes to ``answer.json`` beside them. Run it
after writing a case, and for all cases after raising Istio's version in go.mod.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "constructs")]

from tests.recorder import istiod, summary  # noqa: E402

CASES = REPOSITORY / "tests" / "data" / "routes"
UNORDERED = {"headers", "queryParameters"}
"""Conditions that must all hold: istiod writes them in any order."""
WITHOUT_EFFECT = {"decorator", "metadata", "maxDirectResponseBodySizeBytes", "validateClusters"}


def main() -> None:
    """Record the named cases, or all."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("cases", nargs="*", metavar="CASE", help="folder below tests/data/routes")
    names = parser.parse_args().cases or sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())
    if istiod.program() is None:
        istiod.build()
    refused = 0
    with istiod.Istiod() as asked:
        for name in names:
            answer = asked.ask(ask_of(CASES / name))
            refused += "error" in answer
            print(f"{name}: {answer.get('error', 'recorded')}")
            if "error" not in answer:
                recorded = {"istio": istiod.istio_version(), "proxies": shortened(answer)}
                (CASES / name / "answer.json").write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n")
    sys.exit(refused > 0)


def ask_of(case: Path) -> dict[str, Any]:
    """Return the question of a case."""
    asked = json.loads((case / "question.json").read_text())
    return istiod.question(case.name, (case / "mesh.yaml").read_text(), **asked)


def shortened(answer: dict[str, Any]) -> dict[str, Any]:
    """Return what an answer says about traffic: routes, listeners in few words, the names of clusters."""
    return {
        name: {
            "routes": [_clean(route) for _, route in sorted(summary.routes_of(sent).items())],
            "listeners": sorted(map(summary.of_istiod, sent["listeners"]), key=lambda listener: listener["name"]),
            "clusters": sorted(cluster["name"] for cluster in sent["clusters"]),
        }
        for name, sent in answer["proxies"].items()
    }


def _clean(message: Any) -> Any:
    if isinstance(message, list):
        return [_clean(each) for each in message]
    if not isinstance(message, dict):
        return message
    out = {key: _clean(value) for key, value in message.items() if key not in WITHOUT_EFFECT}
    for conditions in UNORDERED & out.keys():
        out[conditions] = sorted(out[conditions], key=json.dumps)
    return out


if __name__ == "__main__":
    main()
