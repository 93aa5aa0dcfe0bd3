"""MW407: a Gateway that shows a certificate whose time is over."""

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import UTC, datetime

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, section, text
from meshwright.manifests.resource import Resource

_KEYS = ("tls.crt", "cert")
_PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.*?)-----END CERTIFICATE-----", re.S)
_SEQUENCE, _VERSION, _UTC_TIME, _GENERALIZED_TIME = 0x30, 0xA0, 0x17, 0x18


def _find(shown: Inventory) -> Iterator[Problem]:
    now = datetime.now(UTC)
    secrets = {(secret.namespace, secret.name): secret for secret in shown.of_kind("Secret")}
    for gateway in shown.gateways.values() if secrets else ():
        for position, server in enumerate(map(section, entries(gateway.spec.get("servers")))):
            name = text(section(server.get("tls")).get("credentialName"))
            for namespace in shown.gateway_namespaces(gateway) if name else ():
                secret = secrets.get((namespace, name))
                ends = _end(secret) if secret is not None else None
                if secret is not None and ends is not None and ends < now:
                    wrong = f"the certificate in Secret {namespace}/{name} was good until {ends:%Y-%m-%d}"
                    origin = gateway.origin(f"spec.servers[{position}].tls.credentialName")
                    yield Problem(origin, wrong, "Renew it: clients refuse it.", related=(secret.origin("data"),))


def _end(secret: Resource) -> datetime | None:
    """Return when the first certificate of a Secret ends, ``None`` where it holds none that can be read."""
    plain, coded = section(secret.body.get("stringData")), section(secret.body.get("data"))
    for key in _KEYS:
        try:
            pem = text(plain.get(key)) or base64.b64decode(text(coded.get(key))).decode("ascii")
            found = _PEM.search(pem)
            if found is not None:
                return _not_after(base64.b64decode(found[1]))
        except (binascii.Error, ValueError, IndexError):
            continue
    return None


def _not_after(der: bytes) -> datetime | None:
    """Return the end of a certificate's validity. Source: RFC 5280, section 4.1 (Certificate)."""
    certificate = next(_elements(der))[1]
    parts = list(_elements(next(_elements(certificate))[1]))
    fields = parts[1:] if parts[0][0] == _VERSION else parts
    validity = fields[3]
    if validity[0] != _SEQUENCE:
        return None
    tag, written = list(_elements(validity[1]))[1]
    if tag not in (_UTC_TIME, _GENERALIZED_TIME):
        return None
    form = "%y%m%d%H%M%SZ" if tag == _UTC_TIME else "%Y%m%d%H%M%SZ"
    return datetime.strptime(written.decode("ascii"), form).replace(tzinfo=UTC)


def _elements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of the elements of a DER value."""
    start = 0
    while start < len(data):
        tag, length, start = data[start], data[start + 1], start + 2
        if length & 0x80:
            size = length & 0x7F
            length = int.from_bytes(data[start : start + size], "big")
            start += size
        yield tag, data[start : start + length]
        start += length


CHECK = Check("MW407", "expired-certificate", "warning", "A Gateway's certificate that has expired.", _find)
