"""An HTTP application and its Service, made so that the mesh works."""

from __future__ import annotations

from meshwright.charts import app_objects
from meshwright.charts.backend import Backend
from meshwright.charts.environment import Environment
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import port as port_number
from meshwright.charts.numbers import whole
from meshwright.charts.pods import Pods
from meshwright.charts.problem import Part, problem
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Generic

    from typing_extensions import TypeVar

    from meshwright.charts.environment_variables import Variable
    from meshwright.charts.images import Images
    from meshwright.charts.network_access import Caller, NetworkAccess
    from meshwright.charts.pod_security import PodSecurity
    from meshwright.charts.probe import Probe
    from meshwright.charts.resources import Resources
    from meshwright.charts.scaling import Autoscaling, DisruptionBudget
    from meshwright.charts.traffic_policy import TrafficPolicy
    from meshwright.charts.version import Version
    from meshwright.imports.istio.networking import DestinationRule
    from meshwright.imports.kubernetes.apps import Deployment
    from meshwright.imports.kubernetes.autoscaling import HorizontalPodAutoscaler
    from meshwright.imports.kubernetes.core import Service, ServiceAccount
    from meshwright.imports.kubernetes.policy import PodDisruptionBudget

    VersionName = TypeVar("VersionName", bound=str, default=str)

    class _Versioned(Construct, Generic[VersionName]):
        pass

else:

    class _Versioned(Construct):
        __slots__ = ()

        def __class_getitem__(cls, names):
            return cls


