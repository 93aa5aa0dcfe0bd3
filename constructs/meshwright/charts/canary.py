"""A new version for some of the requests of an app, at first."""

from __future__ import annotations

from meshwright.charts.given import listed
from meshwright.charts.lists import only
from meshwright.charts.match import Match
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import percent, whole
from meshwright.charts.overloads import overload
from meshwright.charts.problem import Part, problem
from meshwright.charts.release_routes import release_routes
from meshwright.charts.route import Route
from meshwright.charts.written import Written
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from meshwright.charts.fault import Fault
    from meshwright.charts.http_app import HttpApp, VersionName
    from meshwright.charts.ingress_gateway import IngressGateway
    from meshwright.imports.istio.networking import VirtualService


@tells_misfits
class Step(Written):
    """One step of a canary; those before it stay in force, but of several weights the last one counts.

    Args:
        weight: Share of all requests, in percent.
        testers: Instead, who sees the canary always.
    """

    __slots__ = ("testers", "weight")

    def __init__(self, *, weight: int | None = None, testers: Match | None = None) -> None:
        super().__init__()
        self.weight = weight
        self.testers = testers

    @classmethod
    def header(cls, name: str, *, exact: str | None = None) -> Step:
        """Requests with this header (of this value) see the canary."""
        return cls(testers=Match.any().header(name, exact=exact))

    @classmethod
    def cookie(cls, name: str, value: str) -> Step:
        """Requests with this cookie see the canary."""
        return cls(testers=Match.any().cookie(name, value))

    @classmethod
    def share(cls, weight: int) -> Step:
        """This share of all requests, in percent, sees the canary."""
        return cls(weight=weight)


@tells_misfits
class Canary(Construct):
    """The routes of an app of which a share goes to another version.

    Either a fixed ``weight``, or ``steps`` of which those up to number ``at`` are in force: going a step further is a
    change of one number.

    Args:
        of: The app.
        stable, canary: Two of its versions.
        weight: The canary's share of the requests, in percent, 0 to 100.
        testers: Requests that see the canary whatever the weight.
        steps: In their order, with weights that grow.
        at: How many steps are in force: 0 for none, up to their number.
        hosts: Further hosts, next to the app's own; with ``gateways`` their public names alone.
        gateways: The gateways that answer for the hosts. Without one, the routes are for callers inside the mesh.
        timeout: For each request.
        fault: What goes wrong on purpose, whichever version answers; as always in Istio, timeouts and retries are off
            then.
        name: Name of the object; the id when left out.

    Attributes:
        routes: The `HttpRoutes`.

    Source: Istio docs, "Traffic Shifting"; Istio reference, "Virtual Service", HTTPRouteDestination.
    """

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        of: HttpApp[VersionName],
        stable: VersionName,
        canary: VersionName,
        weight: int,
        testers: Match | Sequence[Match] = (),
        hosts: Sequence[str] = (),
        gateways: Sequence[IngressGateway] = (),
        timeout: timedelta | None = None,
        fault: Fault | None = None,
        name: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        of: HttpApp[VersionName],
        stable: VersionName,
        canary: VersionName,
        steps: Sequence[Step],
        at: int,
        hosts: Sequence[str] = (),
        gateways: Sequence[IngressGateway] = (),
        timeout: timedelta | None = None,
        fault: Fault | None = None,
        name: str | None = None,
    ) -> None: ...
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        of: HttpApp[VersionName],
        stable: VersionName,
        canary: VersionName,
        weight: int = 0,
        testers: Match | Sequence[Match] = (),
        steps: Sequence[Step] = (),
        at: int = 0,
        hosts: Sequence[str] = (),
        gateways: Sequence[IngressGateway] = (),
        timeout: timedelta | None = None,
        fault: Fault | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        part = Part(self, "canary")
        always = [testers] if isinstance(testers, Match) else [*listed(testers, "testers", self)]
        if stable == canary:
            problem(self, f"stable and canary are both {stable!r}", "Name two versions of the app")
        steps = only(Step, steps, "steps", self)
        if steps:
            weight, always = self._in_force(steps, at)
        self.weight = percent(weight, "weight", part) or 0
        targets = {stable: of.version(stable), canary: of.version(canary)}
        shares = {targets[stable]: 100 - self.weight, targets[canary]: self.weight}
        given = {target: share for target, share in shares.items() if share}
        to = given if len(given) > 1 else next(iter(given), targets[stable])
        routes = [Route(name="everyone", to=to, timeout=timeout, fault=fault)]
        if always:
            routes.insert(0, Route(name="testers", to=targets[canary], match=always, timeout=timeout, fault=fault))
        self.routes = release_routes(self, name or id, of, hosts, gateways, routes)

    @property
    def virtual_service(self) -> VirtualService:
        """The level-1 ``VirtualService``."""
        return self.routes.virtual_service

    def _in_force(self, steps: Sequence[Step], at: int) -> tuple[int, list[Match]]:
        """Return weight and testers of the steps in force, and tell what is wrong with the steps."""
        weight, last, always = 0, 0, []
        known = whole(at, "at", Part(self, "canary"), 0, len(steps)) or 0
        for position, step in enumerate(steps):
            part = Part(self, f"step {position + 1}", step)
            if (step.weight is None) is (step.testers is None):
                part.problem("it needs one of weight and testers", "Use Step.share, Step.header or Step.cookie")
            share = percent(step.weight, "weight", part)
            if share is not None:
                if share <= last:
                    part.problem(f"weight {share} is not above {last}, that of a step before", "Let the weights grow")
                last = share
            if position < known:
                weight = weight if share is None else share
                always += [] if step.testers is None else [step.testers]
        return weight, always
