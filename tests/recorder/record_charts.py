"""Record the answers to the requests of tests/data/charts: ``python tests/recorder/record_charts.py [PROGRAM]...``.

Run it after writing a program or a request (an entry needs no answer for that), after a change that is meant to change
an answer, and after raising Istio's version in go.mod.
"""

import json
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "constructs")]

from tests.recorder import charts, istiod  # noqa: E402


def main() -> None:
    """Record the named programs, or all."""
    for name in sys.argv[1:] or charts.PROGRAMS:
        recorded = charts.answers_of_istiod(name, charts.requests(name))
        lines = ",\n".join(f"  {json.dumps(answer)}" for answer in recorded)
        text = f'{{\n "istio": "{istiod.istio_version()}",\n "answers": [\n{lines}\n ]\n}}\n'
        (charts.ANSWERS / f"{name}.json").write_text(text)
        for answer in recorded:
            print(name, answer["method"], answer["url"], json.dumps(answer["answer"]))


if __name__ == "__main__":
    if istiod.program() is None:
        istiod.build()
    main()
