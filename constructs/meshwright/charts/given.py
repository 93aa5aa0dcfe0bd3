"""What users gave where a list of constructs or names is meant."""

from __future__ import annotations

from meshwright.charts.backend import backend_of, is_target
from meshwright.charts.environment import Environment
from meshwright.charts.problem import problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeVar

    from meshwright.charts.backend import Backend, Target
    from meshwright.charts.route import Route
    from meshwright.tree import Construct

    T = TypeVar("T")


def listed(given: Iterable[T], field: str, construct: Construct) -> tuple[T, ...]:
    """Return what stands in a list; where one thing was given without a list, tell so, and return that."""
    if isinstance(given, str) or not hasattr(given, "__iter__"):
        said = repr(given) if isinstance(given, str) else f"one {type(given).__name__}"
        problem(construct, f"{field} is {said}, no list", f"Put it into a list: {field}=[…]")
        return (given,)  # type: ignore[return-value]
    return tuple(given)


def host_names(construct: Construct, hosts: Sequence[str | Target]) -> list[str]:
    """Return the names of hosts, and tell which are none."""
    names = []
    for host in hosts:
        if isinstance(host, str):
            names.append(host)
        elif is_target(host):
            names.append(backend_for(construct, host).host)
        else:
            problem(construct, f"a host is {host!r}", "Give a name, or pass an app")
    return names


def backend_for(construct: Construct, target: Target) -> Backend:
    """Return the backend of a target, as it is named from where ``construct`` stands."""
    environment = Environment.of(construct)
    return backend_of(target, environment.namespace, environment.cluster_domain)


def only_routes(construct: Construct, given: Sequence[Route]) -> tuple[Route, ...]:
    """Return the routes among what was given, and tell what else there is."""
    from meshwright.charts.match import Match
    from meshwright.charts.route import Route

    routes = []
    for position, route in enumerate(given):
        if not isinstance(route, Route):
            problem(construct, f"routes has {route!r}", "Give each as a Route")
            continue
        for match in route.match:
            if not isinstance(match, Match):
                said = f"route {route.name or position}: match is {match!r}"
                problem(construct, said, "Start with Match.prefix, exact, below or regex", route.written_at)
        route.match = tuple(match for match in route.match if isinstance(match, Match))
        routes.append(route)
    return tuple(routes)
