"""What the ingress gateway does besides routing by path: TLS, redirects, hosts outside, faults, and nothing at all."""

import base64
import subprocess
from pathlib import Path

import pytest

from tests.e2e.cluster_under_test import Cluster, wait_for
from tests.e2e.reliability import Seen
from tests.e2e.repository import Repository

pytestmark = pytest.mark.e2e

SECURE = "secure.example.com"


@pytest.fixture(scope="module")
def authority(cluster: Cluster, shop: Repository, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The certificate that vouches for secure.example.com; the gateway's Secret holds the same with its key."""
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "tls.crt", folder / "tls.key"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={SECURE}"]
    command += ["-addext", f"subjectAltName=DNS:{SECURE}", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
    cluster.apply(
        {
            "apiVersion": "v1",
            "kind": "Secret",
            "type": "kubernetes.io/tls",
            "metadata": {"name": "secure-certificate", "namespace": "istio-system"},
            "data": {file.name: base64.b64encode(file.read_bytes()).decode() for file in (certificate, key)},
        }
    )
    return certificate


def test_plain_http_is_redirected_to_https(cluster: Cluster, shop: Repository, seen: Seen) -> None:
    status, headers, _ = cluster.curl("http://127.0.0.1/cart?item=1", "-H", f"Host: {SECURE}")
    assert (status, headers["location"]) == (301, f"https://{SECURE}/cart?item=1")
    seen("A request by plain HTTP to a host that redirects to HTTPS", "301 to the same path and query by HTTPS")


def test_tls_ends_at_the_gateway_with_the_certificate_of_the_secret(
    cluster: Cluster, shop: Repository, authority: Path, seen: Seen
) -> None:
    trusting = ("--cacert", str(authority), "--resolve", f"{SECURE}:443:127.0.0.1")
    wait_for("TLS", lambda: cluster.status_of(f"https://{SECURE}/", *trusting), lambda status: status == 200)
    distrusting = ("--resolve", f"{SECURE}:443:127.0.0.1")
    assert cluster.status_of(f"https://{SECURE}/", *distrusting) == 0
    seen(
        "HTTPS with a certificate that `credentialName` names and istiod hands to Envoy, checked by the client",
        "200; a client that does not trust the certificate gets no answer",
    )


def test_a_host_outside_of_the_cluster_answers_through_its_service_entry(
    cluster: Cluster, shop: Repository, seen: Seen
) -> None:
    status, _, body = cluster.curl("http://127.0.0.1/orders", "-H", "Host: partner.example.com")
    assert (status, body["workload"], body["path"]) == (200, "outside", "/orders")
    seen("A route to a host outside of the cluster, a ServiceEntry", "200, answered by that host")


def test_a_fault_of_a_hundred_percent_aborts_every_request(cluster: Cluster, shop: Repository, seen: Seen) -> None:
    counted = cluster.load(port=80, host="broken.example.com", count=200).finish()
    assert counted.by(status=418) == 200
    seen("200 requests to a route whose fault aborts all with 418", "200 answers 418")


def test_what_no_route_matches_is_not_found(
    cluster: Cluster, shop: Repository, project: Repository, seen: Seen
) -> None:
    bookinfo = ("-H", "Host: bookinfo.example.com")
    cluster.synced(project.git("rev-parse", "HEAD").strip(), "prod-bookinfo")
    assert cluster.status_of("http://127.0.0.1/login", *bookinfo) == 200
    assert cluster.status_of("http://127.0.0.1/nothing", *bookinfo) == 404
    seen("A path that no route of its host matches, where another app takes every other host", "404")
