"""The examples of docs/constructs run, and give what stands below them.

A Python block finds ``app``, ``environment`` (namespace ``shop``, hosts below ``example.com``) and ``chart`` made. The
YAML block that follows holds some of the objects it writes, whole; a text block that follows holds what synth says of
it.
"""

import re
from pathlib import Path

import pytest
import yaml

from meshwright.charts import Environment
from meshwright.errors import MeshwrightError
from meshwright.tree import App

PAGES = Path(__file__).resolve().parents[1] / "docs" / "constructs"
ELSEWHERE = {"helm-chart"}  # needs a chart and helm: tests/charts/test_helm_chart.py runs it
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def examples() -> list[object]:
    found: list[object] = []
    for page in sorted(PAGES.glob("*.md")):
        blocks = BLOCK.findall(page.read_text())
        for number, (language, code) in enumerate(blocks):
            if language == "python" and page.stem not in ELSEWHERE:
                follows = blocks[number + 1] if number + 1 < len(blocks) else ("", "")
                found.append(pytest.param(code, *follows, id=f"{page.stem} {number}"))
    return found


def run(code: str) -> App:
    app = App()
    environment = Environment("demo", namespace="shop", host_suffix="example.com")
    prepared = {"app": app, "environment": environment, "chart": environment.chart(app, "shop")}
    exec(compile(code, "main.py", "exec"), prepared)
    return app


@pytest.mark.parametrize(("code", "language", "follows"), examples())
def test_an_example_gives_what_stands_below_it(code: str, language: str, follows: str) -> None:
    app = run(code)
    if language == "text":
        with pytest.raises(MeshwrightError) as refused:
            app.synth_yaml()
        assert str(refused.value) == follows.rstrip("\n")
        return
    written = {(each["kind"], each["metadata"]["name"]): each for each in yaml.safe_load_all(app.synth_yaml())}
    assert written
    for shown in yaml.safe_load_all(follows) if language == "yaml" else ():
        assert written.get((shown["kind"], shown["metadata"]["name"])) == shown


@pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.stem)
def test_a_page_has_an_example(page: Path) -> None:
    assert "```python\n" in page.read_text()
