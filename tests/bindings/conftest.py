"""A generated package of its own, made from tests/bindings/data."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from meshwright.bindings.generate import generate
from meshwright.bindings.sources import Source
from meshwright.bindings.write import write_package
from meshwright.tree import App, Chart

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="session")
def caches(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The module generated from data/cache.yaml."""
    root = tmp_path_factory.mktemp("generated")
    write_package(root / "own_imports", generate(Source("", str(DATA / "cache.yaml"))))
    sys.path.insert(0, str(root))
    try:
        return importlib.import_module("own_imports.example.storage")
    finally:
        sys.path.remove(str(root))


@pytest.fixture
def chart() -> Chart:
    """An empty chart."""
    return Chart(App(), "prod")
