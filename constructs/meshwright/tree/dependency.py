"""What comes before what: dependencies between constructs, and the order of charts and objects that follows."""

from meshwright.tree.chart import Chart
from meshwright.tree.construct import Construct, walk
from meshwright.tree.node import Node
from meshwright.tree.value import is_index

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_TRAIT = "_meshwright_dependable"

Dependencies = dict[Construct, dict[Construct, None]]


class Dependable:
    """Lets any object stand for the constructs that others depend on: give one with ``dependency_roots``."""

    def __init__(self, dependency_roots: "Iterable[Construct]" = ()) -> None:
        self._roots = list(dependency_roots)

    @property
    def dependency_roots(self) -> "list[Construct]":
        """The constructs it stands for."""
        return self._roots

    @staticmethod
    def implement(instance: "Any", trait: "Dependable") -> None:
        """Let ``instance`` stand for the constructs of ``trait``."""
        setattr(instance, _TRAIT, trait)

    @staticmethod
    def of(instance: "Any") -> "Dependable":
        """What ``instance`` stands for.

        Raises:
            TypeError: It is neither a construct nor known to `implement`.
        """
        if isinstance(instance, Construct):
            return Dependable([instance])
        if isinstance(instance, Dependable):
            return instance
        trait: Dependable | None = getattr(instance, _TRAIT, None)
        if trait is None:
            raise TypeError(f"{instance} does not implement IDependable. Use Dependable.implement() to implement")
        return trait

    get = of


class DependencyGroup(Dependable):
    """Several constructs to depend on as one."""

    def __init__(self, *deps: "Any") -> None:
        self._deps = list(deps)

    def add(self, *scopes: "Any") -> None:
        """Add more."""
        self._deps.extend(scopes)

    @property
    def dependency_roots(self) -> "list[Construct]":
        """The constructs of all its members."""
        return [root for dep in self._deps for root in Dependable.of(dep).dependency_roots]


def _is_known(dep: "Any") -> bool:
    return isinstance(dep, Construct | Dependable) or hasattr(dep, _TRAIT)


def roots_of(dep: "Any", source: Construct) -> "list[Construct]":
    """The constructs that something stands for. Of a genuine cdk8s construct, it is the chart that it stands in; if
    that is the chart of ``source``, too, the genuine tree orders them and there is none.
    """
    if isinstance(dep, Construct):
        return [dep]
    if _is_known(dep):
        return Dependable.of(dep).dependency_roots
    from meshwright.tree.cdk8s_bridge import stand_ins

    return [chart for chart in stand_ins(dep) if chart is not Chart.of(source)]


def announce(source: Construct, dep: "Any") -> None:
    """Tell the genuine tree of a dependency of a construct that stands in it as a guest."""
    from meshwright.tree.cdk8s_bridge import forward_dependency

    for target in roots_of(dep, source) if _is_known(dep) else [dep]:
        forward_dependency(source, target)


class DependencyVertex:
    """A construct in a `DependencyGraph`, or its root, which holds none.

    Args:
        value: The construct.
    """

    def __init__(self, value: "Construct | None" = None) -> None:
        self._value = value
        self._outbound: dict[DependencyVertex, None] = {}
        self._inbound: dict[DependencyVertex, None] = {}

    @property
    def value(self) -> "Construct | None":
        """The construct, None for the root."""
        return self._value

    @property
    def outbound(self) -> "list[DependencyVertex]":
        """What it depends on."""
        return list(self._outbound)

    @property
    def inbound(self) -> "list[DependencyVertex]":
        """What depends on it."""
        return list(self._inbound)

    def add_child(self, dep: "DependencyVertex") -> None:
        """Let this one depend on ``dep``.

        Raises:
            ConfigurationError: They would depend on each other.
        """
        if dep is self or self in _reachable(dep):  # the way back exists already
            raise _cycle([vertex._value for vertex in _route(dep, self)])
        self._outbound[dep] = None
        dep._inbound[self] = None

    def topology(self) -> "list[Construct]":
        """The constructs from here on, what others depend on first."""
        order = _sorted([self], {vertex: list(vertex._outbound) for vertex in [self, *_reachable(self)]})
        return [vertex._value for vertex in order if vertex._value is not None]


