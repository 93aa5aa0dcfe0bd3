"""Each example of docs/constructs, kept as it stands in ``dist/``; Kubernetes accepts its objects."""

import re
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml
from syrupy.assertion import SnapshotAssertion

from meshwright.charts import Environment
from meshwright.tree import App
from tests.charts.test_dist import ManifestSnapshot

DOCS = Path(__file__).resolve().parents[2] / "docs" / "constructs"
CUSTOM = re.compile(r"([a-z.-]*\.)?(istio\.io|argoproj\.io|k8s\.io|external-secrets\.io|bitnami\.com|flagger\.app)/")
"""API versions of kinds that are not Kubernetes' own."""


def examples(page: str) -> list[str]:
    """The examples of a page; one before a refusal writes nothing."""
    blocks = re.findall(r"```python\n(.*?)```\n*(```text)?", (DOCS / f"{page}.md").read_text(), re.DOTALL)
    return [block for block, refusal in blocks if not refusal]


PAGES = sorted(page.stem for page in DOCS.glob("*.md") if examples(page.stem))


def synthesised(page: str) -> str:
    """What all the examples of a page write, each in an app of its own."""
    texts = []
    for block in examples(page):
        app = App()
        environment = Environment("production", namespace="shop", host_suffix="example.com")
        given = {"app": app, "environment": environment, "chart": environment.chart(app, "shop")}
        exec(compile(block, f"{page}.md", "exec"), given)
        texts.append(app.synth_yaml())
    return "---\n".join(texts)


@pytest.mark.parametrize("page", PAGES)
def test_an_example_is_its_snapshot(page: str, snapshot: SnapshotAssertion) -> None:
    assert synthesised(page) == snapshot.use_extension(ManifestSnapshot)(name=page)


@pytest.mark.parametrize("page", PAGES)
def test_kubernetes_accepts_what_an_example_writes(page: str) -> None:
    documents: list[dict[str, Any]] = list(yaml.safe_load_all(synthesised(page)))
    own = [document for document in documents if not CUSTOM.match(document["apiVersion"])]
    assert [kubernetes_validate.validate(document, "1.34", strict=True) for document in own] == ["1.34"] * len(own)
    assert documents
