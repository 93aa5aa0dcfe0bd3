"""The base of generated kinds: a construct whose keywords are the fields of one Kubernetes kind."""

from meshwright.tree.api_object import ApiObject
from meshwright.tree.typed_values import MessageTypes, Wrong

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from meshwright.errors import MeshwrightError
    from meshwright.tree.construct import Construct
    from meshwright.tree.metadata import ApiObjectMetadata

__all__ = ["Kind", "Types"]

_MANY = 256  # so many objects of one kind take about as long as learning their shapes


class Kind(ApiObject):
    """A typed construct.

    Args:
        scope: The construct it stands in, inside a chart.
        id: Its name among its siblings.
        metadata: `ApiObjectMetadata`, or a mapping with its fields in either spelling.
        fields: The fields of the kind in snake_case, those of ``spec`` directly. A mapping among them may spell its
            fields as the API does. None means left out. Values are copied: what is changed later does not count.

    A field that is unknown, missing, excludes another or breaks a limit of the schema is told by the synth of the app,
    together with all else that is wrong in it; the object is empty until then.

    Raises:
        ConfigurationError: The same, at once, where the object does not stand in an app of `meshwright.tree`; all
            problems of the object in one error.
    """

    __slots__ = ()

    _types: "Types"
    _declared: "tuple[str, str, bool, tuple[str, ...]]"  # api version, kind, under spec?, fields beside the spec
    _convert: "Callable[[Any], Any] | None" = None

    def __init__(
        self,
        scope: "Construct | Any",
        id: str,
        *,
        metadata: "ApiObjectMetadata | Mapping[str, Any] | None" = None,
        **fields: "Any",
    ) -> None:
        api_version, kind, wrapped, beside = self._declared
        convert = self._convert
        if convert is None:
            convert = type(self)._compile()
        try:
            body = convert(fields)
        except Wrong:
            self._make(scope, id, api_version, kind, metadata, {})
            self._refuse(fields)
            return
        if wrapped and not beside:
            body = {"spec": body} if body else body
        elif wrapped:
            own = {wire: body.pop(wire) for wire in beside if wire in body}
            if body:
                own["spec"] = body
            body = own
        self._make(scope, id, api_version, kind, metadata, body)

    @classmethod
    def _compile(cls) -> "Callable[[Any], Any]":
        """Make the function that checks the fields; after many objects, one that knows their shapes."""
        types, name = cls._types, cls._declared[1]
        general = types.message(name)
        left = _MANY

        def convert(fields: "Any") -> "Any":
            nonlocal left
            left -= 1
            if not left:
                from meshwright.tree.typed_shapes import quicken

                quicken(types, name, lambda quick: setattr(cls, "_convert", staticmethod(quick)))
            return general(fields)

        cls._convert = staticmethod(convert)
        return convert

    def _refuse(self, fields: "dict[str, Any]") -> None:
        """Tell what is wrong: with all else that is, by the synth of its app; at once where there is no such app."""
        from meshwright.tree.typed_problems import Refused, problems

        found = list(problems(self._types, self._declared[1], fields))
        if not found:
            found = [(f"its fields do not fit {self._declared[1]}", "See its reference")]
        if self.node.root._is_app:
            for wrong, remedy in found:
                self.node.report(wrong, remedy)
            return
        if self._scope is not None and self._scope._children is not None:
            self._scope._children.pop(self._id, None)
        errors: list[MeshwrightError] = [self.error(wrong, remedy) for wrong, remedy in found]
        raise errors[0] if len(errors) == 1 else Refused(errors)


class Types(MessageTypes):
    """The types of one generated module, its kinds among them; their classes are made when first asked for.

    Args:
        module: Its ``__name__``.
        kinds: Kind -> (api version, whether its fields go under ``spec``, fields beside ``spec``, its reference).
        table: As in `MessageTypes`; what is named like a kind holds its keywords.
        values: As in `MessageTypes`.
    """

    __slots__ = ("_classes", "kinds")

    def __init__(
        self,
        module: str,
        kinds: "dict[str, tuple[str, bool, tuple[str, ...], str]]",
        table: "dict[str, Any]",
        values: "tuple[Any, ...]",
    ) -> None:
        MessageTypes.__init__(self, module, table, values)
        self.kinds = kinds
        self._classes: dict[str, type] = {}

    def __call__(self, name: str) -> "Any":
        """Return the class of a kind or message: the ``__getattr__`` of the module.

        Raises:
            AttributeError: There is none.
        """
        if name not in self.kinds:
            return MessageTypes.__call__(self, name)
        made = self._classes.get(name)
        if made is None:
            api_version, wrapped, beside, link = self.kinds[name]
            members = {
                "__slots__": (),
                "__module__": self.module,
                "__doc__": f"{name} of {api_version}. {link}".rstrip(),
                "_types": self,
                "_declared": (api_version, name, wrapped, beside),
            }
            made = self._classes[name] = type(name, (Kind,), members)
        return made
