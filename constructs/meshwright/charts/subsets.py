"""The parts of a host that routes can choose from, and how proxies treat it: its DestinationRule."""

from __future__ import annotations

from meshwright.charts.backend import Backend, backend_of
from meshwright.charts.claims import claim
from meshwright.charts.environment import Environment
from meshwright.charts.given import listed
from meshwright.charts.lists import of_kind, only
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.names import check_label, host_problem
from meshwright.charts.numbers import port as port_number
from meshwright.charts.overloads import overload
from meshwright.charts.problem import Part, problem
from meshwright.charts.written import Written
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from meshwright.charts.backend import Target
    from meshwright.charts.traffic_policy import TrafficPolicy
    from meshwright.imports.istio.networking import DestinationRule
    from meshwright.imports.istio.networking import Subset as SubsetMessage


@tells_misfits
class Subset(Written):
    """Some of the workloads behind a host.

    Args:
        name: What routes call it.
        labels: Labels of its pods; ``version`` with the subset's name when left out.
        traffic_policy: What holds for it, instead of what holds for the host, field by field.

    Source: Istio reference, "Destination Rule", Subset.
    """

    __slots__ = ("labels", "name", "traffic_policy")

    def __init__(
        self, name: str, *, labels: Mapping[str, str] | None = None, traffic_policy: TrafficPolicy | None = None
    ) -> None:
        super().__init__()
        self.name = name
        self.labels = {"version": name} if labels is None else dict(labels)
        self.traffic_policy = traffic_policy


@tells_misfits
class Subsets(Construct):
    """The DestinationRule of a host.

    An `HttpApp` of several versions makes its own; give its policies to the app.

    Args:
        of: An app, an external service, a cdk8s-plus Service, or the full name of a host.
        subsets: Each by its name, which is also the ``version`` label of its pods, or as a `Subset`.
        traffic_policy: What holds for the host.
        port: Of a host that is given by name, for routes to it.
        name: Name of the object; the id when left out.

    Attributes:
        destination_rule: The level-1 ``DestinationRule``.
        host: The full name of the host.

    Source: Istio reference, "Destination Rule".
    """

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        of: Target,
        subsets: Sequence[str | Subset] = (),
        traffic_policy: TrafficPolicy | None = None,
        name: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        of: str,
        port: int | None = None,
        subsets: Sequence[str | Subset] = (),
        traffic_policy: TrafficPolicy | None = None,
        name: str | None = None,
    ) -> None: ...
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        of: Target | str,
        port: int | None = None,
        subsets: Sequence[str | Subset] = (),
        traffic_policy: TrafficPolicy | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        environment = Environment.of(self)
        ports: list[int] | None = None
        if isinstance(of, str):
            found = host_problem(of, environment.namespace, environment.cluster_domain)
            if found is not None:
                problem(self, *found)
            self.host, self.port = of, port_number(port, "port", Part(self, "host"))
        else:
            backend = backend_of(of, environment.namespace, environment.cluster_domain)
            self.host, self.port = backend.host, backend.port
            known = getattr(of, "ports", None)
            ports = list(known) if isinstance(known, (tuple, list)) else [backend.port]
        self.subsets = only(
            Subset,
            [Subset(each) if isinstance(each, str) else each for each in listed(subsets, "subsets", self)],
            "subsets",
            self,
        )
        if not self.subsets and traffic_policy is None:
            problem(self, "it has neither subsets nor a traffic policy", "Give one of them")
        self._check_versions(of)
        self.destination_rule = destination_rule(
            self, name or id, self.host, self.subsets, traffic_policy, ports=ports, namespace=environment.namespace
        )

    @property
    def backend(self) -> Backend:
        """All workloads of the host."""
        return self._backend("")

    def subset(self, name: str) -> Backend:
        """Return the workloads of one subset, as the target of a route."""
        known = [subset.name for subset in self.subsets]
        if name not in known:
            problem(self, f"it has no subset {name!r}", f"Known are: {', '.join(known) or 'none'}")
        return self._backend(name)

    def _backend(self, subset: str) -> Backend:
        if self.port is None:
            problem(self, f"the port of {self.host!r} is not known, so no route can lead there", "Give port=")
        return Backend(self.host, self.port or 80, subset, elsewhere=True)

    def _check_versions(self, of: object) -> None:
        versions = getattr(of, "versions", None)
        if not isinstance(versions, tuple):
            return
        for subset in self.subsets:
            wanted = subset.labels.get("version")
            if wanted is not None and wanted not in versions:
                part = Part(self, f"subset {subset.name!r}", subset)
                part.problem(f"the app has no version {wanted!r}", f"Known are: {', '.join(versions)}")


def destination_rule(
    construct: Construct,
    name: str,
    host: str,
    subsets: Iterable[Subset],
    traffic_policy: TrafficPolicy | None,
    *,
    namespace: str,
    ports: list[int] | None = None,
    labels: Mapping[str, str] | None = None,
) -> DestinationRule:
    """Make the DestinationRule of a host in ``construct``, and tell what is wrong with it.

    Args:
        ports: The ports of the host; None where they are not known.
        labels: Of the object.
    """
    from meshwright.imports.istio.networking import DestinationRule

    check_label(construct, name)
    holder = claim(construct, "DestinationRule", f"{namespace} {host}")
    if holder is not None:
        problem(
            construct,
            f"{holder.node.path} ({holder.defined_at}) makes the DestinationRule of {host} already",
            "Say it there: of two, Istio takes the policy of the first alone",
        )
    from meshwright.charts.traffic_policy import TrafficPolicy

    if traffic_policy is not None:
        traffic_policy = of_kind(TrafficPolicy, traffic_policy, "traffic_policy", construct)
    metadata: dict[str, object] = {"name": name, "namespace": namespace}
    if labels:
        metadata["labels"] = labels
    return DestinationRule(
        construct,
        "destination-rule",
        metadata=metadata,
        host=host,
        subsets=_messages(construct, subsets, ports) or None,
        traffic_policy=None
        if traffic_policy is None
        else traffic_policy.to_istio(Part(construct, "traffic_policy"), ports),
    )


def _messages(construct: Construct, subsets: Iterable[Subset], ports: list[int] | None) -> list[SubsetMessage]:
    from meshwright.imports.istio.networking import Subset as SubsetMessage

    seen: set[str] = set()
    messages = []
    for subset in subsets:
        part = Part(construct, f"subset {subset.name!r}", subset)
        check_label(construct, subset.name, "the name of a subset")
        if subset.name in seen:
            part.problem("there are two of this name", "Give each a name of its own")
        seen.add(subset.name)
        message = SubsetMessage(name=subset.name, labels=subset.labels or None)
        if subset.traffic_policy is not None:
            inner = Part(construct, f"traffic_policy of subset {subset.name!r}")
            message["traffic_policy"] = subset.traffic_policy.to_istio(inner, ports)
        messages.append(message)
    return messages
