"""An app whose new versions Flagger brings in, as long as its measurements stay good."""

from __future__ import annotations

from meshwright.charts import app_objects
from meshwright.charts.backend import Backend
from meshwright.charts.claims import claim_name
from meshwright.charts.environment import Environment
from meshwright.charts.given import listed
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import percent, whole
from meshwright.charts.numbers import port as port_number
from meshwright.charts.pods import PORT_NAME, Pods
from meshwright.charts.problem import Part, problem
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta

    from meshwright.charts.environment_variables import Variable
    from meshwright.charts.images import Images
    from meshwright.charts.ingress_gateway import IngressGateway
    from meshwright.charts.pod_security import PodSecurity
    from meshwright.charts.probe import Probe
    from meshwright.charts.resources import Resources
    from meshwright.charts.version import Version
    from meshwright.imports.flagger import Canary, CanaryAnalysis, CanaryService
    from meshwright.imports.kubernetes.apps import Deployment


@tells_misfits
class FlaggerApp(Construct):
    """An app with one version in git; Flagger replaces the version that runs by it, or rolls back.

    Flagger makes the Services, the DestinationRules and the VirtualService itself, so that nothing of theirs is in git,
    and Argo CD has nothing to compare. It also sets the Deployment's replicas, which is why git names none.

    Args:
        image: What is to run.
        port: The port that its containers listen on.
        step: By how much the share of the new version grows at a time, in percent.
        most: At which share it has proved itself, in percent.
        interval: Between two steps, and what is measured over.
        failures: How many bad measurements end the rollout.
        success_rate: Least share of requests without a 5xx, in percent.
        latency: Most time that 99 percent of the requests take.
        service_port: The port of the Services; the same when left out.
        hosts, gateways: Public hosts, and the gateways that answer for them, beside callers inside the mesh.
        timeout: For each request.
        environment_variables, liveness, readiness, resources, security, images: As of `HttpApp`.
        name: Name of the Deployment and of the Service; the id when left out.

    Attributes:
        canary: The level-1 ``Canary``.
        deployment, service_account: The other level-1 objects.

    Source: Flagger docs, "Istio Canary Deployments".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        image: str | Version,
        port: int,
        step: int = 10,
        most: int = 50,
        interval: timedelta | None = None,
        failures: int = 5,
        success_rate: int = 99,
        latency: timedelta | None = None,
        service_port: int | None = None,
        hosts: Sequence[str] = (),
        gateways: Sequence[IngressGateway] = (),
        timeout: timedelta | None = None,
        environment_variables: Mapping[str, Variable] | None = None,
        liveness: Probe | None = None,
        readiness: Probe | None = None,
        resources: Resources | None = None,
        security: PodSecurity | None = None,
        images: Images | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.charts.version import Version

        self.name = name or id
        self.container_port = port
        self.port = service_port or port
        self._environment = Environment.of(self)
        for taken in (self.name, f"{self.name}-primary", f"{self.name}-canary"):
            claim_name(self, "Service", self.namespace, taken)
        part = Part(self, "app")
        port_number(port, "port", part)
        port_number(service_port, "service_port", part)
        self.service_account = app_objects.service_account(self, self._metadata())
        pods = Pods(
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
        self.deployment = self._make_deployment(pods, image if isinstance(image, Version) else Version(image))
        analysis = self._analysis(part, step, most, interval, failures, success_rate, latency)
        self.canary = self._make_canary(self._service(part, hosts, gateways, timeout), analysis)

    @property
    def namespace(self) -> str:
        """The namespace it runs in."""
        return self._environment.namespace

    @property
    def labels(self) -> dict[str, str]:
        """The labels of the pods of the new version; Flagger gives those of the old one ``app: NAME-primary``."""
        return {"app": self.name}

    @property
    def backend(self) -> Backend:
        """What Flagger makes for callers; its shares hold for routes to it."""
        return Backend(self._environment.service_host(self.name), self.port, elsewhere=True)

    def _metadata(self) -> dict[str, object]:
        return {"name": self.name, "namespace": self.namespace, "labels": self.labels}

    def _make_deployment(self, pods: Pods, version: Version) -> Deployment:
        from meshwright.imports.kubernetes.apps import Deployment, DeploymentStrategy, RollingUpdateDeployment
        from meshwright.imports.kubernetes.meta import LabelSelector

        metadata = self._metadata()
        if pods.annotations:
            metadata["annotations"] = pods.annotations
        return Deployment(
            self,
            "deployment",
            metadata=metadata,
            selector=LabelSelector(match_labels=self.labels),
            template=pods.template(version, "the version", self.labels),
            strategy=DeploymentStrategy(
                type="RollingUpdate", rolling_update=RollingUpdateDeployment(max_surge="25%", max_unavailable="25%")
            ),
            progress_deadline_seconds=600,
            revision_history_limit=10,
        )

    def _make_canary(self, service: CanaryService, analysis: CanaryAnalysis) -> Canary:
        from meshwright.imports.flagger import Canary, CanarySpecTargetRef

        return Canary(
            self,
            "canary",
            metadata=self._metadata(),
            provider="istio",
            target_ref=CanarySpecTargetRef(api_version="apps/v1", kind="Deployment", name=self.name),
            progress_deadline_seconds=600,
            service=service,
            analysis=analysis,
        )

    def _analysis(
        self,
        part: Part,
        step: int,
        most: int,
        interval: timedelta | None,
        failures: int,
        success_rate: int,
        latency: timedelta | None,
    ) -> CanaryAnalysis:
        from meshwright.charts.duration import duration, milliseconds
        from meshwright.imports.flagger import CanaryAnalysis, CanaryMetric, CanaryThresholdRange

        if not 0 < (percent(step, "step", part) or 0) <= (percent(most, "most", part) or 0):
            part.problem(f"step is {step}, and most {most}", "Let the share grow by more than 0, and no more than most")
        each = duration(interval, "interval", part) or "1m"
        limits = {"request-success-rate": CanaryThresholdRange(min=percent(success_rate, "success_rate", part))}
        slowest = milliseconds(latency, "latency", part)
        if slowest is not None:
            limits["request-duration"] = CanaryThresholdRange(max=slowest)
        return CanaryAnalysis(
            interval=each,
            threshold=whole(failures, "failures", part, 1),
            step_weight=step,
            max_weight=most,
            metrics=[CanaryMetric(name=name, interval=each, threshold_range=limit) for name, limit in limits.items()],
        )

    def _service(
        self, part: Part, hosts: Sequence[str], gateways: Sequence[IngressGateway], timeout: timedelta | None
    ) -> CanaryService:
        from meshwright.charts.duration import duration
        from meshwright.imports.flagger import CanaryService

        hosts, gateways = listed(hosts, "hosts", self), listed(gateways, "gateways", self)
        if bool(hosts) is not bool(gateways):
            problem(self, "public hosts need gateways, and gateways hosts", "Give both or none")
        return CanaryService(
            port=self.port,
            port_name=PORT_NAME,
            target_port=PORT_NAME,
            timeout=duration(timeout, "timeout", part),
            gateways=[*(gateway.reference for gateway in gateways), "mesh"] if gateways else None,
            hosts=list(hosts) or None,
        )
