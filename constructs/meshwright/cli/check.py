"""``meshwright check``: find what can never work."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import click

from meshwright.analysis.finding import Finding
from meshwright.checks import Check
from meshwright.checks.baseline import Entry, baseline_text, entries_of, read_baseline, without
from meshwright.checks.configuration import FAIL_ON, Configuration, configured
from meshwright.checks.pages import page
from meshwright.checks.registry import all_checks
from meshwright.checks.run import examine, is_failure
from meshwright.checks.suppression import NO_REASON, UNUSED
from meshwright.cli.command import Command
from meshwright.cli.mesh_of import clusters_of, compiled, resources_of
from meshwright.cli.mesh_options import folder_argument, mesh_options
from meshwright.cli.paint import FINDINGS, painted
from meshwright.cli.terminal import is_quiet, note, progress, timed
from meshwright.errors import Errors, InputError
from meshwright.frontends import MeshOptions
from meshwright.manifests import Resource
from meshwright.manifests.revision import has_revision, path_in_repository
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
    "--fail-on", type=click.Choice(FAIL_ON), help="The mildest severity that gives exit status 1.  [default: error]"
)
@click.option(
    "--complete/--not-complete",
    default=None,
    help="The manifests are all there is: what is not in them does not exist.",
)
@click.option("--kubernetes", metavar="VERSION", help="Hold objects to this version of Kubernetes, such as 1.31.")
@click.option("--since", metavar="REV", help="Do not tell what is found in this git revision's version of FOLDER, too.")
@click.option("--baseline", type=click.Path(path_type=Path), help="Do not tell the findings in this file.")
@click.option("--write-baseline", type=click.Path(path_type=Path), help="Write all findings there, and exit with 0.")
@click.option("--list", "listing", is_flag=True, help="Print all checks.")
@click.option("--explain", metavar="CODE", shell_complete=_codes, help="Print the page of one check.")
@mesh_options
def command(
    folder: str,
    style: str,
    fail_on: str | None,
    complete: bool | None,
    kubernetes: str | None,
    since: str | None,
    baseline: Path | None,
    write_baseline: Path | None,
    listing: bool,
    explain: str | None,
    options: MeshOptions,
) -> None:
    """Find what can never work in the manifests of FOLDER.

    FOLDER may also be a file, - for standard input, or REV:PATH in git. A reference into a part of the cluster that
    the manifests do not show is "unknown" and only counted, unless --complete says that there is nothing else.

    cdk8s.yaml and [tool.meshwright.check] in pyproject.toml may set fail_on, complete, kubernetes, baseline and
    ignore.

    Exit status: 0 nothing found at or above --fail-on, 1 something found, 2 FOLDER could not be read.
    """
    checks = all_checks()
    if listing or explain is not None:
        click.echo(_explained(explain, checks) if explain is not None else _listed(checks), nl=False)
        return
    settings = configured()
    settings = replace(
        settings,
        complete=settings.complete if complete is None else complete,
        kubernetes=kubernetes or settings.kubernetes,
    )
    findings: list[Finding] = []
    hidden = 0
    parts = clusters_of(folder)
    for resources in parts.values():
        told, suppressed = _examined(resources, checks, options, settings)
        findings, hidden = findings + told, hidden + suppressed
    if write_baseline is not None:
        _write(write_baseline, baseline_text(findings))
        return
    baseline = baseline or settings.baseline
    known = [*(read_baseline(baseline) if baseline is not None else ())]
    if since is not None:
        known += [each for part in parts for each in _known_since(since, part, checks, options, settings)]
    findings, before = without(findings, known)
    text = _reported(style, findings, hidden + before, checks)
    click.echo(painted(text, FINDINGS) if style == "text" else text, nl=False)
    sys.exit(any(is_failure(finding, fail_on or settings.fail_on) for finding in findings))


def _examined(
    resources: list[Resource], checks: Sequence[Check], options: MeshOptions, settings: Configuration
) -> tuple[list[Finding], int]:
    mesh = compiled(resources, options)
    with timed(f"ran {len(checks)} checks"), progress():
        return examine(mesh, resources, settings, checks)


def _known_since(
    revision: str, folder: str, checks: Sequence[Check], options: MeshOptions, settings: Configuration
) -> list[Entry]:
    """Return what the same checks find in a revision's version of the folder.

    Manifests that cannot be read there have no findings: the change that mends them must not be kept from it.
    """
    before = f"{revision}:{path_in_repository(folder)}"
    if not has_revision(revision):
        raise InputError("--since", f"there is no git revision {revision!r} here", "Give a branch, tag or commit")
    try:
        return entries_of(_examined(resources_of(before), checks, options, settings)[0])
    except InputError as error:
        note(f"{error}\nSo everything found in {folder} is told.")
    except Errors as several:
        note(f"{several}\nSo everything found in {folder} is told.")
    return []


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(str(path), f"cannot be written: {error.strerror}", "Choose another file") from error


def _reported(style: str, findings: Sequence[Finding], hidden: int, checks: Sequence[Check]) -> str:
    titles = {**{check.code: check.title for check in checks}, **_OF_SUPPRESSIONS}
    if style == "sarif":
        return findings_sarif(findings, titles)
    if style == "junit":
        return findings_junit(findings, titles)
    if style == "text":
        return findings_text(findings, hidden, counted=not is_quiet())
    return {"json": findings_json, "markdown": findings_markdown}[style](findings, hidden)


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
