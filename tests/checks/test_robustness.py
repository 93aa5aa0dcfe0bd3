"""Objects that a cluster would refuse: whatever stands in a field, checking goes on."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshwright.errors import MeshwrightError
from meshwright.manifests import read_text
from meshwright.report.findings_text import findings_text
from tests.checks.findings import findings_in
from tests.checks.pages import CODES, examples

ODDITIES = [None, True, 0, -1, 2.5, "", "x", "*", "a/b/c", [], [None], [[]], ["x"], {}, {"x": None}, {"x": ["y"]}]


def is_open(place):
    """What an object is called stays."""
    return place[0] not in ("apiVersion", "kind", "metadata")


def places(value, path=()):
    found = [path] if path else []
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [place for key, child in children for place in places(child, (*path, key))]


@pytest.mark.parametrize("code", CODES)
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_field_checking_goes_on(code, data):
    bodies = [copy.deepcopy(each.body) for each in read_text(examples(code)["Wrong"])]
    body = data.draw(st.sampled_from([each for each in bodies if any(map(is_open, places(each)))]))
    *path, last = data.draw(st.sampled_from([place for place in places(body) if is_open(place)]))
    holder = body
    for key in path:
        holder = holder[key]
    holder[last] = copy.deepcopy(data.draw(st.sampled_from(ODDITIES)))
    try:
        findings = findings_in("\n---\n".join(map(json.dumps, bodies)), complete=data.draw(st.booleans()))
    except MeshwrightError as error:
        assert error.remedy
    else:
        assert findings_text(findings).endswith("\n")
