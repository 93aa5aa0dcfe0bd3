"""From the tree to files: validate, order, divide, write; nothing is written before everything is known to be good."""

from meshwright.errors import ConfigurationError, Errors, MeshwrightError
from meshwright.tree.api_object import ApiObject
from meshwright.tree.app import App
from meshwright.tree.chart import Chart
from meshwright.tree.construct import Construct, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    class Document(Protocol):
        """One object of the output: an `ApiObject`, or one that came from the genuine cdk8s."""

        @property
        def name(self) -> str:
            """Its name in the cluster."""

        @property
        def path(self) -> str:
            """The path of the construct behind it."""

        @property
        def construct(self) -> Construct:
            """The nearest construct of ours behind it, which knows its line."""

        def _text(self, plain_road: bool) -> str:
            """It as YAML."""

        def to_json(self) -> "dict[str, Any]":
            """It as plain data."""

        def file_name(self, by_definition: bool) -> str:
            """The name of a file of its own, without extension."""


_DNS = frozenset("0123456789-abcdefghijklmnopqrstuvwxyz")


class Plan:
    """What an app will write, and in which order.

    Args:
        app: The app, which has been validated.
        constructs: All of its constructs.
    """

    def __init__(self, app: Construct, constructs: "list[Construct]") -> None:
        self._app = app
        self._constructs = constructs
        self.charts: list[Chart] = []
        self.numbered = False
        self._objects: dict[Construct, list[ApiObject]] = {}
        linked = False
        for construct in constructs:
            if isinstance(construct, ApiObject):
                self._objects.setdefault(construct._chart, []).append(construct)
            elif isinstance(construct, Chart):
                self.charts.append(construct)
                linked = linked or construct._twin is not None or isinstance(construct._scope, Chart)
            if construct._node is not None and construct._node._dependencies:
                linked = True
        self._dependencies: dict[Construct, dict[Construct, None]] | None = None
        self._crossed: dict[Chart, list[Any]] = {}
        if linked:
            from meshwright.tree.links import complete

            for chart in self.charts:
                if chart._twin is not None:
                    from meshwright.tree.cdk8s_bridge import documents

                    self._crossed[chart] = documents(chart)
            self._dependencies, self.numbered = complete(constructs, self._crossed)

    def in_order(self) -> "list[Chart]":
        """The charts, those that others depend on first."""
        if self._dependencies is None and not any(chart._id[0] <= "9" for chart in self.charts):
            return self.charts
        from meshwright.tree.dependency import topology

        order = topology(self._app, self._dependencies or {})
        return [construct for construct in order if isinstance(construct, Chart)]

    def documents(self, chart: Chart) -> "list[Any]":
        """The objects of a chart, those that others depend on first."""
        if self._dependencies is None:
            return self._objects.get(chart, [])
        if chart in self._crossed:
            return self._crossed[chart]
        from meshwright.tree.dependency import topology

        order = topology(chart, self._dependencies)
        return [construct for construct in order if isinstance(construct, ApiObject) and construct._chart is chart]


def plan(app: Construct) -> Plan:
    """Validate an app and order what it holds.

    Raises:
        Errors: Validations failed.
    """
    for prepare in getattr(app, "_preparations", ()):
        prepare()
    constructs = walk(app)
    problems: list[MeshwrightError] = []
    ignoring = False
    for construct in constructs:
        node = construct._node
        if node is not None:
            for line in node.validate() if node._validations else ():
                known = isinstance(line, MeshwrightError)
                problems.append(line if known else construct.error(str(line), ""))  # type: ignore[arg-type]
            ignoring = ignoring or node._ignored is not None
    raise_all(problems)
    if ignoring:
        from meshwright.tree.ignored import annotate

        annotate(each for each in constructs if each._node is not None and each._node._ignored)
    return Plan(app, constructs)


def raise_all(problems: "list[MeshwrightError]") -> None:
    """Raise all problems as one, if there are any; a problem that was found twice is told once."""
    if problems:
        raise Errors(list({str(problem): problem for problem in problems}.values()))


def _plain_road(app: Construct) -> bool:
    from os import environ

    return not environ.get("CDK8S_DISABLE_SORT") and not getattr(app, "_resolvers", None)


def _texts(documents: "list[Document]", plain_road: bool, problems: "list[MeshwrightError]") -> str:
    texts = []
    for document in documents:
        try:
            texts.append(document._text(plain_road))
        except Errors as several:
            problems.extend(several.errors)
        except MeshwrightError as problem:
            problems.append(problem)
    return "---\n".join(texts)


def app_text(app: App) -> str:
    """All objects of an app as one YAML text."""
    planned = plan(app)
    problems: list[MeshwrightError] = []
    documents = [document for chart in planned.in_order() for document in planned.documents(chart)]
    text = _texts(documents, _plain_road(app), problems)
    raise_all(problems)
    return text


def chart_json(chart: Chart) -> "list[Any]":
    """The objects of one chart as plain data."""
    planned = plan(App.of(chart))
    problems: list[MeshwrightError] = []
    out = []
    for document in planned.documents(chart):
        try:
            out.append(document.to_json())
        except ConfigurationError as problem:
            problems.append(problem)
    raise_all(problems)
    return out


def _place(chart: Chart) -> "tuple[str, str]":
    """The folder of a chart and its name in it: its id if that will do."""
    scope = chart._scope
    if scope is not None and scope._is_app and len(chart._id) < 64 and _DNS.issuperset(chart._id):
        return "", chart._id
    from meshwright.tree.folder import place_of

    return place_of(chart)


def write_app(app: App) -> None:
    """Write an app to its folder, as a whole or not at all."""
    from meshwright.tree.output import write_folder
    from meshwright.tree.sources import write_sources

    planned = plan(app)
    problems: list[MeshwrightError] = []
    plain_road = _plain_road(app)
    files: dict[str, bytes] = {}
    documents: dict[str, list[Document]] = {}
    charts = planned.in_order()
    if app._layout is None:
        for position, chart in enumerate(charts):
            folder, name = _place(chart)
            if planned.numbered and not folder:
                name = f"{position:04}-{name}"
            name = folder + name + app._extension
            documents[name] = planned.documents(chart)
            files[name] = _texts(documents[name], plain_road, problems).encode()
    else:
        from meshwright.tree.layout import divide

        of_charts = [(chart, planned.documents(chart)) for chart in charts]
        documents = divide(app._layout, of_charts, app._extension, planned.numbered)
        for name, part in documents.items():
            files[name] = _texts(part, plain_road, problems).encode()
    raise_all(problems)
    if app._record:
        from meshwright.tree.record import construct_metadata

        files["construct-metadata.json"] = construct_metadata(
            [document for chart in charts for document in planned.documents(chart)]
        )
    if any(mode != "off" for mode in app._modes.values()):
        from meshwright.tree.gates import pass_gates

        pass_gates(app, files, documents)
    write_folder(app._outdir, files, app._extension)
    write_sources(app._outdir, files, documents)
