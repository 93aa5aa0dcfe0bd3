"""This repository's Bookinfo."""

from apps.bookinfo import bookinfo
from meshwright.charts import Environment, Versions
from meshwright.tree import App


def program(app: App) -> None:
    environment = Environment("demo", namespace="shop", host_suffix="example.com", faults=False)
    bookinfo(app, environment, Versions({"bookinfo": {"demo": "1.20.3"}}))
