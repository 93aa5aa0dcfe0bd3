import pytest


@pytest.fixture(autouse=True)
def _without_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Constructs are tested by themselves: what the checks say of their output is the business of tests/gates."""
    monkeypatch.setenv("MESHWRIGHT_CHECK", "off")
