"""``python -m meshwright``."""

from meshwright.cli import main

main(prog_name="meshwright")
