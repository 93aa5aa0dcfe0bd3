"""One comment a report, on GitHub and on GitLab, renewed by every run."""

import json

import pytest
from click.testing import CliRunner

from meshwright.cli import main
from meshwright.comments import Api, GitHub, put
from meshwright.errors import InputError
from tests.comments.forges import forge

MARKER = "<!-- meshwright:diff -->"
TOKEN = "not-to-be-seen"


@pytest.fixture
def there():
    with forge() as found:
        yield found


@pytest.fixture
def event(tmp_path):
    file = tmp_path / "event.json"
    file.write_text(json.dumps({"pull_request": {"number": 7}}))
    return file


def environment(platform, there, event):
    if platform == "github":
        return {
            "GITHUB_REPOSITORY": "shop/mesh",
            "GITHUB_API_URL": there.url,
            "GITHUB_EVENT_PATH": str(event),
            "GITHUB_TOKEN": TOKEN,
            "CI_PROJECT_ID": None,
        }
    return {
        "CI_API_V4_URL": there.url,
        "CI_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_IID": "7",
        "GITLAB_TOKEN": TOKEN,
        "GITHUB_REPOSITORY": None,
    }


def run(env, body, *arguments):
    return CliRunner(env=env).invoke(main, ["comment", "-", *arguments], input=body)


@pytest.mark.parametrize("platform", ["github", "gitlab"])
def test_the_first_run_adds_a_comment_and_later_ones_renew_it(there, event, platform):
    there.write("Looks good")
    env = environment(platform, there, event)
    assert run(env, f"{MARKER}\nfirst\n").stderr == "comment added\n"
    assert run(env, f"{MARKER}\nsecond\n").stderr == "comment renewed\n"
    assert run(env, f"{MARKER}\nsecond\n").stderr == "comment unchanged\n"
    assert there.bodies() == ["Looks good", f"{MARKER}\nsecond\n"]


@pytest.mark.parametrize("platform", ["github", "gitlab"])
def test_it_is_found_among_hundreds_and_a_quoted_marker_is_nobodys(there, event, platform):
    for number in range(250):
        there.write(f"> {MARKER}\n{number}")
    there.write(f"{MARKER}\r\nold")
    there.write("later")
    assert run(environment(platform, there, event), f"{MARKER}\nnew").stderr == "comment renewed\n"
    assert there.bodies()[250:] == [f"{MARKER}\nnew", "later"]


def test_two_reports_have_a_comment_each(there, event):
    env = environment("github", there, event)
    run(env, f"{MARKER}\none")
    run(env, "<!-- meshwright:diff:staging -->\ntwo")
    assert len(there.comments) == 2


def test_what_the_platform_notes_itself_is_never_renewed(there, event):
    there.write(f"{MARKER} mentioned in a commit", system=True)
    assert run(environment("gitlab", there, event), f"{MARKER}\nnew").stderr == "comment added\n"


def test_a_number_on_the_command_line_wins(there, event):
    result = run(environment("github", there, event), f"{MARKER}\nnew", "--number", "8")
    assert result.exit_code == 2
    assert there.asked == ["GET /repos/shop/mesh/issues/8/comments"]


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        pytest.param("GITHUB_TOKEN", "there is no token", id="no token"),
        pytest.param("GITHUB_EVENT_PATH", "this run belongs to no pull request", id="a push"),
        pytest.param("GITHUB_REPOSITORY", "this is no run of GitHub Actions or GitLab CI", id="a shell at home"),
    ],
)
def test_what_is_missing_is_named_with_what_to_do(there, event, missing, said):
    result = run({"GH_TOKEN": None, **environment("github", there, event), missing: None}, f"{MARKER}\nnew")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"comment: {said}. ")
    assert there.asked == []


def test_a_text_without_marker_is_refused_before_anything_is_asked(there, event):
    result = run(environment("github", there, event), "Hello")
    assert result.exit_code == 2
    assert "the text begins with no marker" in result.stderr
    assert there.comments == {}


def test_a_token_that_may_not_write_is_told_and_never_shown(there, event):
    there.answers = [403]
    result = run(environment("github", there, event), f"{MARKER}\nnew")
    assert result.exit_code == 2
    assert "pull-requests: write" in result.stderr
    assert TOKEN not in result.output + result.stderr
    assert there.headers[0]["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [pytest.param([503, 429], "added", id="busy twice"), pytest.param([503, 503, 503], None, id="busy three times")],
)
def test_a_busy_platform_is_asked_three_times(there, answers, outcome):
    there.answers = list(answers)
    platform = GitHub(Api(there.url, {}, patience_s=0.01), "shop/mesh", 7)
    if outcome is None:
        with pytest.raises(InputError, match="503"):
            put(platform, f"{MARKER}\nnew")
        assert len(there.asked) == 3
    else:
        assert put(platform, f"{MARKER}\nnew") == outcome


def test_a_token_does_not_follow_to_another_host(there):
    there.answers = [302]
    with pytest.raises(InputError, match="302"):
        put(GitHub(Api(there.url, {"Authorization": TOKEN}), "shop/mesh", 7), f"{MARKER}\nnew")


@pytest.mark.parametrize("root", ["http://api.example.com", "ftp://127.0.0.1", "file:///etc/passwd"])
def test_a_token_is_sent_over_https_alone(root):
    with pytest.raises(InputError, match="over https alone"):
        Api(root, {})
