"""``meshwright check``: find what can never work."""

import sys
import tomllib
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

import click

from meshwright.analysis.finding import SEVERITIES, Finding, Severity, at_least
from meshwright.checks import Check, Inventory, check_mesh
from meshwright.checks.baseline import baseline_text, without_baseline
from meshwright.checks.pages import page
from meshwright.checks.registry import all_checks
from meshwright.checks.run import in_order
from meshwright.checks.suppression import (
    NO_REASON,
    UNUSED,
    Suppression,
    configured_suppressions,
    settings_of,
    suppress,
    written_suppressions,
)
from meshwright.cli.command import Command
from meshwright.cli.mesh_of import compiled, resources_of
from meshwright.cli.mesh_options import folder_argument, mesh_options
from meshwright.cli.terminal import progress, timed
from meshwright.errors import InputError
from meshwright.frontends import MeshOptions
from meshwright.report.findings_json import findings_json
from meshwright.report.findings_junit import findings_junit
from meshwright.report.findings_markdown import findings_markdown
from meshwright.report.findings_sarif import findings_sarif
from meshwright.report.findings_text import findings_text

FORMATS = ("json", "junit", "markdown", "sarif", "text")
_OF_SUPPRESSIONS = {
    NO_REASON: "A suppression without a reason.",
    UNUSED: "A suppression that suppresses nothing.",
}


def _codes(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    return [check.code for check in all_checks() if check.code.startswith(incomplete.upper())]


@click.command(
    "check",
    cls=Command,
    examples=(
        ("meshwright check", "What dist/ holds."),
        (
            "meshwright check dist --fail-on warning --format sarif",
            "For a pull request: warnings fail, GitHub shows them.",
        ),
        ("meshwright check --explain MW104", "What one check finds, and what to do about it."),
    ),
)
@folder_argument
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "never"]),
    default="error",
    show_default=True,
    help="The mildest severity that gives exit status 1.",
)
@click.option("--complete", is_flag=True, help="The manifests are all there is: what is not in them does not exist.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Do not tell the findings in this file.")
@click.option("--write-baseline", type=click.Path(path_type=Path), help="Write all findings there, and exit with 0.")
@click.option("--list", "listing", is_flag=True, help="Print all checks.")
@click.option("--explain", metavar="CODE", shell_complete=_codes, help="Print the page of one check.")
@mesh_options
def command(
    folder: str,
    style: str,
    fail_on: str,
    complete: bool,
    baseline: Path | None,
    write_baseline: Path | None,
    listing: bool,
    explain: str | None,
    options: MeshOptions,
) -> None:
    """Find what can never work in the manifests of FOLDER.

    FOLDER may also be a file, - for standard input, or REV:PATH in git. A reference into a part of the cluster that
    the manifests do not show is "unknown" and only counted, unless --complete says that there is nothing else.

    Exit status: 0 nothing found at or above --fail-on, 1 something found, 2 FOLDER could not be read.
    """
    checks = all_checks()
    if listing or explain is not None:
        click.echo(_explained(explain, checks) if explain is not None else _listed(checks), nl=False)
        return
    findings, hidden = _found(folder, checks, options, complete)
    if write_baseline is not None:
        _write(write_baseline, baseline_text(findings))
        return
    if baseline is not None:
        findings, known = without_baseline(findings, baseline)
        hidden += known
    click.echo(_reported(style, findings, hidden, checks), nl=False)
    sys.exit(_is_failure(findings, fail_on))


def _found(folder: str, checks: Sequence[Check], options: MeshOptions, complete: bool) -> tuple[list[Finding], int]:
    resources = resources_of(folder)
    mesh = compiled(resources, options)
    with timed(f"ran {len(checks)} checks"), progress():
        findings = check_mesh(Inventory(mesh, complete), checks)
    suppressions = [*written_suppressions(resources), *_configured()]
    left, hidden = suppress(findings, suppressions, [check.code for check in checks])
    return in_order(left), hidden


def _configured() -> Iterator[Suppression]:
    """Yield what pyproject.toml in the current folder suppresses."""
    file = Path("pyproject.toml")
    if file.is_file():
        try:
            settings = tomllib.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(str(file), f"cannot be read: {error}", "Correct it") from error
        yield from configured_suppressions(settings_of(settings), str(file))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(str(path), f"cannot be written: {error.strerror}", "Choose another file") from error


def _is_failure(findings: Sequence[Finding], fail_on: str) -> bool:
    threshold: Severity | None = next((severity for severity in SEVERITIES if severity == fail_on), None)
    return threshold is not None and any(at_least(finding.severity, threshold) for finding in findings)


def _reported(style: str, findings: Sequence[Finding], hidden: int, checks: Sequence[Check]) -> str:
    titles = {**{check.code: check.title for check in checks}, **_OF_SUPPRESSIONS}
    if style == "sarif":
        return findings_sarif(findings, titles)
    if style == "junit":
        return findings_junit(findings, titles)
    return {"json": findings_json, "markdown": findings_markdown, "text": findings_text}[style](findings, hidden)


def _listed(checks: Sequence[Check]) -> str:
    width = max(len(check.name) for check in checks)
    return "".join(f"{each.code}  {each.severity:<8} {each.name:<{width}}  {each.title}\n" for each in checks)


def _explained(code: str, checks: Sequence[Check]) -> str:
    for check in checks:
        if check.code == code.upper():
            return page(check.code) or f"# {check.code} {check.name}\n\n{check.title}\n"
    near = get_close_matches(code.upper(), [check.code for check in checks], n=3)
    remedy = f"There is {' and '.join(near)}; --list shows all" if near else "See them with --list"
    raise InputError("--explain", f'there is no check "{code}"', remedy)
