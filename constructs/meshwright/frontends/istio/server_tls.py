"""How a proxy ends the TLS of its clients. Source: Istio reference, "Gateway", ServerTLSSettings."""

from collections.abc import Mapping
from typing import Any, Literal

from meshwright.frontends.istio.objects import text, texts

Termination = Literal["simple", "mutual"]
_TERMINATION: dict[str, Termination] = {"MUTUAL": "mutual", "ISTIO_MUTUAL": "mutual"}


def termination(mode: str) -> Termination:
    """Return whether clients have to show a certificate."""
    return _TERMINATION.get(mode, "simple")


def credential(tls: Mapping[str, Any]) -> str:
    """Return where the certificate comes from: the name of a secret, or a file."""
    return (
        text(tls.get("credentialName"))
        or next(iter(texts(tls.get("credentialNames"))), "")
        or text(tls.get("serverCertificate"))
    )