@tells_misfits
class HttpApp(_Versioned["VersionName"]):
    """One Service, and a Deployment for each version behind it.

    Its port is named ``http``, so that Istio routes it as HTTP; its pods carry the labels ``app`` and ``version``;
    it has a ServiceAccount of its own, which is its identity in the mesh, without a token for the Kubernetes API;
    its pods pass the Pod Security Standard "restricted". An app of several versions, or with a traffic policy, gets a
    DestinationRule, with a subset for each of several versions.

    ``HttpApp[Literal["v1", "v2"]](…)`` has type checkers refuse other versions than these.

    Args:
        versions: Image of each version, or a `Version`, by version name.
        port: The port that its containers listen on.
        service_port: The port of the Service; the same when left out.
        replicas: Pods of each version.
        environment_variables: For every container.
        traffic_policy: How callers treat it.
        liveness, readiness: Probes; the kubelet restarts a container that is not live, and a pod that is not ready
            gets no requests.
        resources: What each container may use.
        autoscaling: Pods by load, instead of ``replicas``.
        disruption_budget: How many pods, of all versions together, stay while nodes are drained.
        security: What the containers may do beyond answering requests, and why.
        images: What images may be named by: ``any`` name, ``tags`` that say a version, ``digests`` alone; as the
            environment says when left out.
        callers: Apps and identities that may reach it, beside the gateways whose routes lead to it, and nobody else:
            a NetworkPolicy says so. Everybody may when left out.
        name: Name of the Service; the id when left out.

    Attributes:
        deployments: The level-1 ``Deployment`` of each version.
        service, service_account, destination_rule, disruption_budget: The other level-1 objects.
        network_access: The `NetworkAccess`, with ``callers``.
        autoscalers: The level-1 ``HorizontalPodAutoscaler`` of each version.

    Source: Istio docs, "Application Requirements"; Kubernetes docs, "Pod Security Standards".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        versions: Mapping[VersionName, str | Version],
        port: int,
        service_port: int | None = None,
        replicas: int = 1,
        environment_variables: Mapping[str, Variable] | None = None,
        traffic_policy: TrafficPolicy | None = None,
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
        self.versions: tuple[VersionName, ...] = tuple(versions)
        self._environment = Environment.of(self)
        described = {
            name: version if isinstance(version, Version) else Version(version) for name, version in versions.items()
        }
        self._check(described, port, service_port, replicas)
        self.service_account: ServiceAccount = app_objects.service_account(self, self._metadata(self.name))
        self.service: Service = app_objects.service(
            self, "service", self._metadata(self.name), self.port, port, self.labels
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
        self.deployments: dict[VersionName, Deployment] = {
            name: self._make_deployment(name, version, replicas, autoscaling) for name, version in described.items()
        }
        self.destination_rule = self._make_destination_rule(described, traffic_policy)
        self.autoscalers = self._make_autoscalers(autoscaling)
        self.disruption_budget: PodDisruptionBudget | None = None
        if disruption_budget is not None:
            self.disruption_budget = app_objects.disruption_budget(
                self, self._metadata(self.name), disruption_budget, self.labels
            )
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
    def labels(self) -> dict[str, str]:
        """The labels of its pods, whatever their version."""
        return {"app": self.name}

    @property
    def service_account_name(self) -> str:
        """The ServiceAccount that its pods run as."""
        return self.name

    @property
    def backend(self) -> Backend:
        """All its workloads, whatever their version."""
        return Backend(self.host, self.port)

    def version(self, version: VersionName) -> Backend:
        """Return the workloads of one version, as the target of a route."""
        known = version in self.versions
        if not known:
            problem(self, f"it has no version {version!r}", f"Known are: {', '.join(self.versions)}")
        subset = f"{version}" if len(self.versions) > 1 else ""
        return Backend(self.host, self.port, subset, elsewhere=not known)  # what was told is not told again

    def _check(
        self, versions: Mapping[VersionName, Version], port: int, service_port: int | None, replicas: int
    ) -> None:
        from meshwright.charts.claims import claim_name
        from meshwright.charts.names import check_label, is_dns_label

        claim_name(self, "Service", self.namespace, self.name)
        part = Part(self, "app")
        port_number(port, "port", part)
        port_number(service_port, "service_port", part)
        whole(replicas, "replicas", part)
        if not versions:
            problem(self, "it has no version", 'Give at least one: versions={"v1": IMAGE}')
        for name in versions:
            if is_dns_label(self.name):
                check_label(self, f"{self.name}-{name}", f"the name of the Deployment of version {name!r}")

    def _metadata(self, name: str, **labels: str) -> dict[str, object]:
        return {"name": name, "namespace": self.namespace, "labels": {"app": self.name, **labels}}

    def _make_deployment(
        self, name: VersionName, version: Version, replicas: int, autoscaling: Autoscaling | None
    ) -> Deployment:
        from meshwright.imports.kubernetes.apps import Deployment, DeploymentStrategy, RollingUpdateDeployment
        from meshwright.imports.kubernetes.meta import LabelSelector

        if version.replicas is not None:
            part = Part(self, f"version {name!r}", version)
            replicas = whole(version.replicas, "replicas", part) or 0
            if autoscaling is not None:
                part.problem("it has replicas and autoscaling", "Leave one of them out")
        labels = {**self.labels, "version": f"{name}"}
        metadata = self._metadata(f"{self.name}-{name}", version=f"{name}")
        if self._pods.annotations:
            metadata["annotations"] = self._pods.annotations
        return Deployment(
            self,
            f"deployment-{name}",
            metadata=metadata,
            replicas=replicas if autoscaling is None else None,
            selector=LabelSelector(match_labels=labels),
            template=self._pods.template(version, f"version {name!r}", labels),
            strategy=DeploymentStrategy(
                type="RollingUpdate", rolling_update=RollingUpdateDeployment(max_surge="25%", max_unavailable="25%")
            ),
            progress_deadline_seconds=600,
            revision_history_limit=10,
        )

    def _make_destination_rule(
        self, versions: Mapping[VersionName, Version], traffic_policy: TrafficPolicy | None
    ) -> DestinationRule | None:
        if len(versions) < 2:
            only = next(iter(versions.values()), None)
            if only is not None and only.traffic_policy is not None:
                if traffic_policy is not None:
                    remedy = "Say it once: it is the only version"
                    Part(self, "version", only).problem("it has a traffic policy, and the app another", remedy)
                traffic_policy = only.traffic_policy
            if traffic_policy is None:
                return None
            versions = {}
        from meshwright.charts.subsets import Subset, destination_rule

        subsets = [
            Subset(name, labels={"version": f"{name}"}, traffic_policy=version.traffic_policy)
            for name, version in versions.items()
        ]
        return destination_rule(
            self,
            self.name,
            self.host,
            subsets,
            traffic_policy,
            ports=[self.port],
            namespace=self.namespace,
            labels=self.labels,
        )

    def _make_autoscalers(self, autoscaling: Autoscaling | None) -> dict[VersionName, HorizontalPodAutoscaler]:
        if autoscaling is None:
            return {}
        return {
            name: app_objects.autoscaler(
                self,
                f"autoscaler-{name}",
                self._metadata(f"{self.name}-{name}", version=f"{name}"),
                autoscaling,
                self._pods.resources,
                ("apps/v1", "Deployment", f"{self.name}-{name}"),
            )
            for name in self.versions
        }
