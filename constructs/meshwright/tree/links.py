"""What follows from declared dependencies: charts wait for charts, objects wait for objects, as cdk8s infers it."""

from meshwright.tree.api_object import ApiObject
from meshwright.tree.chart import Chart
from meshwright.tree.construct import Construct, walk
from meshwright.tree.dependency import Dependencies, declared

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def complete(constructs: "list[Construct]", crossed: "dict[Chart, list[Any]]") -> "tuple[Dependencies, bool]":
    """Infer the dependencies of charts and objects.

    Args:
        constructs: All constructs of an app, parents first.
        crossed: The charts that hold genuine constructs.

    Returns:
        What depends on what, and whether any chart depends on another.

    Raises:
        ConfigurationError: A construct outside of all charts depends on something.
    """
    dependencies = declared(constructs)
    linked = False
    for parent in constructs:
        if isinstance(parent, Chart):
            for child in (parent._children or {}).values():
                if isinstance(child, Chart):
                    dependencies.setdefault(parent, {})[child] = None
                    linked = True
            if parent in crossed and len(crossed) > 1:
                from meshwright.tree.cdk8s_bridge import needed_charts

                for chart in needed_charts(parent):
                    dependencies.setdefault(parent, {})[chart] = None
    for source, target in _pairs(constructs, dependencies):
        source_chart, target_chart = Chart.of(source), Chart.of(target)
        if source_chart is not target_chart:
            dependencies.setdefault(source_chart, {})[target_chart] = None
            linked = True
    objects: dict[Construct, list[ApiObject]] = {}
    for source, target in _pairs(constructs, dependencies):
        for item in _objects_of(target, objects):
            for waiting in _objects_of(source, objects):
                if item is not waiting:
                    dependencies.setdefault(waiting, {})[item] = None
    return dependencies, linked


def _pairs(constructs: "list[Construct]", dependencies: Dependencies) -> "list[tuple[Construct, Construct]]":
    return [(source, target) for source in constructs for target in dependencies.get(source, ())]


def _objects_of(construct: Construct, known: "dict[Construct, list[ApiObject]]") -> "list[ApiObject]":
    """The objects at or below a construct that belong to its own chart."""
    found = known.get(construct)
    if found is None:
        chart = Chart.of(construct)
        below = walk(construct)
        found = known[construct] = [one for one in below if isinstance(one, ApiObject) and one._chart is chart]
    return found
