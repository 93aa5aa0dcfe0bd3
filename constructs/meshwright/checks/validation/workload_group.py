"""WorkloadGroup. Source: Istio reference, "Workload Group"."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.headers import probe_name_flaw
from meshwright.checks.validation.names import label_faults
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.values import port_flaw
from meshwright.frontends.istio.objects import entries, integer, section, text

_COUNTS = ("periodSeconds", "initialDelaySeconds", "timeoutSeconds", "successThreshold", "failureThreshold")


def workload_group_faults(judged: Judged) -> Faults:
    """Find what istiod has against a WorkloadGroup."""
    if not isinstance(judged.spec.get("template"), dict):
        yield Fault("spec.template", "the group has no template", "Give it one, be it {}.")
        return
    labels = section(section(judged.spec.get("metadata")).get("labels"))
    yield from label_faults("spec.metadata.labels", labels)
    if isinstance(judged.spec.get("probe"), dict):
        yield from _probe_faults("spec.probe", judged.spec["probe"])


def _probe_faults(path: str, probe: Mapping[str, Any]) -> Faults:
    for field in _COUNTS:
        if integer(probe.get(field)) < 0:
            yield Fault(f"{path}.{field}", f"{field} is {probe[field]}", "Give 0 or more.")
    if isinstance(probe.get("httpGet"), dict):
        yield from _http_faults(f"{path}.httpGet", probe["httpGet"])
    elif isinstance(probe.get("tcpSocket"), dict):
        yield from at(f"{path}.tcpSocket.port", port_flaw(integer(probe["tcpSocket"].get("port"))))
    elif isinstance(probe.get("exec"), dict):
        if not entries(probe["exec"].get("command")):
            yield Fault(f"{path}.exec.command", "the probe runs no command", "Give it one.")
    elif not isinstance(probe.get("grpc"), dict):
        yield Fault(path, "the probe does not say what it tries", "Give it httpGet, tcpSocket or exec.")
    else:
        yield Fault(f"{path}.grpc", "istiod takes no probe by gRPC", "Use httpGet, tcpSocket or exec.")


def _http_faults(path: str, request: Mapping[str, Any]) -> Faults:
    yield from at(f"{path}.port", port_flaw(integer(request.get("port"))))
    if text(request.get("scheme")) not in ("", "HTTP", "HTTPS"):
        yield Fault(f"{path}.scheme", f'"{request["scheme"]}" is no scheme of a probe', "Give HTTP or HTTPS.")
    for place, header in enumerate(map(section, entries(request.get("httpHeaders")))):
        yield from at(f"{path}.httpHeaders[{place}].name", probe_name_flaw(text(header.get("name"))))
