"""The options that say of the mesh what manifests do not."""

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from meshwright.frontends.configured import configured_mesh

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def folder_argument(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the argument FOLDER, ``dist`` if left out, which shells complete."""
    return click.argument("folder", default="dist", shell_complete=files)(command)


def files(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem]":
    """Have the shell complete names of files and folders."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def mesh_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--cluster-domain``, ``--config-domain`` and ``--root-namespace``, as argument ``options``.

    What is left out is taken from ``mesh`` in cdk8s.yaml or pyproject.toml.
    """

    @click.option("--cluster-domain", help="Of the names of Services.  [default: cluster.local]")
    @click.option("--config-domain", help="Completes short host names in Istio's kinds.  [default: --cluster-domain]")
    @click.option("--root-namespace", help="Where istiod runs.  [default: istio-system]")
    @wraps(command)
    def with_options(
        *args: Any, cluster_domain: str | None, config_domain: str | None, root_namespace: str | None, **rest: Any
    ) -> None:
        given = {"cluster_domain": cluster_domain, "config_domain": config_domain, "root_namespace": root_namespace}
        command(*args, options=configured_mesh(given), **rest)

    return with_options
