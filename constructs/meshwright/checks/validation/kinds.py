"""Which rules are for which kind."""

from collections.abc import Callable

from meshwright.checks.validation.authorization_policy import authorization_policy_faults
from meshwright.checks.validation.destination_rule import destination_rule_faults
from meshwright.checks.validation.envoy_filter import envoy_filter_faults
from meshwright.checks.validation.fault import Fault, Faults
from meshwright.checks.validation.gateway import gateway_faults
from meshwright.checks.validation.metadata import metadata_faults
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.peer_authentication import peer_authentication_faults
from meshwright.checks.validation.proxy_config import proxy_config_faults
from meshwright.checks.validation.proxy_extensions import traffic_extension_faults, wasm_plugin_faults
from meshwright.checks.validation.request_authentication import request_authentication_faults
from meshwright.checks.validation.service_entry import service_entry_faults
from meshwright.checks.validation.sidecar import sidecar_faults
from meshwright.checks.validation.telemetry import telemetry_faults
from meshwright.checks.validation.virtual_service import virtual_service_faults
from meshwright.checks.validation.workload_entry import workload_entry_faults
from meshwright.checks.validation.workload_group import workload_group_faults

_KINDS: dict[str, Callable[[Judged], Faults]] = {
    "AuthorizationPolicy": authorization_policy_faults,
    "DestinationRule": destination_rule_faults,
    "EnvoyFilter": envoy_filter_faults,
    "Gateway": gateway_faults,
    "PeerAuthentication": peer_authentication_faults,
    "ProxyConfig": proxy_config_faults,
    "RequestAuthentication": request_authentication_faults,
    "ServiceEntry": service_entry_faults,
    "Sidecar": sidecar_faults,
    "Telemetry": telemetry_faults,
    "TrafficExtension": traffic_extension_faults,
    "VirtualService": virtual_service_faults,
    "WasmPlugin": wasm_plugin_faults,
    "WorkloadEntry": workload_entry_faults,
    "WorkloadGroup": workload_group_faults,
}


def faults(judged: Judged) -> list[Fault]:
    """Return what istiod has against an object of its own kinds; refusals and warnings, by field."""
    found = list(metadata_faults(judged)) if judged.annotations else []
    rules = _KINDS.get(judged.kind)
    return found if found or rules is None else list(rules(judged))
