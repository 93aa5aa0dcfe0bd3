"""``meshwright graph``: draw where requests go."""

from pathlib import Path

import click

from meshwright.analysis.graph import MeshGraph, mesh_graph
from meshwright.analysis.graph.narrow import narrowed
from meshwright.cli.command import Command
from meshwright.cli.mesh_of import mesh_of
from meshwright.cli.mesh_options import folder_argument, mesh_options
from meshwright.cli.output import output_option, write_output
from meshwright.cli.programs import read_program
from meshwright.errors import InputError
from meshwright.frontends import MeshOptions
from meshwright.manifests.garbage import collecting_no_garbage

FORMATS = ("html", "mermaid", "svg")


@click.command(
    "graph",
    cls=Command,
    examples=(
        ("meshwright graph dist --format html --output mesh.html", "A page to search, in one file."),
        ("meshwright graph dist --format svg --namespace shop > shop.svg", "A picture of one namespace."),
        ("helm template shop | meshwright graph -", "A Mermaid graph, which GitHub and GitLab draw."),
    ),
)
@folder_argument
@click.option("--format", "style", type=click.Choice(FORMATS), default="mermaid", show_default=True)
@click.option("--namespace", default="", help="Only what was written or lives there, with what it leads to.")
@click.option("--host", default="", metavar="NAME", help="Only hosts with this in one of their names.")
@click.option("--service", default="", metavar="NAME", help="Only what leads to this service: NAME or NAME.NAMESPACE.")
@output_option
@mesh_options
def command(
    folder: str, style: str, namespace: str, host: str, service: str, output: Path | None, options: MeshOptions
) -> None:
    """Draw where requests go in the mesh of FOLDER.

    FOLDER may also be a file, - for standard input, or REV:PATH in git. Drawn are gateways and the mesh itself, hosts
    with their rules in order, and services with their versions, shares and locks, as the route tables of the proxies
    say. A host that no rule is written for is reached as itself, and not drawn.

    Exit status: 0 drawn, 2 FOLDER could not be read or nothing is left to draw.
    """
    with collecting_no_garbage():
        graph = narrowed(mesh_graph(mesh_of(folder, options)), namespace, host, service)
    if not graph.hosts and not graph.services:
        wrong = "nothing is left to draw" if namespace or host or service else "there is nothing to draw"
        raise InputError(folder, wrong, "Give manifests with Services or routes, and names that are in them")
    write_output(_drawn(graph, style, folder), output)


def _drawn(graph: MeshGraph, style: str, folder: str) -> str:
    if style == "html":
        from meshwright.report.graph.html import graph_html

        return graph_html(graph, folder, read_program)
    if style == "svg":
        from meshwright.report.graph.svg import graph_svg

        return graph_svg(graph, folder)
    from meshwright.report.graph.mermaid import graph_mermaid

    return graph_mermaid(graph)
