"""MW607: an ``appProtocol`` that is nearly one that Istio knows."""

from collections.abc import Iterator
from difflib import get_close_matches

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, section, text
from meshwright.frontends.istio.protocols import UNSUPPORTED, parse_protocol

_OFFERED = ("http", "http2", "https", "grpc", "grpc-web", "tcp", "tls", "mongo", "mysql", "redis")
_INNOCENT = ("httpd",)


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource in shown.of_kind("Service"):
        ports = entries(section(resource.body.get("spec")).get("ports")) if resource.api_version == "v1" else []
        for position, port in enumerate(map(section, ports)):
            written = text(port.get("appProtocol"))
            if not written or "/" in written or written.lower().startswith("grpc-web") or written in _INNOCENT:
                continue
            near = get_close_matches(written.lower(), _OFFERED, 1, 0.75)
            if near and parse_protocol(written.partition("-")[0]) == UNSUPPORTED:
                origin = resource.origin(f"spec.ports[{position}].appProtocol")
                wrong = f'Istio knows no protocol "{written}", so the proxy guesses it from the first bytes'
                yield Problem(origin, wrong, f"Write {near[0]}.")


CHECK = Check(
    "MW607", "unknown-app-protocol", "warning", "An appProtocol that looks like one of Istio's and is none.", _find
)
