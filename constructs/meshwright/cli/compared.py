"""Two sides, read and compared."""

from collections import Counter
from collections.abc import Iterator, Sequence

from meshwright.analysis.traffic_diff import DiffReport, settled, traffic_diff
from meshwright.changes import Rollout, rollout
from meshwright.changes.workloads import object_changes
from meshwright.errors import InputError, NothingFound
from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.frontends.ages import rivals, turned_round
from meshwright.manifests import Resource, read, sharing_texts


def compared(before: str, after: str, options: MeshOptions) -> DiffReport:
    """Read two sides and return what changes from one to the other.

    Raises:
        InputError: A side could not be read. One without any object is no error unless both are.
    """
    if before == after == "-":
        raise InputError("diff", "both sides are standard input", "Name a folder, a file or REV:PATH for one of them")
    with sharing_texts():
        old, new = _objects(before), _objects(after)
    one, two = compile_mesh(old, options), compile_mesh(new, options)
    traffic = traffic_diff(one, two)
    contested = list(dict.fromkeys((*rivals(new), *rivals(old))))
    if contested:
        meshes = (compile_mesh(turned_round(each), options) for each in (old, new))
        traffic = settled(traffic, traffic_diff(*meshes), contested)
    files, lines = _text_changes(_texts(old, before), _texts(new, after))
    order = rollout(one, two) if traffic.changes else Rollout()
    return DiffReport(before, after, traffic, files, lines, object_changes(old, new), tuple(_sentences(order)))


def _sentences(order: Rollout) -> Iterator[str]:
    """Yield what is lost if all is done at once, then what to do instead."""
    for gap in order.gaps:
        yield f"{gap.wrong}."
    for number, commit in enumerate(order.commits, 1):
        yield f"Commit {number} of {len(order.commits)}: {'; '.join(step.does for step in commit.steps)}."


def _objects(source: str) -> list[Resource]:
    try:
        return read(source)
    except NothingFound:
        return []


def _texts(resources: Sequence[Resource], source: str) -> dict[str, str]:
    """Return the texts that objects stand in by the names of their files, counted from ``source``."""
    found: dict[str, str] = {}
    for each in resources:
        if each.place is not None:
            name = each.place.file.removeprefix(source).lstrip("/")
            found[name] = each.place.content
    return found


def _text_changes(before: dict[str, str], after: dict[str, str]) -> tuple[int, int]:
    """Return how many files differ, and how many lines were added or removed in them."""
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    lines = 0
    for name in names:
        old, new = Counter(before.get(name, "").splitlines()), Counter(after.get(name, "").splitlines())
        lines += sum(((old - new) + (new - old)).values())
    return len(names), lines
