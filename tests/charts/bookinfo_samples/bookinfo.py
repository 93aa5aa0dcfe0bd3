"""The Services of Bookinfo, which others deploy, and their subsets: what most samples refer to."""

from meshwright.charts import Backend, Subsets
from meshwright.tree import Chart

VERSIONS = {
    "productpage": ["v1"],
    "reviews": ["v1", "v2", "v3"],
    "ratings": ["v1", "v2", "v2-mysql", "v2-mysql-vm"],
    "details": ["v1", "v2"],
}


def service(name: str) -> Backend:
    """A Service of Bookinfo."""
    return Backend(f"{name}.default.svc.cluster.local", 9080, elsewhere=True)


class Bookinfo:
    """The four services with all their versions."""

    def __init__(self, chart: Chart) -> None:
        self.productpage, self.reviews, self.ratings, self.details = (
            Subsets(chart, name, of=service(name), subsets=versions) for name, versions in VERSIONS.items()
        )
