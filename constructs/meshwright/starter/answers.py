"""What has to be known of an app before its repository can be written."""

import re
from dataclasses import dataclass
from typing import Literal

from meshwright.errors import ConfigurationError

_LABEL = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_LABEL_REMEDY = (
    "Use lower-case letters, digits and dashes, at most 63, that begin with a letter and do not end in a dash"
)
_IMAGE = re.compile(r"[a-z0-9][^\s\"\\]*[:@][^\s\"\\/]+")


@dataclass(frozen=True, slots=True)
class Answers:
    """One app and where it will live.

    Args:
        name: Of the app: its Service and its chart.
        host: Public host, at least two labels.
        image: With a tag or a digest.
        port: On which the container listens.
        namespace: The app's.
        repository: URL of the git repository that Argo CD will sync.
        ci: Whose continuous integration is set up.

    Raises:
        ConfigurationError: A value cannot be meant.
    """

    name: str
    host: str
    image: str
    port: int
    namespace: str
    repository: str
    ci: Literal["github", "gitlab", "none"]

    def __post_init__(self) -> None:
        for option, value in (("--name", self.name), ("--namespace", self.namespace)):
            if not _LABEL.fullmatch(value):
                raise ConfigurationError(option, f'"{value}" is no name for it', _LABEL_REMEDY)
        label, dot, rest = self.host.partition(".")
        if not dot or not all(_LABEL.fullmatch(each) or each.isdigit() for each in (label, *rest.split("."))):
            raise ConfigurationError("--host", f'"{self.host}" is no public host', "Give one such as shop.example.com")
        if not _IMAGE.fullmatch(self.image):
            wrong = f'"{self.image}" names no version'
            raise ConfigurationError("--image", wrong, "Give an image with its tag or digest: example.com/shop:1.0.0")
        if not 1 <= self.port <= 65535:
            raise ConfigurationError("--port", f"{self.port} is no port", "Give 1 to 65535")
        if not re.fullmatch(r"(https?|ssh|git|file)://[^\s\"\\]+|[^\s\"\\@]+@[^\s\"\\:]+:[^\s\"\\]+", self.repository):
            wrong = f'"{self.repository}" is no URL of a repository'
            raise ConfigurationError("--repository", wrong, "Give the one that Argo CD will clone")

    @property
    def words(self) -> dict[str, str]:
        """What stands for the names in the templates."""
        label, _, suffix = self.host.partition(".")
        return {
            "name": self.name,
            "module": self.name.replace("-", "_"),
            "host": self.host,
            "host_label": label,
            "host_suffix": suffix,
            "image": self.image,
            "port": str(self.port),
            "namespace": self.namespace,
            "repository": self.repository,
        }
