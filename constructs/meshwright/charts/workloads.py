"""Which workloads a policy is for: those of an app, or all of a namespace."""

from __future__ import annotations

from meshwright.charts.problem import problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from meshwright.charts.environment import Environment
    from meshwright.charts.http_app import HttpApp
    from meshwright.tree import Construct


def app_of(construct: Construct, of: HttpApp[Any] | None) -> HttpApp[Any] | None:
    """Return the app that a policy is for; None for all, and where a problem was told."""
    if of is None or hasattr(of, "container_port"):
        return of
    problem(construct, f"of is {of!r}", "Pass the app")
    return None


def selected(construct: Construct, of: HttpApp[Any] | None, environment: Environment) -> dict[str, str] | None:
    """Return the labels of the pods of ``of``, None for all; tell a problem if it runs in another namespace."""
    if of is None:
        return None
    if of.namespace != environment.namespace:
        problem(
            construct,
            f"{of.node.path} runs in namespace {of.namespace!r}, and a policy in {environment.namespace!r} "
            "does not reach it",
            "Create the policy in the chart of the app",
        )
    return of.labels
