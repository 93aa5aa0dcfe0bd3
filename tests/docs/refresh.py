"""``python -m tests.docs.refresh [--keep FOLDER AS] PAGE…``: show in pages of docs/ what their commands print now.

What fits already, ``…`` and all, is left as it is. With ``--keep`` what stands in FOLDER of the place where the pages
were read becomes AS. Read the difference before it is committed.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from tests.docs.page import Written, fits, steps
from tests.docs.reader import Reader, kept_files


def main(pages: list[Path], keep: tuple[str, str] | None) -> None:
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
        if keep is not None:
            shutil.rmtree(keep[1], ignore_errors=True)
            for path, text in kept_files(Path(place, keep[0])).items():
                Path(keep[1], path).parent.mkdir(parents=True, exist_ok=True)
                Path(keep[1], path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    words = sys.argv[1:]
    kept = (words[1], words[2]) if words[:1] == ["--keep"] else None
    main([Path(word) for word in (words[3:] if kept else words)], kept)
