"""The way to the genuine cdk8s and back: the only module that imports it, and only when asked.

A construct of ours may have a twin, a genuine construct in the same place of a genuine tree:

- ``chart.cdk8s`` mirrors one chart into a genuine app that runs beside ours. Objects of ours stand there as
  placeholders, so that ids, dependencies and order are cdk8s' own; at synth the chart crosses in one call.
- A construct of ours in a genuine scope is a guest: its twin is what the genuine app renders, through ``to_json``.
"""

import sys

from meshwright.errors import ConfigurationError, Errors, MeshwrightError
from meshwright.tree.api_object import ApiObject, file_name
from meshwright.tree.app import App
from meshwright.tree.chart import Chart
from meshwright.tree.construct import Construct, walk
from meshwright.tree.service_ref import ServiceRef
from meshwright.tree.yaml_text import document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_PLACEHOLDER = "meshwright/construct"
_OURS = "_meshwright_construct"


class Twin:
    """What a construct has among the genuine ones.

    Args:
        genuine: The genuine construct.
        whole: Whether all that is created below gets a twin, too.
        guest: Whether the genuine app is the one that renders.
    """

    __slots__ = ("genuine", "guest", "rendered", "whole")

    def __init__(self, genuine: "Any", whole: bool, guest: bool) -> None:
        self.genuine = genuine
        self.rendered: list[ApiObject | GenuineObject] = []  # of a chart, once it has crossed
        self.whole = whole
        self.guest = guest


def _load() -> "Any":
    try:
        import cdk8s
    except ImportError as problem:
        wrong = "the genuine cdk8s is not installed"
        raise ConfigurationError("cdk8s", wrong, "Install it with: pip install 'meshwright[cdk8s]'") from problem
    return cdk8s


def _ask(construct: Construct, call: "Callable[[], Any]") -> "Any":
    """Call cdk8s; what it has to say against it becomes an error about the construct."""
    try:
        return call()
    except RuntimeError as problem:  # what jsii makes of an error in JavaScript
        scope = construct._scope
        if scope is not None and scope._children is not None and construct._twin is None:
            scope._children.pop(construct._id, None)
        wrong = " ".join(str(problem).removeprefix("Error: ").split())
        raise construct.error(f"cdk8s says: {wrong}", "Change the construct so that cdk8s accepts it") from problem


def _join(construct: Construct, genuine: "Any", whole: bool, guest: bool) -> None:
    construct._twin = Twin(genuine, whole, guest)
    genuine.__dict__[_OURS] = construct


def genuine(construct: Construct) -> "Any":
    """The genuine construct in the place of one of ours: an app, a chart, an object or a plain construct.

    Raises:
        ConfigurationError: cdk8s is not installed, or refuses what stands there.
    """
    _load()
    chart: Construct | None = construct
    while chart is not None and not chart._is_chart:
        chart = chart._scope
    _mirror(construct if chart is None else chart)
    return construct._twin.genuine


def _mirror(construct: Construct) -> None:
    """Give a construct a twin, its scopes before it; a chart with all that is in it."""
    twin: Twin | None = construct._twin
    if twin is not None and (twin.whole or not construct._is_chart):
        return
    scope = construct._scope
    if scope is not None and (scope._is_chart or scope._twin is None):
        _mirror(scope)
    if construct._twin is None:
        _create(construct, whole=construct._is_chart, guest=False)
        if construct._is_chart:
            for below in walk(construct)[1:]:
                if below._twin is None:
                    _create(below, whole=True, guest=False)


def _create(construct: Construct, whole: bool, guest: bool) -> None:
    import constructs

    cdk8s = _load()
    scope = construct._scope
    if scope is None:
        twin = cdk8s.App(outdir=construct._outdir) if isinstance(construct, App) else constructs.RootConstruct()
        _join(construct, twin, whole, guest)
        return
    parent = scope._twin.genuine
    id = construct._id
    if isinstance(construct, Chart):
        chart = construct
        make = lambda: cdk8s.Chart(  # noqa: E731
            parent,
            id,
            namespace=chart._namespace,
            labels=chart._labels,
            disable_resource_name_hashes=chart._no_hashes,
        )
    elif isinstance(construct, ApiObject):
        api_object = construct
        make = (lambda: _guest(parent, api_object)) if guest else (lambda: _placeholder(parent, api_object))
    else:
        make = lambda: constructs.Construct(parent, id)  # noqa: E731
    _join(construct, _ask(construct, make), whole, guest)
    if guest and isinstance(construct, ApiObject):
        construct._metadata["name"] = construct._twin.genuine.name
        construct._definition = construct._twin.genuine.metadata


