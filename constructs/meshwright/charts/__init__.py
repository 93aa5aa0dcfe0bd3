"""What main.py is written with: one idea of the field a file, wired by reference instead of by string.

Constructs here only use those of ``meshwright.imports``, so that everything they make can be reached and overridden.
They know no Envoy and no command line.
"""

from meshwright.charts.argo_application import ArgoApplication
from meshwright.charts.backend import Backend
from meshwright.charts.cors import Cors
from meshwright.charts.delegate import DelegateRoutes
from meshwright.charts.environment import Environment
from meshwright.charts.fault import Abort, Delay, Fault
from meshwright.charts.gateway_api import GatewayApiGateway
from meshwright.charts.headers import HeaderChanges
from meshwright.charts.http_app import HttpApp
from meshwright.charts.http_routes import HttpRoutes
from meshwright.charts.ingress_gateway import IngressGateway
from meshwright.charts.match import Match
from meshwright.charts.mirror import Mirror
from meshwright.charts.redirect import DirectResponse, Redirect
from meshwright.charts.retries import Retries
from meshwright.charts.rewrite import Rewrite
from meshwright.charts.route import Route
from meshwright.charts.tcp_routes import TcpRoute, TcpRoutes
from meshwright.charts.tls_routes import TlsRoute, TlsRoutes

__all__ = [
    "Abort",
    "ArgoApplication",
    "Backend",
    "Cors",
    "Delay",
    "DelegateRoutes",
    "DirectResponse",
    "Environment",
    "Fault",
    "GatewayApiGateway",
    "HeaderChanges",
    "HttpApp",
    "HttpRoutes",
    "IngressGateway",
    "Match",
    "Mirror",
    "Redirect",
    "Retries",
    "Rewrite",
    "Route",
    "TcpRoute",
    "TcpRoutes",
    "TlsRoute",
    "TlsRoutes",
]
