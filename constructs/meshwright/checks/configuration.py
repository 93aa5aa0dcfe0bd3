"""What a repository says of its checks: the subject ``check`` of cdk8s.yaml and pyproject.toml.

``synth`` (error, warn or off), ``fail_on`` (a severity, or never), ``complete`` (true or false), ``kubernetes`` (a
version), ``baseline`` (a file) and ``ignore`` (a list of ``code``, ``resource`` and ``reason``). Dashes for underscores
are fine.
"""

from dataclasses import dataclass
from pathlib import Path

from meshwright.analysis.finding import SEVERITIES
from meshwright.checks.suppression import Suppression, configured_suppressions
from meshwright.errors import InputError
from meshwright.settings import read_sections

SETTINGS = {"synth": str, "fail_on": str, "complete": bool, "kubernetes": str, "baseline": str, "ignore": list}
FAIL_ON = (*SEVERITIES, "never")


@dataclass(frozen=True, slots=True)
class Configuration:
    """How to check here.

    Args:
        complete: The manifests are everything there is.
        fail_on: The mildest severity that is a failure, or ``never``.
        kubernetes: The version that the manifests are for; empty where nobody says.
        baseline: The file of findings that are not told.
        ignored: What is suppressed.
    """

    complete: bool = False
    fail_on: str = "error"
    kubernetes: str = ""
    baseline: Path | None = None
    ignored: tuple[Suppression, ...] = ()


def configured() -> Configuration:
    """Return what the files of the current folder say.

    Raises:
        InputError: A file cannot be read, or a setting is unknown or of the wrong type.
    """
    values, places = read_sections("check", SETTINGS)
    ignored = (each for section, where in places for each in configured_suppressions(section.get("ignore", []), where))
    fail_on = values.get("fail_on") or "error"
    if fail_on not in FAIL_ON:
        raise InputError("check.fail_on", f"is {fail_on!r}", f"Give one of {', '.join(FAIL_ON)}")
    baseline = values.get("baseline")
    return Configuration(
        complete=bool(values.get("complete")),
        fail_on=fail_on,
        kubernetes=values.get("kubernetes") or "",
        baseline=Path(baseline) if baseline else None,
        ignored=tuple(ignored),
    )