def follow(construct: Construct) -> None:
    """Give a new construct its twin, if all in its scope have one."""
    scope = construct._scope
    if scope is not None and scope._twin is not None and scope._twin.whole:
        _create(construct, whole=True, guest=scope._twin.guest)


def _placeholder(parent: "Any", api_object: ApiObject) -> "Any":
    metadata = {"name": api_object.name, "annotations": {_PLACEHOLDER: api_object.path}}
    return _load().ApiObject(
        parent, api_object._id, api_version=api_object._api_version, kind=api_object._kind, metadata=metadata
    )


_GENUINE_FIELDS = ("annotations", "finalizers", "labels", "name", "namespace", "ownerReferences")


def _guest(parent: "Any", api_object: ApiObject) -> "Any":
    """A genuine ``ApiObject`` that renders as ours does."""
    cdk8s = _load()

    patches: list[Any] = []

    class Guest(cdk8s.ApiObject):  # type: ignore[misc,name-defined]
        def to_json(self) -> "Any":
            json = api_object.to_json()
            return cdk8s.JsonPatch.apply(json, *patches) if patches else json

        def add_json_patch(self, *ops: "Any") -> None:
            patches.extend(ops)

    from meshwright.tree.value import plain_copy

    given: Any = plain_copy({key: value for key, value in api_object._metadata.items() if value})
    owners = [
        cdk8s.OwnerReference(
            api_version=owner["apiVersion"],
            kind=owner["kind"],
            name=owner["name"],
            uid=owner["uid"],
            block_owner_deletion=owner.get("blockOwnerDeletion"),
            controller=owner.get("controller"),
        )
        for owner in given.get("ownerReferences", ())
    ]
    metadata = cdk8s.ApiObjectMetadata(
        annotations=given.get("annotations"),
        finalizers=given.get("finalizers"),
        labels=given.get("labels"),
        name=given.get("name"),
        namespace=given.get("namespace"),
        owner_references=owners or None,
    )
    guest = Guest(parent, api_object._id, api_version=api_object._api_version, kind=api_object._kind, metadata=metadata)
    for key, value in given.items():
        if key not in _GENUINE_FIELDS:
            guest.metadata.add(key, value)
    return guest


class _HostChart(Chart):
    """A genuine chart as scope of ours: it names, labels and places its objects itself."""

    __slots__ = ()

    def generate_object_name(self, api_object: ApiObject) -> str:
        return ""

    def to_json(self) -> "list[Any]":
        rendered: list[Any] = self._twin.genuine.to_json()
        return rendered


def host(scope: "Any") -> Construct:
    """What stands for a genuine scope among ours, so that constructs of ours can be created in it.

    Raises:
        ConfigurationError: ``scope`` is no construct.
    """
    found: Construct | None = getattr(scope, "__dict__", {}).get(_OURS)
    if found is not None:
        return found
    constructs = sys.modules.get("constructs")
    if constructs is None or not isinstance(scope, constructs.Construct):
        wrong = f"the scope is {scope!r} of type '{type(scope).__name__}'"
        raise ConfigurationError("app", wrong, "Give an App, a Chart or another construct as scope")
    above = scope.node.scope
    parent = None if above is None else host(above)
    is_chart = _load().Chart.is_chart(scope)
    stand_in: Construct = (_HostChart if is_chart else Construct).__new__(_HostChart if is_chart else Construct)
    stand_in._id = scope.node.id
    stand_in._scope = parent
    stand_in._children = stand_in._node = stand_in._code = None
    stand_in._at = 0
    if isinstance(stand_in, Chart):
        stand_in._labels, stand_in._namespace, stand_in._no_hashes = {}, scope.namespace, False
    _join(stand_in, scope, whole=True, guest=parent is None or parent._twin.guest)
    return stand_in


def _genuine_of(target: "Any") -> "Any":
    if isinstance(target, Construct):
        return None if target._twin is None else target._twin.genuine
    return target


def forward_dependency(construct: Construct, target: "Any") -> None:
    """Tell the genuine tree what a guest depends on."""
    if construct._twin is not None and construct._twin.guest:
        other = _genuine_of(target)
        if other is not None:
            construct._twin.genuine.node.add_dependency(other)


def forward_validation(construct: Construct, validation: "Any") -> None:
    """Let the genuine app ask a validation of a guest."""
    if not construct._twin.guest:
        return
    import jsii

    import constructs

    @jsii.implements(constructs.IValidation)
    class Forwarded:
        def validate(self) -> "list[str]":
            return [
                f"{line.wrong}. {line.remedy}" if isinstance(line, MeshwrightError) else str(line)
                for line in validation.validate()
            ]

    construct._twin.genuine.node.add_validation(Forwarded())


