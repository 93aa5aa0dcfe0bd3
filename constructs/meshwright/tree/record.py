"""The file that tells which construct each object came from."""

from meshwright.tree.value import in_javascript_order

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.tree.synthesis import Document


def construct_metadata(documents: "list[Document]") -> bytes:
    """The text of ``construct-metadata.json``: names of objects and the paths of their constructs."""
    from json import dumps

    paths = {str(document.name): document.path for document in documents}
    ordered = {name: {"path": paths[name]} for name in in_javascript_order(list(paths), False)}
    text = dumps({"version": "1.0.0", "resources": ordered}, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", "replace")
