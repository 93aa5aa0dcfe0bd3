"""Which app runs in which environment. ``cdk8s synth``, ``meshwright synth`` and ``python main.py`` write ``dist/``."""

from apps.argocd import argocd
from apps.bookinfo import bookinfo
from apps.guestbook import guestbook
from meshwright.charts import Environment
from meshwright.tree import App

REPOSITORY = "https://github.com/meshwright/meshwright.git"

app = App()
demo = Environment("demo", namespace="default", host_suffix="example.com")
drill = Environment("drill", namespace="bookinfo-drill", host_suffix="drill.example.com")
charts = [guestbook(app, demo), bookinfo(app, demo), bookinfo(app, drill, id="bookinfo-drill", faults=True)]
argocd(app, charts, REPOSITORY)
app.synth()
