"""Which app runs in which environment. ``cdk8s synth``, ``meshwright synth`` and ``python main.py`` write ``dist/``."""

from apps.argocd import argocd
from apps.bookinfo import bookinfo
from apps.guestbook import guestbook
from meshwright.charts import Environment, Fleet, Versions
from meshwright.tree import App

REPOSITORY = "https://github.com/meshwright/meshwright.git"

fleet = Fleet(
    Environment("dev", cluster="in-cluster", namespace="dev", host_suffix="dev.example.com"),
    Environment("staging", cluster="in-cluster", namespace="staging", host_suffix="staging.example.com", faults=False),
    Environment("prod", cluster="in-cluster", namespace="default", host_suffix="example.com", faults=False),
)
versions = Versions.read("apps/versions.yaml")

app = App()
charts = [make(app, environment, versions) for environment in fleet for make in (guestbook, bookinfo)]
argocd(app, charts, REPOSITORY)
app.synth()
