"""DestinationRules: subsets and traffic policies."""

from datetime import timedelta
from typing import Any

import pytest

from meshwright.charts import (
    ClientTls,
    ConnectionPool,
    ConsistentHash,
    ExternalService,
    HashCookie,
    HttpApp,
    LoadBalancer,
    Locality,
    OutlierDetection,
    RetryBudget,
    Subset,
    Subsets,
    TcpKeepalive,
    TrafficPolicy,
    Warmup,
)
from tests.charts.constructs import refused, shop, specs

HOST = "reviews.books.svc.cluster.local"


def policy(given: TrafficPolicy) -> dict[str, Any]:
    chart = shop()
    Subsets(chart, "reviews", of=HOST, traffic_policy=given)
    found: dict[str, Any] = specs(chart, "DestinationRule")[0]["trafficPolicy"]
    return found


def test_a_subset_is_its_version_unless_labels_say_otherwise() -> None:
    chart = shop()
    Subsets(chart, "reviews", of=HOST, subsets=["v1", Subset("v2", labels={"release": "two"})])
    assert specs(chart, "DestinationRule") == [
        {
            "host": HOST,
            "subsets": [{"name": "v1", "labels": {"version": "v1"}}, {"name": "v2", "labels": {"release": "two"}}],
        }
    ]


def test_subsets_and_their_host_are_targets() -> None:
    chart = shop()
    app = HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=8080, service_port=80)
    subsets = Subsets(chart, "cart-subsets", of=app, subsets=[Subset("slow", labels={"disk": "slow"})])
    assert (subsets.backend.host, subsets.backend.port) == (app.host, 80)
    assert (subsets.subset("slow").host, subsets.subset("slow").subset) == (app.host, "slow")


def test_the_rule_of_an_external_service_knows_its_ports() -> None:
    chart = shop()
    api = ExternalService(chart, "api", host="api.example.org", port=443, protocol="TLS")
    Subsets(chart, "api-rule", of=api, traffic_policy=TrafficPolicy(ports={80: TrafficPolicy(tls=ClientTls())}))
    assert "the host has no port 80. It has 443" in refused(chart)[0]


@pytest.mark.parametrize(
    ("given", "written"),
    [
        pytest.param(
            TrafficPolicy(load_balancer="RANDOM"), {"loadBalancer": {"simple": "RANDOM"}}, id="an algorithm by its name"
        ),
        pytest.param(
            TrafficPolicy(load_balancer=LoadBalancer("ROUND_ROBIN", warmup=Warmup(timedelta(minutes=1)))),
            {"loadBalancer": {"simple": "ROUND_ROBIN", "warmup": {"duration": "60s"}}},
            id="a slow start",
        ),
        pytest.param(
            TrafficPolicy(
                load_balancer=LoadBalancer(
                    consistent_hash=ConsistentHash(cookie=HashCookie("c", ttl=timedelta(0)), minimum_ring_size=2048)
                )
            ),
            {
                "loadBalancer": {
                    "consistentHash": {"httpCookie": {"name": "c", "ttl": "0s"}, "ringHash": {"minimumRingSize": 2048}}
                }
            },
            id="a cookie for the session",
        ),
        pytest.param(
            TrafficPolicy(
                load_balancer=LoadBalancer(consistent_hash=ConsistentHash(source_ip=True, maglev_table_size=65537))
            ),
            {"loadBalancer": {"consistentHash": {"useSourceIp": True, "maglev": {"tableSize": 65537}}}},
            id="by address, with Maglev",
        ),
        pytest.param(
            TrafficPolicy(load_balancer=LoadBalancer(locality=Locality(distribute={"a/*": {"a/*": 80, "b/*": 20}}))),
            {"loadBalancer": {"localityLbSetting": {"distribute": [{"from": "a/*", "to": {"a/*": 80, "b/*": 20}}]}}},
            id="localities by share",
        ),
        pytest.param(
            TrafficPolicy(load_balancer=LoadBalancer(locality=Locality(failover={"a": "b"}))),
            {"loadBalancer": {"localityLbSetting": {"failover": [{"from": "a", "to": "b"}]}}},
            id="localities by failover",
        ),
        pytest.param(
            TrafficPolicy(
                connection_pool=ConnectionPool(
                    max_connections=1,
                    tcp_keepalive=TcpKeepalive(time=timedelta(hours=1), probes=3),
                    max_requests_per_connection=1,
                    http2_keepalive=(timedelta(seconds=30), timedelta(seconds=5)),
                )
            ),
            {
                "connectionPool": {
                    "tcp": {"maxConnections": 1, "tcpKeepalive": {"time": "3600s", "probes": 3}},
                    "http": {"maxRequestsPerConnection": 1, "http2KeepAlive": {"interval": "30s", "timeout": "5s"}},
                }
            },
            id="limits",
        ),
        pytest.param(
            TrafficPolicy(outlier_detection=OutlierDetection(consecutive_5xx_errors=0, interval=timedelta(seconds=1))),
            {"outlierDetection": {"consecutive5xxErrors": 0, "interval": "1s"}},
            id="ejection",
        ),
        pytest.param(
            TrafficPolicy(tls=ClientTls("MUTUAL", credential="own", sni="a")),
            {"tls": {"mode": "MUTUAL", "credentialName": "own", "sni": "a"}},
            id="TLS with a certificate",
        ),
        pytest.param(
            TrafficPolicy(proxy_protocol="V2", retry_budget=RetryBudget(25, min_retry_concurrency=5)),
            {"proxyProtocol": {"version": "V2"}, "retryBudget": {"percent": 25, "minRetryConcurrency": 5}},
            id="the PROXY protocol and a budget",
        ),
        pytest.param(
            TrafficPolicy(tls=ClientTls("ISTIO_MUTUAL"), ports={80: TrafficPolicy(load_balancer="RANDOM")}),
            {
                "tls": {"mode": "ISTIO_MUTUAL"},
                "portLevelSettings": [{"port": {"number": 80}, "loadBalancer": {"simple": "RANDOM"}}],
            },
            id="a port of its own policy",
        ),
    ],
)
def test_a_policy_is_written_in_the_words_of_the_api(given: TrafficPolicy, written: dict[str, Any]) -> None:
    assert policy(given) == written


