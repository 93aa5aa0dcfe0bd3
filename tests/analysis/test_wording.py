import pytest

from meshwright.analysis.wording import path_words, value_words
from meshwright.traffic import PathMatch, StringMatch


@pytest.mark.parametrize(
    ("match", "words"),
    [
        pytest.param(PathMatch("prefix", "/A", True), 'path starts with "/A" (any case)', id="a prefix"),
        pytest.param(PathMatch("separated_prefix", "/a"), 'path is "/a" or below it', id="whole segments"),
        pytest.param(PathMatch("regex", "/A", True), 'path matches "/A"', id="an expression, whose case counts always"),
        pytest.param(PathMatch("connect", ""), "method is CONNECT", id="no path at all"),
    ],
)
def test_says_what_a_path_has_to_be(match, words):
    assert path_words(match) == words


@pytest.mark.parametrize(
    ("match", "words"),
    [
        pytest.param(StringMatch("suffix", "Z", True), 'ends with "Z" (any case)', id="an end"),
        pytest.param(StringMatch("regex", "Z", True), 'matches "Z"', id="an expression, whose case counts always"),
    ],
)
def test_says_what_a_value_has_to_be(match, words):
    assert value_words(match) == words
