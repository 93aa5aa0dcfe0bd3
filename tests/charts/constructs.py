"""What tests of constructs share: a chart to fill, and the specs that come of it."""

from typing import Any

import pytest

from meshwright.charts import Environment
from meshwright.errors import MeshwrightError
from meshwright.tree import App, Chart, Testing

SHOP = Environment("prod", namespace="shop", host_suffix="example.com")


def shop() -> Chart:
    """A chart in namespace shop."""
    return SHOP.chart(App(), "shop")


def specs(chart: Chart, kind: str) -> list[dict[str, Any]]:
    """The specs of all objects of a kind."""
    return [document.get("spec", {}) for document in Testing.synth(chart) if document["kind"] == kind]


def refused(chart: Chart) -> list[str]:
    """What synth says against a chart, without the places."""
    with pytest.raises(MeshwrightError) as problems:
        Testing.synth(chart)
    return [line.partition("): ")[2] for line in str(problems.value).splitlines()]
