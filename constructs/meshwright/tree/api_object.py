"""One Kubernetes object in the tree."""

from sys import _getframe

from meshwright.tree.construct import Construct, path_of
from meshwright.tree.yaml_text import document, object_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import CodeType
    from typing import Any, TypeGuard

    from meshwright.tree.chart import Chart
    from meshwright.tree.json_patch import JsonPatch
    from meshwright.tree.metadata import ApiObjectMetadata, ApiObjectMetadataDefinition

_TEXTS = frozenset(("name", "namespace"))
_MAPS = frozenset(("annotations", "labels"))


def file_name(json: "dict[str, Any]") -> str:
    """The name of the file of an object, without extension: kind and name."""
    name = f"{json.get('kind')}.{json['metadata'].get('name')}"
    return "".join(char for char in name if char in "-_." or (char.isascii() and char.isalnum()))


def _plain_copy(metadata: "Any") -> "dict[str, Any] | None":
    """Copy metadata of the most frequent shape, a dict of plain texts and of dicts of them; None for any other."""
    if type(metadata) is not dict:
        return None
    values: dict[str, Any] = metadata.copy()
    for key, item in metadata.items():
        if type(item) is not str:
            if type(item) is not dict or key not in _MAPS:
                return None
            for part in item.values():
                if type(part) is not str:
                    return None
            values[key] = item.copy()
        elif key not in _TEXTS:
            return None
    return values


