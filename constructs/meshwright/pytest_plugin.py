"""Route tests in Python: the pytest fixture ``mesh``.

``assert mesh("dist").get("http://shop/cart").goes_to("cart", subset="v2")`` asks the manifests of ``dist``; when it
fails, the report says why the request went where it did. Everything else is imported by the first test that asks.
"""

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from meshwright.analysis.decision import Decision
    from meshwright.analysis.entry import Questions
    from meshwright.route_tests.claims import MeshUnderTest

_JUDGED: "pytest.StashKey[list[Decision]]" = pytest.StashKey()
_COMPILED: "pytest.StashKey[dict[tuple[object, ...], Questions]]" = pytest.StashKey()


@pytest.fixture
def mesh(request: pytest.FixtureRequest) -> "Callable[..., MeshUnderTest]":
    """Return a function from a folder (a file, or ``REV:PATH``) to its mesh, compiled once a session.

    Its keywords are those of ``MeshOptions``: ``cluster_domain``, ``config_domain``, ``root_namespace``.
    """
    from meshwright.route_tests.claims import MeshUnderTest, mesh_of

    judged = request.node.stash.setdefault(_JUDGED, [])
    compiled = request.config.stash.setdefault(_COMPILED, {})

    def of(source: object, **options: str) -> MeshUnderTest:
        key = (str(source), *sorted(options.items()))
        if key not in compiled:
            compiled[key] = mesh_of(str(source), options)
        return MeshUnderTest(compiled[key], judged)

    return of


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> "Generator[None, pytest.TestReport, pytest.TestReport]":
    """Add the explanation of the last request that a failed test judged."""
    report = yield
    judged = item.stash.get(_JUDGED, [])
    if report.when == "call" and report.failed and judged:
        from meshwright.report.explain_text import decisions_text

        report.sections.append(("where the request goes", decisions_text([judged[-1]])))
    return report
