import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshwright.analysis.paths import normalise, query_parameters

# Every answer was given by Envoy 1.40.
BASE = [
    ("/a//b", "/a//b", "double slashes stay"),
    ("//", "//", "even at the root"),
    ("/a/../b", "/b", "dot segments go"),
    ("/a/./b", "/a/b", "single dots go"),
    ("/a/..", "/", "a last dot segment leaves its slash"),
    ("/../..", "/", "nothing is above the root"),
    ("/a//../b", "/a/b", "an empty segment is a segment"),
    ("/.../b", "/.../b", "three dots are a name"),
    ("/a/%2e%2E/b", "/b", "escaped dots are dots"),
    ("/a/..;v=1/b", "/b", "dot segments with parameters are dot segments"),
    ("/a/%2e%2e;x/b", "/a/..;x/b", "but not escaped ones"),
    ("/a;x/..", "/", "other parameters belong to their segment"),
    ("/a%2Fb", "/a%2Fb", "an escaped slash stays"),
    ("/a%2F../b", "/a%2F../b", "and separates nothing"),
    ("/a\\..\\b", "/b", "backslashes are slashes"),
    ("/a%41%7e", "/aA~", "unreserved characters are unescaped"),
    ("/a%20%21%C3%A9", "/a%20%21%C3%A9", "others stay escaped"),
    ("/a|{}", "/a%7C%7B%7D", "some characters are escaped"),
    ("/a%zz%", "/a%zz%", "what is no escape stays"),
    ("/%%41%41", "/%25AA", "no escape comes into being"),
    ("/a#b?c", "/a", "a fragment goes, with all behind it"),
    ("/a?x=/../%41#f", "/a?x=/../%41", "the query stays as it is"),
    ("/a%00", None, "a null byte is refused"),
    ("/é", None, "what is not ASCII is refused"),
    ("/a b", None, "a space is refused"),
    ("a", None, "a path begins with a slash"),
    ("", None, "no path is no path"),
]


@pytest.mark.parametrize(("path", "seen"), [pytest.param(*case[:2], id=case[2]) for case in BASE])
def test_reads_paths_as_istio_configures_envoy(path, seen):
    assert normalise(path, "BASE") == seen


@pytest.mark.parametrize(
    ("how", "path", "seen"),
    [
        pytest.param("NONE", "/a/../%41\\", "/a/../%41\\", id="nothing is touched"),
        pytest.param("NONE", "/a#b", "/a", id="a fragment goes all the same"),
        pytest.param("MERGE_SLASHES", "/a///b//?x=//", "/a/b/?x=//", id="slashes are merged"),
        pytest.param("MERGE_SLASHES", "/a%2F/b", "/a%2F/b", id="escaped ones are not"),
        pytest.param("MERGE_SLASHES", "///", "//", id="the root keeps two"),
        pytest.param("DECODE_AND_MERGE_SLASHES", "/a%2F/%5cb", "/a/b", id="escaped slashes are decoded first"),
        pytest.param("DECODE_AND_MERGE_SLASHES", "/a%2f..%2fb", "/b", id="and make dot segments"),
        pytest.param("DECODE_AND_MERGE_SLASHES", "/a%252Fb", "/a%252Fb", id="once only"),
    ],
)
def test_reads_paths_as_the_mesh_says(how, path, seen):
    assert normalise(path, how) == seen


@given(st.text("/ab.%2eF\\;", max_size=12))
def test_a_path_without_lone_dots_and_escapes_is_left_alone(text):
    path = "/" + "".join(each for each in text if each not in "%\\;.")
    assert normalise(path, "BASE") == path


@pytest.mark.parametrize(
    ("path", "parameters"),
    [
        pytest.param("/?a=1&a=2", {"a": "1"}, id="the first of a name counts"),
        pytest.param("/?a=%20+", {"a": "%20+"}, id="nothing is decoded"),
        pytest.param("/?a", {"a": ""}, id="a name alone has an empty value"),
        pytest.param("/?a==", {"a": "="}, id="the first sign of equality separates"),
        pytest.param("/?x=1;b=2", {"x": "1;b=2"}, id="a semicolon separates nothing"),
        pytest.param("/??b=1", {"?b": "1"}, id="a second question mark belongs to the name"),
    ],
)
def test_reads_query_parameters_as_envoy_does(path, parameters):
    assert query_parameters(path) == parameters
