"""Manifests that exist already, as part of the tree."""

from meshwright.tree.api_object import ApiObject
from meshwright.tree.construct import Construct
from meshwright.tree.yaml import Yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Include(Construct):
    """The objects of a YAML file or URL; their names stay as they are. It is cdk8s that reads: see `Yaml.load`.

    Args:
        scope: The construct it stands in, inside a chart.
        id: Its name among its siblings.
        url: The file or URL.
    """

    def __init__(self, scope: "Construct | Any", id: str, *, url: str) -> None:
        super().__init__(scope, id)
        unnamed = 0
        for json in Yaml.load(url):
            metadata = json.get("metadata") or {}
            name = metadata.get("name")
            if name is None:
                name, unnamed = f"object{unnamed}", unnamed + 1
            parts = [name, (json.get("kind") or "").lower(), metadata.get("namespace")]
            fields = {key: value for key, value in json.items() if key not in ("apiVersion", "kind", "metadata")}
            ApiObject(
                self,
                "-".join(part for part in parts if part),
                api_version=json.get("apiVersion"),
                kind=json.get("kind"),
                metadata=metadata,
                **fields,
            )

    @property
    def api_objects(self) -> "list[ApiObject]":
        """The objects."""
        return [child for child in self.node.children if isinstance(child, ApiObject)]
