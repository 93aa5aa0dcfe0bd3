"""Which app runs in which environment. ``cdk8s synth``, ``meshwright synth`` and ``python main.py`` write ``dist/``."""

from apps.argocd import argocd
from apps.bookinfo import bookinfo
from apps.guestbook import guestbook
from meshwright.charts import Environment
from meshwright.tree import App

REPOSITORY = "https://github.com/meshwright/meshwright.git"

app = App()
demo = Environment("demo", namespace="default", host_suffix="example.com")
argocd(app, [guestbook(app, demo), bookinfo(app, demo)], REPOSITORY)
app.synth()
