"""The routes of ``gateway_api_twin`` by Istio's own API."""

from meshwright.tree import App
from tests.charts.programs import gateway_api_twin

GATEWAY = gateway_api_twin.GATEWAY


def program(app: App) -> None:
    gateway_api_twin.program(app, "istio")
