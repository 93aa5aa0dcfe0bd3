"""CEL rules and patterns in Python."""

from typing import Any

import pytest

from meshwright.bindings.cel import Untranslatable, translate
from meshwright.bindings.patterns import python_pattern
from meshwright.tree import cel_values


def holds(rule: str, value: Any) -> bool:
    return bool(eval(translate(rule), {"self": value, "cel": cel_values}))


@pytest.mark.parametrize(
    ("rule", "kept", "broken"),
    [
        pytest.param("has(self.a) != has(self.b)", {"a": 1}, {"a": 1, "b": 2}, id="has"),
        pytest.param("(has(self.a) ? 1 : 0) + (has(self.b) ? 1 : 0) <= 1", {}, {"a": 1, "b": 1}, id="counting"),
        pytest.param("self.all(x, self.exists_one(y, x.n == y.n))", [{"n": 1}], [{"n": 1}, {"n": 1}], id="uniqueness"),
        pytest.param("self.filter(x, x.t == 'A').size() <= 1", [{"t": "A"}], [{"t": "A"}, {"t": "A"}], id="filter"),
        pytest.param("!self.exists(x, x > 2) || size(self) == 1", [3], [3, 4], id="exists and or"),
        pytest.param("self.map(x, x.n).all(n, n % 2 == 0)", [{"n": 2}], [{"n": 3}], id="map"),
        pytest.param("duration(self) >= duration('1ms')", "1m0.5s", "500us", id="durations"),
        pytest.param("self.matches('^a+$')", "aa", "aa\n", id="a pattern ends at the end"),
        pytest.param('self.matches(r"""^(?i)[a-z]+$""")', "AB", "1", id="a flag inside"),
        pytest.param("self.startsWith('/') && !self.contains('//')", "/a", "//", id="strings"),
        pytest.param("self.substring(7, 8) == '/'", "unix:///a", "unix://a", id="substring"),
        pytest.param("isURL(self) && url(self).getScheme() in ['http', 'https']", "http://a", "ftp://a", id="URLs"),
        pytest.param("self.all(h, !isIP(h))", ["a.b"], ["10.0.0.1"], id="addresses"),
        pytest.param(
            "self.a == -1 && self.b[0] == 1.5 && true", {"a": -1, "b": [1.5]}, {"a": 1, "b": [1]}, id="literals"
        ),
        pytest.param("self.all(k, 0 < int(k) && int(k) <= 65535)", {"80": 1}, {"0": 1}, id="keys of a mapping"),
    ],
)
def test_a_rule_means_in_python_what_it_means_in_cel(rule: str, kept: Any, broken: Any) -> None:
    assert holds(rule, kept)
    assert not holds(rule, broken)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        pytest.param("self == oldSelf", "earlier state", id="a transition"),
        pytest.param("self.frobnicate()", "frobnicate", id="an unknown method"),
        pytest.param("quantity(self) > 1", "quantity", id="an unknown function"),
        pytest.param("self.all(1, true)", "binds '1'", id="a binding that is no name"),
        pytest.param("self ==", "reads ''", id="an unfinished rule"),
        pytest.param("self; import_os", "unexpected ';'", id="what is no CEL"),
    ],
)
def test_what_cannot_be_translated_says_why(rule: str, why: str) -> None:
    with pytest.raises(Untranslatable, match=why.replace("(", r"\(")):
        translate(rule)


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [("1h30m", 5.4e12), ("1.5s", 1.5e9), ("-2ms", -2e6), ("0", 0), (".5s", 5e8), ("10us", 1e4), ("1µs", 1e3)],
)
def test_durations_are_read_as_go_reads_them(text: str, nanoseconds: float) -> None:
    assert cel_values.duration(text) == nanoseconds


@pytest.mark.parametrize("text", ["", "5", "5x", "s", "1s2", "--1s", "1.2.3s"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        cel_values.duration(text)


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        pytest.param("^a$|b[$]c\\$", "^a\\Z|b[$]c\\$", id="only a free dollar ends the text"),
        pytest.param("^(?i)a", "(?i)^a", id="flags stand first"),
        pytest.param("[[:alnum:]_]", "[A-Za-z0-9_]", id="POSIX classes"),
    ],
)
def test_patterns_are_rewritten_for_python(pattern: str, written: str) -> None:
    assert python_pattern(pattern) == written
