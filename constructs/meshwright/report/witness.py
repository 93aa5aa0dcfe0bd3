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


def replay_words(witness: Witness) -> str:
    """Return method, URL and headers as ``meshwright explain`` takes them, and the workload that sends the request."""
    request, proxy = witness.request, witness.proxy
    told = [request.method, shlex.quote(url_of(request))]
    told += [f"-H {shlex.quote(f'{name}: {value}')}" for name, value in headers_of(request)]
    if proxy.type == "sidecar":
        name = workload_name(dict(proxy.labels))
        told.append(f"--from {proxy.namespace}/{'' if name == '*' or '=' in name else name}")
    return " ".join(told)


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
