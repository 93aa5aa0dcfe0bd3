"""The commits to make instead of one that loses requests: first what is new, then the routes, last what goes."""

from collections.abc import Collection, Iterable, Iterator

from meshwright.changes.gap import Commit, Gap, Step
from meshwright.frontends import Mesh


def commits_of(gaps: Iterable[Gap], before: Mesh, after: Mesh) -> tuple[Commit, ...]:
    """Return the commits in their order: two, or three where one destination takes the place of another."""
    gaps = tuple(gaps)
    old, new = _titles(before), _titles(after)
    adding = [step for gap in gaps if gap.change == "new" for step in _definitions(gap, old, "Add")]
    routing = [step for gap in gaps for step in _routes(gap, old, new)]
    removing = [step for gap in gaps if gap.change == "gone" for step in _definitions(gap, new, "Remove")]
    found = (_once(steps) for steps in (adding, routing, removing))
    return tuple(Commit(steps) for steps in found if steps)


def _titles(mesh: Mesh) -> frozenset[str]:
    return frozenset(map(str, mesh.resources))


def _definitions(gap: Gap, others: Collection[str], verb: str) -> Iterator[Step]:
    """Yield what adds, or removes, a destination; ``others`` are the objects that the other side has."""
    side = "to" if verb == "Add" else "from"
    for origin in gap.defined:
        owner = origin.resource
        if owner not in others:
            yield Step(f"{verb} {owner}", origin)
        elif ".subsets" in origin.field:
            yield Step(f'{verb} subset "{gap.subset}" {side} {owner}', origin)
        elif ".ports" in origin.field:
            yield Step(f"{verb} port {gap.port} {side} {owner}", origin)
        else:
            yield Step(f"{verb} the labels of the pods of {owner} that lead to them", origin)


def _routes(gap: Gap, old: Collection[str], new: Collection[str]) -> Iterator[Step]:
    """Yield what moves the requests."""
    for origin in gap.led_by:
        owner = origin.resource
        if gap.change == "new":
            if owner not in old:
                yield Step(f"Add {owner}, which routes to {gap.destination}", origin)
            else:
                yield Step(f"Route to {gap.destination} in {owner}", origin)
        elif owner not in new:
            yield Step(f"Remove {owner}, which routes to {gap.destination}", origin)
        else:
            yield Step(f"Route no more to {gap.destination} in {owner}", origin)


def _once(steps: Iterable[Step]) -> tuple[Step, ...]:
    return tuple({step.does: step for step in steps}.values())
