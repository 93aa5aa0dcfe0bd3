"""The subsets of all services, called by mutual TLS."""

from meshwright.charts import ClientTls, Subsets, TrafficPolicy
from meshwright.tree import Chart
from tests.charts.bookinfo_samples.bookinfo import VERSIONS, service


def program(chart: Chart) -> None:
    mutual = TrafficPolicy(tls=ClientTls("ISTIO_MUTUAL"))
    for name, versions in VERSIONS.items():
        Subsets(chart, name, of=service(name), subsets=versions, traffic_policy=mutual)
