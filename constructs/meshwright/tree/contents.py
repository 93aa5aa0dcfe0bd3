"""What charts will write, for values that are known at synth only."""

from meshwright.tree.api_object import ApiObject
from meshwright.tree.construct import walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshwright.tree.chart import Chart


def contents(chart: "Chart") -> "Iterator[tuple[str, str, str | None]]":
    """Each object of a chart: api version, kind, and namespace if it names one; to be asked while texts are made.

    Objects of genuine cdk8s constructs are among them once their chart has crossed, which is before any text is made.
    """
    made = chart._twin.rendered if chart._twin is not None else ()
    for one in made or (each for each in walk(chart) if isinstance(each, ApiObject) and each._chart is chart):
        if isinstance(one, ApiObject) and one._patches is None:
            yield one._api_version, one._kind, one._metadata.get("namespace")
        else:
            json = one.to_json()
            yield json["apiVersion"], json["kind"], (json.get("metadata") or {}).get("namespace")
