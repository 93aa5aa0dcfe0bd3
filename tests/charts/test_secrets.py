"""Secrets that are made in the cluster, and who refers to them."""

from base64 import b64encode
from datetime import timedelta
from typing import Any

import pytest

from meshwright.charts import (
    ClientTls,
    Environment,
    ExternalSecret,
    HttpApp,
    IngressGateway,
    RemoteValue,
    SealedSecret,
    Server,
    ServerTls,
    StoreNamed,
    Subsets,
    TrafficPolicy,
)
from meshwright.imports.external_secrets import ClusterSecretStore, SecretStore
from meshwright.tree import App, Chart, Testing
from tests.charts.constructs import refused, shop, specs

SEALED = b64encode(b"\x02\x00" + bytes(512) + bytes(40)).decode()
VAULT: dict[str, Any] = {"provider": {"vault": {"server": "https://vault.example.com", "path": "kv", "version": "v2"}}}


def external(chart: Chart, **fields: Any) -> ExternalSecret:
    given: dict[str, Any] = {"store": StoreNamed("vault"), "values": {"password": "shop/cart"}, **fields}
    return ExternalSecret(chart, "database", **given)


def test_every_field_that_the_crd_would_fill_in_is_written_out() -> None:
    chart = shop()
    external(chart, values={"password": RemoteValue("shop/cart", property="p", version="3")})
    assert specs(chart, "ExternalSecret") == [
        {
            "secretStoreRef": {"kind": "ClusterSecretStore", "name": "vault"},
            "refreshInterval": "1h",
            "target": {"name": "database", "creationPolicy": "Owner", "deletionPolicy": "Retain"},
            "data": [
                {
                    "secretKey": "password",
                    "remoteRef": {
                        "key": "shop/cart",
                        "property": "p",
                        "version": "3",
                        "conversionStrategy": "Default",
                        "decodingStrategy": "None",
                        "metadataPolicy": "None",
                    },
                }
            ],
        }
    ]


def test_a_store_is_named_by_reference() -> None:
    chart = shop()
    external(chart, store=SecretStore(chart, "store", metadata={"name": "own"}, **VAULT))
    assert specs(chart, "ExternalSecret")[0]["secretStoreRef"] == {"kind": "SecretStore", "name": "own"}


def test_a_store_of_the_cluster_serves_every_namespace() -> None:
    app = App()
    platform = Environment("prod", namespace="platform").chart(app, "platform")
    store = ClusterSecretStore(platform, "store", metadata={"name": "all"}, **VAULT)
    chart = Environment("prod", namespace="shop").chart(app, "shop")
    external(chart, store=store)
    assert specs(chart, "ExternalSecret")[0]["secretStoreRef"] == {"kind": "ClusterSecretStore", "name": "all"}


def test_containers_take_values_by_reference() -> None:
    chart = shop()
    secret = external(chart)
    variables = {"PASSWORD": secret.key("password")}
    HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=80, environment_variables=variables)
    (container,) = specs(chart, "Deployment")[0]["template"]["spec"]["containers"]
    assert container["env"] == [
        {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "database", "key": "password"}}}
    ]


def test_gateways_and_clients_take_certificates_by_reference() -> None:
    chart = shop()
    secret = external(chart, values={"tls.crt": "a", "tls.key": "b"}, type="kubernetes.io/tls")
    IngressGateway(chart, "edge", servers=[Server.https("www.example.com", tls=ServerTls(secret))])
    Subsets(chart, "api", of="api.example.com", traffic_policy=TrafficPolicy(tls=ClientTls(credential=secret)))
    assert specs(chart, "Gateway")[0]["servers"][0]["tls"]["credentialName"] == "database"
    assert specs(chart, "DestinationRule")[0]["trafficPolicy"]["tls"]["credentialName"] == "database"
    assert specs(chart, "ExternalSecret")[0]["target"]["template"]["type"] == "kubernetes.io/tls"


def test_a_sealed_secret_says_for_whom_it_was_sealed() -> None:
    chart = shop()
    SealedSecret(chart, "database", encrypted={"password": SEALED}, scope_of_values="namespace-wide")
    (found,) = [each for each in Testing.synth(chart) if each["kind"] == "SealedSecret"]
    annotations = {"sealedsecrets.bitnami.com/namespace-wide": "true"}
    assert found["metadata"] == {"name": "database", "namespace": "shop", "annotations": annotations}
    assert found["spec"] == {"encryptedData": {"password": SEALED}, "template": {"metadata": found["metadata"]}}


def gateway(chart: Chart, secret: ExternalSecret, **tls: Any) -> None:
    IngressGateway(chart, "edge", servers=[Server.https("www.example.com", tls=ServerTls(secret, **tls))])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"store": "vault"}, "store is 'vault'", id="a store by its name"),
        pytest.param({"store": StoreNamed("Vault")}, "the name of the store is 'Vault'", id="no name of an object"),
        pytest.param({"values": {}}, "it holds nothing", id="no value"),
        pytest.param({"values": {"a/b": "c"}}, "a key is 'a/b'", id="a key with a slash"),
        pytest.param({"values": {"a": 1}}, "the value of 'a' is 1", id="a number for a value"),
        pytest.param({"refresh": timedelta(0)}, "refresh is 0:00:00", id="no time between"),
        pytest.param({"name": "Data"}, "name is 'Data'", id="no name"),
    ],
)
def test_refuses(fields: dict[str, Any], said: str) -> None:
    chart = shop()
    external(chart, **fields)
    assert any(said in line for line in refused(chart))


def test_refuses_a_key_that_is_not_there() -> None:
    chart = shop()
    external(chart).key("pasword")
    assert refused(chart) == ["it has no key 'pasword'. Known are: password"]


def test_refuses_a_certificate_without_its_key() -> None:
    chart = shop()
    gateway(chart, external(chart, values={"tls.crt": "a", "ca.crt": "b"}))
    assert "has no certificate with its key (it has tls.crt, ca.crt)" in refused(chart)[0]


def test_refuses_to_ask_clients_without_knowing_who_vouches_for_them() -> None:
    chart = shop()
    gateway(chart, external(chart, values={"tls.crt": "a", "tls.key": "b"}), client_certificates="required")
    assert "has no ca.crt to check clients by" in refused(chart)[0]


def test_refuses_a_store_of_another_namespace() -> None:
    app = App()
    platform = Environment("prod", namespace="platform").chart(app, "platform")
    store = SecretStore(platform, "store", metadata={"name": "own"}, **VAULT)
    chart = Environment("prod", namespace="shop").chart(app, "shop")
    external(chart, store=store)
    assert "store 'own' is in namespace 'platform'" in refused(chart)[0]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("hunter2", id="a password"),
        pytest.param(b64encode(b"hunter2" * 100).decode(), id="a password in base64, which is no encryption"),
        pytest.param(SEALED[:-80], id="one that was cut off"),
        pytest.param(SEALED + "ä", id="letters that base64 has not"),
        pytest.param(7, id="a number"),
    ],
)
def test_refuses_a_value_that_is_not_sealed(value: Any) -> None:
    chart = shop()
    SealedSecret(chart, "database", encrypted={"password": value})
    assert any("the value of 'password' is not sealed" in line for line in refused(chart))
    assert not any(str(value) in line for line in refused(chart))


def test_two_makers_of_one_secret_are_refused() -> None:
    chart = shop()
    external(chart)
    SealedSecret(chart, "sealed", name="database", encrypted={"password": SEALED})
    assert any("makes the Secret shop/database already" in line for line in refused(chart))
