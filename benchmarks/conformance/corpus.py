"""Where the recorded answers are."""

import json
from functools import cache
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parents[2]
CORPUS = REPOSITORY.parent / "shared" / "corpus"
PILOT = CORPUS / "pilot"


@cache
def load(path: str) -> Any:
    """Return the JSON of a file below the corpus."""
    return json.loads((CORPUS / path).read_text())


def text(path: str) -> str:
    """Return the text of a file below the corpus."""
    return (CORPUS / path).read_text()