def stand_ins(dep: "Any") -> "list[Construct]":
    """The constructs of ours that a genuine construct belongs to: the chart that it stands in.

    Raises:
        TypeError: It is none, or stands in no chart of ours.
    """
    constructs = sys.modules.get("constructs")
    if constructs is None or not isinstance(dep, constructs.Construct):
        raise TypeError(f"{dep!r} is no construct that another could depend on")
    chart = _load().Chart.of(dep)
    return [chart.__dict__[_OURS]] if _OURS in chart.__dict__ else []


class GenuineObject:
    """An object that a genuine construct made, in a chart of ours.

    Args:
        chart: The chart.
        json: The object.
    """

    __slots__ = ("_chart", "_json")

    def __init__(self, chart: Chart, json: "dict[str, Any]") -> None:
        self._chart = chart
        self._json = json

    @property
    def name(self) -> str:
        """Its name in the cluster."""
        name: str = self._json["metadata"]["name"]
        return name

    @property
    def path(self) -> str:
        """The path of the construct that made it."""
        is_object = _load().ApiObject.is_api_object
        for construct in self._chart._twin.genuine.node.find_all():
            if is_object(construct) and construct.name == self.name and construct.kind == self._json["kind"]:
                path: str = construct.node.path
                return path
        return self._chart.node.path

    @property
    def construct(self) -> Construct:
        """The chart: the genuine construct behind it knows no line."""
        return self._chart

    def file_name(self, by_definition: bool) -> str:
        """The name of its own file, without extension."""
        return file_name(self._json)

    def to_json(self) -> "dict[str, Any]":
        """The object as plain data."""
        return self._json

    def _text(self, plain_road: bool) -> str:
        return document(self._json, False)


def documents(chart: Chart) -> "list[ApiObject | GenuineObject]":
    """The objects of a mirrored chart in their order, ours and genuine ones, by one call of cdk8s.

    Raises:
        Errors: cdk8s or one of its validations refuses the chart.
    """
    inside = walk(chart)
    for construct in inside:
        node = construct._node
        for dep in (node._dependencies or ()) if node is not None and construct._twin is not None else ():
            target = _genuine_of(dep)
            if target is not None:
                construct._twin.genuine.node.add_dependency(target)
    ours = {one.path: one for one in inside if isinstance(one, ApiObject)}
    try:
        rendered: Iterable[Any] = chart._twin.genuine.to_json()
    except RuntimeError as problem:
        raise Errors(_refusals(chart, str(problem))) from problem
    out: list[ApiObject | GenuineObject] = []
    for json in rendered:
        path = (json["metadata"].get("annotations") or {}).get(_PLACEHOLDER)
        out.append(GenuineObject(chart, json) if path is None else ours[path])
    chart._twin.rendered = out
    return out


def needed_charts(chart: Chart) -> "list[Chart]":
    """The charts of ours that a mirrored chart waits for because of genuine constructs; ask it after `documents`."""
    needed = [one.__dict__.get(_OURS) for one in chart._twin.genuine.node.dependencies]
    return [one for one in needed if isinstance(one, Chart) and one is not chart]


def _refusals(chart: Chart, problem: str) -> "list[MeshwrightError]":
    first, *lines = problem.removeprefix("Error: ").split("\n")
    if not first.startswith("Validation failed") or not lines:
        wrong = " ".join(problem.removeprefix("Error: ").split())
        return [chart.error(f"cdk8s says: {wrong}", "Change the construct so that cdk8s accepts it")]
    found: list[MeshwrightError] = []
    for line in lines:
        path, _, wrong = line.strip().removeprefix("[").partition("] ")
        found.append(ConfigurationError(f"{path} ({chart.defined_at})", wrong, ""))
    return found


def service_ref(service: "Any") -> ServiceRef:
    """Refer to a genuine Service, such as a ``kplus.Service``: its name, namespace and port numbers."""
    return ServiceRef(service)


def load_yaml(url_or_file: str) -> "list[Any]":
    """Read the documents of a file or URL that are not empty, as cdk8s reads them.

    Raises:
        ConfigurationError: cdk8s is not installed, or it cannot read the text.
    """
    try:
        read: list[Any] = _load().Yaml.load(url_or_file)
    except RuntimeError as problem:
        wrong = " ".join(str(problem).removeprefix("Error: ").split())
        raise ConfigurationError(url_or_file, f"cannot be read: {wrong}", "Give a YAML file or URL") from problem
    return read
