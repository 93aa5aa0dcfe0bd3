import pytest

from meshwright.checks.pages import page
from meshwright.checks.rules import CHECKS
from tests.checks.findings import findings_in, told
from tests.checks.pages import CODES, FOLDER, examples, kubernetes_of, needs_everything, page_of


def test_each_check_has_a_page_and_each_page_a_check():
    assert list(CODES) == sorted(check.code for check in CHECKS)


def test_codes_and_names_are_given_once():
    assert len({check.code for check in CHECKS}) == len({check.name for check in CHECKS}) == len(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.code)
def test_a_page_says_what_its_check_says(check):
    assert page_of(check.code).startswith(f"# {check.code} {check.name}\n\n{check.title} Severity: {check.severity}.\n")
    assert page(check.code) == page_of(check.code)


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_is_told(code):
    found = findings_in(examples(code)["Wrong"], needs_everything(code), kubernetes=kubernetes_of(code))
    assert code in {finding.code for finding in told(found)}
    assert all(finding.line > 0 and finding.source.strip() for finding in told(found))


@pytest.mark.parametrize("code", CODES)
def test_the_wrong_example_is_wrong_in_one_way(code):
    worst = [
        each
        for each in told(findings_in(examples(code)["Wrong"], needs_everything(code), kubernetes=kubernetes_of(code)))
        if each.code != code
    ]
    assert [each for each in worst if each.severity != "note"] == []


@pytest.mark.parametrize("heading", ["Right", "Not told"])
@pytest.mark.parametrize("code", CODES)
def test_nothing_is_told_of_the_other_examples(code, heading):
    assert told(findings_in(examples(code)[heading], needs_everything(code), kubernetes=kubernetes_of(code))) == []


def test_the_index_names_every_check():
    index = (FOLDER / "index.md").read_text()
    assert all(f"[{check.code}]({check.code}.md)" in index for check in CHECKS)
