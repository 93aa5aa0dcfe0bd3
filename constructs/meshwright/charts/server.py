"""One port that a gateway opens, for some hosts."""

from __future__ import annotations

from meshwright.charts.lists import as_given, check_lists
from meshwright.charts.made_secret import credential_name
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.names import is_host
from meshwright.charts.numbers import one_of
from meshwright.charts.numbers import port as port_number
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal, TypeAlias

    from meshwright.charts.made_secret import MadeSecret
    from meshwright.charts.problem import Part
    from meshwright.imports.istio.networking import Server as ServerMessage
    from meshwright.imports.istio.networking import ServerTLSSettings

    Protocol: TypeAlias = Literal["HTTP", "HTTPS", "TLS", "TCP", "GRPC", "HTTP2", "MONGO"]
    TlsVersion: TypeAlias = Literal["TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3"]
    Hosts: TypeAlias = tuple[str, *tuple[str, ...]] | list[str]

PROTOCOLS = ("HTTP", "HTTPS", "TLS", "TCP", "GRPC", "HTTP2", "MONGO")
PLAIN_HTTP = ("HTTP", "GRPC", "HTTP2")
ENCRYPTED = ("HTTPS", "TLS")
TLS_VERSIONS = ("TLSV1_0", "TLSV1_1", "TLSV1_2", "TLSV1_3")


