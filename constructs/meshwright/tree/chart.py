"""The chart: the objects that stand in one file, with a namespace and labels for all of them."""

from meshwright.tree.construct import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TypeGuard

    from meshwright.tree.api_object import ApiObject


class Chart(Construct):
    """A unit of deployment: by default one file of the output.

    Args:
        scope: The app, another chart or a construct.
        id: Its name among its siblings.
        disable_resource_name_hashes: Whether names made from paths end without a hash.
        labels: Labels of all its objects.
        namespace: The namespace of all its objects that say no other.
    """

    __slots__ = ("_labels", "_namespace", "_no_hashes")

    _labels: "dict[str, str]"
    _namespace: "str | None"

    _is_chart = True

    def __init__(
        self,
        scope: "Construct | Any",
        id: str,
        *,
        disable_resource_name_hashes: "bool | None" = None,
        labels: "Mapping[str, str] | None" = None,
        namespace: "str | None" = None,
    ) -> None:
        self._labels = dict(labels) if labels else {}
        self._namespace = namespace
        self._no_hashes = bool(disable_resource_name_hashes)
        Construct.__init__(self, scope, id)
        if labels:
            from meshwright.tree.metadata import check_texts

            check_texts(self, "label", labels)

    @property
    def namespace(self) -> "str | None":
        """The namespace of its objects, if they say no other."""
        return self._namespace

    @property
    def labels(self) -> "dict[str, str]":
        """A copy of the labels of all its objects."""
        return dict(self._labels)

    @property
    def api_objects(self) -> "list[ApiObject]":
        """The objects directly below it."""
        return [child for child in self.node.children if child._is_api_object]  # type: ignore[misc]

    def generate_object_name(self, api_object: "ApiObject") -> str:
        """The name of an object that says none: made from its path. Override it to name objects otherwise."""
        from meshwright.tree.names import Names

        limit = 52 if api_object._kind == "CronJob" else None
        return Names.to_dns_label(api_object, include_hash=not self._no_hashes, max_len=limit)

    def add_dependency(self, *dependencies: "Any") -> None:
        """Come after other constructs, in the order of files."""
        self.node.add_dependency(*dependencies)

    def to_json(self) -> "list[Any]":
        """Its objects as plain data, in the order of their dependencies; the whole app is validated first.

        Raises:
            Errors: Validations of the app failed, or objects cannot be written.
        """
        from meshwright.tree.synthesis import chart_json

        return chart_json(self)

    @staticmethod
    def is_chart(x: object) -> "TypeGuard[Chart]":
        """Whether ``x`` is one."""
        return isinstance(x, Chart)

    @staticmethod
    def of(c: Construct) -> "Chart":
        """The chart that a construct stands in; a chart is its own.

        Raises:
            ConfigurationError: There is none.
        """
        construct: Construct | None = c
        while construct is not None:
            if isinstance(construct, Chart):
                return construct
            construct = construct._scope
        raise c.error("cannot find a parent chart (directly or indirectly)", "Create it inside a Chart")
