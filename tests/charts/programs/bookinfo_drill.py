"""This repository's Bookinfo where its ratings are slow or fail now and then."""

from apps.bookinfo import bookinfo
from meshwright.charts import Environment
from meshwright.tree import App


def program(app: App) -> None:
    bookinfo(app, Environment("drill", namespace="shop", host_suffix="drill.example.com"), faults=True)