class DependencyGraph:
    """The constructs below a node and how they depend on each other; dependencies that lead out of it do not count.

    Args:
        node: The node.

    Raises:
        ConfigurationError: Some depend on each other in a circle.
    """

    def __init__(self, node: Node) -> None:
        constructs = in_key_order(walk(node._host), node._host)
        edges = inner_edges(constructs, declared(constructs))
        find_cycle(edges)
        vertices = {construct: DependencyVertex(construct) for construct in constructs}
        for source, targets in edges.items():
            for target in targets:
                vertices[source]._outbound[vertices[target]] = None
                vertices[target]._inbound[vertices[source]] = None
        self._root = DependencyVertex()
        for vertex in vertices.values():
            if not vertex._inbound:
                self._root._outbound[vertex] = None
        for vertex in self._root._outbound:
            vertex._inbound[self._root] = None

    @property
    def root(self) -> DependencyVertex:
        """A vertex without a value that depends on all that nothing depends on."""
        return self._root

    def topology(self) -> "list[Construct]":
        """The constructs, what others depend on first."""
        return self._root.topology()


def topology(root: Construct, dependencies: "Dependencies | None" = None) -> "list[Construct]":
    """A construct and all below it, what others depend on first, else as they were created.

    Args:
        root: The construct.
        dependencies: What depends on what; what was declared with ``add_dependency`` if left out.

    Raises:
        ConfigurationError: Some depend on each other in a circle.
    """
    constructs = in_key_order(walk(root), root)
    edges = inner_edges(constructs, declared(constructs) if dependencies is None else dependencies)
    if not edges:
        return constructs
    find_cycle(edges)
    needed = {target for targets in edges.values() for target in targets}
    return _sorted([construct for construct in constructs if construct not in needed], edges)


def in_key_order(constructs: "list[Construct]", root: Construct) -> "list[Construct]":
    """As cdk8s lists them by path: a path that is a whole number comes before all others."""
    top = root if root._scope is None else root._scope
    if top._scope is not None or top._id or not any(is_index(id) for id in top._children or ()):
        return constructs
    numbered = [one for one in constructs if one._scope is top and is_index(one._id)]
    return numbered + [one for one in constructs if one._scope is not top or not is_index(one._id)]


def declared(constructs: "list[Construct]") -> Dependencies:
    """What was declared with ``add_dependency``."""
    out: Dependencies = {}
    for construct in constructs:
        if construct._node is not None and construct._node._dependencies:
            out[construct] = dict.fromkeys(construct._node.dependencies)
    return out


def inner_edges(constructs: "list[Construct]", dependencies: Dependencies) -> "dict[Construct, list[Construct]]":
    """The dependencies between given constructs."""
    if not dependencies:
        return {}
    inside = set(constructs)
    edges = {
        source: [target for target in dependencies[source] if target in inside]
        for source in constructs
        if source in dependencies
    }
    return {source: targets for source, targets in edges.items() if targets}


def find_cycle(edges: "dict[Construct, list[Construct]]") -> None:
    """Make sure that nothing depends on itself, directly or not.

    Raises:
        ConfigurationError: Something does; it names the way round.
    """
    done: set[Construct] = set()
    for start in edges:
        route: list[Construct] = []
        on_route: set[Construct] = set()
        stack: list[tuple[Construct, bool]] = [(start, True)]
        while stack:
            construct, entering = stack.pop()
            if not entering:
                done.add(route.pop())
                on_route.discard(construct)
            elif construct in on_route:
                raise _cycle([*route[route.index(construct) :], construct])
            elif construct not in done:
                route.append(construct)
                on_route.add(construct)
                stack.append((construct, False))
                stack.extend((target, True) for target in edges.get(construct, ()))


def _cycle(route: "list[Construct | None]") -> Exception:
    constructs = [construct for construct in route if construct is not None]
    way = " => ".join(construct.node.path for construct in constructs)
    return constructs[0].error(f"dependency cycle detected: {way}", "Take one of these dependencies away")


def _sorted(roots: "list[Any]", edges: "dict[Any, list[Any]]") -> "list[Any]":
    found: dict[Any, None] = {}
    entered: set[Any] = set()
    for root in roots:
        stack = [(root, True)]
        while stack:
            item, entering = stack.pop()
            if not entering:
                found[item] = None
            elif item not in entered:
                entered.add(item)
                stack.append((item, False))
                stack.extend((target, True) for target in reversed(edges.get(item, ())))
    return list(found)


def _reachable(vertex: DependencyVertex) -> "dict[DependencyVertex, None]":
    found: dict[DependencyVertex, None] = {}
    stack = list(vertex._outbound)
    while stack:
        item = stack.pop()
        if item not in found:
            found[item] = None
            stack.extend(item._outbound)
    return found


def _route(start: DependencyVertex, goal: DependencyVertex) -> "list[DependencyVertex]":
    """A way from ``start`` to ``goal`` and back to ``start``."""
    routes = {start: [start]}
    queue = [start]
    for item in queue:
        for target in item._outbound:
            if target not in routes:
                routes[target] = [*routes[item], target]
                queue.append(target)
    return [*routes[goal], start]
