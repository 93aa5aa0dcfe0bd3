"""A concrete request, as a witness or a question."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it arrives at a proxy.

    Args:
        authority: The Host header, with its port if the client sends one.
        path: With its query, as on the wire.
        headers: Lower-case names; no pseudo headers. A repeated name stands twice.
        port: Destination port of the connection.
        sni: Server name in the TLS handshake; ``None`` when the connection is plain text.
        address: Destination address, for sidecars; empty: whatever the host resolves to.
    """

    method: str
    authority: str
    path: str = "/"
    headers: tuple[tuple[str, str], ...] = ()
    scheme: Literal["http", "https"] = "http"
    port: int = 80
    sni: str | None = None
    address: str = ""
