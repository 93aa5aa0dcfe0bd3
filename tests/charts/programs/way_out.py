"""External services by way of an egress gateway, which is asked itself and through a caller's sidecar."""

from meshwright.charts import ClientTls, EgressGateway, Environment, ExternalPort, ExternalService, HttpApp
from meshwright.traffic import Proxy
from meshwright.tree import App

GATEWAY = Proxy("router", "istio-system", (("istio", "egressgateway"),))

AROUND = """
apiVersion: v1
kind: Service
metadata: {name: istio-egressgateway, namespace: istio-system}
spec:
  selector: {istio: egressgateway}
  ports:
  - {name: http, port: 80, targetPort: 80}
  - {name: https, port: 443, targetPort: 443}
"""


def program(app: App) -> None:
    chart = Environment("prod", namespace="shop").chart(app, "shop")
    HttpApp(chart, "web", versions={"v1": "web:1"}, port=8080)
    weather = ExternalService(
        chart,
        "weather",
        host="weather.example.org",
        ports=[ExternalPort(80, "HTTP", target_port=443)],
        tls=ClientTls("SIMPLE", sni="weather.example.org"),
    )
    ExternalService(chart, "direct", host="direct.example.org", port=80, protocol="HTTP")
    maps = ExternalService(chart, "maps", host="maps.example.org", port=443, protocol="TLS")
    EgressGateway(chart, "way-out", to=[weather, maps])
