"""YAML texts and files, with the names of cdk8s' `Yaml`."""

from meshwright.tree.value import plain_copy
from meshwright.tree.yaml_text import document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class Yaml:
    """Writes and reads YAML as cdk8s does: YAML 1.1, no folded lines."""

    @staticmethod
    def stringify(*docs: "Any") -> str:
        """Write documents, with ``---`` between them. Keys stay in their order; those without a value are left out."""
        return "---\n".join("\n" if doc is None else document(plain_copy(doc), False) for doc in docs)

    @staticmethod
    def format_objects(docs: "Sequence[Any]") -> str:
        """As `stringify`."""
        return Yaml.stringify(*docs)

    @staticmethod
    def save(file_path: str, docs: "Sequence[Any]") -> None:
        """Write documents to a file."""
        text = Yaml.stringify(*docs)
        with open(file_path, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123 - pathlib is slow to import
            file.write(text)

    @staticmethod
    def tmp(docs: "Sequence[Any]") -> str:
        """Write documents to a new temporary file; returns its path."""
        from tempfile import mkdtemp

        path = mkdtemp(prefix="cdk8s-") + "/temp.yaml"
        Yaml.save(path, docs)
        return path

    @staticmethod
    def load(url_or_file: str) -> "list[Any]":
        """Read the documents of a file or URL that are not empty. It is cdk8s that reads, so this starts Node.

        Raises:
            ConfigurationError: cdk8s is not installed, or it cannot read the text.
        """
        from meshwright.tree.cdk8s_bridge import load_yaml

        return load_yaml(url_or_file)
