"""Listeners of one Gateway and its ListenerSets that cannot live side by side: the first of them wins.

Source: Gateway API reference, Listener (distinctness) and ListenerSet (precedence).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from meshwright.frontends.gateway_api.objects import Objects, age, sections, spec
from meshwright.frontends.istio.objects import integer, section, text
from meshwright.manifests.resource import Resource

Listener = Mapping[str, Any]
Owner = tuple[str, str]

_LAYER_4 = frozenset({"TCP", "UDP"})
_LAYER_7 = frozenset({"HTTP", "HTTPS", "TLS"})
_USUAL_PORTS = {"HTTP": 80, "HTTPS": 443}


def port_of(listener: Listener) -> int:
    """Return the port of a listener of a ListenerSet, which may leave out that of HTTP and HTTPS; 0 for no port."""
    return integer(listener.get("port")) or _USUAL_PORTS.get(text(listener.get("protocol")), 0)


def lost_listeners(gateway: Resource, sets: Iterable[Resource]) -> set[tuple[Owner, str]]:
    """Return the namespace and name of the owner, and the section name, of each listener that another precedes.

    Args:
        gateway: Its own listeners come first.
        sets: The ListenerSets that may attach; the oldest comes first, then by namespace and name.
    """
    accepted: list[tuple[Listener, int]] = []
    lost: set[tuple[Owner, str]] = set()
    ordered = sorted(sets, key=lambda found: (age(found), f"{found.namespace}/{found.name}"))
    for owner in (gateway, *ordered):
        for listener in sections(spec(owner).get("listeners")):
            port = integer(listener.get("port")) if owner is gateway else port_of(listener)
            if all(_distinct(listener, port, *prior) for prior in accepted):
                accepted.append((listener, port))
            else:
                lost.add(((owner.namespace, owner.name), text(listener.get("name"))))
    return lost


def _distinct(one: Listener, one_port: int, other: Listener, other_port: int) -> bool:
    if one_port != other_port:
        return True
    first, second = text(one.get("protocol")), text(other.get("protocol"))
    if first in _LAYER_4 or second in _LAYER_4:
        return not {first, second} <= _LAYER_4 | _LAYER_7
    if first in _LAYER_7 and second in _LAYER_7:
        return _hostname(one) != _hostname(other)
    return first != second


def _hostname(listener: Listener) -> str:
    return text(listener.get("hostname")) or "*"


def may_attach(namespace: str, gateway: Resource, objects: Objects) -> bool:
    """Tell whether a Gateway takes ListenerSets of a namespace; by default it takes none."""
    allowed = section(spec(gateway).get("allowedListeners")).get("namespaces")
    if not isinstance(allowed, dict):
        return False
    match allowed.get("from"):
        case "All":
            return True
        case "Same":
            return namespace == gateway.namespace
        case None | "Selector":
            selector = allowed.get("selector")
            return isinstance(selector, dict) and namespace in objects.selected_namespaces(selector)
    return False
