"""App, Chart, ApiObject and Construct as in cdk8s, in plain Python: names, order and YAML text are cdk8s' own.

What belongs here: the construct tree, its YAML, the writing of ``dist/``, and the bridge to the real cdk8s
(`cdk8s_bridge`, the only module that imports it). What does not: any knowledge of Istio or of traffic.
"""

from meshwright.tree.api_object import ApiObject
from meshwright.tree.app import App
from meshwright.tree.chart import Chart
from meshwright.tree.construct import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.tree.cron import Cron
    from meshwright.tree.dependency import Dependable, DependencyGraph, DependencyGroup, DependencyVertex
    from meshwright.tree.duration import Duration
    from meshwright.tree.include import Include
    from meshwright.tree.json_patch import JsonPatch
    from meshwright.tree.layout import YamlOutputType
    from meshwright.tree.lazy import Lazy
    from meshwright.tree.metadata import ApiObjectMetadata, ApiObjectMetadataDefinition, OwnerReference
    from meshwright.tree.names import Names
    from meshwright.tree.node import ConstructOrder, MetadataEntry, Node, RootConstruct
    from meshwright.tree.resolve import ResolutionContext
    from meshwright.tree.size import Size, SizeRoundingBehavior
    from meshwright.tree.testing import Testing
    from meshwright.tree.yaml import Yaml

# Loaded when first asked for: what most programs never name costs them nothing.
_HOMES = {
    "ApiObjectMetadata": "metadata",
    "ApiObjectMetadataDefinition": "metadata",
    "ConstructOrder": "node",
    "Cron": "cron",
    "Dependable": "dependency",
    "DependencyGraph": "dependency",
    "DependencyGroup": "dependency",
    "DependencyVertex": "dependency",
    "Duration": "duration",
    "Include": "include",
    "JsonPatch": "json_patch",
    "Lazy": "lazy",
    "MetadataEntry": "node",
    "Names": "names",
    "Node": "node",
    "OwnerReference": "metadata",
    "ResolutionContext": "resolve",
    "RootConstruct": "node",
    "Size": "size",
    "SizeRoundingBehavior": "size",
    "Testing": "testing",
    "Yaml": "yaml",
    "YamlOutputType": "layout",
}

__all__ = ["ApiObject", "App", "Chart", "Construct", *_HOMES]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = __import__(f"{__name__}.{home}", fromlist=[name])
    value = globals()[name] = getattr(module, name)
    return value
