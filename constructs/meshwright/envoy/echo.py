"""Upstreams that say what reached them: one server for the HTTP of all clusters, one more for each TCP cluster.

An HTTP request is answered with JSON ``{"cluster", "path", "method", "headers"}``. Two headers of the request change
the answer: ``x-echo-delay`` waits so many seconds first, ``x-echo-status`` sets the status. A TCP connection gets one
line of JSON ``{"cluster"}``, then its own bytes; if it speaks HTTP or TLS, so does the echo.
"""

import json
import socket
import socketserver
import ssl
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from types import TracebackType
from typing import Self

from meshwright.envoy.certificates import Certificate
from meshwright.envoy.clusters import CLUSTER_HEADER

DELAY_HEADER = "x-echo-delay"
STATUS_HEADER = "x-echo-status"
LONGEST_DELAY = 300.0
WAIT_FOR_CLIENT = 0.3
TLS_HANDSHAKE = 0x16


class Echo:
    """The upstreams, on loopback, answering until closed.

    ``requests`` counts HTTP requests and TCP connections by cluster, mirrored ones too.
    """

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self._counting = threading.Lock()
        self._servers: dict[str, _Server] = {}
        self._tls: ssl.SSLContext | None = None
        self.port = self._open("")

    @property
    def own_ports(self) -> dict[str, int]:
        """The port of each cluster that has an echo of its own."""
        return {cluster: server.server_address[1] for cluster, server in self._servers.items() if cluster}

    def open_for(self, clusters: Iterable[str]) -> None:
        """Give each of these clusters an echo of its own, and take it from those that are not named any more."""
        wanted = set(clusters)
        for cluster in set(self._servers) - wanted - {""}:
            self._servers.pop(cluster).close()
        for cluster in sorted(wanted - set(self._servers)):
            self._open(cluster)

    def use_certificate(self, certificate: Certificate) -> None:
        """Speak TLS with this certificate to connections that begin with a handshake."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
            file.write(certificate.key + certificate.chain)
            file.flush()
            context.load_cert_chain(Path(file.name))
        self._tls = context

    def close(self) -> None:
        """Stop answering."""
        for server in self._servers.values():
            server.close()
        self._servers.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: "type[BaseException] | BaseException | TracebackType | None") -> None:
        self.close()

    def count(self, cluster: str) -> None:
        """Note one more request or connection of ``cluster``."""
        with self._counting:
            self.requests[cluster] += 1

    def _open(self, cluster: str) -> int:
        server = _Server(self, cluster)
        self._servers[cluster] = server
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
        return server.server_address[1]

    def secured(self, connection: socket.socket) -> socket.socket:
        """Return the connection behind a TLS handshake.

        Raises:
            OSError: The handshake fails, or there is no certificate.
        """
        if self._tls is None:
            raise ConnectionError("no certificate")
        return self._tls.wrap_socket(connection, server_side=True)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    server_address: tuple[str, int]

    def __init__(self, echo: Echo, cluster: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.echo = echo
        self.cluster = cluster

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing about connections that the client broke off."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def setup(self) -> None:
        self.speaks_http = True
        if self.server.cluster:
            self._find_out_protocol()
        super().setup()

    def handle(self) -> None:
        if self.speaks_http:
            super().handle()
        else:
            self._echo_bytes()

    def answer(self) -> None:
        self._read_body()
        named = self.headers.get(CLUSTER_HEADER)
        cluster = self.server.cluster or named or ""
        self.server.echo.count(cluster)
        time.sleep(_number(self.headers.get(DELAY_HEADER), 0.0, LONGEST_DELAY))
        headers = {name.lower(): ", ".join(self.headers.get_all(name, [])) for name in self.headers}
        headers.pop(CLUSTER_HEADER, None)
        body = {"cluster": cluster, "path": self._path_as_sent(), "method": self.command, "headers": headers}
        content = json.dumps(body, indent=2).encode() + b"\n"
        status = int(_number(self.headers.get(STATUS_HEADER), 200, 599))
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def __getattr__(self, name: str) -> object:
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def version_string(self) -> str:
        return "meshwright-echo"

    def log_message(self, format: str, *args: object) -> None:
        """Write no log; Envoy does."""

    def _path_as_sent(self) -> str:
        """Return the path of the request line; ``self.path`` has slashes at its beginning merged."""
        words = self.requestline.split(" ")
        return words[1] if len(words) > 1 else self.path

    def _read_body(self) -> None:
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
                self.rfile.read(size + 2)
            while self.rfile.readline().strip():
                pass
        else:
            self.rfile.read(int(self.headers.get("content-length") or 0))

    def _find_out_protocol(self) -> None:
        first = _first_bytes(self.request)
        if first[:1] == bytes([TLS_HANDSHAKE]):
            self.request = self.server.echo.secured(self.request)
            first = b"GET"
        self.speaks_http = first.isalpha() and first.isupper()

    def _echo_bytes(self) -> None:
        self.server.echo.count(self.server.cluster)
        self.connection.sendall(json.dumps({"cluster": self.server.cluster}).encode() + b"\n")
        while received := self.connection.recv(65536):
            self.connection.sendall(received)


def _first_bytes(connection: socket.socket) -> bytes:
    """Return the first bytes without taking them; nothing when the client waits for the server to speak first."""
    connection.settimeout(WAIT_FOR_CLIENT)
    try:
        return connection.recv(3, socket.MSG_PEEK)
    except TimeoutError:
        return b""
    finally:
        connection.settimeout(None)


def _number(text: str | None, default: float, most: float) -> float:
    try:
        return min(max(float(text or default), 0.0), most)
    except ValueError:
        return default