@tells_misfits
class ServerTls(Written):
    """How a server of a gateway decrypts.

    Args:
        credential: What makes the Secret with its certificate, or its name; it has to be in the namespace of the
            gateway's *pods*.
        client_certificates: Whether clients have to show a certificate that the Secret's ``ca.crt`` vouches for.
        min_version, max_version: TLS versions; at least 1.2 by default.
        cipher_suites: Only these, by the names of OpenSSL.
        subject_alt_names: Names of which a client's certificate has to carry one.

    Source: Istio reference, "Gateway", ServerTLSSettings.
    """

    __slots__ = (
        "cipher_suites",
        "client_certificates",
        "credential",
        "max_version",
        "min_version",
        "subject_alt_names",
    )

    def __init__(
        self,
        credential: str | MadeSecret,
        *,
        client_certificates: Literal["required", "optional"] | None = None,
        min_version: TlsVersion | None = None,
        max_version: TlsVersion | None = None,
        cipher_suites: Sequence[str] = (),
        subject_alt_names: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.credential = credential
        self.client_certificates = client_certificates
        self.min_version = min_version
        self.max_version = max_version
        self.cipher_suites = as_given(cipher_suites)
        self.subject_alt_names = as_given(subject_alt_names)

    def to_istio(self, part: Part) -> ServerTLSSettings:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import ServerTLSSettings

        check_lists(self, part, "cipher_suites", "subject_alt_names")
        asks = self.client_certificates is not None
        credential = credential_name(self.credential, part, client_certificates=asks)
        mode = {None: "SIMPLE", "required": "MUTUAL", "optional": "OPTIONAL_MUTUAL"}.get(self.client_certificates)
        if mode is None:
            said = f"tls.client_certificates is {self.client_certificates!r}"
            part.problem(said, "Give required or optional, or leave it out")
        least = one_of(self.min_version, TLS_VERSIONS, "tls.min_version", part)
        most = one_of(self.max_version, TLS_VERSIONS, "tls.max_version", part)
        if least is not None and most is not None and least > most:
            part.problem(f"tls.min_version {least} is above tls.max_version {most}", "Make it at most that")
        if self.subject_alt_names and self.client_certificates is None:
            wrong = "tls.subject_alt_names are for certificates of clients, and none is asked for"
            part.problem(wrong, 'Give client_certificates="required"')
        return ServerTLSSettings(
            mode=mode or "SIMPLE",  # type: ignore[typeddict-item]  # one of the three above
            credential_name=credential,
            min_protocol_version=least,  # type: ignore[typeddict-item]  # one of TLS_VERSIONS
            max_protocol_version=most,  # type: ignore[typeddict-item]  # one of TLS_VERSIONS
            cipher_suites=list(self.cipher_suites) or None,
            subject_alt_names=list(self.subject_alt_names) or None,
        )


@tells_misfits
class Server(Written):
    """One port of a gateway and the hosts it serves there; made by the name of its protocol: ``Server.http("*")``.

    Args:
        protocol: What is spoken.
        hosts: Names as clients write them: ``*`` for all, ``*.example.com`` for all below. ``shop/…`` before a name
            admits routes of the namespace ``shop`` alone, ``./…`` those of the gateway's own.
        port: Number of the port.
        tls: For ``HTTPS`` and ``TLS``: how to decrypt; None passes connections on as they are, by their server name.
        https_redirect: Answer plain HTTP with a redirect to HTTPS.
        name: Of the port; made of protocol and number when left out.
        bind: Address to listen on; all when left out.

    Source: Istio reference, "Gateway", Server.
    """

    __slots__ = ("bind", "hosts", "https_redirect", "name", "port", "protocol", "tls")

    def __init__(
        self,
        protocol: Protocol,
        *,
        hosts: Hosts,
        port: int,
        tls: ServerTls | None = None,
        https_redirect: bool = False,
        name: str | None = None,
        bind: str | None = None,
    ) -> None:
        super().__init__()
        self.protocol = protocol
        self.hosts = (hosts,) if isinstance(hosts, str) else tuple(hosts)
        self.port = port
        self.tls = tls
        self.https_redirect = https_redirect
        self.name = name
        self.bind = bind

    @classmethod
    def http(cls, host: str, /, *hosts: str, port: int = 80, https_redirect: bool = False) -> Server:
        """Plain HTTP/1.1, and HTTP/2 for clients that begin with it."""
        return cls("HTTP", hosts=(host, *hosts), port=port, https_redirect=https_redirect)

    @classmethod
    def https(cls, host: str, /, *hosts: str, tls: ServerTls | str, port: int = 443) -> Server:
        """HTTP over TLS, which the gateway decrypts; ``tls`` may be just the name of the Secret."""
        return cls("HTTPS", hosts=(host, *hosts), port=port, tls=_tls(tls))

    @classmethod
    def tls_passthrough(cls, host: str, /, *hosts: str, port: int = 443) -> Server:
        """TLS that the workload decrypts; TLS routes choose it by the server name that clients ask for."""
        return cls("TLS", hosts=(host, *hosts), port=port)

    @classmethod
    def tls_terminated(cls, host: str, /, *hosts: str, tls: ServerTls | str, port: int = 443) -> Server:
        """Any protocol over TLS, which the gateway decrypts; TCP routes take what is inside."""
        return cls("TLS", hosts=(host, *hosts), port=port, tls=_tls(tls))

    @classmethod
    def tcp(cls, host: str, /, *hosts: str, port: int) -> Server:
        """Any protocol, as it is; TCP routes take it."""
        return cls("TCP", hosts=(host, *hosts), port=port)

    @classmethod
    def grpc(cls, host: str, /, *hosts: str, port: int) -> Server:
        """Plain gRPC."""
        return cls("GRPC", hosts=(host, *hosts), port=port)

    @classmethod
    def http2(cls, host: str, /, *hosts: str, port: int) -> Server:
        """Plain HTTP/2."""
        return cls("HTTP2", hosts=(host, *hosts), port=port)

    @classmethod
    def mongo(cls, host: str, /, *hosts: str, port: int = 27017) -> Server:
        """MongoDB's protocol; TCP routes take it."""
        return cls("MONGO", hosts=(host, *hosts), port=port)

    @property
    def is_encrypted(self) -> bool:
        """Whether clients speak TLS to it."""
        return self.protocol in ENCRYPTED

    @property
    def is_http(self) -> bool:
        """Whether HTTP routes take its requests."""
        return self.protocol == "HTTPS" or self.protocol in PLAIN_HTTP

    def joins(self, other: Server) -> bool:
        """Whether both can share a port: all of them encrypted, or all of them plain HTTP."""
        if self.is_encrypted and other.is_encrypted:
            return True
        return self.protocol in PLAIN_HTTP and other.protocol in PLAIN_HTTP

    def to_istio(self, part: Part, port_name: str) -> ServerMessage:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import Port, Server, ServerTLSSettings

        self._check(part)
        tls: ServerTLSSettings | None = None
        if self.tls is not None:
            tls = self.tls.to_istio(part)
        elif self.protocol == "TLS":
            tls = ServerTLSSettings(mode="PASSTHROUGH")
        elif self.https_redirect:
            tls = ServerTLSSettings(https_redirect=True)
        return Server(
            port=Port(number=self.port, name=port_name, protocol=self.protocol),
            hosts=list(self.hosts),
            tls=tls,
            bind=self.bind,
        )

    def _check(self, part: Part) -> None:
        if one_of(self.protocol, PROTOCOLS, "protocol", part) is None:
            return
        port_number(self.port, "port", part)
        if not self.hosts:
            part.problem("there is no host", 'Name at least one, or "*" for every host')
        seen: set[str] = set()
        for host in self.hosts:
            self._check_host(host, part)
            if host in seen:
                part.problem(f"host {host!r} is there twice", "Name it once")
            seen.add(host)
        if self.protocol == "HTTPS" and self.tls is None:
            part.problem("HTTPS needs a certificate", "Give tls= the name of the Secret that holds it")
        if self.tls is not None and not self.is_encrypted:
            part.problem(f"{self.protocol} is not encrypted, but has tls", "Use Server.https or Server.tls_terminated")
        if self.https_redirect and self.protocol != "HTTP":
            part.problem(f"{self.protocol} cannot be redirected to HTTPS", "Use https_redirect with plain HTTP")

    def _check_host(self, host: object, part: Part) -> None:
        namespace, slash, name = host.rpartition("/") if isinstance(host, str) else ("", "", "")
        if not is_host(name) or (slash and namespace not in ("*", ".") and not is_host(namespace)):
            remedy = "Give DNS labels joined by dots; only the first may be *. A namespace and / may stand before"
            part.problem(f"host {host!r} is no host name", remedy)


def _tls(tls: ServerTls | str) -> ServerTls:
    return tls if isinstance(tls, ServerTls) else ServerTls(tls)
