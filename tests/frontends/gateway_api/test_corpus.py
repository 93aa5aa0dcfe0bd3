"""Istiod's own golden files for the conversion of Gateway API, where they are at hand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import ryaml

from meshwright.frontends.gateway_api import Options, convert
from meshwright.manifests.resource import Resource

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "corpus" / "pilot" / "gateway-api"

PEM = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n"

SECRETS = {
    "istio-system": ("my-cert-http", "my-cert", "my-cert-http2"),
    "ns2": ("ns2-cert",),
    "ns3": ("ns3-cert",),
    "ns4": ("ns4-cert",),
    "cert": ("cert",),
    "bookinfo": ("bookinfo-secret", "another-secret"),
}
"""The certificates that the upstream test puts beside each input."""

POOL_SERVICES = {
    "infpool-gen-ip-6580eb2c": 54321,
    "infpool-gen2-ip-97b729d1": 54321,
    "infpool-model1-ip-aaaaf2d6": 80,
    "infpool-model2-ip-f857bff9": 80,
}
"""The Services of InferencePools, with their port, that the upstream test puts beside each input."""

DEFAULTS = {
    ("retries", "attempts"): 0,
    ("redirect", "derivePort"): "FROM_PROTOCOL_DEFAULT",
    ("tls", "mode"): "PASSTHROUGH",
}


def resource(body: dict[str, Any]) -> Resource:
    metadata = body["metadata"]
    namespace = metadata.get("namespace", "")
    return Resource(body, body["apiVersion"], body["kind"], namespace, metadata["name"])


def read(path: Path) -> list[Resource]:
    return [resource(body) for body in ryaml.loads_all(path.read_text()) or () if body]


def made(kind: str, namespace: str, name: str, **fields: Any) -> Resource:
    metadata = {"name": name, "namespace": namespace} if namespace else {"name": name}
    return resource({"apiVersion": "v1", "kind": kind, "metadata": metadata, **fields})


def surroundings(cases: dict[str, Any], given: list[Resource]) -> Iterator[Resource]:
    """The Services, Secrets and Namespaces that the upstream test adds to each input."""
    for service in cases["services"]:
        name, _, rest = service["hostname"].partition(".")
        if rest.endswith(cases["domain_suffix"]):
            ports = [{"name": port["name"], "port": port["port"]} for port in service["ports"]]
            yield made("Service", service["namespace"], name, spec={"ports": ports})
    for name, port in POOL_SERVICES.items():
        yield made("Service", "default", name, spec={"ports": [{"port": port}]})
    for namespace, names in SECRETS.items():
        for name in names:
            yield made("Secret", namespace, name, stringData={"tls.crt": PEM, "tls.key": PEM, "ca.crt": PEM})
    yield made("Secret", "istio-system", "malformed", stringData={"tls.crt": "Hello", "tls.key": "Hello"})
    for namespace, name, key, value in (
        ("istio-system", "malformed", "not-ca.crt", "hello"),
        ("istio-system", "malformed-trustbundle", "ca.crt", "hello"),
        ("istio-system", "my-cert-http", "ca.crt", PEM),
        ("default", "malformed", "not-ca.crt", "hello"),
        ("default", "auth-cert", "ca.crt", PEM),
    ):
        yield made("ConfigMap", namespace, name, data={key: value})
    for namespace in {found.namespace for found in given}:
        if namespace:
            label = {"istio.io/test-name-part": namespace.split("-")[0]}
            body = made("Namespace", "", namespace).body
            yield resource({**body, "metadata": {"name": namespace, "labels": label}})


def without_defaults(node: Any, path: tuple[str, ...] = ()) -> Any:
    """Drop what a field says when it is absent, and write numbers as numbers."""
    if isinstance(node, dict):
        cleaned = {key: without_defaults(value, (*path, key)) for key, value in node.items()}
        return {
            key: value
            for key, value in cleaned.items()
            if DEFAULTS.get((path[-1] if path else "", key), ...) not in (value, None) and value != {"": ""}
        }
    if isinstance(node, list):
        return [without_defaults(value, path) for value in node]
    return float(node) if isinstance(node, int) and not isinstance(node, bool) else node


def comparable(found: Resource) -> tuple[str, dict[str, Any]]:
    body = {"annotations": found.body["metadata"]["annotations"], "spec": without_defaults(found.body["spec"])}
    return f"{found.kind} {found.namespace}/{found.name}", body


CASES = json.loads((CORPUS / "cases.json").read_text()) if CORPUS.exists() else {"cases": []}


@pytest.mark.skipif(not CASES["cases"], reason="the shared corpus is not beside this repository")
@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_makes_what_istiod_makes(case: dict[str, Any]) -> None:
    given, expected = read(CORPUS / case["input"]), read(CORPUS / case["expected"])
    options = Options(
        domain_suffix=CASES["domain_suffix"],
        api_defaults=False,
        assume_unseen=False,
        alpha=True,
        inference_pools=True,
        multi_network=True,
    )

    found = convert([*surroundings(CASES, given), *given], options)

    assert dict(map(comparable, found)) == dict(map(comparable, expected))
