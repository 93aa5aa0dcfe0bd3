"""Kubernetes Gateway API to the Istio objects that istiod makes of it.

What belongs here: Gateway, ListenerSet, the four kinds of route, ReferenceGrant and the backend policies, read as Istio
implements them. What does not: route tables; the Istio frontend compiles what comes out of here.
"""

from meshwright.frontends.gateway_api.convert import convert, gateway_proxies
from meshwright.frontends.gateway_api.gateways import GatewayProxy
from meshwright.frontends.gateway_api.options import Options

__all__ = ["GatewayProxy", "Options", "convert", "gateway_proxies"]
