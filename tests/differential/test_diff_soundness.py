"""Random pairs of meshes: no request is decided otherwise outside of the regions, and each witness is."""

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.differential.pairs import Counts, check_pair, pairs

PAIRS = int(os.environ.get("MESHWRIGHT_DIFF_PAIRS", "30"))
REQUESTS = int(os.environ.get("MESHWRIGHT_DIFF_REQUESTS", "400"))


@settings(max_examples=PAIRS, deadline=None, suppress_health_check=list(HealthCheck))
@given(pair=pairs(), seed=st.integers(0, 2**32))
def test_no_request_is_decided_otherwise_outside_of_the_regions_and_each_witness_is(pair, seed):
    assert check_pair(pair, seed, REQUESTS, Counts()) == []
