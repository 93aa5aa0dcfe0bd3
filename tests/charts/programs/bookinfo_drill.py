"""This repository's Bookinfo where its ratings are slow or fail now and then."""

from apps.bookinfo import bookinfo
from meshwright.charts import Environment, Versions
from meshwright.tree import App


def program(app: App) -> None:
    environment = Environment("drill", namespace="shop", host_suffix="drill.example.com")
    bookinfo(app, environment, Versions({"bookinfo": {"drill": "1.20.3"}}))
