"""A request as routes compare it: path normalised, headers by name, hop-by-hop headers gone.

Source: Envoy docs, "HTTP header manipulation"; which repeated headers Envoy joins was asked of Envoy 1.40.
"""

from collections.abc import Iterable
from typing import Literal

from meshwright.analysis.paths import query_parameters, without_query
from meshwright.traffic import Request


def _names(words: str) -> frozenset[str]:
    return frozenset(words.split())


_JOINED = _names(
    """accept accept-encoding authorization cache-control content-type content-encoding expect if-match if-none-match
    if-modified-since if-unmodified-since if-range origin pragma referer user-agent te via x-forwarded-for
    x-forwarded-host x-forwarded-port x-forwarded-proto x-request-id x-client-trace-id x-envoy-original-path
    x-envoy-original-host
    x-envoy-attempt-count x-envoy-downstream-service-cluster x-envoy-downstream-service-node
    x-envoy-decorator-operation grpc-timeout grpc-accept-encoding access-control-request-method
    access-control-request-headers access-control-request-private-network x-envoy-is-timeout-retry"""
)
_TAKEN_AWAY = _names(
    """connection keep-alive proxy-connection upgrade x-envoy-internal x-envoy-upstream-rq-timeout-ms x-envoy-retry-on
    x-envoy-force-trace x-envoy-expected-rq-timeout-ms x-forwarded-client-cert x-envoy-hedge-on-per-try-timeout
    x-envoy-max-retries x-envoy-retriable-status-codes x-envoy-ip-tags x-envoy-upstream-alt-stat-name
    x-envoy-upstream-rq-per-try-timeout-ms x-envoy-upstream-stream-duration-ms"""
)
_TAKEN_AWAY_AT_THE_EDGE = _TAKEN_AWAY | _names(
    """x-envoy-original-path x-envoy-decorator-operation x-envoy-downstream-service-cluster
    x-envoy-downstream-service-node x-forwarded-proto x-request-id"""
)
_SOME_REQUEST_ID = "00000000-0000-4000-8000-000000000000"
_SOME_CLIENT = "192.0.2.1"


def _keep_trailers_alone(headers: dict[str, tuple[str, ...]]) -> None:
    """Reduce ``te`` to what Envoy passes on of it."""
    if "trailers" in (each.strip() for each in headers["te"][0].split(",")):
        headers["te"] = ("trailers",)
    else:
        del headers["te"]


class Subject:
    """One request while its route is sought; what no condition asks for is never computed.

    Args:
        full_path: Normalised, with its query.
        at_the_edge: Gateways do not believe headers in which clients speak as proxies.
    """

    __slots__ = (
        "_headers",
        "_pairs",
        "_query",
        "at_the_edge",
        "authority",
        "connection",
        "full_path",
        "method",
        "path",
    )

    def __init__(
        self,
        method: str,
        authority: str,
        full_path: str,
        pairs: Iterable[tuple[str, str]],
        connection: Literal["http", "https"],
        at_the_edge: bool,
    ) -> None:
        self.method = method
        self.authority = authority
        self.full_path = full_path
        self.path = without_query(full_path)
        self.connection = connection
        self.at_the_edge = at_the_edge
        self._pairs = pairs
        self._headers: dict[str, tuple[str, ...]] | None = None
        self._query: dict[str, str] | None = None

    @property
    def query(self) -> dict[str, str]:
        """The first value of each query parameter."""
        if self._query is None:
            self._query = query_parameters(self.full_path)
        return self._query

    @property
    def forwarded_proto(self) -> str:
        """What Envoy goes by when a virtual host asks for TLS; a sidecar believes the header of the client."""
        if self.at_the_edge or not self._pairs:
            return self.connection
        return self.headers["x-forwarded-proto"][0]

    @property
    def scheme(self) -> str:
        """What ``:scheme`` is, and a redirect keeps."""
        told = self.forwarded_proto.lower()
        return told if told in ("http", "https") else self.connection

    @property
    def headers(self) -> dict[str, tuple[str, ...]]:
        """Values by name, pseudo headers and those that Envoy adds among them. Several values are compared singly."""
        if self._headers is None:
            self._headers = self._read_headers()
        return self._headers

    def _read_headers(self) -> dict[str, tuple[str, ...]]:
        taken_away = _TAKEN_AWAY_AT_THE_EDGE if self.at_the_edge else _TAKEN_AWAY
        headers: dict[str, tuple[str, ...]] = {}
        for written, value in self._pairs:
            name = written.lower()
            if name in taken_away:
                continue
            value = value.strip(" \t")
            before = headers.get(name)
            if before is None:
                headers[name] = (value,)
            elif name in _JOINED:
                headers[name] = (f"{before[0]},{value}" if before[0] and value else before[0] or value,)
            else:
                headers[name] = (*before, value)
        if headers.get("te", ("",))[0]:
            _keep_trailers_alone(headers)
        headers.setdefault("x-forwarded-proto", (self.connection,))
        headers.setdefault("x-request-id", (_SOME_REQUEST_ID,))
        if self.at_the_edge:
            sent = headers.get("x-forwarded-for")
            headers["x-forwarded-for"] = (f"{sent[0]},{_SOME_CLIENT}" if sent else _SOME_CLIENT,)
            headers["x-envoy-external-address"] = (_SOME_CLIENT,)
        headers[":authority"] = headers["host"] = (self.authority,)
        headers[":method"] = (self.method,)
        headers[":path"] = (self.full_path,)
        told = headers["x-forwarded-proto"][0].lower()
        headers[":scheme"] = (told if told in ("http", "https") else self.connection,)
        return headers


def absolute(request: Request) -> tuple[str, str]:
    """Return authority and path as Envoy reads them; ``http://host/path`` on the request line beats the Host header."""
    scheme, colon, rest = request.path.partition("://")
    if not colon or scheme.lower() not in ("http", "https"):
        return request.authority, request.path
    authority, slash, path = rest.partition("/")
    return authority, slash + path or "/"
