"""Record what istiod's admission webhook says to random objects: ``python tests/recorder/record_validation.py``.

Of each kind some are kept, those that differ most in what is wrong with them: a line each in
``tests/data/validation/KIND.jsonl``, the object and whether istiod refused it or warned.
"""

import json
import re
import sys
from pathlib import Path
from random import Random
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "constructs")]

from tests.differential.objects import PLAIN, Objects, judgement, warned_beyond_rules  # noqa: E402
from tests.recorder import istiod  # noqa: E402

FOLDER = REPOSITORY / "tests" / "data" / "validation"
TRIED, KEPT, LONGEST = 4000, 120, 900


def main() -> None:
    """Record all kinds."""
    if istiod.program() is None:
        istiod.build()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with istiod.Istiod() as asked:
        for kind in PLAIN:
            bodies = _different(kind)
            lines = [
                json.dumps(
                    {"refused": bool(said.get("errors")), "warned": warned_beyond_rules(said), "object": body},
                    ensure_ascii=False,
                )
                for body, said in zip(bodies, asked.judge(bodies), strict=True)
            ]
            (FOLDER / f"{kind}.jsonl").write_text("\n".join(lines) + "\n")
            print(f"{kind}: {len(lines)}")


def _different(kind: str) -> list[dict[str, Any]]:
    make = Objects(kind, Random(f"recorded {kind}"))
    found: dict[object, dict[str, Any]] = {}
    for body in (make.one() for _ in range(TRIED)):
        said = judgement(body)
        if said.schema or len(json.dumps(body)) > LONGEST:
            continue
        shape = frozenset(re.sub(r"\[\d+\]|\".*?\"|\d+", "", f"{each.path} {each.wrong}") for each in said.faults)
        key = shape or frozenset(re.findall(r'"(\w+)":', json.dumps(body["spec"])))
        if key not in found and len(shape) <= 2:
            found[key] = body
    kept = sorted(found.items(), key=lambda each: (len(json.dumps(each[1])), json.dumps(each[1])))
    faulty = [body for key, body in kept if judgement(body).faults]
    sound = [body for key, body in kept if not judgement(body).faults]
    return [*_spread(faulty, KEPT * 2 // 3), *_spread(sound, KEPT // 3)]


def _spread(bodies: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """Return some of each length."""
    return bodies[:: -(-len(bodies) // most)] if bodies else []


if __name__ == "__main__":
    main()
