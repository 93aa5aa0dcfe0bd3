"""The text of the programs that made manifests, for reports that show the line."""

from pathlib import Path


def read_program(name: str) -> str | None:
    """Return the text of a Python file in the working directory; ``None``: it is not there, or nothing to be shown."""
    here = Path.cwd().resolve()
    path = Path(name)
    try:
        if path.suffix != ".py" or not path.resolve().is_relative_to(here):
            return None
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
