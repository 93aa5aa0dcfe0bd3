"""A witness as something to type: ``GET http://shop.example.com/cart -H 'x-user: jason'``."""

import shlex
from typing import Any

from meshwright.analysis.hosts import without_port
from meshwright.analysis.traffic_diff.change import Witness
from meshwright.analysis.traffic_diff.regions import workload_name
from meshwright.traffic import Request

_USUAL = {"http": 80, "https": 443}


def url_of(request: Request) -> str:
    """Return the URL to ask for, with the port of the connection."""
    host = without_port(request.authority)
    port = "" if request.port == _USUAL[request.scheme] else f":{request.port}"
    if request.sni is not None and request.sni != host:
        host = request.sni
    return f"{request.scheme}://{host}{port}{request.path}"


def headers_of(request: Request) -> list[tuple[str, str]]:
    """Return the headers, with Host among them where the URL would say another."""
    netloc = url_of(request).partition("://")[2].partition("/")[0]
    same = netloc == request.authority or without_port(netloc) == request.authority
    return list(request.headers) if same else [("host", request.authority), *request.headers]


def curl_words(witness: Witness) -> str:
    """Return method, URL and headers as a command line takes them."""
    request = witness.request
    told = [request.method, shlex.quote(url_of(request))]
    told += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers_of(request)]
    return " ".join(told)


def replay_words(witness: Witness) -> str:
    """Return what ``meshwright explain`` takes: method, URL, headers, and the workload that sends the request."""
    proxy = witness.proxy
    if proxy.type != "sidecar":
        return curl_words(witness)
    name = workload_name(dict(proxy.labels))
    return f"{curl_words(witness)} --from {proxy.namespace}/{'' if name == '*' or '=' in name else name}"


def explain_command(witness: Witness, source: str) -> str:
    """Return the command that replays a witness on one side."""
    named = shlex.quote(str(witness.proxy))
    return f"meshwright explain {shlex.quote(source)} {curl_words(witness)} --proxy {named}"


def request_json(request: Request) -> dict[str, Any]:
    """Return a request as JSON-shaped values."""
    return {
        "method": request.method,
        "url": url_of(request),
        "authority": request.authority,
        "path": request.path,
        "headers": [list(each) for each in headers_of(request)],
        "scheme": request.scheme,
        "port": request.port,
        "sni": request.sni,
        "address": request.address or None,
    }
