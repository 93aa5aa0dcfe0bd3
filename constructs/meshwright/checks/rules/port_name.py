"""MW601: a port name that looks like a protocol and is none."""

import re
from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.protocols import UNSUPPORTED

_MEANT = re.compile(r"(?i)(http2|https|http|grpc|tcp|tls)[0-9a-z_]+(-.*)?")
_INNOCENT = re.compile(r"(?i)(https?|tcp|grpc|tls)[_]?(s|web)?")


def _find(shown: Inventory) -> Iterator[Problem]:
    for service in shown.mesh.registry.services:
        for position, port in enumerate(service.ports) if service.kubernetes else ():
            looks = _MEANT.fullmatch(port.name) if port.protocol == UNSUPPORTED else None
            if looks is None or not looks_declared(port.name):
                continue
            protocol, rest = looks[1].lower(), port.name[len(looks[1]) :]
            wrong = f'the port name "{port.name}" declares no protocol, so the proxy guesses it from the first bytes'
            remedy = f'Write "{protocol}-{rest.strip("-_")}", or set appProtocol: {protocol}.'
            origin = type(service.origin)(service.origin.resource, f"spec.ports[{position}].name", service.origin.place)
            yield Problem(origin, wrong, remedy)


def looks_declared(name: str) -> bool:
    """Tell whether a name that declares no protocol looks as if it did."""
    return _MEANT.fullmatch(name) is not None and _INNOCENT.fullmatch(name) is None


CHECK = Check("MW601", "port-name", "warning", "A port name that looks like a protocol and is none.", _find)
