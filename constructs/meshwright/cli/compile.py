"""``meshwright compile``: print what istiod would send to a proxy."""

import json
from collections.abc import Callable, Sequence

import click

from meshwright.cli.command import Command
from meshwright.cli.mesh_of import mesh_of
from meshwright.cli.mesh_options import folder_argument, mesh_options
from meshwright.cli.terminal import progress
from meshwright.envoy.routes import is_sent_by_itself, route_configuration
from meshwright.errors import InputError
from meshwright.frontends import MeshOptions
from meshwright.progress import steps
from meshwright.report.route_table_json import route_table_json
from meshwright.report.route_table_text import route_tables_text
from meshwright.traffic import Proxy, RouteTable


def _envoy(tables: Sequence[RouteTable]) -> str:
    configurations = [each for table in tables for each in table.route_configurations if is_sent_by_itself(each)]
    return json.dumps([route_configuration(each) for each in configurations], indent=2) + "\n"


def _json(tables: Sequence[RouteTable]) -> str:
    return json.dumps([route_table_json(table) for table in tables], indent=2) + "\n"


FORMATS: dict[str, Callable[[Sequence[RouteTable]], str]] = {
    "envoy": _envoy,
    "json": _json,
    "text": route_tables_text,
}


@click.command(
    "compile",
    cls=Command,
    examples=(
        ("meshwright compile dist", "The routes of every ingress gateway."),
        ("meshwright compile dist --proxy sidecar/default/app=productpage", "Those of one workload's sidecar."),
        ("meshwright compile dist --format envoy", "As Envoy's own configuration."),
    ),
)
@folder_argument
@click.option("--proxy", "named", metavar="PROXY", help="router/NAMESPACE/app=x,istio=y or sidecar/NAMESPACE/app=x.")
@click.option("--format", "style", type=click.Choice(sorted(FORMATS)), default="text", show_default=True)
@mesh_options
def command(folder: str, named: str | None, style: str, options: MeshOptions) -> None:
    """Print what istiod would send to a proxy, for the manifests in FOLDER.

    FOLDER may also be a file, - for standard input, or REV:PATH in git. Without --proxy: every ingress gateway that a
    Gateway selects. The format "envoy" is the list of RouteConfigurations in protobuf JSON, "json" the route tables
    with listeners, clusters and origins.

    Exit status: 0 printed, 2 FOLDER could not be read.
    """
    proxy = None if named is None else Proxy.from_text(named)
    mesh = mesh_of(folder, options)
    proxies = mesh.gateways() if proxy is None else (proxy,)
    if not proxies:
        raise InputError(folder, "no Gateway selects a workload", "Name a proxy with --proxy, or add a Gateway")
    with progress():
        tables = [mesh.route_table(proxy) for proxy in steps(proxies, "compiling")]
    click.echo(FORMATS[style](tables), nl=False)
