"""The node: what can be asked of a construct's place in the tree, with the names and meaning of `constructs`."""

from meshwright.errors import ConfigurationError
from meshwright.tree.construct import Construct, path_of, users_line, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Protocol, Self

    class Validation(Protocol):
        """What `Node.add_validation` takes."""

        def validate(self) -> "Sequence[str | ConfigurationError]":
            """Say what is wrong, in one line each."""


class ConstructOrder:
    """In what order `Node.find_all` lists constructs: parents first, or children first."""

    PREORDER = 0
    POSTORDER = 1


class MetadataEntry:
    """One entry of `Node.metadata`: its type, its data, and where it was added if that was asked for."""

    __slots__ = ("data", "trace", "type")

    def __init__(self, *, data: object, type: str, trace: "Sequence[str] | None" = None) -> None:
        self.data = data
        self.type = type
        self.trace = None if trace is None else list(trace)


class Node:
    """The place of a construct in the tree.

    Args:
        host: The construct.
        scope: The construct it stands in.
        id: Its name among its siblings.
    """

    __slots__ = (
        "_context",
        "_default_child",
        "_dependencies",
        "_host",
        "_ignored",
        "_locked",
        "_metadata",
        "_validations",
    )

    PATH_SEP = "/"

    _host: Construct
    _ignored: "dict[str, str] | None"  # codes of checks with the reasons for living with what they find here
    _context: "dict[str, Any] | None"
    _default_child: "Construct | None"
    _dependencies: "dict[Any, None] | None"
    _metadata: "list[MetadataEntry] | None"
    _validations: "list[Any] | None"

    def __init__(self, host: Construct, scope: Construct, id: str) -> None:
        Construct.__init__(host, scope, id)
        self._bind(host)
        host._node = self

    @classmethod
    def _view(cls, host: Construct) -> "Self":
        node = cls.__new__(cls)
        node._bind(host)
        return node

    def _bind(self, host: Construct) -> None:
        self._host = host
        self._locked = False
        self._context = self._default_child = self._dependencies = None
        self._ignored = self._metadata = self._validations = None

    @staticmethod
    def of(construct: Construct) -> "Node":
        """The node of a construct."""
        return construct.node

    @property
    def id(self) -> str:
        """Its name among its siblings."""
        return self._host._id

    @property
    def scope(self) -> "Construct | None":
        """The construct it stands in, None at the root."""
        return self._host._scope

    @property
    def path(self) -> str:
        """Its ids from below the root down, joined by ``/``."""
        return path_of(self._host)

    @property
    def scopes(self) -> "list[Construct]":
        """The constructs from the root down to this one."""
        out = []
        construct: Construct | None = self._host
        while construct is not None:
            out.append(construct)
            construct = construct._scope
        out.reverse()
        return out

    @property
    def root(self) -> Construct:
        """The root of the tree."""
        return self.scopes[0]

    @property
    def addr(self) -> str:
        """A stable address made of the ids of the path: ``c8`` and 40 hexadecimal digits."""
        from meshwright.tree.names import address

        return address(self._host)

    @property
    def children(self) -> "list[Construct]":
        """The constructs directly below, in the order in which they were created."""
        return list((self._host._children or {}).values())

    def find_all(self, order: int = ConstructOrder.PREORDER) -> "list[Construct]":
        """This construct and all below it, in the given `ConstructOrder`."""
        return list(walk(self._host)) if order == ConstructOrder.PREORDER else list(walk_up(self._host))

    def try_find_child(self, id: str) -> "Construct | None":
        """The child of that id, or None."""
        return (self._host._children or {}).get(id.replace("/", "--").replace("\n", "--"))

    def find_child(self, id: str) -> Construct:
        """The child of that id.

        Raises:
            ConfigurationError: There is none.
        """
        child = self.try_find_child(id)
        if child is None:
            names = ", ".join(self._host._children or {}) or "none"
            raise self._host.error(f"no child with id: '{id}'", f"Use one of its children: {names}")
        return child

    def try_remove_child(self, child_name: str) -> bool:
        """Take a child out of the tree; False if there is none of that id."""
        children = self._host._children
        if children is None or child_name not in children:
            return False
        removed = children.pop(child_name)
        if removed._twin is not None:
            self._host._twin.genuine.node.try_remove_child(child_name)
        return True

    @property
    def default_child(self) -> "Construct | None":
        """The child that does most of the work: the one that was set, or the one named ``Default`` or ``Resource``.

        Raises:
            ConfigurationError: There are both.
        """
        if self._default_child is not None:
            return self._default_child
        resource, default = self.try_find_child("Resource"), self.try_find_child("Default")
        if resource is not None and default is not None:
            raise self._host.error(
                'cannot determine the default child, there is both a child "Resource" and a child "Default"',
                "Set node.default_child",
            )
        return default if default is not None else resource

    @default_child.setter
    def default_child(self, value: "Construct | None") -> None:
        self._default_child = value

    def set_context(self, key: str, value: "Any") -> None:
        """Set a value that all constructs below can ask for.

        Raises:
            ConfigurationError: There are children already, which may have asked for it.
        """
        if self._host._children:
            names = ",".join(self._host._children)
            raise self._host.error(f"cannot set context after children have been added: {names}", "Set it before")
        if self._context is None:
            self._context = {}
        self._context[key] = value

    def try_get_context(self, key: str) -> "Any":
        """A value of the context of this construct or of the nearest scope that has one, or None."""
        construct: Construct | None = self._host
        while construct is not None:
            node = construct._node
            if node is not None and node._context is not None:
                value = node._context.get(key)
                if value is not None:
                    return value
            construct = construct._scope
        return None

    def get_context(self, key: str) -> "Any":
        """As `try_get_context`.

        Raises:
            ConfigurationError: There is no such value.
        """
        value = self.try_get_context(key)
        if value is None:
            raise self._host.error(f"no context value present for {key} key", "Set it with node.set_context")
        return value

    def get_all_context(self, defaults: "dict[str, Any] | None" = None) -> "dict[str, Any]":
        """All context seen from here; what is nearer wins."""
        out = dict(defaults or {})
        for construct in self.scopes:
            if construct._node is not None and construct._node._context is not None:
                out.update(construct._node._context)
        return out

    @property
    def metadata(self) -> "list[MetadataEntry]":
        """The entries added by `add_metadata`."""
        return list(self._metadata or [])

    def add_metadata(
        self,
        type: str,
        data: "Any",
        *,
        stack_trace: "bool | None" = None,
        stack_trace_override: "Sequence[str] | None" = None,
        trace_from_function: "Any" = None,
    ) -> None:
        """Attach a note to the construct; None as data adds nothing."""
        if data is None:
            return
        trace = list(stack_trace_override) if stack_trace_override else None
        if trace is None and stack_trace:
            from traceback import extract_stack

            frames = reversed(extract_stack()[:-1])
            trace = [f"{frame.name} ({frame.filename}:{frame.lineno})" for frame in frames]
        if self._metadata is None:
            self._metadata = []
        self._metadata.append(MetadataEntry(type=type, data=data, trace=trace))

    @property
    def locked(self) -> bool:
        """Whether it or a scope of it takes no more children."""
        construct: Construct | None = self._host
        while construct is not None:
            if construct._node is not None and construct._node._locked:
                return True
            construct = construct._scope
        return False

    def lock(self) -> None:
        """Take no more children, here or below."""
        self._locked = True
        for construct in walk(self._host):
            construct.node._locked = True

    def add_dependency(self, *deps: "Any") -> None:
        """Let this construct come after others: constructs, groups of them, or genuine cdk8s constructs."""
        if self._dependencies is None:
            self._dependencies = {}
        for dep in deps:
            self._dependencies[dep] = None
            if self._host._twin is not None:
                from meshwright.tree.dependency import announce

                announce(self._host, dep)

    def remove_dependency(self, *deps: "Any") -> None:
        """Take back what `add_dependency` was told about the same objects."""
        for dep in deps:
            if self._dependencies is not None:
                self._dependencies.pop(dep, None)

    @property
    def dependencies(self) -> "list[Construct]":
        """The constructs it comes after."""
        if not self._dependencies:
            return []
        from meshwright.tree.dependency import roots_of

        return [root for dep in self._dependencies for root in roots_of(dep, self._host)]

    def add_validation(self, validation: "Validation") -> None:
        """Have ``validation.validate()`` asked at synth; each line it returns stops the synth.

        A line may also be a `ConfigurationError` (see `Construct.error`), which says what to do about it.
        """
        if self._validations is None:
            self._validations = []
        self._validations.append(validation)
        if self._host._twin is not None:
            from meshwright.tree.cdk8s_bridge import forward_validation

            forward_validation(self._host, validation)

    def report(self, wrong: str, remedy: str, at: str = "") -> None:
        """Note an error that stops the synth, together with all others, instead of raising the first.

        It names the line ``at``; when left out, that of the user's program that is being carried out.
        """
        self.add_validation(_Reported(self._host.error(wrong, remedy, at or users_line())))

    def validate(self) -> "list[str | ConfigurationError]":
        """Ask all validations of this construct."""
        return [line for validation in self._validations or () for line in validation.validate()]

    def with_(self, *mixins: "Any") -> Construct:
        """Apply mixins (``supports(construct)``, ``apply_to(construct)``) to it and to all below, in their order."""
        constructs = self.find_all()
        for mixin in mixins:
            for construct in constructs:
                if mixin.supports(construct):
                    mixin.apply_to(construct)
        return self._host


class _Reported:
    __slots__ = ("_error",)

    def __init__(self, error: ConfigurationError) -> None:
        self._error = error

    def validate(self) -> "list[ConfigurationError]":
        return [self._error]


class RootConstruct(Construct):
    """A construct that stands in no scope.

    Args:
        id: Its id; it may be left out.
    """

    def __init__(self, id: "str | None" = None) -> None:
        super().__init__(None, id or "")


def walk_up(construct: Construct) -> "list[Construct]":
    """A construct and all below it, children first."""
    out: list[Construct] = []
    for child in (construct._children or {}).values():
        out += walk_up(child)
    out.append(construct)
    return out
