"""Which app runs in which environment. ``make synth``, ``cdk8s synth`` and ``python main.py`` write ``dist/``."""

from apps.argocd import argocd
from apps.bookinfo import bookinfo
from apps.guestbook import guestbook
from meshwright.charts import Environment
from meshwright.tree import App

REPOSITORY = "https://git.example.com/guestbook.git"

app = App()
prod = Environment("prod", cluster="in-cluster", namespace="guestbook", host_suffix="example.com")
charts = [bookinfo(app, prod), guestbook(app, prod)]
argocd(app, charts, REPOSITORY)
app.synth()
