"""App, Chart, ApiObject and Construct as in cdk8s, in plain Python: names, order and YAML text are cdk8s' own.

What belongs here: the construct tree, its YAML, the writing of ``dist/``, and the bridge to the real cdk8s
(`cdk8s_bridge`, the only module that imports it). What does not: any knowledge of Istio or of traffic.
"""

import sys

from meshwright.tree.api_object import ApiObject
from meshwright.tree.app import App
from meshwright.tree.chart import Chart
from meshwright.tree.construct import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.tree.cron import Cron as Cron
    from meshwright.tree.dependency import Dependable as Dependable
    from meshwright.tree.dependency import DependencyGraph as DependencyGraph
    from meshwright.tree.dependency import DependencyGroup as DependencyGroup
    from meshwright.tree.dependency import DependencyVertex as DependencyVertex
    from meshwright.tree.duration import Duration as Duration
    from meshwright.tree.folder import Folder as Folder
    from meshwright.tree.include import Include as Include
    from meshwright.tree.json_patch import JsonPatch as JsonPatch
    from meshwright.tree.layout import YamlOutputType as YamlOutputType
    from meshwright.tree.lazy import Lazy as Lazy
    from meshwright.tree.metadata import ApiObjectMetadata as ApiObjectMetadata
    from meshwright.tree.metadata import ApiObjectMetadataDefinition as ApiObjectMetadataDefinition
    from meshwright.tree.metadata import OwnerReference as OwnerReference
    from meshwright.tree.names import Names as Names
    from meshwright.tree.node import ConstructOrder as ConstructOrder
    from meshwright.tree.node import MetadataEntry as MetadataEntry
    from meshwright.tree.node import Node as Node
    from meshwright.tree.node import RootConstruct as RootConstruct
    from meshwright.tree.resolve import ResolutionContext as ResolutionContext
    from meshwright.tree.size import Size as Size
    from meshwright.tree.size import SizeRoundingBehavior as SizeRoundingBehavior
    from meshwright.tree.testing import Testing as Testing
    from meshwright.tree.yaml import Yaml as Yaml


class _NodeForJsii:
    """Notices the import of jsii, to tell it where Node is: it starts Node while it is imported."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        if name == "jsii":
            from meshwright.tree.node_js import tell_jsii

            tell_jsii()


sys.meta_path.insert(0, _NodeForJsii)

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
    "Folder": "folder",
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
