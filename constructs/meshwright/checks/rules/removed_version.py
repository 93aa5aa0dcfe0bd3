"""MW831: an object of an API version that Kubernetes, Istio or the Gateway API have removed."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.kubernetes_schemas import minor_of

_REMOVED = {
    "admissionregistration.k8s.io/v1beta1 MutatingWebhookConfiguration": (22, "admissionregistration.k8s.io/v1"),
    "admissionregistration.k8s.io/v1beta1 ValidatingWebhookConfiguration": (22, "admissionregistration.k8s.io/v1"),
    "apiextensions.k8s.io/v1beta1 CustomResourceDefinition": (22, "apiextensions.k8s.io/v1"),
    "apiregistration.k8s.io/v1beta1 APIService": (22, "apiregistration.k8s.io/v1"),
    "apps/v1beta1 Deployment": (16, "apps/v1"),
    "apps/v1beta1 StatefulSet": (16, "apps/v1"),
    "apps/v1beta2 DaemonSet": (16, "apps/v1"),
    "apps/v1beta2 Deployment": (16, "apps/v1"),
    "apps/v1beta2 ReplicaSet": (16, "apps/v1"),
    "apps/v1beta2 StatefulSet": (16, "apps/v1"),
    "autoscaling/v2beta1 HorizontalPodAutoscaler": (25, "autoscaling/v2"),
    "autoscaling/v2beta2 HorizontalPodAutoscaler": (26, "autoscaling/v2"),
    "batch/v1beta1 CronJob": (25, "batch/v1"),
    "batch/v2alpha1 CronJob": (21, "batch/v1"),
    "certificates.k8s.io/v1beta1 CertificateSigningRequest": (22, "certificates.k8s.io/v1"),
    "coordination.k8s.io/v1beta1 Lease": (22, "coordination.k8s.io/v1"),
    "discovery.k8s.io/v1beta1 EndpointSlice": (25, "discovery.k8s.io/v1"),
    "events.k8s.io/v1beta1 Event": (25, "events.k8s.io/v1"),
    "extensions/v1beta1 DaemonSet": (16, "apps/v1"),
    "extensions/v1beta1 Deployment": (16, "apps/v1"),
    "extensions/v1beta1 Ingress": (22, "networking.k8s.io/v1"),
    "extensions/v1beta1 NetworkPolicy": (16, "networking.k8s.io/v1"),
    "extensions/v1beta1 PodSecurityPolicy": (16, ""),
    "extensions/v1beta1 ReplicaSet": (16, "apps/v1"),
    "flowcontrol.apiserver.k8s.io/v1beta1 FlowSchema": (26, "flowcontrol.apiserver.k8s.io/v1"),
    "flowcontrol.apiserver.k8s.io/v1beta1 PriorityLevelConfiguration": (26, "flowcontrol.apiserver.k8s.io/v1"),
    "flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema": (29, "flowcontrol.apiserver.k8s.io/v1"),
    "flowcontrol.apiserver.k8s.io/v1beta2 PriorityLevelConfiguration": (29, "flowcontrol.apiserver.k8s.io/v1"),
    "flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema": (32, "flowcontrol.apiserver.k8s.io/v1"),
    "flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration": (32, "flowcontrol.apiserver.k8s.io/v1"),
    "networking.k8s.io/v1beta1 Ingress": (22, "networking.k8s.io/v1"),
    "networking.k8s.io/v1beta1 IngressClass": (22, "networking.k8s.io/v1"),
    "node.k8s.io/v1beta1 RuntimeClass": (25, "node.k8s.io/v1"),
    "policy/v1beta1 PodDisruptionBudget": (25, "policy/v1"),
    "policy/v1beta1 PodSecurityPolicy": (25, ""),
    "rbac.authorization.k8s.io/v1alpha1 ClusterRole": (22, "rbac.authorization.k8s.io/v1"),
    "rbac.authorization.k8s.io/v1alpha1 ClusterRoleBinding": (22, "rbac.authorization.k8s.io/v1"),
    "rbac.authorization.k8s.io/v1alpha1 Role": (22, "rbac.authorization.k8s.io/v1"),
    "rbac.authorization.k8s.io/v1alpha1 RoleBinding": (22, "rbac.authorization.k8s.io/v1"),
    "rbac.authorization.k8s.io/v1beta1 ClusterRole": (22, "rbac.authorization.k8s.io/v1"),
    "rbac.authorization.k8s.io/v1beta1 ClusterRoleBinding": (22, "rbac.authorization.k8s.io/v1"),
    "rbac.authorization.k8s.io/v1beta1 Role": (22, "rbac.authorization.k8s.io/v1"),
    "rbac.authorization.k8s.io/v1beta1 RoleBinding": (22, "rbac.authorization.k8s.io/v1"),
    "scheduling.k8s.io/v1beta1 PriorityClass": (22, "scheduling.k8s.io/v1"),
    "storage.k8s.io/v1beta1 CSIDriver": (22, "storage.k8s.io/v1"),
    "storage.k8s.io/v1beta1 CSINode": (22, "storage.k8s.io/v1"),
    "storage.k8s.io/v1beta1 CSIStorageCapacity": (27, "storage.k8s.io/v1"),
    "storage.k8s.io/v1beta1 StorageClass": (22, "storage.k8s.io/v1"),
    "storage.k8s.io/v1beta1 VolumeAttachment": (22, "storage.k8s.io/v1"),
}
"""The minor version without it, and what to write. Source: Kubernetes docs, "Deprecated API Migration Guide"."""

_OF_OTHERS = {
    "authentication.istio.io/": "Istio has removed it: write PeerAuthentication and RequestAuthentication",
    "config.istio.io/": "Istio has removed Mixer and this kind with it",
    "rbac.istio.io/": "Istio has removed it: write AuthorizationPolicy",
    "networking.x-k8s.io/v1alpha1": "the Gateway API has removed it: write gateway.networking.k8s.io/v1",
}


def _find(shown: Inventory) -> Iterator[Problem]:
    minor = minor_of(shown.kubernetes) if shown.kubernetes else None
    for resource in shown.mesh.resources:
        origin = resource.origin("apiVersion")
        found = _REMOVED.get(f"{resource.api_version} {resource.kind}")
        if found is not None:
            removed, instead = found
            remedy = f"Write {instead}." if instead else "Use Pod Security Admission instead."
            gone = f"Kubernetes has no {resource.api_version} {resource.kind} from 1.{removed} on"
            if minor is None:
                yield Problem(origin, gone, remedy)
            elif minor >= removed:
                yield Problem(origin, f"{gone}, and this is for {shown.kubernetes}", remedy, "error")
            else:
                yield Problem(origin, gone, remedy, "note")
            continue
        for prefix, why in _OF_OTHERS.items():
            if resource.api_version.startswith(prefix):
                yield Problem(origin, f"{resource.api_version} {resource.kind} is gone", f"{why[0].upper()}{why[1:]}.")


CHECK = Check(
    "MW831", "removed-version", "warning", "An object of a version that Kubernetes does not have any more.", _find
)
