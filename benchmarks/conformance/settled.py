"""Where istiod's own answer settles what other checkers and ours disagree about: ours follows istiod.

Each answer can be asked for again: tests/differential/test_settled.py does so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from benchmarks.conformance.corpus import text
from benchmarks.conformance.verdict import Verdict, compare

Answer = Mapping[str, Any]
"""Listeners, routes and clusters that istiod would send to one proxy."""

_ADDRESS = ["10.0.0.1"]


@dataclass(frozen=True, slots=True)
class Settled:
    """One disagreement.

    Args:
        case: ``GROUP/CASE``.
        theirs: What the other checker says.
        answer: What istiod makes of the input.
        manifests: The input, with what it needs to be asked about.
        proxy: The proxy that is asked about.
        holds: Tells whether istiod's answer is as said.
        mesh: Mesh-wide settings.
    """

    case: str
    theirs: str
    answer: str
    manifests: Callable[[], str]
    proxy: Mapping[str, Any]
    holds: Callable[[Answer], bool]
    mesh: Mapping[str, Any] = field(default_factory=dict)


def verdict(group: str, case: str, theirs: Any, ours: Any) -> Verdict:
    """Judge a case of another checker: where both differ, istiod may have borne out ours."""
    judged = compare(case, theirs, ours)
    named = f"{group}/{case}"
    reason = next((each for each in SETTLED if each.case == named), None)
    if judged.said == "equal" or reason is None:
        return judged
    return replace(judged, said="istiod", because=f"{reason.theirs}; istiod: {reason.answer}")


def _gateway(name: str) -> dict[str, Any]:
    labels = {"gateway.networking.k8s.io/gateway-name": name}
    return {"name": "asked", "type": "router", "namespace": "default", "labels": labels, "addresses": _ADDRESS}


def _sidecar(namespace: str) -> dict[str, Any]:
    return {"name": "asked", "type": "sidecar", "namespace": namespace, "addresses": _ADDRESS}


def _with(*parts: str) -> str:
    return "\n---\n".join(parts)


def _service(name: str, namespace: str, selector: str) -> str:
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
        f"spec: {{clusterIP: 10.9.9.9, selector: {{{selector}}}, ports: [{{port: 80, name: http}}]}}\n"
    )


def _gateway_service(name: str) -> str:
    return _service(f"{name}-istio", "default", f"gateway.networking.k8s.io/gateway-name: {name}")


def _policy_at_gateway() -> str:
    parts = text("analyze/inputs/k8sgateway-selector.yaml").split("\n---\n")
    gateway = (
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
        "metadata: {name: bookinfo-gateway, namespace: default}\n"
        "spec: {gatewayClassName: istio, listeners: [{name: http, port: 80, protocol: HTTP}]}\n"
    )
    policies = [part for part in parts if "kind: AuthorizationPolicy" in part]
    return _with(*policies, gateway, _gateway_service("bookinfo-gateway"))


def _external_database(file: str) -> Callable[[], str]:
    def manifests() -> str:
        rule = text(f"analyze/inputs/{file}").replace("name: db-mtls", "name: db-mtls\n  namespace: prod")
        entry = (
            "apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: db, namespace: prod}\n"
            "spec: {hosts: [mydbserver.prod.svc.cluster.local], resolution: DNS, "
            "ports: [{number: 443, name: tcp, protocol: TCP}]}\n"
        )
        return _with(rule, entry)

    return manifests


def _verifies(answer: Answer) -> bool:
    """Tell whether the client of the database checks its certificate against those of the system."""
    clusters = [each for each in answer["clusters"] if "mydbserver" in each["name"]]
    contexts = [each["transportSocket"]["typedConfig"]["commonTlsContext"] for each in clusters]
    roots = [each["combinedValidationContext"]["validationContextSdsSecretConfig"]["name"] for each in contexts]
    return bool(roots) and set(roots) == {"file-root:system"}


def _routed_clusters(answer: Answer) -> Sequence[str]:
    hosts = [host for each in answer["routes"] for host in each.get("virtualHosts", [])]
    routes = [route for host in hosts for route in host.get("routes", [])]
    return [str(route.get("route", {}).get("cluster", "")) for route in routes]


def _completes_no_dotted_host(answer: Answer) -> bool:
    led = _routed_clusters(answer)
    return "outbound|80||reviews.bookinfo.svc.cluster.local" in led and not any(
        cluster.endswith("|v1|reviews.bookinfo.svc.cluster.local") for cluster in led
    )


def _has_identities(answer: Answer) -> bool:
    """Tell whether clients of ``productpage`` use mutual TLS, and its workloads take it."""
    calling = [each for each in answer["clusters"] if "productpage" in each["name"]]
    inbound = [each for each in answer["listeners"] if each["name"] == "virtualInbound"]
    return "'name': 'ROOTCA'" in str(calling) and "'requireClientCertificate': True" in str(inbound)


_NO_CA = "a client with no caCertificates does not verify the server"
_SYSTEM_CA = "the cluster verifies servers against the system's certificates (`file-root:system`)"

SETTLED = (
    Settled(
        "analyze/virtual-service-kubernetes-gateways",
        "only the VirtualService whose host the Gateway of the Gateway API does not have is wrong",
        "the Gateway's port has no route at all: no VirtualService binds to it by that name, so ours names both",
        lambda: _with(
            text("analyze/inputs/virtualservice_kubernetes_gateways.yaml"),
            _gateway_service("my-gateway"),
        ),
        _gateway("my-gateway"),
        lambda answer: bool(answer["routes"]) and _routed_clusters(answer) == [],
    ),
    Settled(
        "analyze/kubernetes-gateway-selector",
        "a policy that selects a Gateway's pods by labels has no effect",
        "the gateway's listener has the policy's RBAC filter",
        _policy_at_gateway,
        _gateway("bookinfo-gateway"),
        lambda answer: "policy[ap-ineffective]" in str(answer["listeners"]),
    ),
    *(
        Settled(
            f"analyze/destinationrule-with-no-cacert-mutual-at-{level}level",
            _NO_CA,
            _SYSTEM_CA,
            _external_database(f"destinationrule-mutual-{level}.yaml"),
            _sidecar("prod"),
            _verifies,
        )
        for level in ("destination", "port")
    ),
    Settled(
        "analyze/external-name-service-type-invalid-port-name",
        "a port of an ExternalName Service that is TCP or has no name takes other traffic to its number",
        "such a Service gives sidecars no listener and no cluster",
        lambda: text("analyze/inputs/incorrect-port-name-external-name-service-type.yaml"),
        _sidecar("nginx-ns"),
        lambda answer: (
            not any("443" in each["name"] for each in answer["listeners"])
            and not any("nginx" in each["name"] for each in answer["clusters"])
        ),
    ),
    Settled(
        "kiali/virtualservices-subset-presence-matching-subsets-half-fqdn",
        "`reviews.bookinfo` is the Service `reviews` of `bookinfo`, so its subsets are there",
        "requests for the Service reach no subset: a name with a dot is not completed, so ours tells of the subset",
        lambda: _with(
            text("kiali/inputs/virtualservices/subset-presence-matching-subsets-half-fqdn.yaml"),
            _service("reviews", "bookinfo", "app: reviews"),
        ),
        _sidecar("bookinfo"),
        _completes_no_dotted_host,
    ),
    Settled(
        "kiali/authorization-mtls-enabled-checker-6-automtls-off",
        "without a PeerAuthentication the workloads take no mutual TLS",
        "clients use mutual TLS, as a DestinationRule says, and the workloads take it: the default is PERMISSIVE",
        lambda: _with(
            text("kiali/inputs/authorization/mtls_enabled_checker_6.yaml"),
            _service("productpage", "bookinfo", "app: productpage"),
        ),
        {**_sidecar("bookinfo"), "labels": {"app": "productpage"}},
        _has_identities,
        {"enableAutoMtls": False},
    ),
)
