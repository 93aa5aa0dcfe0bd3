"""The few requests that comments take, over HTTP, with nothing but the standard library."""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from meshwright.errors import InputError

_TIMEOUT_S = 30
_PAGE = 100
_MOST_PAGES = 50
_BUSY = frozenset({429, 500, 502, 503, 504})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Posted:
    """A comment that is there: what the platform calls it, and its text."""

    id: int
    body: str


class _NoRedirects(HTTPRedirectHandler):
    """Keeps the token with the host that it is for."""

    def redirect_request(self, *args: Any) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Api:
    """An API of JSON.

    Args:
        root: Where it begins; ``https``, or this machine.
        headers: Sent with every request, the token among them.
        patience_s: Between tries; it doubles.
    """

    root: str
    headers: Mapping[str, str] = field(repr=False)
    patience_s: float = 1.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.root)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
            raise InputError("comment", f"{self.root} is no https address", "A token is sent over https alone")

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Return the answer, as JSON-shaped data; a busy platform is asked three times.

        Raises:
            InputError: It refused, or could not be reached.
        """
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "User-Agent": "meshwright", **self.headers}
        request = Request(f"{self.root.rstrip('/')}{path}", data, headers, method=method)
        for wait in (self.patience_s, 2 * self.patience_s, None):
            try:
                with build_opener(_NoRedirects).open(request, timeout=_TIMEOUT_S) as answer:
                    return json.loads(answer.read() or b"null")
            except HTTPError as error:
                if error.code not in _BUSY or wait is None:
                    raise _refused(method, path, error) from None
            except (URLError, TimeoutError) as error:
                if wait is None:
                    reason = getattr(error, "reason", error)
                    raise InputError("comment", f"{self.root} does not answer: {reason}", "Try again") from None
            except ValueError:
                raise InputError("comment", f"{method} {path} answers no JSON", "Check the address") from None
            time.sleep(wait)
        raise AssertionError("unreachable")

    def listed(self, path: str) -> Iterator[Mapping[str, Any]]:
        """Yield the entries of all pages of a list."""
        for page in range(1, _MOST_PAGES + 1):
            found = self.call("GET", f"{path}?per_page={_PAGE}&page={page}")
            if not isinstance(found, list):
                return
            yield from (each for each in found if isinstance(each, dict))
            if len(found) < _PAGE:
                return


def _refused(method: str, path: str, error: HTTPError) -> InputError:
    remedy = {
        401: "Give a token that is valid",
        403: "Let the token write comments: on GitHub the job needs pull-requests: write, which it never has for forks",
        404: "Check the number, and that the token may see the project",
    }.get(error.code, "See what the platform says about it")
    return InputError("comment", f"{method} {path} was refused with status {error.code}", remedy)
