"""TLS of servers. Source: Istio reference, "Gateway", ServerTLSSettings."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults
from meshwright.frontends.istio.objects import entries, section, text, texts

_CIPHERS = frozenset(
    [
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES256-GCM-SHA384",
        "ECDHE-ECDSA-CHACHA20-POLY1305",
        "ECDHE-RSA-CHACHA20-POLY1305",
        "ECDHE-ECDSA-AES128-SHA",
        "ECDHE-RSA-AES128-SHA",
        "ECDHE-ECDSA-AES256-SHA",
        "ECDHE-RSA-AES256-SHA",
        "AES128-GCM-SHA256",
        "AES256-GCM-SHA384",
        "AES128-SHA",
        "AES256-SHA",
        "DES-CBC3-SHA",
    ]
)
_PASSING = ("PASSTHROUGH", "AUTO_PASSTHROUGH")
_CLIENT_CERTIFICATES = ("MUTUAL", "OPTIONAL_MUTUAL")
_MOST_CERTIFICATES = 2

_OWN = ("serverCertificate", "privateKey", "caCertificates", "tlsCertificates", "credentialName", "credentialNames")


def server_tls_faults(path: str, tls: Mapping[str, Any]) -> Faults:
    """Find what istiod has against the TLS settings of a server or of an ingress listener."""
    yield from _cipher_faults(path, tls)
    mode = text(tls.get("mode")) or "PASSTHROUGH"
    if mode == "ISTIO_MUTUAL":
        for field in _OWN:
            if tls.get(field):
                wrong = f"ISTIO_MUTUAL uses the certificates of the mesh, and {field} names others"
                yield Fault(f"{path}.{field}", wrong, f"Remove {field}, or choose SIMPLE or MUTUAL.")
        return
    if mode in _PASSING and (tls.get("caCrl") or any(tls.get(field) for field in _OWN)):
        wrong = f"{mode} leaves TLS alone, and the certificates are ignored"
        yield Fault(path, wrong, "Remove them, or choose SIMPLE or MUTUAL.", warning=True)
    sources = [field for field in ("credentialName", "credentialNames", "tlsCertificates") if tls.get(field)]
    if tls.get("serverCertificate") and tls.get("privateKey"):
        sources.append("serverCertificate")
    if len(sources) > 1:
        wrong = f"certificates come from {' and '.join(sources)}"
        yield Fault(f"{path}.{sources[-1]}", wrong, "Keep one of them.")
    mutual = mode in _CLIENT_CERTIFICATES
    if not (mutual or mode == "SIMPLE"):
        yield from _revocation_faults(path, tls, mode)
        return
    if tls.get("credentialName") or tls.get("credentialNames"):
        return
    yield from _certificate_faults(path, tls, mode, mutual)
    yield from _revocation_faults(path, tls, mode)


def _certificate_faults(path: str, tls: Mapping[str, Any], mode: str, mutual: bool) -> Faults:
    if mutual and not text(tls.get("caCertificates")):
        wrong = f"{mode} has nothing to verify clients with"
        yield Fault(f"{path}.caCertificates", wrong, "Give caCertificates or credentialName.")
    certificates = entries(tls.get("tlsCertificates"))
    if len(certificates) > _MOST_CERTIFICATES:
        wrong = f"there are {len(certificates)} certificates, and {_MOST_CERTIFICATES} are used"
        yield Fault(f"{path}.tlsCertificates", wrong, "Keep one for RSA and one for ECDSA.", warning=True)
    places = [(f"{path}.tlsCertificates[{place}]", section(each)) for place, each in enumerate(certificates)]
    for where, pair in places or [(path, tls)]:
        for field in ("serverCertificate", "privateKey"):
            if not text(pair.get(field)):
                wrong = f"{mode} has no {field}"
                yield Fault(f"{where}.{field}", wrong, f"Give {field}, or credentialName.")


def _revocation_faults(path: str, tls: Mapping[str, Any], mode: str) -> Faults:
    if not text(tls.get("caCrl")):
        return
    if text(tls.get("credentialName")):
        yield Fault(f"{path}.caCrl", "caCrl stands beside credentialName", "Put the list into the Secret as ca.crl.")
    if mode == "SIMPLE":
        yield Fault(f"{path}.caCrl", "SIMPLE asks clients for no certificate", "Remove caCrl, or choose MUTUAL.")


def _cipher_faults(path: str, tls: Mapping[str, Any]) -> Faults:
    ciphers = texts(tls.get("cipherSuites"))
    if tls.get("minProtocolVersion") in ("TLSV1_0", "TLSV1_1") and not ciphers:
        wrong = f"{tls['minProtocolVersion']} needs ciphers that are off if left out"
        yield Fault(f"{path}.minProtocolVersion", wrong, "Name them in cipherSuites.", warning=True)
    seen: set[str] = set()
    for place, cipher in enumerate(ciphers):
        where = f"{path}.cipherSuites[{place}]"
        if not _is_cipher(cipher):
            remedy = "Name one as OpenSSL does, such as ECDHE-RSA-AES128-GCM-SHA256."
            yield Fault(where, f'"{cipher}" is no cipher suite, and is ignored', remedy, warning=True)
        elif cipher in seen:
            yield Fault(where, f'"{cipher}" is named twice', "Remove one of the two.", warning=True)
        seen.add(cipher)


def _is_cipher(cipher: str) -> bool:
    return cipher in ("", "ALL") or not cipher[0].isalnum() or cipher in _CIPHERS
