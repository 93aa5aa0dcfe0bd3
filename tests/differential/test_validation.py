"""Random objects: what we refuse is what istiod's admission webhook refuses, and what we doubt, it warns of."""

import json
import os
from random import Random

import pytest

from tests.differential.objects import PLAIN, Objects, judgement, warned_beyond_rules
from tests.recorder import istiod

OBJECTS = int(os.environ.get("MESHWRIGHT_DIFFERENTIAL_OBJECTS", "200"))
SEED = os.environ.get("MESHWRIGHT_DIFFERENTIAL_SEED", "objects")

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(
        istiod.program() is None, reason="istiod's code is not built: run make differential, or set MESHWRIGHT_ORACLE"
    ),
]


@pytest.fixture(scope="module")
def oracle():
    with istiod.Istiod() as running:
        yield running


@pytest.mark.parametrize("kind", PLAIN)
def test_what_we_refuse_is_what_istiod_refuses(oracle, kind):
    make = Objects(kind, Random(f"{SEED} {kind}"))
    bodies = [make.one() for _ in range(OBJECTS)]
    compared, different = 0, []
    for body, said in zip(bodies, oracle.judge(bodies), strict=True):
        ours = judgement(body)
        if ours.schema:  # a cluster refuses it before istiod is asked
            continue
        compared += 1
        refused = bool(said.get("errors"))
        if refused != ours.refused or (not refused and warned_beyond_rules(said) != ours.warned):
            different.append(f"{json.dumps(body)}\n  istiod {said}\n  ours {ours.faults}")
    assert compared > OBJECTS / 4
    assert not different, f"{len(different)} of {compared}\n" + "\n".join(different[:5])
