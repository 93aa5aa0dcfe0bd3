"""The options that say of the mesh what manifests do not."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from meshwright.frontends import MeshOptions


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