class ApiObject(Construct):
    """A Kubernetes object.

    Args:
        scope: The construct it stands in, inside a chart.
        id: Its name among its siblings.
        api_version: Group and version: ``networking.istio.io/v1``, ``v1``.
        kind: The kind: ``VirtualService``.
        metadata: `ApiObjectMetadata`, or a dict with its fields. Without a name, one is made from the path; without a
            namespace, it is the chart's; the labels of the chart are added.
        fields: All other fields, spelled as in the API: ``spec``, ``data``. Values are read at synth: data of JSON's
            types, `Lazy`, or anything with ``to_json()``.

    Raises:
        ConfigurationError: It stands in no chart, or ``api_version`` is none.
    """

    __slots__ = ("_api_version", "_chart", "_definition", "_fields", "_kind", "_lines", "_metadata", "_patches")

    _api_version: str
    _chart: "Chart"
    _definition: "ApiObjectMetadataDefinition | None"
    _fields: "dict[str, Any]"
    _kind: str
    _lines: "dict[str, tuple[CodeType, int]] | None"  # where fields were written that have lines of their own
    _metadata: "dict[str, Any]"
    _patches: "list[JsonPatch] | None"

    _is_api_object = True

    def __init__(
        self,
        scope: "Construct | Any",
        id: str,
        *,
        api_version: str,
        kind: str,
        metadata: "ApiObjectMetadata | dict[str, Any] | Any" = None,
        **fields: "Any",
    ) -> None:
        self._make(scope, id, api_version, kind, metadata, fields)
        if api_version.count("/") > 1:
            wrong = f"invalid apiVersion {api_version}"
            raise self.error(wrong, "Give GROUP/VERSION, or v1 for the core group")

    def _make(
        self,
        scope: "Construct | Any",
        id: str,
        api_version: str,
        kind: str,
        metadata: "ApiObjectMetadata | Mapping[str, Any] | None",
        fields: "dict[str, Any]",
    ) -> None:
        """Take a place in a chart, called by ``__init__``; the fields are not copied."""
        self._enter(scope, id, _getframe(2))
        parent: Any = self._scope
        while not parent._is_chart:
            parent = parent._scope
            if parent is None:
                raise self.error("cannot find a parent chart (directly or indirectly)", "Create it inside a Chart")
        self._chart = parent
        self._api_version = api_version
        self._kind = kind
        self._fields = fields
        self._definition = self._lines = self._patches = None
        values = {} if metadata is None else _plain_copy(metadata)
        if values is None:
            from meshwright.tree.metadata import metadata_values

            values = metadata_values(metadata, self)
        labels = parent._labels
        if labels:
            values["labels"] = {**labels, **(values.get("labels") or {})}
        if parent._namespace is not None and values.get("namespace") is None:
            values["namespace"] = parent._namespace
        if values.get("name") is None:
            values["name"] = parent.generate_object_name(self)
        self._metadata = values
        if parent._twin is not None:
            from meshwright.tree.cdk8s_bridge import follow

            follow(self)

    @property
    def api_version(self) -> str:
        """Group and version."""
        return self._api_version

    @property
    def api_group(self) -> str:
        """The group, ``core`` for that without a name."""
        group, slash, _ = self._api_version.partition("/")
        return group if slash else "core"

    @property
    def kind(self) -> str:
        """The kind."""
        return self._kind

    @property
    def name(self) -> str:
        """Its name in the cluster."""
        name: str = self._metadata["name"]
        return name

    @property
    def chart(self) -> "Chart":
        """The chart it belongs to."""
        return self._chart

    @property
    def metadata(self) -> "ApiObjectMetadataDefinition":
        """Its metadata, open for additions until synth."""
        definition = self._definition
        if definition is None:
            from meshwright.tree.metadata import ApiObjectMetadataDefinition

            definition = self._definition = ApiObjectMetadataDefinition._over(self, self._metadata)
        return definition

    def line_of(self, field: str) -> "tuple[CodeType | None, int]":
        """The instruction of the user's program that wrote ``field`` (``spec.http[1]``) or its nearest parent."""
        while field and self._lines:
            if field in self._lines:
                return self._lines[field]
            field = field[: max(field.rfind("."), field.rfind("["), 0)]
        return self._code, self._at

    def note_line(self, field: str, code: "CodeType", at: int) -> None:
        """Remember which instruction wrote a field that was not written where the object was created."""
        if self._lines is None:
            self._lines = {}
        self._lines[field] = code, at

    def add_dependency(self, *dependencies: "Any") -> None:
        """Come after other constructs, in the file and in the order of files."""
        self.node.add_dependency(*dependencies)

    def add_json_patch(self, *ops: "JsonPatch") -> None:
        """Change the object as it comes out of the synth, by JSON Patch (RFC 6902)."""
        if self._patches is None:
            self._patches = []
        self._patches.extend(ops)

    def to_json(self) -> "dict[str, Any]":
        """The object as plain data, as it stands in the file.

        Raises:
            ConfigurationError: A value cannot be written, or a patch does not fit.
        """
        from meshwright.tree.resolve import object_json

        return object_json(self)

    def file_name(self, by_definition: bool) -> str:
        """The name of its own file, without extension; ``by_definition`` whatever patches made of it."""
        json: dict[str, Any] = {"kind": self._kind, "metadata": {"name": self.name}}
        if not by_definition and self._patches:
            json = self.to_json()
        return file_name(json)

    @property
    def path(self) -> str:
        """The path of its node."""
        return path_of(self)

    @property
    def construct(self) -> Construct:
        """The construct behind it: itself."""
        return self

    def _metadata_json(self) -> "Any":
        from meshwright.tree.value import clean_copy

        twin = self._twin
        values = twin.genuine.metadata.to_json() if twin is not None and twin.guest else self._metadata
        return clean_copy(values, True, True)

    def _resolvers(self) -> "list[Any]":
        root: Any = self._chart
        while root._scope is not None:
            root = root._scope
        return getattr(root, "_resolvers", [])

    def _text(self, plain_road: bool) -> str:
        """The object as a YAML document; ``plain_road`` says that neither resolvers nor the environment interfere."""
        if plain_road and self._patches is None:
            try:
                text = object_text(self._api_version, self._kind, self._metadata, self._fields)
            except (TypeError, ValueError, RecursionError):
                pass  # the long road says where it is
            else:
                if text is not None:
                    return text
        return document(self.to_json(), False)

    @staticmethod
    def is_api_object(o: object) -> "TypeGuard[ApiObject]":
        """Whether ``o`` is one."""
        return isinstance(o, ApiObject)

    @staticmethod
    def of(c: Construct) -> "ApiObject":
        """The object that a construct stands for: itself, or that of its default child.

        Raises:
            ConfigurationError: There is none.
        """
        construct: Construct | None = c
        while construct is not None:
            if isinstance(construct, ApiObject):
                return construct
            construct = construct.node.default_child
        wrong = "cannot find a (direct or indirect) child of type ApiObject"
        raise c.error(wrong, "Name the child Default or Resource, or set node.default_child")
