"""Tests that need Envoy are left out, saying why, where there is none."""

import pytest

from meshwright.envoy.process import find_envoy
from meshwright.errors import MeshwrightError


def pytest_runtest_setup(item):
    if item.get_closest_marker("envoy") is not None:
        try:
            find_envoy()
        except MeshwrightError as error:
            pytest.skip(str(error))
