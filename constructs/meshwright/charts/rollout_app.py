"""An app whose new versions Argo Rollouts brings in step by step."""

from __future__ import annotations

from meshwright.charts import app_objects
from meshwright.charts.backend import Backend
from meshwright.charts.claims import claim_name
from meshwright.charts.delegate import DelegateRoutes
from meshwright.charts.environment import Environment
from meshwright.charts.given import listed
from meshwright.charts.http_routes import HttpRoutes
from meshwright.charts.lists import only
from meshwright.charts.match import Match
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import port as port_number
from meshwright.charts.numbers import whole
from meshwright.charts.pods import Pods
from meshwright.charts.problem import Part, problem
from meshwright.charts.rollout_step import RolloutStep
from meshwright.charts.route import Route
from meshwright.tree import ApiObject, Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from meshwright.charts.argo_sync import IgnoreDifference
    from meshwright.charts.environment_variables import Variable
    from meshwright.charts.images import Images
    from meshwright.charts.ingress_gateway import IngressGateway
    from meshwright.charts.network_access import Caller, NetworkAccess
    from meshwright.charts.pod_security import PodSecurity
    from meshwright.charts.probe import Probe
    from meshwright.charts.resources import Resources
    from meshwright.charts.retries import Retries
    from meshwright.charts.scaling import Autoscaling, DisruptionBudget
    from meshwright.charts.version import Version
    from meshwright.imports.argo_rollouts import Rollout

_SPLIT = "split"
"""The route whose weights the controller moves."""


