"""The folder: charts in it are written to a folder of the output, and keep their own short names there."""

from meshwright.tree.construct import Construct
from meshwright.tree.names import Names, label_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from meshwright.tree.chart import Chart

_DNS = frozenset("0123456789-abcdefghijklmnopqrstuvwxyz")


class Folder(Construct):
    """A folder of the output: the chart ``shop`` in the folder ``prod`` is written to ``prod/shop.k8s.yaml``.

    Files in folders bear no numbers, also where charts depend on each other: what reads them by name would lose them
    whenever another chart comes or goes. cdk8s has no such construct.

    Args:
        scope: The app, or a folder to stand in.
        id: Its name, a DNS label.

    Raises:
        ConfigurationError: ``id`` is no DNS label, or the scope is neither app nor folder.
    """

    __slots__ = ()

    _is_folder = True

    def __init__(self, scope: "Construct | Any", id: str) -> None:
        Construct.__init__(self, scope, id)
        above = self._scope
        wrong = ""
        if not _DNS.issuperset(id) or len(id) > 63 or id[0] == "-" or id[-1] == "-":
            wrong = f"{id!r} cannot be the name of a folder"
            remedy = "Use lower-case letters, digits and dashes, at most 63, with a letter or digit at both ends"
        elif above is None or not (above._is_app or above._is_folder):
            wrong, remedy = "a folder stands in a chart or another construct", "Create it in the App, or in a Folder"
        if wrong:
            if above is not None and above._children is not None:
                del above._children[self._id]
            raise self.error(wrong, remedy)


def place_of(chart: "Chart") -> "tuple[str, str]":
    """The folder of a chart, which ends in ``/`` or is empty, and what the chart is called in it, as cdk8s would."""
    ids: list[str] = []
    scope: Construct | None = chart
    while scope is not None and not scope._is_folder:
        ids.append(scope._id)
        scope = scope._scope
    if scope is None:
        return "", Names.to_dns_label(chart)
    folder = ""
    while scope is not None and scope._is_folder:
        folder = f"{scope._id}/{folder}"
        scope = scope._scope
    return folder, label_below(chart, ids[::-1])


def chart_file(chart: "Chart") -> str:
    """The path in the output of the file of a chart that waits for no other: ``prod/shop.k8s.yaml``."""
    from meshwright.tree.app import App

    return "".join(place_of(chart)) + App.of(chart).output_file_extension
