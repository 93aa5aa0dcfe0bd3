"""Certificates for the preview's TLS: made on the fly, known to nobody, thrown away at the end."""

from collections.abc import Iterable
from dataclasses import dataclass

from meshwright.errors import MeshwrightError


@dataclass(frozen=True, slots=True)
class Certificate:
    """PEM texts: the certificate with its chain, its private key, and the authority that signed it."""

    chain: str
    key: str
    authority: str
    names: frozenset[str]


def throw_away_certificate(names: Iterable[str]) -> Certificate:
    """Return a certificate for host ``names`` (also ``*.example.com``) and for ``localhost``, from a new authority.

    Raises:
        MeshwrightError: The library ``trustme`` is not installed.
    """
    try:
        import trustme
    except ImportError:
        raise MeshwrightError(
            "envoy", "a listener needs TLS, and trustme is not installed", "Run: pip install 'meshwright[envoy]'"
        ) from None
    usable = sorted({name for name in names if name.strip("*.") and "*" not in name.removeprefix("*.")} | {"localhost"})
    authority = trustme.CA(organization_name="meshwright preview")
    issued = authority.issue_cert(*usable)
    return Certificate(
        chain="".join(part.bytes().decode() for part in issued.cert_chain_pems),
        key=issued.private_key_pem.bytes().decode(),
        authority=authority.cert_pem.bytes().decode(),
        names=frozenset(usable),
    )
