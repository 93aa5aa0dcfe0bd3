"""Which kinds live outside namespaces."""

from collections.abc import Iterable
from typing import Any

_CLUSTER_WIDE = {
    "": {"Namespace", "Node", "PersistentVolume", "ComponentStatus"},
    "admissionregistration.k8s.io": {
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
    },
    "apiextensions.k8s.io": {"CustomResourceDefinition"},
    "apiregistration.k8s.io": {"APIService"},
    "cert-manager.io": {"ClusterIssuer"},
    "certificates.k8s.io": {"CertificateSigningRequest", "ClusterTrustBundle"},
    "external-secrets.io": {"ClusterExternalSecret", "ClusterSecretStore"},
    "flowcontrol.apiserver.k8s.io": {"FlowSchema", "PriorityLevelConfiguration"},
    "gateway.networking.k8s.io": {"GatewayClass"},
    "internal.apiserver.k8s.io": {"StorageVersion"},
    "kyverno.io": {"ClusterPolicy", "ClusterCleanupPolicy"},
    "networking.k8s.io": {"IPAddress", "IngressClass", "ServiceCIDR"},
    "node.k8s.io": {"RuntimeClass"},
    "policy": {"PodSecurityPolicy"},
    "rbac.authorization.k8s.io": {"ClusterRole", "ClusterRoleBinding"},
    "resource.k8s.io": {"DeviceClass", "ResourceSlice"},
    "scheduling.k8s.io": {"PriorityClass"},
    "storage.k8s.io": {"CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"},
}


class ClusterScope:
    """Knows Kubernetes' own kinds, and learns others from the CustomResourceDefinitions among the manifests."""

    def __init__(self) -> None:
        self._wide = {(group, kind) for group, kinds in _CLUSTER_WIDE.items() for kind in kinds}

    def learn(self, bodies: Iterable[dict[str, Any]]) -> None:
        """Take over the scope of each kind that a CustomResourceDefinition in ``bodies`` defines."""
        for body in bodies:
            if body.get("kind") != "CustomResourceDefinition" or not isinstance(body.get("spec"), dict):
                continue
            spec = body["spec"]
            names = spec.get("names")
            key = (spec.get("group"), names.get("kind") if isinstance(names, dict) else None)
            if isinstance(key[0], str) and isinstance(key[1], str):
                (self._wide.add if spec.get("scope") == "Cluster" else self._wide.discard)((key[0], key[1]))

    def is_cluster_wide(self, api_version: str, kind: str) -> bool:
        """Return whether objects of this kind belong to no namespace."""
        return (api_version.rpartition("/")[0], kind) in self._wide
