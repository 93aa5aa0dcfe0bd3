"""Makes the terminal pictures of README.md and docs/: real commands, run now, drawn as SVG.

``python tools/pictures.py`` writes docs/pictures/; ``--check`` fails if one is not what the commands print.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
WIDTH = 118
# Fonts come from the reader's machine: a picture asks no server for anything.
PLAIN = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.S)

COMMANDS = {
    "explain": ["meshwright explain docs/pictures/shop-after.yaml GET http://shop.example.com/api/v2/cart"],
    "check": ["meshwright check docs/pictures/shop.yaml"],
    "diff": ["meshwright diff docs/pictures/shop.yaml docs/pictures/shop-after.yaml"],
}


def main(check: bool) -> int:
    """Write the pictures, or with ``check`` tell which are stale."""
    stale = []
    for name, commands in COMMANDS.items():
        file = PICTURES / f"{name}.svg"
        drawn = picture(name, commands)
        if check and (not file.is_file() or file.read_text(encoding="utf-8") != drawn):
            stale.append(name)
        elif not check:
            file.write_text(drawn, encoding="utf-8")
    if stale:
        print(f"docs/pictures: {', '.join(stale)} are not what the commands print. Run: make pictures", file=sys.stderr)
    return 1 if stale else 0


def picture(name: str, commands: list[str]) -> str:
    """Return the SVG of a terminal in which these commands were typed."""
    console = Console(record=True, width=WIDTH, file=open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for command in commands:
        console.print(Text(f"$ {command}", style="bold"))
        console.print(Text.from_ansi(printed(command)))
    return console.export_svg(title="meshwright", theme=MONOKAI, code_format=PLAIN, unique_id=f"picture-{name}")


def printed(command: str) -> str:
    """Return what a command prints on a terminal."""
    with tempfile.TemporaryDirectory() as programs:
        program = Path(programs, "meshwright")
        program.write_text(f'#!/bin/sh\nexec {sys.executable} -m meshwright "$@"\n', encoding="utf-8")
        program.chmod(0o755)
        path = os.pathsep.join([programs, os.environ["PATH"]])
        env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "constructs"), "FORCE_COLOR": "1"}
        env |= {"COLUMNS": str(WIDTH)}
        env.pop("NO_COLOR", None)
        done = subprocess.run(command, shell=True, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv[1:]))