HASH = ConsistentHash(header="x-user")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param(TrafficPolicy(), "the policy says nothing", id="an empty policy"),
        pytest.param(
            TrafficPolicy(load_balancer=LoadBalancer("RANDOM", consistent_hash=HASH)), "is both RANDOM", id="two ways"
        ),
        pytest.param(
            TrafficPolicy(load_balancer=LoadBalancer("RANDOM", warmup=Warmup(timedelta(1)))),
            "warmup has no effect with RANDOM",
            id="a slow start that is none",
        ),
        pytest.param(
            TrafficPolicy(
                load_balancer=LoadBalancer(consistent_hash=ConsistentHash(header="a", maglev_table_size=65536))
            ),
            "65536, which is no prime",
            id="a Maglev table of no prime size",
        ),
        pytest.param(
            TrafficPolicy(load_balancer=LoadBalancer(locality=Locality(distribute={"a": {"a": 101, "b": -1}}))),
            "is 101",
            id="a share that is no percentage",
        ),
        pytest.param(
            TrafficPolicy(load_balancer=LoadBalancer(locality=Locality(failover={"a": "a"}))),
            "to itself",
            id="to itself",
        ),
        pytest.param(
            TrafficPolicy(load_balancer=LoadBalancer(locality=Locality(failover={"a/b": "c"}))),
            "'a/b': 'c'",
            id="a zone where a region belongs",
        ),
        pytest.param(TrafficPolicy(connection_pool=ConnectionPool()), "limits nothing", id="a pool without limits"),
        pytest.param(
            TrafficPolicy(connection_pool=ConnectionPool(max_connections=0)),
            "max_connections is 0",
            id="no connections",
        ),
        pytest.param(
            TrafficPolicy(connection_pool=ConnectionPool(h2_upgrade_policy="UPGRADE", use_client_protocol=True)),
            "upgrades to HTTP/2 and yet keeps",
            id="two wishes for the protocol",
        ),
        pytest.param(
            TrafficPolicy(outlier_detection=OutlierDetection(consecutive_local_origin_failures=2)),
            "does not count by itself",
            id="failures that are not split",
        ),
        pytest.param(TrafficPolicy(tls=ClientTls("MUTUAL")), "without a certificate to show", id="no certificate"),
        pytest.param(
            TrafficPolicy(tls=ClientTls("ISTIO_MUTUAL", credential="x")), "needs no credential", id="one too many"
        ),
        pytest.param(
            TrafficPolicy(retry_budget=RetryBudget(120)), "retry_budget.percent is 120", id="a budget above all"
        ),
        pytest.param(
            TrafficPolicy(ports={80: TrafficPolicy(proxy_protocol="V1")}),
            "cannot be said for one port",
            id="for one port",
        ),
        pytest.param(
            TrafficPolicy(ports={0: TrafficPolicy(tls=ClientTls())}), "the port is 0", id="a port that is none"
        ),
    ],
)
def test_refuses(given: TrafficPolicy, said: str) -> None:
    chart = shop()
    Subsets(chart, "reviews", of=HOST, traffic_policy=given)
    assert any(said in line for line in refused(chart))


def test_refuses_a_rule_that_says_nothing() -> None:
    chart = shop()
    Subsets(chart, "reviews", of=HOST)
    assert "neither subsets nor a traffic policy" in refused(chart)[0]


def test_refuses_an_unknown_subset() -> None:
    chart = shop()
    Subsets(chart, "reviews", of=HOST, port=80, subsets=["v1"]).subset("v2")
    assert refused(chart) == ["it has no subset 'v2'. Known are: v1"]


def test_refuses_a_subset_of_a_version_that_the_app_does_not_have() -> None:
    chart = shop()
    app = HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=80)
    Subsets(chart, "cart-subsets", of=app, subsets=["v2"])
    assert refused(chart) == ["subset 'v2': the app has no version 'v2'. Known are: v1"]


def test_refuses_a_target_without_a_port() -> None:
    chart = shop()
    assert Subsets(chart, "reviews", of=HOST, subsets=["v1"]).subset("v1").subset == "v1"
    assert "is not known, so no route can lead there. Give port=" in refused(chart)[0]


def test_refuses_a_second_rule_of_one_host() -> None:
    chart = shop()
    Subsets(chart, "one", of=HOST, subsets=["v1"])
    Subsets(chart, "two", of=HOST, subsets=["v2"])
    assert f"makes the DestinationRule of {HOST} already" in refused(chart)[0]
