"""The text of values is what the real cdk8s writes."""

import json
import os

import pytest

from meshwright.tree import Yaml
from tests.tree.reference import ask_cdk8s
from tests.tree.strategies import collected, values

COUNT = int(os.environ.get("MESHWRIGHT_DIFFERENTIAL", "800"))


@pytest.mark.jsii
def test_random_values_are_written_as_cdk8s_writes_them() -> None:
    cases = [value for value in collected(values, COUNT) if value is not None]
    answers = ask_cdk8s([{"ask": "text", "value": value} for value in cases])
    wrong = [
        (value, answer["answer"], Yaml.stringify(value))
        for value, answer in zip(cases, answers, strict=True)
        if Yaml.stringify(value) != answer["answer"]
    ]
    value, expected, written = min(wrong, key=lambda one: len(json.dumps(one[0])), default=(None, "", ""))
    assert written == expected, f"{len(wrong)} of {len(cases)} differ, the shortest: {value!r}"
