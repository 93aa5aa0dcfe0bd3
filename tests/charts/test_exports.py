"""What ``meshwright.charts`` offers."""

import ast
from pathlib import Path

import pytest

from meshwright import charts


@pytest.mark.parametrize("name", charts.__all__)
def test_each_name_is_there_when_asked_for(name: str) -> None:
    assert getattr(charts, name).__name__ == name


def test_type_checkers_know_the_same_names_from_the_same_files() -> None:
    tree = ast.parse(Path(str(charts.__file__)).read_text())
    known = {
        alias.asname: node.module.rpartition(".")[2]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    assert known == charts._HOMES


def test_another_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'Rout'"):
        _ = charts.Rout
