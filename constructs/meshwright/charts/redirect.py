"""Answers that a proxy gives itself: a redirect, or a response."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from meshwright.charts.match import Match
    from meshwright.charts.problem import Part
    from meshwright.imports.istio.networking import HTTPDirectResponse, HTTPRedirect

_DERIVE = ("FROM_PROTOCOL_DEFAULT", "FROM_REQUEST_PORT")


class Redirect:
    """Send the client elsewhere; what is left out stays as it was in the request.

    Args:
        uri: New path.
        prefix_rewrite: Replaces the matched prefix of the path instead, keeping the rest.
        authority: New host.
        scheme: ``https`` or ``http``; the port becomes the default of the scheme.
        port: Number of the new port, or where it comes from.
        code: Status of the answer.

    Source: Istio reference, "Virtual Service", HTTPRedirect.
    """

    __slots__ = ("authority", "code", "port", "prefix_rewrite", "scheme", "uri")

    def __init__(
        self,
        *,
        uri: str | None = None,
        prefix_rewrite: str | None = None,
        authority: str | None = None,
        scheme: Literal["http", "https"] | None = None,
        port: int | Literal["FROM_PROTOCOL_DEFAULT", "FROM_REQUEST_PORT"] | None = None,
        code: Literal[301, 302, 303, 307, 308] = 301,
    ) -> None:
        self.uri = uri
        self.prefix_rewrite = prefix_rewrite
        self.authority = authority
        self.scheme = scheme
        self.port = port
        self.code = code

    def check(self, matches: tuple[Match, ...], part: Part) -> bool:
        """Tell what is wrong with it, and return whether nothing is."""
        wrong = list(self._problems(matches))
        for told in wrong:
            part.problem(*told)
        return not wrong

    def _problems(self, matches: tuple[Match, ...]) -> list[tuple[str, str]]:
        found = []
        if all(v is None for v in (self.uri, self.prefix_rewrite, self.authority, self.scheme, self.port)):
            found.append(
                ("the redirect leads to the same place", "Give uri, prefix_rewrite, authority, scheme or port")
            )
        if self.uri is not None and self.prefix_rewrite is not None:
            found.append(("the redirect has both uri and prefix_rewrite", "Keep one"))
        for field, path in (("uri", self.uri), ("prefix_rewrite", self.prefix_rewrite)):
            if path is not None and not str(path).startswith("/"):
                found.append((f"the redirect's {field} is {path!r}", "Start it with /"))
        if self.prefix_rewrite is not None and any(match.path_kind not in ("prefix", "below", "") for match in matches):
            found.append(
                ("the redirect has prefix_rewrite, but a match without prefix", "Match by prefix, or give uri")
            )
        if self.scheme not in (None, "http", "https"):
            found.append((f"the redirect's scheme is {self.scheme!r}", "Give http or https"))
        if self.code not in (301, 302, 303, 307, 308):
            found.append((f"the redirect's code is {self.code!r}", "Give 301, 302, 303, 307 or 308"))
        if self.port is not None and not _is_port(self.port):
            found.append((f"the redirect's port is {self.port!r}", f"Give 1 to 65535, or one of {', '.join(_DERIVE)}"))
        return found

    def to_istio(self) -> HTTPRedirect:
        """Return the level-1 message."""
        from meshwright.imports.istio.networking import HTTPRedirect

        derived = isinstance(self.port, str)
        return HTTPRedirect(
            uri=self.uri,
            prefix_rewrite=self.prefix_rewrite,
            authority=self.authority,
            scheme=self.scheme,
            port=None if derived else self.port,  # type: ignore[typeddict-item]  # a str is a way to derive it
            derive_port=self.port if derived else None,  # type: ignore[typeddict-item]
            redirect_code=self.code,
        )


def _is_port(port: object) -> bool:
    if isinstance(port, str):
        return port in _DERIVE
    return isinstance(port, int) and not isinstance(port, bool) and 0 < port < 65536


class DirectResponse:
    """Answer without asking any backend.

    Args:
        status: HTTP status, 200 to 599.
        body: Text of the answer.

    Source: Istio reference, "Virtual Service", HTTPDirectResponse.
    """

    __slots__ = ("body", "status")

    def __init__(self, status: int, body: str | None = None) -> None:
        self.status = status
        self.body = body

    def check(self, part: Part) -> bool:
        """Tell what is wrong with it, and return whether nothing is."""
        fits = isinstance(self.status, int) and not isinstance(self.status, bool) and 200 <= self.status <= 599
        if not fits:
            part.problem(f"the status of the response is {self.status!r}", "Give an HTTP status from 200 to 599")
        if self.body is not None and not isinstance(self.body, str):
            part.problem(f"the body of the response is {self.body!r}", "Give a text")
            self.body = None
        if self.body is not None and len(self.body.encode()) > 1_000_000:
            part.problem("the body of the response is longer than 1 MB", "Serve it from an app")
            return False
        return fits

    def to_istio(self) -> HTTPDirectResponse:
        """Return the level-1 message."""
        from meshwright.imports.istio.networking import HTTPBody, HTTPDirectResponse

        body = None if self.body is None else HTTPBody(string=self.body)
        return HTTPDirectResponse(status=self.status, body=body)
