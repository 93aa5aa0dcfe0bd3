"""``python -m tests.docs.refresh PAGE…``: show in pages of docs/ what their commands print now.

What fits already, ``…`` and all, is left as it is. Read the difference before it is committed.
"""

import sys
import tempfile
from pathlib import Path

from tests.docs.page import Written, fits, steps
from tests.docs.reader import Reader


def main(pages: list[Path]) -> None:
    """Read the pages one after another in one place, and write into each what its commands printed."""
    with tempfile.TemporaryDirectory() as place, Reader(Path(place)) as reader:
        for page in pages:
            lines = page.read_text(encoding="utf-8").split("\n")
            moved = 0
            for step in steps(page):
                printed = reader.does(step)
                if isinstance(step, Written) or fits(step.printed, printed):
                    continue
                first = step.line - 1 + step.command.count("\n") + 1 + moved
                length = len(step.printed.split("\n")) if step.printed else 0
                shown = [line.rstrip() for line in printed.strip("\n").split("\n")] if printed.strip("\n") else []
                lines[first : first + length] = shown
                moved += len(shown) - length
            page.write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main([Path(word) for word in sys.argv[1:]])
