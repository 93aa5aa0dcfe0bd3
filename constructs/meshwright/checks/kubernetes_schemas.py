"""The schemas of Kubernetes' own kinds, version by version: those that the package kubernetes-validate carries."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from meshwright.errors import InputError

_VERSION = re.compile(r"v?1\.\d+(?:\.\d+)?")
_FOLDER = "kubernetes-json-schema"


@dataclass(frozen=True, slots=True)
class Misfit:
    """What a schema has against one field of an object: ``dropped`` if a cluster only leaves the field out."""

    path: str
    wrong: str
    dropped: bool


@dataclass(slots=True)
class KubernetesSchemas:
    """The schemas of one version.

    Args:
        version: Such as ``1.31``.

    Raises:
        InputError: The version is none, or newer than those that the package knows, or the package is missing.
    """

    version: str
    _folder: str = ""
    _definitions: Any = None
    _validators: dict[tuple[str, str], Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        minor = minor_of(self.version)
        try:
            utils: Any = import_module("kubernetes_validate.utils")
        except ImportError as error:
            remedy = "Install it: pip install 'meshwright[schemas]'"
            raise InputError("--kubernetes", "needs the package kubernetes-validate", remedy) from error
        known = {int(each.split(".")[1]): each for each in utils.all_versions()}
        fitting = [number for number in known if number <= minor]
        if minor > max(known) or not fitting:
            offered = f"Give a version from 1.{min(known)} to 1.{max(known)}, or install a newer kubernetes-validate"
            raise InputError("--kubernetes", f"there are no schemas of Kubernetes {self.version}", offered)
        self._folder = f"{_FOLDER}/v{known[max(fitting)]}-local-strict"

    def misfits(self, body: Mapping[str, Any]) -> Iterator[Misfit]:
        """Yield what the schema of an object's kind has against it; nothing for kinds that Kubernetes does not have."""
        validator = self._validator(str(body.get("kind")), str(body.get("apiVersion")))
        for error in validator.iter_errors(body) if validator is not None else ():
            if error.validator == "additionalProperties":
                known = error.schema.get("properties", {})
                for name in error.instance if isinstance(error.instance, dict) else ():
                    if name not in known:
                        yield Misfit(_path([*error.absolute_path, name]), f'"{name}" is no field here', True)
            else:
                yield Misfit(_path(error.absolute_path), error.message, False)

    def _validator(self, kind: str, api_version: str) -> Any:
        key = kind, api_version
        if key not in self._validators:
            self._validators[key] = self._made(kind, api_version)
        return self._validators[key]

    def _made(self, kind: str, api_version: str) -> Any:
        group, slash, version = api_version.partition("/")
        if slash and "." in group and not group.endswith(".k8s.io"):
            return None
        named = f"{group.partition('.')[0]}-{version}" if slash else group
        utils: Any = import_module("kubernetes_validate.utils")
        try:
            schema = utils.schema_contents(f"{self._folder}/{kind.lower()}-{named}.json", self.version)
        except FileNotFoundError:
            return None
        if self._definitions is None:
            contents = utils.schema_contents(f"{self._folder}/_definitions.json", self.version)
            self._definitions = utils.Resource.from_contents(contents) @ utils.Registry()
        registry = utils.Resource.from_contents(schema) @ self._definitions
        return utils.jsonschema.validators.Draft202012Validator(schema, registry=registry)


def minor_of(version: str) -> int:
    """Return the number behind ``1.`` of a version of Kubernetes.

    Raises:
        InputError: It is none.
    """
    if _VERSION.fullmatch(version) is None:
        raise InputError("--kubernetes", f"{version!r} is no version of Kubernetes", "Write it as 1.31")
    return int(version.split(".")[1])


def _path(parts: Any) -> str:
    written = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return written.removeprefix(".")
