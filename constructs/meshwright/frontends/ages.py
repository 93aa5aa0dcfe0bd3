"""Objects of which the older wins, where the files do not tell their ages.

istiod asks when objects were created: of two VirtualServices for one host, two Gateways for one port and host, two
DestinationRules or HTTPRoutes for one host the older counts, or comes first. Files carry no such time; read as they
are, the name decides, as it does among objects created in the same second.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from meshwright.frontends.istio.objects import entries, section, text, texts
from meshwright.manifests.resource import Resource

_RIVALS = ("VirtualService", "Gateway", "DestinationRule", "HTTPRoute", "GRPCRoute")
_LATE = "9999-01-01T{:02}:{:02}:{:02}Z"
_MESH = "mesh"

Place = tuple[str, ...]


def rivals(resources: Iterable[Resource]) -> list[tuple[str, ...]]:
    """Return the names of objects without a time of creation that ask for the same, those of one host together."""
    places: dict[tuple[Place, str], dict[str, None]] = {}
    for resource in resources:
        if resource.kind in _RIVALS and not _created(resource):
            for place, host in _claims(resource):
                places.setdefault((place, host), {})[str(resource)] = None
    for (place, host), claimants in list(places.items()):
        if host.startswith("*"):
            for (other, inner), more in places.items():
                if other == place and inner != host and inner.endswith(host[1:]):
                    more.update(claimants)
    return list(dict.fromkeys(tuple(sorted(names)) for names in places.values() if len(names) > 1))


def turned_round(resources: Sequence[Resource]) -> list[Resource]:
    """Return the objects with ages that say the opposite of what their names say."""
    undated = [each for each in resources if each.kind in _RIVALS and not _created(each)]
    ranked = sorted(undated, key=lambda each: (each.name, each.namespace), reverse=True)
    ages = {id(each): _LATE.format(rank // 3600, rank // 60 % 60, rank % 60) for rank, each in enumerate(ranked)}
    return [_aged(each, ages[id(each)]) if id(each) in ages else each for each in resources]


def _aged(resource: Resource, created: str) -> Resource:
    metadata = {**section(resource.body.get("metadata")), "creationTimestamp": created}
    return replace(resource, body={**resource.body, "metadata": metadata})


def _created(resource: Resource) -> Any:
    return section(resource.body.get("metadata")).get("creationTimestamp")


def _claims(resource: Resource) -> Iterator[tuple[Place, str]]:
    """Yield what an object asks for: where, and which host."""
    spec = section(resource.body.get("spec"))
    kind, namespace = resource.kind, resource.namespace
    if kind == "VirtualService":
        for gateway in texts(spec.get("gateways")) or (_MESH,):
            named = gateway if gateway == _MESH or "/" in gateway else f"{namespace}/{gateway}"
            for host in texts(spec.get("hosts")):
                yield (kind, named), _full(host, namespace)
    elif kind == "DestinationRule":
        yield (kind, namespace), _full(text(spec.get("host")), namespace)
    elif kind == "Gateway":
        yield from _of_servers(spec)
    else:
        parents = [section(each) for each in entries(spec.get("parentRefs"))]
        for parent in parents:
            where = text(parent.get("namespace")) or namespace
            for host in texts(spec.get("hostnames")) or ("*",):
                yield (kind, where, text(parent.get("name"))), host


def _of_servers(spec: "Any") -> Iterator[tuple[Place, str]]:
    for server in map(section, entries(spec.get("servers"))):
        port = str(section(server.get("port")).get("number"))
        for host in texts(server.get("hosts")):
            yield ("Gateway", port), host.rpartition("/")[2]


def _full(host: str, namespace: str) -> str:
    return host if "." in host or host.startswith("*") else f"{host}.{namespace}"
