"""What istiod settled between other checkers and ours, asked again."""

import pytest

from benchmarks.conformance.corpus import CORPUS
from benchmarks.conformance.settled import SETTLED
from tests.recorder import istiod

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(istiod.program() is None, reason="istiod's own code is not built (make record)"),
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the cases of other checkers are not beside this repository"),
]


@pytest.fixture(scope="module")
def asking():
    with istiod.Istiod() as running:
        yield running


@pytest.mark.parametrize("one", SETTLED, ids=lambda one: one.case)
def test_istiod_answers_as_the_page_says(one, asking):
    answer = asking.ask(istiod.question("settled", one.manifests(), [one.proxy], mesh=one.mesh))
    assert "error" not in answer
    assert one.holds(answer["proxies"]["asked"])