@tells_misfits
class RolloutApp(Construct):
    """An app with one version in git; Argo Rollouts replaces the version that runs by it, step by step.

    A change of ``image`` starts a rollout. The controller moves requests from the Service of the stable version, which
    has the app's name, to that of the canary, by the weights of one route. That route stands in a VirtualService of its
    own, to which those of the app's hosts delegate: so the controller has its weights for itself, and every other field
    of every route stays under the control of git. `ignored_differences` tells Argo CD what is the controller's.

    Args:
        image: What is to run.
        port: The port that its containers listen on.
        steps: In their order: shares of the requests, pauses, analyses. The last one leads to all requests.
        service_port: The port of the Services; the same when left out.
        hosts, gateways: Public hosts, and the gateways that answer for them; callers inside the mesh use the app's own.
        testers: Requests that see the canary whatever its share; the stable version while there is no rollout.
        timeout, retries: For each request.
        replicas, environment_variables, liveness, readiness, resources, autoscaling, disruption_budget, security,
            images, callers: As of `HttpApp`.
        name: Name of the Rollout and of the stable Service; the id when left out.

    Attributes:
        rollout: The level-1 ``Rollout``.
        service, canary_service, service_account, autoscaler, disruption_budget: The other level-1 objects.
        split: The `DelegateRoutes` whose weights the controller moves: ``Route(delegate=app.split)`` of other routes
            takes part in the rollout.
        routes, public_routes: The `HttpRoutes` for callers inside the mesh, and of the gateways.

    Source: Argo Rollouts docs, "Istio", Host-level Traffic Splitting.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        image: str | Version,
        port: int,
        steps: Sequence[RolloutStep],
        service_port: int | None = None,
        hosts: Sequence[str] = (),
        gateways: Sequence[IngressGateway] = (),
        testers: Match | Sequence[Match] = (),
        timeout: timedelta | None = None,
        retries: Retries | None = None,
        replicas: int = 1,
        environment_variables: Mapping[str, Variable] | None = None,
        liveness: Probe | None = None,
        readiness: Probe | None = None,
        resources: Resources | None = None,
        autoscaling: Autoscaling | None = None,
        disruption_budget: DisruptionBudget | None = None,
        security: PodSecurity | None = None,
        images: Images | None = None,
        callers: Sequence[Caller] | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.charts.version import Version

        self.name = name or id
        self.container_port = port
        self.port = service_port or port
        self._environment = Environment.of(self)
        for taken in (self.name, f"{self.name}-canary"):
            claim_name(self, "Service", self.namespace, taken)
        part = Part(self, "app")
        port_number(port, "port", part)
        port_number(service_port, "service_port", part)
        metadata = self._metadata(self.name)
        self.service_account = app_objects.service_account(self, metadata)
        self.service = app_objects.service(self, "service", metadata, self.port, port, self.labels)
        self.canary_service = app_objects.service(
            self, "canary-service", self._metadata(f"{self.name}-canary"), self.port, port, self.labels
        )
        self._pods = Pods(
            self,
            self.name,
            port=port,
            environment_variables=environment_variables,
            liveness=liveness,
            readiness=readiness,
            resources=resources,
            security=security,
            images=images,
        )
        version = image if isinstance(image, Version) else Version(image)
        self.rollout = self._make_rollout(version, steps, replicas if autoscaling is None else None)
        self.split = DelegateRoutes(
            self,
            "split",
            name=f"{self.name}-{_SPLIT}",
            routes=[Route(name=_SPLIT, to={self.backend: 100, self.canary_backend: 0})],
        )
        self._make_routes(hosts, gateways, testers, timeout, retries)
        self.autoscaler = self.disruption_budget = None
        if autoscaling is not None:
            target = ("argoproj.io/v1alpha1", "Rollout", self.name)
            self.autoscaler = app_objects.autoscaler(self, "autoscaler", metadata, autoscaling, resources, target)
        if disruption_budget is not None:
            self.disruption_budget = app_objects.disruption_budget(self, metadata, disruption_budget, self.labels)
        self.network_access: NetworkAccess | None = None
        if callers is not None:
            from meshwright.charts.network_access import NetworkAccess

            self.network_access = NetworkAccess(self, "network-access", of=self, callers=callers, name=self.name)

    @property
    def namespace(self) -> str:
        """The namespace it runs in."""
        return self._environment.namespace

    @property
    def host(self) -> str:
        """The full name that workloads of the mesh call it by."""
        return self._environment.service_host(self.name)

    @property
    def hosts(self) -> tuple[str, str]:
        """The full names of its Services: of the stable version, and of the canary."""
        return self.host, self._environment.service_host(f"{self.name}-canary")

    @property
    def labels(self) -> dict[str, str]:
        """The labels of its pods, whatever their version."""
        return {"app": self.name}

    @property
    def service_account_name(self) -> str:
        """The ServiceAccount that its pods run as."""
        return self.name

    @property
    def backend(self) -> Backend:
        """The stable version; without a rollout, all its pods."""
        return Backend(self.hosts[0], self.port)

    @property
    def canary_backend(self) -> Backend:
        """The new version; without a rollout, all its pods."""
        return Backend(self.hosts[1], self.port)

    @property
    def ignored_differences(self) -> list[IgnoreDifference]:
        """What the controller writes into objects that are in git: the weights, and which pods the Services mean.

        Give them to Argo CD: ``ArgoSync(ignore_differences=app.ignored_differences)``.
        """
        from meshwright.charts.argo_sync import IgnoreDifference

        weights = IgnoreDifference(
            "VirtualService",
            group="networking.istio.io",
            name=self.split.name,
            jq_paths=[f'.spec.http[] | select(.name == "{_SPLIT}") | .route[].weight'],
        )
        pods = ["/spec/selector/rollouts-pod-template-hash"]
        services = [IgnoreDifference("Service", name=each.name, json_pointers=pods) for each in self._services]
        return [weights, *services]

    @property
    def _services(self) -> list[ApiObject]:
        return [self.service, self.canary_service]

    def _metadata(self, name: str) -> dict[str, object]:
        return {"name": name, "namespace": self.namespace, "labels": self.labels}

    def _make_rollout(self, version: Version, steps: Sequence[RolloutStep], replicas: int | None) -> Rollout:
        from meshwright.imports.argo_rollouts import (
            CanaryStrategy,
            IstioTrafficRouting,
            IstioVirtualService,
            LabelSelector,
            Rollout,
            RolloutStrategy,
            RolloutTrafficRouting,
        )

        steps = only(RolloutStep, steps, "steps", self)
        if not steps:
            problem(self, "there is no step", "Give at least one, such as RolloutStep.share(20)")
        if version.traffic_policy is not None:
            problem(self, "its version has a traffic policy, which would belong to no subset", "Use Subsets(of=app)")
        if version.replicas is not None:
            problem(self, "its version has replicas", "Say replicas of the app")
        metadata = self._metadata(self.name)
        if self._pods.annotations:
            metadata["annotations"] = self._pods.annotations
        split = IstioVirtualService(name=f"{self.name}-{_SPLIT}", routes=[_SPLIT])
        return Rollout(
            self,
            "rollout",
            metadata=metadata,
            replicas=whole(replicas, "replicas", Part(self, "app")),
            selector=LabelSelector(match_labels=self.labels),
            template=self._pods.template(version, "the version", self.labels),  # type: ignore[arg-type]  # the same
            strategy=RolloutStrategy(
                canary=CanaryStrategy(
                    stable_service=self.name,
                    canary_service=f"{self.name}-canary",
                    traffic_routing=RolloutTrafficRouting(istio=IstioTrafficRouting(virtual_service=split)),
                    steps=[step.to_argo(Part(self, f"step {at + 1}", step)) for at, step in enumerate(steps)],
                )
            ),
            progress_deadline_seconds=600,
            revision_history_limit=10,
        )

    def _make_routes(
        self,
        hosts: Sequence[str],
        gateways: Sequence[IngressGateway],
        testers: Match | Sequence[Match],
        timeout: timedelta | None,
        retries: Retries | None,
    ) -> None:
        always = [testers] if isinstance(testers, Match) else [*listed(testers, "testers", self)]
        hosts = listed(hosts, "hosts", self)
        gateways = listed(gateways, "gateways", self)

        def routes() -> list[Route]:
            everyone = Route(name="everyone", delegate=self.split, timeout=timeout, retries=retries)
            if not always:
                return [everyone]
            to = self.canary_backend
            return [Route(name="testers", to=to, match=always, timeout=timeout, retries=retries), everyone]

        if bool(hosts) is not bool(gateways):
            problem(self, "public hosts need gateways, and gateways hosts", "Give both or none")
        self.routes = HttpRoutes(self, "routes", name=self.name, hosts=[self], routes=routes())
        self.public_routes: HttpRoutes | None = None
        if hosts and gateways:
            self.public_routes = HttpRoutes(
                self, "public", name=f"{self.name}-public", hosts=hosts, gateways=gateways, routes=routes()
            )
