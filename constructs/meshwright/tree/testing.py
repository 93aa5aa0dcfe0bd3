"""What tests of charts need."""

from meshwright.tree.app import App
from meshwright.tree.chart import Chart

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from meshwright.tree.layout import YamlOutputType
    from meshwright.tree.resolve import Resolver


class Testing:
    """Apps and charts for tests, and what they give."""

    __test__ = False  # pytest must not take it for a test class

    @staticmethod
    def app(
        *,
        outdir: "str | None" = None,
        output_file_extension: "str | None" = None,
        record_construct_metadata: "bool | None" = None,
        resolvers: "Sequence[Resolver] | None" = None,
        yaml_output_type: "YamlOutputType | None" = None,
    ) -> App:
        """An app that writes to a new temporary folder, unless ``outdir`` names another."""
        if outdir is None:
            from tempfile import mkdtemp

            outdir = mkdtemp(prefix="cdk8s.outdir.")
        return App(
            outdir=outdir,
            output_file_extension=output_file_extension,
            record_construct_metadata=record_construct_metadata,
            resolvers=resolvers,
            yaml_output_type=yaml_output_type,
        )

    @staticmethod
    def chart() -> Chart:
        """A chart named ``test`` in an app of its own."""
        return Chart(Testing.app(), "test")

    @staticmethod
    def synth(chart: Chart) -> "list[Any]":
        """The objects of a chart as plain data."""
        return chart.to_json()
