import pytest


@pytest.fixture(autouse=True)
def _without_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tree is tested by itself: what the checks say of its output is the business of tests/gates."""
    monkeypatch.setenv("MESHWRIGHT_CHECK", "off")
