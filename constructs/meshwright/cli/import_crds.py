"""``meshwright import``."""

from pathlib import Path

import click

from meshwright.bindings.generate import generate
from meshwright.bindings.sources import read_sources
from meshwright.bindings.write import write_package
from meshwright.cli.command import Command
from meshwright.cli.terminal import progress
from meshwright.progress import steps


@click.command(
    "import",
    cls=Command,
    examples=(
        ("meshwright import", "Everything that cdk8s.yaml lists."),
        ("meshwright import --only istio", "One entry of it."),
    ),
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default="cdk8s.yaml",
    show_default=True,
    help="The file whose imports list is read.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default="imports",
    show_default=True,
    help="The folder to write to.",
)
@click.option("--only", metavar="NAME", help="Import only the entry with this name (NAME:=SOURCE).")
def command(config: Path, output: Path, only: str | None) -> None:
    """Write typed constructs for the CRDs that cdk8s.yaml lists under imports.

    An entry is a file, a folder, a URL, go:MODULE@VERSION/PATH (needs Go) or k8s@VERSION, and may be named:
    NAME:=SOURCE. Whoever does not regenerate needs neither Go nor the network.

    Exit status: 0 written, 2 a source could not be read or expressed (nothing is written then).
    """
    sources = [source for source in read_sources(config) if only in (None, source.name)]
    if not sources:
        raise click.UsageError(f"no entry of imports is named {only!r}" if only else f"{config} lists no imports")
    with progress():
        packages = [generate(source) for source in steps(sources, "importing")]
    for files in packages:
        write_package(output, files)
    click.echo(f"{sum(map(len, packages))} files in {output}")
