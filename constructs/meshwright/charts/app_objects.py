"""The objects around the pods of an app, whoever makes them.

Fields that the API server would fill in are written out, so that what is in the cluster is what is in git.
"""

from __future__ import annotations

from meshwright.charts.pods import PORT_NAME
from meshwright.charts.problem import Part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from meshwright.charts.resources import Resources
    from meshwright.charts.scaling import Autoscaling, DisruptionBudget
    from meshwright.imports.kubernetes.autoscaling import HorizontalPodAutoscaler
    from meshwright.imports.kubernetes.core import Service, ServiceAccount
    from meshwright.imports.kubernetes.policy import PodDisruptionBudget
    from meshwright.tree import Construct

    Metadata = Mapping[str, Any]


def service_account(app: Construct, metadata: Metadata) -> ServiceAccount:
    """Return the ServiceAccount of an app, whose pods get no token for the Kubernetes API."""
    from meshwright.imports.kubernetes.core import ServiceAccount

    return ServiceAccount(app, "service-account", metadata=metadata, automount_service_account_token=False)


def service(
    app: Construct, id: str, metadata: Metadata, port: int, target_port: int, selector: Mapping[str, str]
) -> Service:
    """Return a Service of an app, for HTTP."""
    from meshwright.imports.kubernetes.core import Service, ServicePort

    return Service(
        app,
        id,
        metadata=metadata,
        type="ClusterIP",
        selector=dict(selector),
        ports=[ServicePort(name=PORT_NAME, port=port, target_port=target_port, protocol="TCP")],
        session_affinity="None",
        internal_traffic_policy="Cluster",
    )


def autoscaler(
    app: Construct,
    id: str,
    metadata: Metadata,
    autoscaling: Autoscaling,
    resources: Resources | None,
    of: tuple[str, str, str],
) -> HorizontalPodAutoscaler:
    """Return the autoscaler of an object, given by apiVersion, kind and name; tell what is wrong with it."""
    from meshwright.imports.kubernetes.autoscaling import CrossVersionObjectReference, HorizontalPodAutoscaler

    part = Part(app, "autoscaling", autoscaling)
    for name in ("cpu", "memory"):
        if getattr(autoscaling, name) is not None and getattr(resources, name, None) is None:
            part.problem(
                f"its percentage is of the {name} that containers request, and they request none",
                f"Give resources=Resources({name}=…)",
            )
    api_version, kind, name = of
    return HorizontalPodAutoscaler(
        app,
        id,
        metadata=metadata,
        min_replicas=autoscaling.min_replicas,
        max_replicas=autoscaling.max_replicas,
        metrics=autoscaling.metrics(part),
        scale_target_ref=CrossVersionObjectReference(api_version=api_version, kind=kind, name=name),
    )


def disruption_budget(
    app: Construct, metadata: Metadata, budget: DisruptionBudget, labels: Mapping[str, str]
) -> PodDisruptionBudget:
    """Return the PodDisruptionBudget of an app, and tell what is wrong with it."""
    from meshwright.imports.kubernetes.meta import LabelSelector
    from meshwright.imports.kubernetes.policy import PodDisruptionBudget

    budget.check(Part(app, "disruption_budget", budget))
    return PodDisruptionBudget(
        app,
        "disruption-budget",
        metadata=metadata,
        min_available=budget.min_available,
        max_unavailable=budget.max_unavailable,
        selector=LabelSelector(match_labels=dict(labels)),
    )
