"""The base of generated kinds: a construct whose keywords are the fields of one Kubernetes kind."""

from meshwright.tree.api_object import ApiObject
from meshwright.tree.construct import Construct
from meshwright.tree.typed_values import MessageTypes, Wrong

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from meshwright.errors import ConfigurationError
    from meshwright.tree.metadata import ApiObjectMetadata

__all__ = ["Kind", "Types"]


class Kind(ApiObject):
    """A typed construct.

    Args:
        scope: The construct it stands in, inside a chart.
        id: Its name among its siblings.
        metadata: `ApiObjectMetadata`, or a mapping with its fields in either spelling.
        fields: The fields of the kind in snake_case, those of ``spec`` directly. A mapping among them may spell its
            fields as the API does. None means left out. Values are copied: what is changed later does not count.

    Raises:
        ConfigurationError: A field is unknown, missing, excludes another or breaks a limit of the schema; all problems
            of the object in one error.
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
            Construct.__init__(self, scope, id)
            raise self._refused(fields) from None
        if wrapped:
            own = {wire: body.pop(wire) for wire in beside if wire in body} if beside else {}
            if body:
                own["spec"] = body
            body = own
        ApiObject.__init__(self, scope, id, api_version=api_version, kind=kind, metadata=metadata, **body)

    @classmethod
    def _compile(cls) -> "Callable[[Any], Any]":
        convert = cls._types.message(cls._declared[1])
        cls._convert = staticmethod(convert)
        return convert

    def _refused(self, fields: "dict[str, Any]") -> "ConfigurationError":
        from meshwright.tree.typed_problems import Refused, problems

        found = [self.error(wrong, remedy) for wrong, remedy in problems(self._types, self._declared[1], fields)]
        if self._scope is not None and self._scope._children is not None:
            self._scope._children.pop(self._id, None)
        if len(found) > 1:
            return Refused(list(found))
        return found[0] if found else self.error(f"its fields do not fit {self._declared[1]}", "See its reference")


class Types(MessageTypes):
    """The types of one generated module, its kinds among them; their classes are made when first asked for.

    Args:
        module: Its ``__name__``.
        kinds: Kind -> (api version, whether its fields go under ``spec``, fields beside ``spec``, its reference).
        table: As in `MessageTypes`; what is named like a kind holds its keywords.
    """

    __slots__ = ("kinds",)

    def __init__(
        self, module: str, kinds: "dict[str, tuple[str, bool, tuple[str, ...], str]]", table: "dict[str, Any]"
    ) -> None:
        MessageTypes.__init__(self, module, table)
        self.kinds = kinds

    def _made(self, name: str) -> type:
        if name not in self.kinds:
            return MessageTypes._made(self, name)
        api_version, wrapped, beside, link = self.kinds[name]
        members = {
            "__slots__": (),
            "__module__": self.module,
            "__doc__": f"{name} of {api_version}. {link}".rstrip(),
            "_types": self,
            "_declared": (api_version, name, wrapped, beside),
        }
        return type(name, (Kind,), members)
