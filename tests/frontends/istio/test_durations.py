from datetime import timedelta

import pytest

from meshwright.frontends.istio.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("5s", 5, id="seconds"),
        pytest.param("0.25s", 0.25, id="parts of a second"),
        pytest.param("1h30m", 5400, id="several units add up"),
        pytest.param("100ms", 0.1, id="milliseconds"),
        pytest.param("0", 0, id="zero needs no unit"),
        pytest.param("-1s", -1, id="a sign counts"),
    ],
)
def test_reads_durations(text, seconds):
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["5", "s", "5 s", "1d", "", "5s!", None, 5, {"seconds": 5}])
def test_what_is_no_duration_reads_as_absent(value):
    assert parse_duration(value) is None
