"""This repository's Bookinfo."""

from apps.bookinfo import bookinfo
from meshwright.charts import Environment
from meshwright.tree import App


def program(app: App) -> None:
    bookinfo(app, Environment("demo", namespace="shop", host_suffix="example.com"))
