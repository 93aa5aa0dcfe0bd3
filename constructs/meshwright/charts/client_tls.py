"""TLS that proxies speak to a host, so that apps need not."""

from __future__ import annotations

from meshwright.charts.lists import as_given, check_lists
from meshwright.charts.made_secret import name_of
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import one_of
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from meshwright.charts.made_secret import MadeSecret
    from meshwright.charts.problem import Part
    from meshwright.imports.istio.networking import ClientTLSSettings

MODES = ("DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL")


@tells_misfits
class ClientTls(Written):
    """How a proxy encrypts what it sends to a host.

    Without one, Istio uses its own mutual TLS towards workloads that can (auto mTLS), and sends to others as it is.

    Args:
        mode: ``SIMPLE`` is ordinary TLS, ``MUTUAL`` shows a certificate of one's own, ``ISTIO_MUTUAL`` that of the
            mesh, ``DISABLE`` is none at all.
        sni: Name to ask for; Envoy takes the host of the request when left out.
        subject_alt_names: Names of which the server's certificate has to carry one; the host when left out.
        credential: What makes the Secret with certificates, or its name; for gateways, and sidecars of one namespace.
        ca_certificates: File with the certificates to trust; those of the system when left out.
        client_certificate, private_key: Files with one's own, for ``MUTUAL`` without a credential.
        insecure_skip_verify: Trust any certificate.

    Source: Istio reference, "Destination Rule", ClientTLSSettings.
    """

    __slots__ = (
        "ca_certificates",
        "client_certificate",
        "credential",
        "insecure_skip_verify",
        "mode",
        "private_key",
        "sni",
        "subject_alt_names",
    )

    def __init__(
        self,
        mode: Literal["DISABLE", "SIMPLE", "MUTUAL", "ISTIO_MUTUAL"] = "SIMPLE",
        *,
        sni: str | None = None,
        subject_alt_names: Sequence[str] = (),
        credential: str | MadeSecret | None = None,
        ca_certificates: str | None = None,
        client_certificate: str | None = None,
        private_key: str | None = None,
        insecure_skip_verify: bool | None = None,
    ) -> None:
        super().__init__()
        self.mode = mode
        self.sni = sni
        self.subject_alt_names = as_given(subject_alt_names)
        self.credential = credential
        self.ca_certificates = ca_certificates
        self.client_certificate = client_certificate
        self.private_key = private_key
        self.insecure_skip_verify = insecure_skip_verify

    def to_istio(self, part: Part) -> ClientTLSSettings:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import ClientTLSSettings

        check_lists(self, part, "subject_alt_names")
        mode = one_of(self.mode, MODES, "tls.mode", part)
        files = {
            "ca_certificates": self.ca_certificates,
            "client_certificate": self.client_certificate,
            "private_key": self.private_key,
        }
        given = [field for field, value in files.items() if value is not None]
        if self.credential is not None and given:
            part.problem(f"tls has both credential and {', '.join(given)}", "Give the credential, or files")
        if mode == "MUTUAL" and self.credential is None and not {"client_certificate", "private_key"} <= {*given}:
            part.problem("tls.mode is MUTUAL without a certificate to show", "Give credential, or both files of it")
        if mode in ("ISTIO_MUTUAL", "DISABLE") and (given or self.credential is not None):
            said = ", ".join([*given, *(["credential"] if self.credential is not None else [])])
            part.problem(f"tls.mode {mode} needs no {said}", "Leave it out, or use SIMPLE or MUTUAL")
        return ClientTLSSettings(
            mode=mode,  # type: ignore[typeddict-item]  # it is one of MODES
            sni=self.sni,
            subject_alt_names=list(self.subject_alt_names) or None,
            credential_name=self.credential if self.credential is None else name_of(self.credential),
            ca_certificates=self.ca_certificates,
            client_certificate=self.client_certificate,
            private_key=self.private_key,
            insecure_skip_verify=self.insecure_skip_verify,
        )
