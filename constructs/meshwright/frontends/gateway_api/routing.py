"""What the conversion of every kind of route needs: the listeners, the objects, the grants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meshwright.frontends.gateway_api.backends import Backends
from meshwright.frontends.gateway_api.gateways import Parent
from meshwright.frontends.gateway_api.objects import GATEWAY_API, Objects
from meshwright.frontends.gateway_api.options import Options
from meshwright.frontends.gateway_api.references import Grants, GroupKind, Referrer
from meshwright.manifests.resource import Resource


@dataclass(frozen=True, slots=True)
class Routing:
    """The surroundings of a route."""

    parents: Mapping[tuple[GroupKind, str, str], Sequence[Parent]]
    objects: Objects
    grants: Grants
    options: Options

    def backends(self, route: Resource, in_mesh: bool) -> Backends:
        """Return what the backends of a route may lead to."""
        referrer = Referrer((GATEWAY_API, route.kind), route.namespace)
        return Backends(self.objects, self.grants, self.options, referrer, enforce_grants=not in_mesh)
