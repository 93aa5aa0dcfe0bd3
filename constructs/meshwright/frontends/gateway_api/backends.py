"""Backends of routes to Istio destinations, with the traffic that goes nowhere.

A backend that cannot be used keeps its share of the requests, which then fail. Source: Gateway API reference,
HTTPBackendRef (``backendRefs``).
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from meshwright.frontends.gateway_api.objects import Objects, sections, spec
from meshwright.frontends.gateway_api.options import Options
from meshwright.frontends.gateway_api.references import (
    HOSTNAME,
    INFERENCE_POOL,
    SERVICE,
    SERVICE_IMPORT,
    XBACKEND,
    Grants,
    Referrer,
    group_kind,
)
from meshwright.frontends.istio.objects import integer, section, text, texts

Destination = dict[str, Any]

NOWHERE: Destination = {}
"""The destination of requests that fail."""

NO_BACKEND: Mapping[str, Any] = {
    "destination": {"host": "internal.cluster.local", "subset": "zero-weight", "port": {"number": 65535}}
}
"""Where istiod sends connections for which no backend has any weight: to a cluster that never exists."""

_POOL_PORT = 54321
_MAX_SERVICE_NAME = 63
_HASH_LENGTH = 8


class UnusableRoute(Exception):
    """A field that istiod refuses, upon which it drops the whole route."""


@dataclass(frozen=True, slots=True)
class Backend:
    """Where a backend reference leads, and whether istiod finds it."""

    destination: Destination
    found: bool


@dataclass(frozen=True, slots=True)
class Backends:
    """What backend references may lead to.

    Args:
        referrer: The kind and namespace of the route.
        enforce_grants: Other namespaces need a ReferenceGrant; so they do on gateways, but not in the mesh.
    """

    objects: Objects
    grants: Grants
    options: Options
    referrer: Referrer
    enforce_grants: bool

    def resolve(self, reference: Mapping[str, Any]) -> Backend:
        """Find the destination of one reference.

        Raises:
            UnusableRoute: The reference is one that no object could satisfy.
        """
        kind = group_kind(reference, SERVICE)
        name, namespace = text(reference.get("name")), self.referrer.namespace
        wanted = reference.get("namespace")
        if wanted is not None:
            namespace = str(wanted)
            foreign = namespace != self.referrer.namespace
            if foreign and self.enforce_grants and not self.grants.allow(self.referrer, kind, namespace, name):
                return Backend(NOWHERE, False)
        if kind == INFERENCE_POOL and self.options.inference_pools:
            return self._inference_pool(namespace, name)
        if kind == XBACKEND and self.options.alpha:
            return self._external(reference, namespace, name)
        if kind == SERVICE and "." in name:
            raise UnusableRoute(f"backend {name!r} is a host name")
        if kind in (SERVICE, SERVICE_IMPORT):
            host = f"{name}.{namespace}.svc.{self.options.domain_suffix}"
            found = self.objects.get(*SERVICE, namespace, name) is not None
        elif kind == HOSTNAME:
            if wanted is not None:
                raise UnusableRoute(f"backend {name!r} of kind Hostname has a namespace")
            host, found = name, self._has_host(name, namespace)
        else:
            return Backend(NOWHERE, False)
        if reference.get("port") is None:
            raise UnusableRoute(f"backend {name!r} has no port")
        return Backend({"host": host, "port": {"number": integer(reference["port"])}}, found)

    def _has_host(self, host: str, namespace: str) -> bool:
        for entry in self.objects.all("networking.istio.io", "ServiceEntry"):
            if entry.namespace == namespace and host in texts(spec(entry).get("hosts")):
                return True
        name, _, rest = host.partition(".")
        in_cluster = rest == f"{namespace}.svc.{self.options.domain_suffix}"
        return in_cluster and self.objects.get(*SERVICE, namespace, name) is not None

    def _inference_pool(self, namespace: str, name: str) -> Backend:
        """Lead to the Service that istiod makes for an InferencePool."""
        if "." in name:
            raise UnusableRoute(f"backend {name!r} is a host name")
        if self.objects.get(*INFERENCE_POOL, namespace, name) is None:
            return Backend(NOWHERE, False)
        service = self.objects.get(*SERVICE, namespace, pool_service_name(name))
        if service is None and not self.options.assume_unseen:
            return Backend(NOWHERE, False)
        ports = sections(spec(service).get("ports")) if service is not None else []
        number = integer(ports[0].get("port")) if ports else _POOL_PORT
        host = f"{pool_service_name(name)}.{namespace}.svc.{self.options.domain_suffix}"
        return Backend({"host": host, "port": {"number": number}}, True)

    def _external(self, reference: Mapping[str, Any], namespace: str, name: str) -> Backend:
        """Lead to the external host that an XBackend names; the XBackend brings the port."""
        backend = self.objects.get(*XBACKEND, namespace, name)
        if backend is None:
            return Backend(NOWHERE, False)
        host = external_host(spec(backend))
        port = integer(section(spec(backend).get("port")).get("port"))
        if host is None or reference.get("port") not in (None, port):
            return Backend(NOWHERE, False)
        return Backend({"host": host, "port": {"number": port}}, True)


def external_host(backend: Mapping[str, Any]) -> str | None:
    """Return the host that the spec of an XBackend names, ``None`` where istiod does not support it."""
    if backend.get("type") != "ExternalHostname" or section(backend.get("tls")).get("mode") == "ClientAndServer":
        return None
    return text(section(backend.get("externalHostname")).get("hostname")) or None


def pool_service_name(pool: str) -> str:
    """Return the name of the Service that istiod makes for an InferencePool."""
    digest = hashlib.sha256(pool.encode()).hexdigest()[:_HASH_LENGTH]
    separator = "-ip-"
    return pool[: _MAX_SERVICE_NAME - len(separator) - _HASH_LENGTH] + separator + digest


def weight_of(reference: Mapping[str, Any]) -> int:
    """Return the weight of a backend, 1 where none is given."""
    weight = reference.get("weight")
    return 1 if weight is None else integer(weight)


def total_weight(references: Iterable[Mapping[str, Any]]) -> int:
    """Return the weight of all backends together."""
    return sum(map(weight_of, references))


def weighted(references: Sequence[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any], int]]:
    """Return position, reference and weight of the backends with a weight; a single one needs no weight, it gets 0."""
    found = [
        (index, reference, weight_of(reference))
        for index, reference in enumerate(references)
        if weight_of(reference) != 0
    ]
    return [(index, reference, 0) for index, reference, _ in found] if len(found) == 1 else found
