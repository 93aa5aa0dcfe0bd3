"""The construct: a named place in the tree. What is asked of it less often is in `node`, made when first used."""

import sys

from meshwright.errors import ConfigurationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType
    from typing import Any, Self, TypeGuard

    from meshwright.tree.node import Node

_PACKAGE = __file__.rpartition("tree")[0]


class _Inside(dict[str, bool]):
    """Whether a file belongs to this package, so that it is not the user's own."""

    def __missing__(self, filename: str) -> bool:
        inside = self[filename] = filename.startswith((_PACKAGE, "<frozen"))
        return inside


_inside = _Inside()


class Construct:
    """The building block of the tree.

    Args:
        scope: The construct it stands in; also a genuine cdk8s or constructs scope, where it becomes a genuine
            construct of the same id. None for a root.
        id: Its name among its siblings. ``/`` and line breaks become ``--``.

    Raises:
        ConfigurationError: The id is empty or taken, or the scope is locked.
    """

    __slots__ = ("__weakref__", "_at", "_children", "_code", "_id", "_node", "_scope", "_twin")

    _children: "dict[str, Construct] | None"
    _code: "CodeType | None"
    _node: "Node | None"
    _scope: "Construct | None"
    _twin: "Any"  # its counterpart among the genuine cdk8s constructs, where there is one

    _is_app = False
    _is_chart = False
    _is_folder = False
    _is_api_object = False

    def __init__(self, scope: "Construct | Any | None", id: str = "") -> None:
        self._enter(scope, id, sys._getframe(1))

    def _enter(self, scope: "Construct | Any | None", id: str, frame: "FrameType") -> None:
        """Take a place in the tree; the user's own line is in ``frame`` or in one that called it."""
        if "/" in id or "\n" in id:
            id = id.replace("/", "--").replace("\n", "--")
        self._id = id
        self._children = None
        self._node = None
        self._twin = None
        code = frame.f_code
        while _inside[code.co_filename]:
            back = frame.f_back
            if back is None:
                break
            frame = back
            code = frame.f_code
        self._code = code
        self._at = frame.f_lasti
        if scope is None:
            self._scope = None
            return
        try:
            children = scope._children
        except AttributeError:
            from meshwright.tree.cdk8s_bridge import host

            scope = host(scope)
            children = scope._children
        self._scope = scope
        if children is None:
            children = scope._children = {}
        if not id or id in children or scope._node is not None:
            self._check_place(scope, children)
        children[id] = self
        if id[0] <= "9":
            _put_index_first(children, id)
        if scope._twin is not None and not self._is_api_object:
            from meshwright.tree.cdk8s_bridge import follow

            follow(self)

    def _check_place(self, scope: "Construct", children: "dict[str, Construct]") -> None:
        if not self._id:
            raise self.error("the id is empty, only an App may have none", "Give it a name")
        if scope._node is not None and scope.node.locked:
            what = f'"{scope.node.path}"' if scope.node.path else "the app"
            raise self.error(f"cannot add children to {what} during synthesis", "Create it before synth")
        if self._id in children:
            name = f" [{scope._id}]" if scope._id else ""
            raise self.error(
                f"there is already a Construct with name '{self._id}' in {type(scope).__name__}{name}",
                "Give each sibling an id of its own",
            )

    @property
    def node(self) -> "Node":
        """Its place in the tree: path, children, dependencies, validations, metadata and context."""
        node = self._node
        if node is None:
            from meshwright.tree.node import Node

            node = self._node = Node._view(self)
        return node

    @property
    def cdk8s(self) -> "Any":
        """A genuine cdk8s construct in the place of this one; the first use starts Node.

        That of a chart is the scope for any construct of cdk8s, cdk8s-plus and others: what is created in it stands
        in the file of the chart.

        Raises:
            ConfigurationError: cdk8s is not installed, or refuses what stands there.
        """
        from meshwright.tree.cdk8s_bridge import genuine

        return genuine(self)

    @property
    def defined_at(self) -> str:
        """Where the user's own program created it: ``main.py:41``."""
        return "" if self._code is None else line_text(self._code, self._at)

    def error(self, wrong: str, remedy: str, at: str = "") -> ConfigurationError:
        """An error about this construct, ready to be raised or to be returned from a validation.

        Args:
            wrong: What is wrong, quoting the user's own value.
            remedy: What to do about it.
            at: The line to name; where the construct was created when left out.
        """
        return ConfigurationError(f"{path_of(self) or 'app'} ({at or self.defined_at})", wrong, remedy)

    def ignore(self, code: str, reason: str) -> "Self":
        """Live with what a check finds in the objects here and below: they get the annotation that says so.

        Args:
            code: Of the check: ``MW104``.
            reason: Why; without one it would not count.
        """
        from meshwright.tree.ignored import remember

        remember(self, code, reason)
        return self

    def with_(self, *mixins: "Any") -> "Self":
        """Apply mixins (``supports(construct)``, ``apply_to(construct)``) to it and to all below, in their order."""
        self.node.with_(*mixins)
        return self

    def to_string(self) -> str:
        """Its path, or ``<root>``."""
        return self.node.path or "<root>"

    @staticmethod
    def is_construct(x: object) -> "TypeGuard[Construct]":
        """Whether ``x`` is a construct."""
        return isinstance(x, Construct)

    def __str__(self) -> str:
        return self.to_string()


def walk(construct: Construct) -> "list[Construct]":
    """A construct and all below it, parents first."""
    out = [construct]
    if construct._children:
        for child in construct._children.values():
            if child._children:
                out += walk(child)
            else:
                out.append(child)
    return out


def path_of(construct: Construct) -> str:
    """The ids of a construct from below the root down, joined by ``/``."""
    out = [construct._id]
    scope = construct._scope
    while scope is not None:
        if scope._id:
            out.append(scope._id)
        scope = scope._scope
    out.reverse()
    return "/".join(out)


def users_line() -> str:
    """The line of the user's own program that is being carried out: ``main.py:41``."""
    frame = sys._getframe(1)
    while _inside[frame.f_code.co_filename] and frame.f_back is not None:
        frame = frame.f_back
    return line_text(frame.f_code, frame.f_lasti)


def line_text(code: "CodeType", at: int) -> str:
    """An instruction as a place that a user can open: ``main.py:41``."""
    return f"{_short(code.co_filename)}:{line_number(code, at)}"


def line_number(code: "CodeType", at: int) -> int:
    """The line of an instruction."""
    line: int | None = code.co_firstlineno
    for start, end, found in code.co_lines():
        if start <= at < end:
            line = found
    return line or code.co_firstlineno


def _short(filename: str) -> str:
    import os

    try:
        here = os.getcwd() + "/"  # noqa: PTH109 - pathlib is slow to import
    except OSError:
        return filename
    return filename.removeprefix(here)


def _put_index_first(children: "dict[str, Construct]", id: str) -> None:
    """Keep children in JavaScript's order, which is cdk8s': ids that are whole numbers first, by size."""
    from meshwright.tree.value import in_javascript_order, is_index

    if not is_index(id) or len(children) == 1:
        return
    keys = list(children)
    before = keys[-2]
    if is_index(before) and int(before) < int(id):
        return
    ordered = {key: children[key] for key in in_javascript_order(keys, False)}
    children.clear()
    children.update(ordered)
