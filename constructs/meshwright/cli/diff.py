"""``meshwright diff``: say which requests a change touches, and how."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from meshwright.analysis.traffic_diff import DiffReport
from meshwright.cli.command import Command
from meshwright.cli.compared import compared
from meshwright.cli.mesh_options import mesh_options
from meshwright.cli.output import output_option, write_output
from meshwright.cli.terminal import colourful
from meshwright.frontends import MeshOptions
from meshwright.manifests.garbage import collecting_no_garbage

FORMATS = ("html", "json", "markdown", "text")
DISAGREES = 3


@click.command(
    "diff",
    cls=Command,
    examples=(
        ("meshwright diff", "What lies in dist/, against what is committed."),
        ("meshwright diff origin/main:dist dist --format markdown", "For a pull request: a comment."),
        ("meshwright diff before after --on-envoy", "Two folders, each witness replayed on two real Envoys."),
    ),
)
@click.argument("before", metavar="BASE", default="HEAD:dist")
@click.argument("after", metavar="HEAD", default="dist")
@click.option("--format", "style", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--on-envoy", is_flag=True, help="Replay every witness on two real Envoys, and fail if they disagree.")
@output_option
@mesh_options
def command(before: str, after: str, style: str, on_envoy: bool, output: Path | None, options: MeshOptions) -> None:
    """Say which requests are decided otherwise by the manifests in HEAD than by those in BASE.

    Each side is a folder, a file, - for standard input, or REV:PATH in git. Without any, what is committed in dist is
    compared with what lies there. Every change is told with a request that proves it and with the lines that cause it.

    Exit status: 0 no request is affected, 1 some are, 2 a side could not be read, 3 a real Envoy disagrees
    (--on-envoy).
    """
    with collecting_no_garbage():
        report = compared(before, after, options)
        text = _teller(style, coloured=output is None and colourful())(report)
    write_output(text, output)
    if on_envoy and _disagrees(report):
        sys.exit(DISAGREES)
    sys.exit(1 if report.traffic.changes else 0)


def _teller(style: str, *, coloured: bool) -> Callable[[DiffReport], str]:
    if style == "json":
        from meshwright.report.diff_json import diff_json

        return diff_json
    if style == "html":
        from meshwright.report.diff_html import diff_html

        return diff_html
    if style == "markdown":
        from meshwright.report.diff_markdown import diff_markdown

        return diff_markdown
    from meshwright.report.diff_text import diff_text

    return lambda report: diff_text(report, colour=coloured)


def _disagrees(report: DiffReport) -> bool:
    """Tell whether a real Envoy answers a witness otherwise than the model, and say each time how."""
    from meshwright.cli.on_envoy import differences

    witnesses = [
        region.witness for change in report.traffic.changes for region in change.regions if region.witness is not None
    ]
    found = differences([decision for each in witnesses for decision in (each.before, each.after)])
    for each in found:
        click.echo(each, err=True)
    click.echo(f"{len(witnesses)} witnesses replayed on two real Envoys, {len(found)} disagreements", err=True)
    return bool(found)
