"""The pods of an app, whoever makes them: a Deployment, or a Rollout.

Fields that the API server would fill in are written out, so that what is in the cluster is what is in git.
"""

from __future__ import annotations

from meshwright.charts.environment import Environment
from meshwright.charts.problem import Part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshwright.charts.environment_variables import Variable
    from meshwright.charts.images import Images
    from meshwright.charts.pod_security import PodSecurity
    from meshwright.charts.probe import Probe
    from meshwright.charts.resources import Resources
    from meshwright.charts.version import Version
    from meshwright.imports.kubernetes.core import Container, PodTemplateSpec
    from meshwright.tree import Construct

PORT_NAME = "http"
"""By which Istio takes what comes for HTTP."""


class Pods:
    """What all pods of an app have in common, whatever their version.

    Args:
        app: Whose they are; told in problems.
        name: Of the containers, and of the ServiceAccount that the pods run as.
        port: The port that the containers listen on.
        environment_variables, liveness, readiness, resources, security, images: As of `HttpApp`.
    """

    __slots__ = ("app", "images", "liveness", "name", "port", "readiness", "resources", "security", "variables")

    def __init__(
        self,
        app: Construct,
        name: str,
        *,
        port: int,
        environment_variables: Mapping[str, Variable] | None,
        liveness: Probe | None,
        readiness: Probe | None,
        resources: Resources | None,
        security: PodSecurity | None,
        images: Images | None,
    ) -> None:
        from meshwright.charts.images import IMAGES
        from meshwright.charts.numbers import one_of
        from meshwright.charts.pod_security import PodSecurity

        self.app = app
        self.name = name
        self.port = port
        self.variables = dict(environment_variables or {})
        self.liveness = liveness
        self.readiness = readiness
        self.resources = resources
        self.security = security or PodSecurity()
        self.security.check(Part(app, "security", security))
        self.images: Images = images or Environment.of(app).images
        one_of(self.images, IMAGES, "images", Part(app, "app"))

    @property
    def annotations(self) -> dict[str, str]:
        """The annotations of the object that makes the pods."""
        return self.security.annotations

    def template(self, version: Version, said: str, labels: Mapping[str, str]) -> PodTemplateSpec:
        """Return the level-1 message of the pods of one version, and tell what is wrong with it.

        Args:
            version: The version.
            said: What it is called in messages: ``version 'v1'``.
            labels: Of the pods.
        """
        from meshwright.imports.kubernetes.core import PodSpec, PodTemplateSpec
        from meshwright.imports.kubernetes.meta import ObjectMeta

        return PodTemplateSpec(
            metadata=ObjectMeta(labels=dict(labels)),
            spec=PodSpec(
                service_account_name=self.name,
                automount_service_account_token=False,
                security_context=self.security.of_pod(),
                containers=[self._container(version, said)],
                volumes=self.security.volumes() or None,
                dns_policy="ClusterFirst",
                restart_policy="Always",
                scheduler_name="default-scheduler",
                termination_grace_period_seconds=30,
            ),
        )

    def _container(self, version: Version, said: str) -> Container:
        from meshwright.charts.environment_variables import variables
        from meshwright.charts.images import check_image, pull_policy
        from meshwright.imports.kubernetes.core import Container, ContainerPort, ResourceRequirements

        check_image(version.image, self.images, f"the image of {said}", Part(self.app, "app"))
        env = variables({**self.variables, **version.environment_variables}, Part(self.app, said, version))
        container = Container(
            name=self.name,
            image=version.image,
            image_pull_policy=pull_policy(str(version.image)),
            ports=[ContainerPort(name=PORT_NAME, container_port=self.port, protocol="TCP")],
            env=env or None,
            resources=ResourceRequirements(),
            security_context=self.security.of_container(),
            volume_mounts=self.security.mounts() or None,
            termination_message_path="/dev/termination-log",
            termination_message_policy="File",
        )
        if self.liveness is not None:
            container["liveness_probe"] = self.liveness.to_kubernetes(
                Part(self.app, "liveness", self.liveness), PORT_NAME
            )
        if self.readiness is not None:
            container["readiness_probe"] = self.readiness.to_kubernetes(
                Part(self.app, "readiness", self.readiness), PORT_NAME
            )
        if self.resources is not None:
            container["resources"] = self.resources.to_kubernetes(Part(self.app, "resources", self.resources))
        return container
