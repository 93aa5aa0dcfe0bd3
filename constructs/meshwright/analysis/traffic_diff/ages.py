"""What of a difference depends on which of two objects is older."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from meshwright.analysis.traffic_diff.change import KINDS, Change, Region, TrafficDiff

Rivals = Sequence[tuple[str, ...]]


def settled(by_name: TrafficDiff, turned_round: TrafficDiff, rivals: Rivals) -> TrafficDiff:
    """Return the changes that happen whichever object is older, and as ``age`` those that happen in one case only.

    Args:
        by_name: The difference if objects are older whose names come first.
        turned_round: The difference if they are younger.
        rivals: The names of objects that ask for the same, those of one host together.
    """
    sides = (by_name, turned_round)
    keys = [{_key(change, region) for change in side.changes for region in change.regions} for side in sides]
    both = keys[0] & keys[1]
    found: list[Change] = []
    for change in by_name.changes:
        regions = tuple(each for each in change.regions if _key(change, each) in both)
        if regions:
            found.append(replace(change, regions=regions))
    for side, first in ((by_name, True), (turned_round, False)):
        found += _by_age(side, both, rivals, first)
    found.sort(key=lambda each: KINDS.index(each.kind))
    return replace(by_name, changes=tuple(found))


def _by_age(side: TrafficDiff, both: set[object], rivals: Rivals, first: bool) -> Iterator[Change]:
    for change in side.changes:
        regions = tuple(each for each in change.regions if _key(change, each) not in both)
        if regions:
            yield replace(change, kind="age", regions=regions, because=_because(regions, rivals, first))


def _key(change: Change, region: Region) -> object:
    return change.kind, change.aspects, region.words


def _because(regions: Sequence[Region], rivals: Rivals, first: bool) -> str:
    named = {origin.resource for each in regions for origin in (*each.before.origins, *each.after.origins)}
    group = next((each for each in rivals if named & set(each)), None)
    if group is None:
        return "it depends on which of the objects is older"
    older, *others = group if first else group[::-1]
    return f"only if {older} is older than {' and '.join(others)}"
