"""Traffic policies. Source: Istio reference, "Destination Rule", TrafficPolicy."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.client_tls import client_tls_faults
from meshwright.checks.validation.connection_pool import pool_faults
from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.load_balancer import balancer_faults
from meshwright.checks.validation.names import address_or_fqdn_flaw
from meshwright.checks.validation.values import duration_flaw, percent_flaw, port_flaw, readable_flaw
from meshwright.frontends.istio.objects import entries, integer, section, text

_FIELDS = (
    "outlierDetection",
    "connectionPool",
    "loadBalancer",
    "tls",
    "tunnel",
    "proxyProtocol",
    "retryBudget",
)
_OF_A_PORT = _FIELDS[:4]


def policy_faults(path: str, policy: Mapping[str, Any], namespace: str, *, warn: bool = True) -> Faults:
    """Judge the policy of a DestinationRule or of a subset; istiod tells the warnings of a subset to nobody.

    Args:
        path: Of the policy.
        policy: As written.
        namespace: Of its object.
        warn: Tell warnings, too.
    """
    faults = _policy_faults(path, policy, namespace)
    yield from faults if warn else (each for each in faults if not each.warning)


def _policy_faults(path: str, policy: Mapping[str, Any], namespace: str) -> Faults:
    ports = entries(policy.get("portLevelSettings"))
    if not ports and not any(isinstance(policy.get(field), dict) for field in _FIELDS):
        yield Fault(path, "the policy says nothing", "Give it a field, or remove it.")
        return
    if isinstance(policy.get("tunnel"), dict) and isinstance(policy.get("proxyProtocol"), dict):
        yield Fault(f"{path}.proxyProtocol", "the policy has tunnel and proxyProtocol", "Keep one of the two.")
        return
    budget = section(policy.get("retryBudget"))
    yield from at(f"{path}.retryBudget.budgetInterval", readable_flaw(budget.get("budgetInterval")))
    yield from _of_any(path, policy, namespace)
    for place, port in enumerate(map(section, ports)):
        yield from _port_faults(f"{path}.portLevelSettings[{place}]", port, namespace)
    if isinstance(policy.get("tunnel"), dict):
        yield from _tunnel_faults(f"{path}.tunnel", policy["tunnel"])


def _of_any(path: str, policy: Mapping[str, Any], namespace: str) -> Faults:
    outlier = policy.get("outlierDetection")
    if isinstance(outlier, dict):
        yield from _outlier_faults(f"{path}.outlierDetection", outlier)
    if isinstance(policy.get("connectionPool"), dict):
        yield from pool_faults(f"{path}.connectionPool", policy["connectionPool"])
    if isinstance(policy.get("loadBalancer"), dict):
        detects = isinstance(outlier, dict)
        yield from balancer_faults(f"{path}.loadBalancer", policy["loadBalancer"], detects=detects)
    if isinstance(policy.get("tls"), dict):
        yield from client_tls_faults(f"{path}.tls", policy["tls"], namespace)


def _port_faults(path: str, policy: Mapping[str, Any], namespace: str) -> Faults:
    if not isinstance(policy.get("port"), dict):
        yield Fault(f"{path}.port", "the policy does not say for which port it is", "Give it port.number.")
    if not any(isinstance(policy.get(field), dict) for field in _OF_A_PORT):
        yield Fault(path, "the policy says nothing", "Give it a field, or remove it.")
    yield from (each for each in _of_any(path, policy, namespace) if not each.warning)


def _outlier_faults(path: str, outlier: Mapping[str, Any]) -> Faults:
    for field in ("baseEjectionTime", "interval"):
        yield from at(f"{path}.{field}", duration_flaw(outlier.get(field)))
    if integer(outlier.get("consecutiveErrors")):
        wrong = "consecutiveErrors is deprecated"
        remedy = "Use consecutive5xxErrors or consecutiveGatewayErrors."
        yield Fault(f"{path}.consecutiveErrors", wrong, remedy, warning=True, told_by="MW830")
    field = "consecutiveLocalOriginFailures"
    if integer(outlier.get(field)) > 0 and outlier.get("splitExternalLocalOriginErrors") is not True:
        wrong = "errors on the way are not counted apart"
        yield Fault(f"{path}.{field}", wrong, "Set splitExternalLocalOriginErrors: true.")
    for field in ("maxEjectionPercent", "minHealthPercent"):
        yield from at(f"{path}.{field}", percent_flaw(integer(outlier.get(field))))


def _tunnel_faults(path: str, tunnel: Mapping[str, Any]) -> Faults:
    if text(tunnel.get("protocol")) not in ("", "CONNECT", "POST"):
        wrong = f'"{tunnel["protocol"]}" is no way to open a tunnel'
        yield Fault(f"{path}.protocol", wrong, "Choose CONNECT or POST.")
    yield from at(f"{path}.targetHost", address_or_fqdn_flaw(text(tunnel.get("targetHost"))))
    yield from at(f"{path}.targetPort", port_flaw(integer(tunnel.get("targetPort"))))
