"""A real Envoy that runs what istiod sent for a policy: its filters for callers, its cluster for a service outside."""

import http.client
import socket
import ssl
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from meshwright.envoy.process import EnvoyProcess, free_ports

TLS = "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3."
MANAGER = "envoy.filters.network.http_connection_manager"
ROUTER = {
    "name": "envoy.filters.http.router",
    "typedConfig": {"@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router"},
}


class Workload:
    """The certificate of a workload of the mesh, which says its ServiceAccount as a SPIFFE name.

    Args:
        name: ``ns/shop/sa/web``.
        folder: Where its files go.
    """

    def __init__(self, name: str, folder: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        own = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        identity = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(f"spiffe://cluster.local/{name}")])
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(own)
            .issuer_name(own)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(identity, critical=False)
            .sign(key, hashes.SHA256())
        )
        self.pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
        self.file = folder / f"{name.replace('/', '-')}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self.file.write_text(self.pem + private.decode())


class PolicyEnvoy:
    """Envoy with one listener of TLS that answers 200 to what ``filters`` let pass, and one that calls ``cluster``.

    Args:
        filters: HTTP filters as istiod sent them.
        cluster: A cluster as istiod sent it; its endpoint is moved to loopback, and the authority it trusts to ours.
        callers: The names of workloads that may call.
    """

    def __init__(self, filters: list[dict[str, Any]], cluster: dict[str, Any], callers: list[str]) -> None:
        self._place = tempfile.TemporaryDirectory(prefix="meshwright-")
        folder = Path(self._place.name)
        self.workloads = {name: Workload(name, folder) for name in callers}
        self._authority = trustme.CA()
        self._server = _TlsServer(self._authority.issue_cert("weather.example.org"))
        self.names_asked_for = self._server.names
        self._inbound, self._outbound = free_ports(2)
        moved = self._moved(cluster)
        listeners = [
            _listener("inbound", self._inbound, filters, {"directResponse": {"status": 200}}, self._downstream()),
            _listener("outbound", self._outbound, [], {"route": {"cluster": moved["name"]}}, None),
        ]
        admin = folder / "admin.sock"
        configuration = {
            "admin": {"address": {"pipe": {"path": str(admin)}}},
            "staticResources": {"listeners": listeners, "clusters": [moved]},
        }
        self._process = EnvoyProcess(configuration, folder, admin)

    def inbound(self, caller: str | None, method: str, path: str, headers: dict[str, str]) -> int:
        """Return the status that a caller gets; None for one without a certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if caller is not None:
            context.load_cert_chain(self.workloads[caller].file)
        connection = http.client.HTTPSConnection("127.0.0.1", self._inbound, context=context, timeout=30)
        return _status(connection, method, path, headers)

    def outbound(self, host: str) -> int:
        """Return the status that an app gets which calls ``host`` without TLS."""
        return _status(http.client.HTTPConnection("127.0.0.1", self._outbound, timeout=30), "GET", "/", {"host": host})

    def close(self) -> None:
        """End all of it."""
        self._process.close()
        self._server.close()
        self._place.cleanup()

    def _downstream(self) -> dict[str, Any]:
        own = self._authority.issue_cert("cart")
        trusted = "".join(workload.pem for workload in self.workloads.values())
        context = {
            "tlsCertificates": [
                {
                    "certificateChain": {"inlineString": own.cert_chain_pems[0].bytes().decode()},
                    "privateKey": {"inlineString": own.private_key_pem.bytes().decode()},
                }
            ],
            "validationContext": {"trustedCa": {"inlineString": trusted}},
        }
        return {
            "name": "envoy.transport_sockets.tls",
            "typedConfig": {"@type": f"{TLS}DownstreamTlsContext", "commonTlsContext": context},
        }

    def _moved(self, cluster: dict[str, Any]) -> dict[str, Any]:
        socket_address = {"address": "127.0.0.1", "portValue": self._server.port}
        endpoint = {"lbEndpoints": [{"endpoint": {"address": {"socketAddress": socket_address}}}]}
        sent = cluster["transportSocket"]["typedConfig"]
        trusted = {"trustedCa": {"inlineString": self._authority.cert_pem.bytes().decode()}}
        common = {"tlsParams": sent["commonTlsContext"]["tlsParams"], "validationContext": trusted}
        return {
            "name": cluster["name"],
            "type": "STATIC",
            "connectTimeout": cluster["connectTimeout"],
            "loadAssignment": {"clusterName": cluster["name"], "endpoints": [endpoint]},
            "transportSocket": {
                **cluster["transportSocket"],
                "typedConfig": {**sent, "commonTlsContext": common},
            },
        }


class _TlsServer:
    """Answers 204 by TLS alone, and keeps the server names that it was asked for."""

    def __init__(self, certificate: trustme.LeafCert) -> None:
        self.names: list[str | None] = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(self._context)
        self._context.sni_callback = lambda _socket, name, _context: self.names.append(name)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            try:
                with self._context.wrap_socket(plain, server_side=True) as connection:
                    connection.recv(65536)
                    connection.sendall(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
            except OSError:
                plain.close()

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


def _listener(
    name: str, port: int, filters: list[dict[str, Any]], action: dict[str, Any], transport: dict[str, Any] | None
) -> dict[str, Any]:
    host = {"name": name, "domains": ["*"], "routes": [{"match": {"prefix": "/"}, **action}]}
    manager = {
        "@type": f"type.googleapis.com/{MANAGER.replace('envoy.', 'envoy.extensions.')}.v3.HttpConnectionManager",
        "statPrefix": name,
        "httpFilters": [*filters, ROUTER],
        "routeConfig": {"name": name, "virtualHosts": [host]},
    }
    chain: dict[str, Any] = {"filters": [{"name": MANAGER, "typedConfig": manager}]}
    if transport is not None:
        chain["transportSocket"] = transport
    address = {"socketAddress": {"address": "127.0.0.1", "portValue": port}}
    return {"name": name, "address": address, "filterChains": [chain]}


def _status(connection: http.client.HTTPConnection, method: str, path: str, headers: dict[str, str]) -> int:
    try:
        connection.request(method, path, headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()
