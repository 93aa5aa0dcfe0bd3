"""Google's APIs: apps call them unencrypted, proxies encrypt."""

from meshwright.charts import ClientTls, ExternalPort, ExternalService, HttpRoutes, Match, Route, TrafficPolicy
from meshwright.tree import Chart


def program(chart: Chart) -> None:
    encrypted = {443: TrafficPolicy(tls=ClientTls("SIMPLE"))}
    policy = TrafficPolicy(load_balancer="ROUND_ROBIN", ports=encrypted)
    ports = [ExternalPort(80, "HTTP", name="http"), ExternalPort(443, "HTTPS", name="https")]
    google = ExternalService(chart, "googleapis", host="www.googleapis.com", ports=ports, traffic_policy=policy)
    routes = [Route(to=google.port(443), match=Match.any().port(80))]
    HttpRoutes(chart, "rewrite-port-for-googleapis", hosts=[google], routes=routes)
