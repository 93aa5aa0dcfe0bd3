"""``meshwright preview``: serve the manifests on a real Envoy on this machine."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click

from meshwright.cli.command import Command
from meshwright.cli.mesh_options import folder_argument, mesh_options
from meshwright.envoy.clusters import assumed_hosts
from meshwright.envoy.serve import ServedRequest, Server
from meshwright.errors import InputError, MeshwrightError
from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read
from meshwright.report.preview_text import counts_text, listener_lines, request_text
from meshwright.report.printable import visible, visible_line
from meshwright.traffic import RouteTable

LOOK_AROUND_MS = 100
GATHER_CHANGES_MS = 200


@click.command(
    "preview",
    cls=Command,
    examples=(
        ("meshwright preview dist", "Serve dist/; the first listener gets port 10000."),
        ("curl -H 'Host: bookinfo.example.com' http://127.0.0.1:10000/productpage", "Ask it, in another terminal."),
    ),
)
@folder_argument
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=10000,
    show_default=True,
    help="Of the first listener; the others get the free ones after it. 0: any free ports.",
)
@mesh_options
def command(folder: str, port: int, options: MeshOptions) -> None:
    """Serve the manifests in FOLDER on a real Envoy on this machine, and reload when they change.

    Every listener of every ingress gateway gets a port on loopback, and every cluster an echo that answers what it
    received. Responses say in x-meshwright-route and x-meshwright-cluster which rule answered and where it led. With
    the request headers x-echo-delay (seconds) and x-echo-status the echo is slow, or fails. TLS is ended with a
    certificate made for the occasion. Ctrl-C ends it all.

    Exit status: 0 ended by Ctrl-C or with the program that started it, 2 nothing to serve, or Envoy ended by itself.
    """
    parent = os.getppid()
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    started = time.monotonic()
    with suppress(KeyboardInterrupt), Server(port, _print_request) as server:
        changes = _changes(folder, parent, server)
        next(changes)
        server.serve(_tables(folder, options))
        try:
            click.echo(f"Envoy serves {folder}, ready in {time.monotonic() - started:.1f} s. Ctrl-C ends it.\n")
            shown = _print_addresses(server, "")
            for _ in changes:
                shown = _reload(folder, options, server, shown)
        finally:
            click.echo("\n" + visible(counts_text(server.counts)))


def _tables(folder: str, options: MeshOptions) -> list[RouteTable]:
    mesh = compile_mesh(read(folder), options)
    tables = [mesh.route_table(proxy) for proxy in mesh.gateways()]
    if not any(table.listeners for table in tables):
        raise InputError(folder, "no Gateway opens a port", "Add a Gateway and a VirtualService that names it")
    return tables


def _reload(folder: str, options: MeshOptions, server: Server, shown: str) -> str:
    started = time.monotonic()
    try:
        server.serve(_tables(folder, options))
    except MeshwrightError as error:
        click.echo(click.style(str(error), fg="red"), err=True)
        click.echo("Still serving the last good version.", err=True)
        return shown
    click.echo(f"{folder} changed, reloaded in {time.monotonic() - started:.1f} s.")
    return _print_addresses(server, shown)


def _print_addresses(server: Server, shown: str) -> str:
    """Print what is served where, unless it is what stands on the screen already."""
    lines = []
    proxy = None
    for address in server.addresses():
        if address.table.proxy != proxy:
            proxy = address.table.proxy
            lines.append(str(proxy))
            lines += [f"  not modelled: {each.feature}: {each.because}" for each in address.table.unknowns]
            lines += [f"  taken to exist: {host}, which no manifest describes" for host in assumed_hosts(address.table)]
        lines += [f"  {line}" for line in listener_lines(address.table, address.listener, address.port)]
    text = "\n".join(map(visible_line, lines)) + "\n"
    if text != shown:
        click.echo(text)
    return text


def _print_request(request: ServedRequest, count: int) -> None:
    line = request_text(
        status=request.status,
        method=request.method,
        authority=request.authority,
        path=request.path,
        route=request.route or Server.NO_ROUTE,
        cluster=request.cluster,
        flags=request.flags,
        count=count,
    )
    colour = {2: "green", 3: "cyan", 4: "yellow"}.get(request.status // 100, "red")
    click.echo(click.style(visible_line(line), fg=colour))


def _changes(folder: str, parent: int, server: Server) -> Iterator[None]:
    """Yield once when changes are watched for, then whenever there were some, until the starting program ends.

    Raises:
        MeshwrightError: Envoy has ended by itself, or the library that watches files is not installed.
    """
    watching = _watch(folder)
    next(watching)
    yield
    for changed in watching:
        if os.getppid() != parent:
            return
        if server.ended:
            raise MeshwrightError("envoy", "it has ended by itself", "Start the preview again")
        if changed:
            yield


def _watch(folder: str) -> Iterator[bool]:
    """Yield whether something changed, again and again; nothing that happens after the first is missed."""
    place = Path(folder)
    if not place.exists():
        while True:
            yield False
            time.sleep(LOOK_AROUND_MS / 1000)
    try:
        from watchfiles import watch
    except ImportError:
        raise MeshwrightError(
            "preview", "watchfiles is not installed", "Run: pip install 'meshwright[envoy]'"
        ) from None
    for changes in watch(
        place if place.is_dir() else place.resolve().parent,
        debounce=GATHER_CHANGES_MS,
        rust_timeout=LOOK_AROUND_MS,
        yield_on_timeout=True,
        recursive=place.is_dir(),
    ):
        yield bool(changes)
