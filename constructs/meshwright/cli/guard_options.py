"""Options that say what a change may do: they mean the same to all commands that guard."""

from collections.abc import Callable
from typing import Any

import click

_OPTIONS = (
    click.option(
        "--allow-503", "allow_503", is_flag=True, help="Requests may get 503 while the change reaches the proxies."
    ),
    click.option(
        "--allow-prune",
        "allow_prune",
        metavar="NAME",
        multiple=True,
        help="What may go: Namespace/shop, Deployment/shop/web, a host, or a share such as 40%. May be repeated.",
    ),
)


def guard_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--allow-503`` and ``--allow-prune`` to a command, as arguments ``allow_503`` and ``allow_prune``."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
