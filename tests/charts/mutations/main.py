"""Which app runs where."""

from shop import shop

from meshwright.charts import Environment
from meshwright.tree import App

app = App()
shop(app, Environment("prod", namespace="shop", host_suffix="example.com"))
app.synth()
