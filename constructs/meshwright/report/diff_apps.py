"""Changes by app, so that each team finds its own."""

from meshwright.analysis.traffic_diff.change import KINDS, Change, TrafficDiff


def changes_by_app(traffic: TrafficDiff) -> list[tuple[str, list[Change]]]:
    """Return the changes under the namespace and name of what they come from, those that weigh most first.

    Rules and Services of one name belong together; a change that nobody wrote stands under where requests enter.
    """
    found: dict[str, list[Change]] = {}
    for change in traffic.changes:
        found.setdefault(_app(change), []).append(change)
    return sorted(found.items(), key=lambda item: min(KINDS.index(change.kind) for change in item[1]))


def _app(change: Change) -> str:
    if not change.regions:
        origins = change.origins
    else:
        region = change.regions[0]
        origins = (*region.after.origins, *region.before.origins, *change.origins)
    named = [origin.resource.partition(" ")[2] for origin in origins if origin.resource.partition(" ")[2]]
    if named:
        return named[0]
    if change.regions and change.regions[0].entrances:
        return ", ".join(change.regions[0].entrances[0].hosts[:2]) or "the mesh"
    return "the mesh"
