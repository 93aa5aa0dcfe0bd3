"""Where the requests of a route go: its targets and their shares."""

from __future__ import annotations

from meshwright.charts.backend import Backend, backend_of, is_target
from meshwright.charts.names import host_problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.charts.environment import Environment
    from meshwright.charts.problem import Part


def backends_with_shares(to: object, environment: Environment, part: Part) -> dict[Backend, int | None]:
    """Return the backends of a route with their shares in percent, and tell what is wrong with them.

    Args:
        to: What the user gave: a target, or a mapping of targets to shares.
    """
    from collections.abc import Mapping

    shares: list[tuple[object, object]] = [*to.items()] if isinstance(to, Mapping) else [(to, None)]
    if not shares:
        part.problem("it names no target", "Give at least one")
    _check_weights([share for _, share in shares if share is not None or len(shares) > 1], part)
    found: dict[Backend, int | None] = {}
    for target, weight in shares:
        backend = backend_from(target, environment, part)
        if backend is None:
            continue
        if backend in found:
            part.problem(f"it names {backend} twice", "Give each target once")
        found[backend] = weight if type(weight) is int else None
    return found


def backend_from(target: object, environment: Environment, part: Part) -> Backend | None:
    """Return the backend of what the user gave as a target; None where a problem was told."""
    if not is_target(target):
        said = f"{target!r}, a name" if isinstance(target, str) else f"a {type(target).__name__}"
        part.problem(f"a target is {said}", "Pass an app, one of its versions, a Backend or a cdk8s-plus Service")
        return None
    backend = backend_of(target, environment.namespace, environment.cluster_domain)  # type: ignore[arg-type]
    if not isinstance(backend.subset, str):
        part.problem(f"the subset of {backend.host} is {backend.subset!r}", "Give its name")
        return None
    wrong = host_problem(backend.host, environment.namespace, environment.cluster_domain)
    if wrong is not None:
        part.problem(*wrong)
        return None
    if isinstance(backend.port, bool) or not isinstance(backend.port, int) or not 0 < backend.port < 65536:
        part.problem(f"the port of {backend.host} is {backend.port!r}", "Give a number from 1 to 65535")
        return None
    return backend


def _check_weights(weights: list[object], part: Part) -> None:
    total = 0
    for weight in weights:
        if isinstance(weight, bool) or not isinstance(weight, int):
            part.problem(f"a weight is {weight!r}", "Give whole percentages from 0 to 100")
            return
        if not 0 <= weight <= 100:
            part.problem(f"a weight is {weight}", "Give percentages from 0 to 100")
        total += weight
    if weights and total != 100:
        part.problem(f"the weights sum to {total}", "Make them sum to 100")
