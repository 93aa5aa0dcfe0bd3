"""The options that say of the mesh what manifests do not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from click.shell_completion import CompletionItem

from meshwright.frontends import MeshOptions


def folder_argument(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the argument FOLDER, ``dist`` if left out, which shells complete."""
    return click.argument("folder", default="dist", shell_complete=files)(command)


def files(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Have the shell complete names of files and folders."""
    return [CompletionItem(incomplete, type="file")]


def mesh_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--cluster-domain``, ``--config-domain`` and ``--root-namespace``, as argument ``options``."""

    @click.option("--cluster-domain", default="cluster.local", show_default=True, help="Of the names of Services.")
    @click.option("--config-domain", help="Completes short host names in Istio's kinds.  [default: --cluster-domain]")
    @click.option("--root-namespace", default="istio-system", show_default=True, help="Where istiod runs.")
    @wraps(command)
    def with_options(
        *args: Any, cluster_domain: str, config_domain: str | None, root_namespace: str, **rest: Any
    ) -> None:
        command(*args, options=MeshOptions(cluster_domain, config_domain, root_namespace), **rest)

    return with_options
