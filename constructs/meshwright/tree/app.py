"""The app: the root of the tree, written as a folder of manifests."""

import sys

from meshwright.errors import MeshwrightError
from meshwright.tree.chart import Chart
from meshwright.tree.construct import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from meshwright.tree.gates import Mode
    from meshwright.tree.layout import YamlOutputType
    from meshwright.tree.resolve import Resolver


class App(Construct):
    """The root of a tree of charts.

    An error that nobody catches ends the program with one line for each problem and exit status 1, without a
    traceback; programs with a ``sys.excepthook`` of their own keep it.

    Args:
        outdir: The folder to write; ``CDK8S_OUTDIR`` of the environment if left out, else ``dist``. See `synth`.
        output_file_extension: How names of files end, ``.k8s.yaml`` by default.
        record_construct_metadata: Whether to write ``construct-metadata.json``, which tells the path of the construct
            behind each object; by default if ``CDK8S_RECORD_CONSTRUCT_METADATA`` is ``true``.
        resolvers: What may replace values on their way into the manifests: objects with ``resolve(context)``.
        yaml_output_type: How to divide the output into files, by default one for each chart.
        check: How `synth` takes what the checks find in what it is about to write: ``error`` refuses it for an error,
            ``warn`` only tells, ``off`` does not look. By default what ``MESHWRIGHT_CHECK`` of the environment,
            ``cdk8s.yaml`` or ``pyproject.toml`` say, else ``error``; see `meshwright.tree.gates`.
        guard: The same for changes against the last commit that lose requests or delete too much; see
            `meshwright.guards`.
    """

    __slots__ = ("_extension", "_layout", "_modes", "_outdir", "_preparations", "_record", "_resolvers")

    _is_app = True

    def __init__(
        self,
        *,
        outdir: "str | None" = None,
        output_file_extension: "str | None" = None,
        record_construct_metadata: "bool | None" = None,
        resolvers: "Sequence[Resolver] | None" = None,
        yaml_output_type: "YamlOutputType | None" = None,
        check: "Mode | None" = None,
        guard: "Mode | None" = None,
    ) -> None:
        from os import environ

        Construct.__init__(self, None, "")
        if outdir is None:
            outdir = environ.get("CDK8S_OUTDIR") or "dist"
        if record_construct_metadata is None:
            record_construct_metadata = environ.get("CDK8S_RECORD_CONSTRUCT_METADATA") == "true"
        self._outdir = str(outdir)
        self._extension = ".k8s.yaml" if output_file_extension is None else output_file_extension
        self._record = record_construct_metadata
        self._resolvers = list(resolvers or ())
        self._layout = yaml_output_type
        self._preparations: list[Callable[[], None]] = []
        self._modes = {"check": check, "guard": guard}
        if sys.excepthook is sys.__excepthook__:
            sys.excepthook = _tell_the_user

    @property
    def outdir(self) -> str:
        """The folder to write."""
        return self._outdir

    @property
    def output_file_extension(self) -> str:
        """How names of files end."""
        return self._extension

    @property
    def resolvers(self) -> "list[Resolver]":
        """What may replace values on their way into the manifests."""
        return list(self._resolvers)

    @property
    def yaml_output_type(self) -> "YamlOutputType":
        """How the output is divided into files."""
        from meshwright.tree.layout import YamlOutputType

        return YamlOutputType.FILE_PER_CHART if self._layout is None else self._layout

    @property
    def modes(self) -> "dict[str, Mode | None]":
        """How each gate is to be run, as the arguments said; see `meshwright.tree.gates`."""
        return self._modes

    def before_synth(self, call: "Callable[[], None]") -> None:
        """Have ``call`` complete the tree at the beginning of each synth, when all that the program makes is there."""
        self._preparations.append(call)

    @property
    def charts(self) -> "list[Chart]":
        """All charts, those that others depend on first."""
        from meshwright.tree.dependency import topology

        return [construct for construct in topology(self) if isinstance(construct, Chart)]

    def synth(self) -> None:
        """Write all manifests to `outdir`: as a whole, or not at all if anything is wrong.

        The folder then holds the files of this app and no others that end like them (``output_file_extension``), so
        an app that is gone leaves no file; files that end otherwise, folders and ``kustomization.yaml`` stay.
        Whenever the process is ended, the folder is the old one or the new one. Where nothing changed, nothing is
        touched. One folder is for one app.

        Raises:
            Errors: Validations failed, objects cannot be written, or a gate refuses them (an error that the checks
                find, for example). The folder is as it was.
        """
        from meshwright.tree.synthesis import write_app

        write_app(self)

    def synth_yaml(self) -> str:
        """All objects of all charts as one YAML text.

        Raises:
            Errors: As for `synth`.
        """
        from meshwright.tree.synthesis import app_text

        return app_text(self)

    @staticmethod
    def of(c: Construct) -> "App":
        """The app that a construct stands in."""
        root = c
        while root._scope is not None:
            root = root._scope
        return root  # type: ignore[return-value]


def _tell_the_user(kind: "type[BaseException]", error: BaseException, trace: "TracebackType | None") -> None:
    if issubclass(kind, MeshwrightError):
        print(error, file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)
