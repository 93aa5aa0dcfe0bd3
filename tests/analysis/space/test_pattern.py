"""Automata of patterns accept what RE2 accepts."""

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from meshwright.analysis.regex import PatternError, full_match
from meshwright.analysis.space.automaton import Automaton
from meshwright.analysis.space.language import pattern_language
from meshwright.analysis.space.pattern import UnsupportedPattern, read_pattern
from meshwright.analysis.space.words import shortest_word

WORDS = st.text(st.sampled_from("abcABCx/._-1 éÉK{,]\\"), max_size=6)
ATOMS = [
    *("a", "b", "/", ".", "é", "{", "-", "\\.", "()", "a{,2}", "\\x41", "\\x{42}", "\\101", "\\Qa.b\\E", "\\C"),
    *("\\w", "\\W", "\\d", "\\s", "\\b", "\\B", "^", "$", "\\A", "\\z"),
    *("[a-c]", "[^a]", "[]a]", "[a\\]]", "[a-]", "[+-]", "[\\d_-]", "[^\\W\\d]", "[é]", "[[:alpha:]]", "[[:^alpha:]x]"),
    *("\\pL", "\\PN", "\\p{Lu}", "\\p{^Ll}", "(?i)A", "(?i:é)", "(?i:k)", "(?i)[a-c]", "(?-i)a", "(?s).", "(?P<n>b)"),
]
REPEATS = ["", "", "*", "+", "?", "{2}", "{1,}", "{0,2}", "*?", "+?", "??", "{1,2}?"]


def patterns():
    atom = st.tuples(st.sampled_from(ATOMS), st.sampled_from(REPEATS)).map("".join)

    def grown(inner):
        several = st.lists(inner, min_size=1, max_size=3).map("".join)
        choice = st.lists(inner | st.just(""), min_size=2, max_size=3).map("|".join)
        group = st.tuples(choice, st.sampled_from(REPEATS)).map(lambda parts: f"({parts[0]}){parts[1]}")
        return several | group

    return st.recursive(atom, grown, max_leaves=8)


def accepts(automaton, word):
    state = automaton.start
    for byte in word.encode():
        state = automaton.step(state, byte)
    return automaton.accepts(state)


@settings(max_examples=400, deadline=None)
@given(patterns(), st.lists(WORDS, min_size=5, max_size=20))
def test_an_automaton_accepts_the_words_that_re2_accepts(pattern, words):
    try:
        expected = full_match(pattern)
    except PatternError:
        assume(False)
    automaton = Automaton(read_pattern(pattern))
    assert [accepts(automaton, word) for word in words] == [expected(word) for word in words]


@settings(max_examples=200, deadline=None)
@given(patterns(), patterns(), patterns(), st.lists(WORDS, min_size=10, max_size=30))
def test_the_shortest_word_of_both_and_not_of_a_third_is_one_and_none_is_shorter(one, two, three, words):
    printable = "[ -~]*"
    tests = []
    for each in (one, two, three, printable):
        try:
            tests.append(full_match(each))
        except PatternError:
            assume(False)
    automata = [Automaton(read_pattern(each)) for each in (one, two, three, printable)]
    found = shortest_word([automata[0], automata[1], automata[3]], [automata[2]])
    expected = [True, True, False, True]
    assert found is None or [test(found) for test in tests] == expected
    fitting = [word for word in words if [test(word) for test in tests] == expected]
    assert all(found is not None and len(found) <= len(word) for word in fitting)


@settings(max_examples=200, deadline=None)
@given(patterns(), st.lists(WORDS, min_size=5, max_size=20))
def test_every_word_of_a_pattern_begins_with_what_is_said_of_all(pattern, words):
    try:
        matches = full_match(pattern)
    except PatternError:
        assume(False)
    beginning = pattern_language(pattern).beginning
    assert all(word.lower().startswith(beginning) for word in words if matches(word))


@pytest.mark.parametrize(
    ("pattern", "beginning"),
    [
        pytest.param("/api/v[0-9]+/.*", "/api/v", id="letters up to the first class"),
        pytest.param("^/a/(b|c)", "/a/", id="an anchor is no letter"),
        pytest.param("(?i)/API/.*", "/api/", id="both cases are one letter"),
        pytest.param("(/a){2}b?", "/a/a", id="a counted repetition"),
        pytest.param(".*/a", "", id="nothing"),
        pytest.param("/a\\.b", "/a.b", id="an escaped dot"),
    ],
)
def test_a_pattern_tells_what_its_words_begin_with(pattern, beginning):
    assert pattern_language(pattern).beginning == beginning


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("(", id="what RE2 refuses"),
        pytest.param("a(?=b)", id="look-ahead"),
        pytest.param("\\p{Greek}", id="a script"),
    ],
)
def test_what_has_no_automaton_is_said_to_have_none(pattern):
    with pytest.raises(UnsupportedPattern, match=r"RE2|script"):
        read_pattern(pattern)


def test_a_pattern_too_large_is_said_to_be(monkeypatch):
    monkeypatch.setattr("meshwright.analysis.space.automaton.MOST_NODES", 50)
    with pytest.raises(UnsupportedPattern, match="too large"):
        Automaton(read_pattern("[ab]{100}"))
