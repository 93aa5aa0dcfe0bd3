"""The objects of a folder for Kustomize, as part of a chart of ours."""

from __future__ import annotations

from meshwright.charts.misfits import tells_misfits
from meshwright.charts.rendered import Admission, Rendered
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_FILES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
_REMOTE = ("://", "git@", "?ref=", "github.com/", "git::")


@tells_misfits
class Kustomization(Rendered):
    """What ``kustomize build`` makes of a folder whose digest is known; objects are admitted as by `HelmChart`.

    Args:
        path: The folder, seen from where the program runs. It holds everything: what it names elsewhere is refused.
        overlay: The folder in it that is built: ``overlays/production``.
        digest: SHA-256 of the names and contents of the whole folder: ``sha256:…``. The refusal of a wrong one tells
            the right one.
        kinds, without, namespaces, admin: As of `HelmChart`.

    Raises:
        ConfigurationError: Neither kustomize nor kubectl is there, or it fails; the digest is another; the folder
            names something elsewhere.

    Source: Kustomize docs, "kustomize build".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        path: str | Path,
        digest: str,
        overlay: str = ".",
        kinds: Sequence[str] = (),
        without: Sequence[str] = (),
        namespaces: Sequence[str] = (),
        admin: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from pathlib import Path
        from shutil import which
        from tempfile import TemporaryDirectory

        from meshwright.charts.render_program import check_digest, program, render

        whole = Path(path).resolve()
        built = (whole / overlay).resolve()
        if not built.is_relative_to(whole):
            raise self.error(f"overlay {overlay!r} leads out of {path}", "Give a folder inside of it")
        check_digest(self, whole, digest)
        self._check_inside(whole)
        alone = which("kustomize")
        command = [alone, "build"] if alone else [program(self, "kubectl"), "kustomize"]
        with TemporaryDirectory(prefix="meshwright-kustomize-") as made:
            text = render(self, [*command, str(built)], Path(made))
        self._admit(text, built.name, Admission(kinds, without, namespaces, admin))

    def _check_inside(self, whole: Path) -> None:
        """Tell of a file that fetches something from elsewhere, which no digest here knows."""
        for name in _FILES:
            for file in sorted(whole.rglob(name)):
                for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
                    plain = line.partition(" #")[0].strip()
                    if not plain.startswith("#") and any(mark in plain for mark in _REMOTE):
                        where = f"{file.relative_to(whole)}:{number}"
                        raise self.error(f"{where} names something elsewhere: {plain!r}", "Copy it into the folder")
