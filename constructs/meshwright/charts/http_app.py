"""An HTTP application and its Service, made so that the mesh works."""

from __future__ import annotations

from meshwright.charts.backend import Backend
from meshwright.charts.environment import Environment
from meshwright.charts.problem import problem
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshwright.imports.istio.networking import DestinationRule
    from meshwright.imports.kubernetes.apps import Deployment
    from meshwright.imports.kubernetes.core import Service, ServiceAccount


class HttpApp(Construct):
    """One Service, and a Deployment for each version behind it.

    Its port is named ``http``, so that Istio routes it as HTTP; its pods carry the labels ``app`` and ``version``;
    it has a ServiceAccount of its own, which is its identity in the mesh, without a token for the Kubernetes API;
    its pods pass the Pod Security Standard "restricted". An app of several versions gets a DestinationRule with a
    subset for each.

    Args:
        versions: Image of each version, by version name.
        port: The port that its containers listen on.
        service_port: The port of the Service; the same when left out.
        replicas: Pods of each version.
        environment_variables: For every container.
        name: Name of the Service; the id when left out.

    Attributes:
        deployments: The level-1 ``Deployment`` of each version.
        service, service_account, destination_rule: The other level-1 objects.

    Source: Istio docs, "Application Requirements"; Kubernetes docs, "Pod Security Standards".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        versions: Mapping[str, str],
        port: int,
        service_port: int | None = None,
        replicas: int = 1,
        environment_variables: Mapping[str, str] | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        self.name = name or id
        self.port = service_port or port
        self.versions = tuple(versions)
        self._environment = Environment.of(self)
        if not versions:
            problem(self, "it has no version", 'Give at least one: versions={"v1": IMAGE}')
        self.service_account = self._make_service_account()
        self.service = self._make_service(port)
        self.deployments = {
            version: self._make_deployment(version, image, port, replicas, environment_variables or {})
            for version, image in versions.items()
        }
        self.destination_rule = self._make_subsets() if len(versions) > 1 else None

    @property
    def host(self) -> str:
        """The full name that workloads of the mesh call it by."""
        return self._environment.service_host(self.name)

    @property
    def backend(self) -> Backend:
        """All its workloads, whatever their version."""
        return Backend(self.host, self.port)

    def version(self, version: str) -> Backend:
        """Return the workloads of one version, as the target of a route."""
        if version not in self.versions:
            known = ", ".join(self.versions)
            problem(self, f"it has no version {version!r}", f"Known are: {known}")
            return self.backend
        return Backend(self.host, self.port, version if self.destination_rule is not None else "")

    def _metadata(self, name: str, **labels: str) -> dict[str, object]:
        return {"name": name, "namespace": self._environment.namespace, "labels": {"app": self.name, **labels}}

    def _make_service_account(self) -> ServiceAccount:
        from meshwright.imports.kubernetes.core import ServiceAccount

        return ServiceAccount(
            self, "service-account", metadata=self._metadata(self.name), automount_service_account_token=False
        )

    def _make_service(self, port: int) -> Service:
        from meshwright.imports.kubernetes.core import Service, ServicePort

        return Service(
            self,
            "service",
            metadata=self._metadata(self.name),
            selector={"app": self.name},
            ports=[ServicePort(name="http", port=self.port, target_port=port, protocol="TCP")],
        )

    def _make_deployment(
        self, version: str, image: str, port: int, replicas: int, variables: Mapping[str, str]
    ) -> Deployment:
        from meshwright.imports.kubernetes.apps import Deployment
        from meshwright.imports.kubernetes.core import (
            Capabilities,
            Container,
            ContainerPort,
            EnvVar,
            PodSecurityContext,
            PodSpec,
            PodTemplateSpec,
            SeccompProfile,
            SecurityContext,
        )
        from meshwright.imports.kubernetes.meta import LabelSelector, ObjectMeta

        labels = {"app": self.name, "version": version}
        container = Container(
            name=self.name,
            image=image,
            ports=[ContainerPort(name="http", container_port=port, protocol="TCP")],
            env=[EnvVar(name=key, value=value) for key, value in variables.items()] or None,
            security_context=SecurityContext(allow_privilege_escalation=False, capabilities=Capabilities(drop=["ALL"])),
        )
        return Deployment(
            self,
            f"deployment-{version}",
            metadata=self._metadata(f"{self.name}-{version}", version=version),
            replicas=replicas,
            selector=LabelSelector(match_labels=labels),
            template=PodTemplateSpec(
                metadata=ObjectMeta(labels=labels),
                spec=PodSpec(
                    service_account_name=self.name,
                    automount_service_account_token=False,
                    security_context=PodSecurityContext(
                        run_as_non_root=True, seccomp_profile=SeccompProfile(type="RuntimeDefault")
                    ),
                    containers=[container],
                ),
            ),
        )

    def _make_subsets(self) -> DestinationRule:
        from meshwright.imports.istio.networking import DestinationRule, Subset

        return DestinationRule(
            self,
            "destination-rule",
            metadata=self._metadata(self.name),
            host=self.host,
            subsets=[Subset(name=version, labels={"version": version}) for version in self.versions],
        )
