"""TLS of clients. Source: Istio reference, "Destination Rule", ClientTLSSettings."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults
from meshwright.frontends.istio.objects import text

_CONFIG_MAP = "configmap://"


def client_tls_faults(path: str, tls: Mapping[str, Any], namespace: str) -> Faults:
    """Find what istiod has against the TLS settings of a client; ``namespace`` is that of the object."""
    mode, credential = text(tls.get("mode")), text(tls.get("credentialName"))
    if credential.startswith(_CONFIG_MAP):
        yield from _config_map_faults(f"{path}.credentialName", credential, namespace)
    if tls.get("insecureSkipVerify") is True and mode in ("SIMPLE", "MUTUAL"):
        fields = ("caCertificates", "credentialName", "subjectAltNames")
        for field in fields if mode == "SIMPLE" else ("caCertificates", "subjectAltNames"):
            if tls.get(field):
                wrong = f"insecureSkipVerify verifies nothing, and {field} says what to verify"
                yield Fault(f"{path}.{field}", wrong, f"Remove insecureSkipVerify or {field}.")
    if mode in ("SIMPLE", "MUTUAL") and credential:
        for field in ("clientCertificate", "caCertificates", "privateKey", "caCrl"):
            if text(tls.get(field)):
                wrong = f"credentialName holds all certificates, and {field} names another"
                yield Fault(f"{path}.{field}", wrong, f"Remove credentialName or {field}.")
    elif mode == "MUTUAL":
        for field in ("clientCertificate", "privateKey"):
            if not text(tls.get(field)):
                yield Fault(f"{path}.{field}", f"MUTUAL has no {field}", f"Give {field}, or credentialName.")


def _config_map_faults(path: str, credential: str, namespace: str) -> Faults:
    parts = credential.removeprefix(_CONFIG_MAP).split("/")
    if len(parts) < 2 or not parts[0] or not parts[1]:
        yield Fault(path, f'"{credential}" names no ConfigMap', f"Write configmap://{namespace or 'NAMESPACE'}/NAME.")
    elif parts[0] != namespace or not namespace:
        wrong = f'"{credential}" is in another namespace'
        yield Fault(path, wrong, f"Name a ConfigMap of the namespace {namespace or 'of the object'}.")
