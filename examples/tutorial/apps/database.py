"""The database of ratings: outside of the cluster, known to the mesh."""

from meshwright.charts import Environment, ExternalService
from meshwright.tree import Chart


def database(chart: Chart, environment: Environment) -> ExternalService:
    """Add what the mesh knows of the database."""
    return ExternalService(
        chart, "ratings-database", host=environment.host("ratings-database"), port=3306, protocol="MYSQL"
    )
