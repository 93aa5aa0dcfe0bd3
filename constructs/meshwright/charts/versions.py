"""Which version of an app runs in which environment: one file with one value for each, which a machine can change."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from meshwright.charts.environment import Environment
    from meshwright.errors import MeshwrightError

_MAX_LENGTH = 1_000_000
_TAG = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")
_HEX = frozenset("0123456789abcdef")
_FORM = "Give a tag, a digest (sha256:…) or both (1.20.3@sha256:…), in quotes if it looks like a number"


class Versions:
    """Versions of apps by the environments they run in; a promotion copies one value to the next line.

    ::

        bookinfo:
          dev: 1.20.4
          prod: 1.20.3@sha256:5e0b…

    Args:
        versions: For each app, the version by the name of an environment or, for all of its regions, of a stage.
        source: What messages call the place these come from.

    Raises:
        Errors: A version is neither a tag nor a digest nor both.
    """

    __slots__ = ("_lines", "_source", "_versions")

    def __init__(self, versions: dict[str, dict[str, str]], source: str = "Versions") -> None:
        self._versions = versions
        self._source = source
        self._lines: dict[tuple[str, str], int] = {}
        self._check()

    @staticmethod
    def read(path: str) -> Versions:
        """Read them from a YAML file.

        Args:
            path: The file, as seen from the folder that the program is run in.

        Raises:
            MeshwrightError: It cannot be read, or holds something else.
        """
        from ryaml import InvalidYamlError, loads  # type: ignore[attr-defined]

        from meshwright.errors import InputError

        try:
            with open(path, encoding="utf-8") as file:  # noqa: PTH123 - pathlib takes longer to import
                text = file.read(_MAX_LENGTH + 1)
            if len(text) > _MAX_LENGTH:
                raise InputError(path, f"it is longer than {_MAX_LENGTH} characters", "Name the file of versions")
            versions: Any = loads(text)
        except (OSError, UnicodeDecodeError, InvalidYamlError) as problem:
            raise InputError(path, f"it cannot be read: {problem}", "Correct the file") from problem
        read = Versions.__new__(Versions)
        read._versions, read._source, read._lines = versions, path, _lines(text)
        read._check()
        return read

    def of(self, app: str, environment: Environment) -> str:
        """Return the version of an app in an environment: ``1.20.3@sha256:5e0b…``.

        Raises:
            ConfigurationError: There is none.
        """
        found = self._versions.get(app)
        if found is None:
            raise self._problem(
                app, "", f"there are no versions of {app!r}", f"There are those of {_names(self._versions)}"
            )
        for name in (environment.name, environment.stage):
            if name is not None and name in found:
                return found[name]
        wrong = f"{app!r} has no version for {environment.name!r}"
        raise self._problem(app, "", wrong, f"Add one to those for {_names(found)}")

    def image(self, app: str, environment: Environment, repository: str) -> str:
        """Return the image of an app in an environment: the repository at the version, as a container names it.

        Args:
            app: The name of the app among the versions.
            environment: Where it runs.
            repository: Of its images, without tag: ``docker.io/istio/examples-bookinfo-reviews-v1``.

        Raises:
            ConfigurationError: There is no version for it.
        """
        version = self.of(app, environment)
        return f"{repository}@{version}" if version.startswith("sha256:") else f"{repository}:{version}"

    def _check(self) -> None:
        from meshwright.errors import Errors

        problems = list(self._problems())
        if problems:
            raise Errors(problems)

    def _problems(self) -> Iterable[MeshwrightError]:
        if not isinstance(self._versions, dict) or not self._versions:
            yield self._problem("", "", "it holds no versions", "Write app: {environment: version}")
            return
        for app, found in self._versions.items():
            if not isinstance(found, dict) or not found:
                yield self._problem(app, "", f"{app} is {found!r}", "Write a version for each environment below it")
                continue
            for name, version in found.items():
                if not _is_version(version):
                    yield self._problem(app, name, f"{app}.{name} is {version!r}, which is no version", _FORM)

    def _problem(self, app: str, name: str, wrong: str, remedy: str) -> MeshwrightError:
        from meshwright.errors import ConfigurationError

        line = self._lines.get((app, name))
        return ConfigurationError(f"{self._source}:{line}" if line else self._source, wrong, remedy)


def _is_version(version: object) -> bool:
    if not isinstance(version, str):
        return False
    tag, at, digest = ("", "@", version) if version.startswith("sha256:") else version.partition("@")
    if at and not (digest.startswith("sha256:") and len(digest) == 71 and _HEX.issuperset(digest[7:])):
        return False
    return digest == version or (0 < len(tag) <= 128 and _TAG.issuperset(tag) and tag[0] not in ".-")


def _lines(text: str) -> dict[tuple[str, str], int]:
    """The lines of apps and of their versions in a file that is written a version a line."""
    found: dict[tuple[str, str], int] = {}
    app = ""
    for number, line in enumerate(text.splitlines(), start=1):
        name, colon, _ = line.partition(":")
        if not colon or name.lstrip().startswith("#"):
            continue
        if not line[0].isspace():
            app = name.strip("'\" ")
            found.setdefault((app, ""), number)
        else:
            found.setdefault((app, name.strip().strip("'\"")), number)
    return found


def _names(known: Iterable[str]) -> str:
    return ", ".join(map(str, known))
