"""Colours change nothing about what is said."""

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshwright.cli.paint import DECISIONS, FINDINGS, painted


@given(st.text())
@pytest.mark.parametrize("rules", [DECISIONS, FINDINGS], ids=["decisions", "findings"])
def test_without_its_colours_a_text_is_what_it_was(rules, text):
    assert click.unstyle(painted(text, rules)) == click.unstyle(text)


@pytest.mark.parametrize(
    ("line", "colour"),
    [
        pytest.param("dist/a.yaml:4: error: VirtualService a/b spec: wrong. Mend it. [MW101]", "31", id="an error"),
        pytest.param("dist/a.yaml:4: warning: Gateway a/b spec: wrong. Mend it. [MW107]", "33", id="a warning"),
    ],
)
def test_a_severity_has_its_colour(line, colour):
    assert f"\x1b[{colour}m" in painted(line, FINDINGS)


@pytest.mark.parametrize(
    ("line", "colour"),
    [
        pytest.param("-> outbound|80||cart.shop.svc.cluster.local", "32", id="an answer is green"),
        pytest.param("-> 404 by Envoy itself", "31", id="a refusal is red"),
        pytest.param("-> unknown", "31", id="so is what is not known"),
        pytest.param("-> 301 https://shop/", "32", id="a redirect is an answer"),
    ],
)
def test_an_answer_has_its_colour(line, colour):
    assert f"\x1b[{colour}m" in painted(line, DECISIONS)
