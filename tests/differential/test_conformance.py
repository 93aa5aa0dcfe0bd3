"""The judge of benchmarks/conformance finds nothing different, and unknown only what is listed by name."""

import pytest

from benchmarks.conformance.corpus import CORPUS
from benchmarks.conformance.groups import GROUPS, judge

UNKNOWN = {"Ingress"}
CHECKER = {"validate"}
"""What other checkers say: what ours does not ask yet is listed with its reason in docs/conformance.md."""


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the recorded answers are not beside this repository")
@pytest.mark.parametrize("group", GROUPS)
def test_nothing_differs_from_what_istiod_said(group):
    verdicts = list(judge(group))
    assert [f"{verdict.case}\n{verdict.detail}" for verdict in verdicts if verdict.said == "different"] == []
    unknown = [verdict for verdict in verdicts if verdict.said == "unknown"]
    assert all(verdict.because for verdict in unknown)
    if group not in CHECKER:
        assert {verdict.because for verdict in unknown} <= UNKNOWN
        assert len(unknown) <= len(verdicts) // 20
