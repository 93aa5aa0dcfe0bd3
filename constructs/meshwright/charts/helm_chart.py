"""The objects of a Helm chart, as part of a chart of ours."""

from __future__ import annotations

from meshwright.charts.environment import Environment
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.names import check_label
from meshwright.charts.problem import problem
from meshwright.charts.rendered import Admission, Rendered
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from typing import Any


@tells_misfits
class HelmChart(Rendered):
    """What ``helm template`` makes of a chart whose version and digest are known.

    Kinds that reach beyond one namespace or hold secrets come only if they are named, with the chart's own
    CustomResourceDefinitions among them; so do objects of other namespaces, and roles that give every right. Hooks are
    told, because nobody runs them when files are synced, and so is a chart that renders differently each time.

    Args:
        path: The chart: a ``.tgz`` file or a folder, seen from where the program runs.
        version: What its ``Chart.yaml`` has to say.
        digest: SHA-256 of the file, or of the names and contents of the folder: ``sha256:…``. The refusal of a wrong
            one tells the right one.
        values: Its values, beside its own.
        release: Name of the release; the id when left out.
        kinds: Kinds that may come beside the usual ones.
        without: What is left out: ``ClusterRole`` is a kind, ``Secret/redis`` one object.
        namespaces: Namespaces that objects may name beside that of the environment.
        admin: Why roles and bindings may give every right.
        kubernetes_version: What the chart is told of the cluster.
        api_versions: What the cluster is to be able to do, for charts that ask: ``monitoring.coreos.com/v1``.

    Raises:
        ConfigurationError: helm is not there or fails; version or digest are others.

    Source: Helm docs, "helm template".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        path: str | Path,
        version: str,
        digest: str,
        values: Mapping[str, Any] | None = None,
        release: str | None = None,
        kinds: Sequence[str] = (),
        without: Sequence[str] = (),
        namespaces: Sequence[str] = (),
        admin: str | None = None,
        kubernetes_version: str = "1.34.0",
        api_versions: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id)
        from json import dumps
        from pathlib import Path
        from tempfile import TemporaryDirectory

        from meshwright.charts.render_program import check_digest, program, render

        self.release = release or id
        check_label(self, self.release, "the name of the release")
        source = Path(path).resolve()
        check_digest(self, source, digest)
        helm = program(self, "helm")
        with TemporaryDirectory(prefix="meshwright-helm-") as made:
            folder = Path(made)
            self._check_version(render(self, [helm, "show", "chart", str(source)], folder), version)
            (folder / "values.json").write_text(dumps(dict(values or {})), encoding="utf-8")
            command = [
                *(helm, "template", self.release, str(source)),
                *("--namespace", Environment.of(self).namespace),
                *("--values", str(folder / "values.json")),
                *("--include-crds", "--skip-tests"),
                *("--kube-version", kubernetes_version),
                *(word for each in api_versions for word in ("--api-versions", each)),
            ]
            text = render(self, command, folder)
            if render(self, command, folder) != text:
                problem(self, "it renders differently each time", "Set the value that it makes up, such as a password")
        self._admit(text, f"{source.name} {version}", Admission(kinds, without, namespaces, admin))

    def _check_version(self, described: str, version: str) -> None:
        from ryaml import loads  # type: ignore[attr-defined]

        found = loads(described)
        has = found.get("version") if isinstance(found, dict) else None
        if str(has) != version:
            raise self.error(f"the version of the chart is {has!r}, not {version!r}", "Say which one is meant")
