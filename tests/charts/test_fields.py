"""The table of fields: it is what the generated level 1 has, and what it says of level 2 exists."""

import inspect
import re
import runpy
from pathlib import Path
from typing import Any

import pytest

from meshwright import charts

ROOT = Path(__file__).resolve().parents[2]
FIELDS: dict[str, Any] = runpy.run_path(str(ROOT / "tools" / "fields.py"))
SAID: dict[str, dict[str, str]] = FIELDS["SAID"]


def test_the_page_is_what_the_tool_writes() -> None:
    assert (ROOT / "docs" / "fields.md").read_text() == FIELDS["page"]()


@pytest.mark.parametrize("message", SAID)
def test_what_is_said_exists(message: str) -> None:
    for text in SAID[message].values():
        for name, argument, method in re.findall(r"\b([A-Z]\w+)(?:\((\w+)=\)|\.([a-z]\w+))", text):
            known = getattr(charts, name)
            if argument:
                assert argument in inspect.signature(known).parameters, f"{name}({argument}=)"
            else:
                assert hasattr(known, method), f"{name}.{method}"


def test_nothing_is_said_without_a_word_of_level_2_or_level_1() -> None:
    bare = [
        text
        for fields in SAID.values()
        for text in fields.values()
        if not text.startswith("level 1") and not any(name in text for name in charts.__all__)
    ]
    assert bare == []
