"""What policies do: istiod's configuration as recorded (tests/recorder/policies.py), and run by a real Envoy."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.charts.envoy_with_policies import MANAGER, PolicyEnvoy
from tests.recorder import istiod
from tests.recorder.policies import FOLDER, answer_of_istiod, manifests

RECORDED: dict[str, Any] = json.loads((FOLDER / "answer.json").read_text())
CLUSTERS: dict[str, Any] = {cluster["name"]: cluster for cluster in RECORDED["clusters"]}
CHAIN = next(chain for chain in RECORDED["inbound"]["filterChains"] if chain["name"] == "0.0.0.0_8080")
WEB, OTHER = "ns/shop/sa/web", "ns/shop/sa/other"


def test_what_was_recorded_is_what_the_program_writes() -> None:
    assert (FOLDER / "mesh.yaml").read_text() == manifests()


def test_limits_ejection_and_hashing_reach_the_proxies_of_callers() -> None:
    cart = CLUSTERS["outbound|8080||cart.shop.svc.cluster.local"]
    assert cart["connectTimeout"] == "2s"
    assert (cart["lbPolicy"], cart["ringHashLbConfig"]) == ("RING_HASH", {"minimumRingSize": "2048"})
    threshold = cart["circuitBreakers"]["thresholds"][0]
    limits = {name: threshold[name] for name in ("maxConnections", "maxPendingRequests", "maxRequests", "maxRetries")}
    assert limits == {"maxConnections": 100, "maxPendingRequests": 10, "maxRequests": 20, "maxRetries": 3}
    ejection = cart["outlierDetection"]
    assert (ejection["consecutive5xx"], ejection["interval"], ejection["baseEjectionTime"]) == (7, "5s", "60s")
    assert ejection["maxEjectionPercent"] == 50


def test_a_version_has_the_policy_of_its_own_and_the_rest_of_the_apps() -> None:
    first, second = (CLUSTERS[f"outbound|8080|{name}|cart.shop.svc.cluster.local"] for name in ("v1", "v2"))
    assert (first["lbPolicy"], second["lbPolicy"]) == ("RING_HASH", "RANDOM")
    assert second["outlierDetection"] == first["outlierDetection"]


def test_failover_by_locality_comes_with_ejection() -> None:
    stock = CLUSTERS["outbound|8080||stock.shop.svc.cluster.local"]
    assert stock["outlierDetection"]["consecutive5xx"] == 5
    assert "localityWeightedLbConfig" in stock["commonLbConfig"]


def test_strict_mutual_tls_leaves_no_way_in_without_a_certificate() -> None:
    chains = [chain for chain in RECORDED["inbound"]["filterChains"] if chain["name"] != "virtualInbound-blackhole"]
    assert chains
    for chain in chains:
        assert chain["filterChainMatch"]["transportProtocol"] == "tls"
        assert chain["transportSocket"]["typedConfig"]["requireClientCertificate"] is True


@pytest.fixture(scope="module")
def envoy() -> Iterator[PolicyEnvoy]:
    manager = next(each for each in CHAIN["filters"] if each["name"] == MANAGER)["typedConfig"]
    filters = [each for each in manager["httpFilters"] if each["name"] == "envoy.filters.http.rbac"]
    assert len(filters) == 2
    running = PolicyEnvoy(filters, CLUSTERS["outbound|80||weather.example.org"], [WEB, OTHER])
    yield running
    running.close()


@pytest.mark.envoy
@pytest.mark.parametrize(
    ("caller", "method", "path", "headers", "status"),
    [
        pytest.param(WEB, "GET", "/cart", {}, 200, id="web may read the cart"),
        pytest.param(WEB, "GET", "/cart/items?x=1", {}, 200, id="and what is below it, with any query"),
        pytest.param(WEB, "POST", "/cart", {}, 403, id="but not write it"),
        pytest.param(WEB, "GET", "/other", {}, 403, id="nor read anything else"),
        pytest.param(WEB, "GET", "/cart/admin", {}, 403, id="what is denied is denied whatever is allowed"),
        pytest.param(OTHER, "GET", "/cart", {}, 403, id="another app may not"),
        pytest.param(None, "GET", "/cart", {}, 403, id="nor a caller that nobody knows"),
        pytest.param(None, "GET", "/health", {}, 200, id="a rule without sources is for everybody"),
        pytest.param(OTHER, "PUT", "/tier", {"x-tier": "gold"}, 200, id="a condition on a header that holds"),
        pytest.param(OTHER, "PUT", "/tier", {"x-tier": "tin"}, 403, id="a condition on a header that does not hold"),
    ],
)
def test_an_access_policy_answers(
    envoy: PolicyEnvoy, caller: str | None, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    assert envoy.inbound(caller, method, path, headers) == status


@pytest.mark.envoy
def test_what_an_app_sends_unencrypted_arrives_by_tls_under_the_name_of_the_service(envoy: PolicyEnvoy) -> None:
    assert envoy.outbound("weather.example.org") == 204
    assert envoy.names_asked_for == ["weather.example.org"]


@pytest.mark.oracle
def test_istiod_still_answers_as_recorded() -> None:
    if istiod.program() is None:
        pytest.skip("needs the recorder: make recorder")
    assert answer_of_istiod() == RECORDED
