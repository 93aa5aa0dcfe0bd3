from datetime import timedelta

import pytest

from meshwright.frontends.istio.durations import parse_duration, parse_nanoseconds


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


@pytest.mark.parametrize(
    "value",
    [
        *("5", "s", "5 s", "1d", "", "5s!", "+-1s", None, 5, {"seconds": 5}),
        pytest.param("9223372037s", id="longer than Go can say"),
        pytest.param("1" * 5000 + "s", id="thousands of digits"),
    ],
)
def test_what_is_no_duration_reads_as_absent(value):
    assert parse_duration(value) is None


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        pytest.param("0.0000001s", 100, id="parts of a second"),
        pytest.param("1.5us7ns", 1507, id="units below a microsecond"),
        pytest.param("2562047h47m16.854775807s", 2**63 - 1, id="the longest"),
        pytest.param("-.3ns", 0, id="less than a nanosecond is cut off"),
    ],
)
def test_keeps_every_nanosecond_where_it_is_asked_to(text, nanoseconds):
    assert parse_nanoseconds(text) == nanoseconds


def test_cuts_off_what_is_below_a_microsecond():
    assert parse_duration("-1.9999us") == timedelta(microseconds=-1)
