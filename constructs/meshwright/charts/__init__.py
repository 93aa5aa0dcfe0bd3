"""What main.py is written with: one idea of the field a file, wired by reference instead of by string.

Constructs here only use those of ``meshwright.imports``, so that everything they make can be reached and overridden.
They know no Envoy and no command line.
"""

from meshwright.charts.argo_application import ArgoApplication
from meshwright.charts.backend import Backend
from meshwright.charts.environment import Environment
from meshwright.charts.http_app import HttpApp
from meshwright.charts.http_routes import HttpRoutes, Route
from meshwright.charts.ingress_gateway import IngressGateway
from meshwright.charts.match import Match

__all__ = ["ArgoApplication", "Backend", "Environment", "HttpApp", "HttpRoutes", "IngressGateway", "Match", "Route"]
