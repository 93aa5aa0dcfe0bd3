"""How the objects of an app are divided into files."""

from enum import Enum

from meshwright.tree.folder import place_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshwright.tree.chart import Chart
    from meshwright.tree.synthesis import Document


class YamlOutputType(Enum):
    """The way to divide the output into files."""

    FILE_PER_APP = "FILE_PER_APP"
    FILE_PER_CHART = "FILE_PER_CHART"
    FILE_PER_RESOURCE = "FILE_PER_RESOURCE"
    FOLDER_PER_CHART_FILE_PER_RESOURCE = "FOLDER_PER_CHART_FILE_PER_RESOURCE"


def divide(
    layout: YamlOutputType, charts: "Iterable[tuple[Chart, list[Document]]]", extension: str, numbered: bool
) -> "dict[str, list[Document]]":
    """Put documents into files.

    Args:
        layout: How.
        charts: Each chart with its documents, in their order.
        extension: How names of files end.
        numbered: Whether charts depend on each other.

    Returns:
        The path of each file inside the folder, with its documents; a path that ends in ``/`` is a folder.
    """
    files: dict[str, list[Document]] = {}
    for position, (chart, documents) in enumerate(charts):
        folder, name = place_of(chart)
        if numbered and not folder:
            name = f"{position:04}-{name}"
        if layout is YamlOutputType.FILE_PER_APP:
            files.setdefault(f"{folder}app{extension}", []).extend(documents)
        elif layout is YamlOutputType.FILE_PER_CHART:
            files[folder + name + extension] = documents
        else:
            of_chart = layout is YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE
            if of_chart:
                folder += name + "/"
                files[folder] = []
            for document in documents:
                files[folder + document.file_name(of_chart) + extension] = [document]
    return files
