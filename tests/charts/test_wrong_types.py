"""Values of another type than the one that belongs there: told in one line, as everything else that is wrong."""

from typing import Any

import pytest

from meshwright.charts import (
    Access,
    AccessPolicy,
    Canary,
    ClientTls,
    EgressGateway,
    ExternalService,
    HttpApp,
    IngressGateway,
    JwtRule,
    Locality,
    MutualTls,
    Probe,
    RequestAuthentication,
    Resources,
    Server,
    ServerTls,
    Sidecar,
    Subsets,
    TrafficPolicy,
)
from meshwright.errors import MeshwrightError
from tests.charts.constructs import refused, shop

HOST = "reviews.books.svc.cluster.local"
API = {"host": "api.example.org", "port": 80, "protocol": "HTTP"}


def app(chart: Any, **fields: Any) -> HttpApp[Any]:
    return HttpApp(chart, "cart", versions={"v1": "cart:1", "v2": "cart:2"}, port=8080, **fields)


@pytest.mark.parametrize(
    ("write", "said"),
    [
        pytest.param(lambda c: Subsets(c, "x", of=HOST, subsets="v1"), "subsets is 'v1', no list", id="one subset"),
        pytest.param(lambda c: Subsets(c, "x", of=HOST, subsets=[{"name": "v1"}]), "Give a Subset", id="a dict"),
        pytest.param(
            lambda c: Subsets(c, "x", of=HOST, traffic_policy="RANDOM"), "Give a TrafficPolicy", id="a policy"
        ),
        pytest.param(
            lambda c: Subsets(c, "x", of=HOST, traffic_policy=TrafficPolicy(tls="SIMPLE")), "tls is 'SIMPLE'", id="TLS"
        ),
        pytest.param(lambda c: app(c, traffic_policy="RANDOM"), "Give a TrafficPolicy", id="a policy of an app"),
        pytest.param(lambda c: IngressGateway(c, "x", servers=["*"]), "Give a Server", id="a server"),
        pytest.param(lambda c: IngressGateway(c, "x", servers=Server.http("*")), "no list", id="one server"),
        pytest.param(
            lambda c: IngressGateway(c, "x", servers=[Server.https("*", tls=ServerTls("c", cipher_suites="A"))]),
            "cipher_suites is 'A', no list",
            id="one cipher",
        ),
        pytest.param(
            lambda c: ExternalService(c, "x", host="a.example.org", ports=[80]), "Give an ExternalPort", id="a port"
        ),
        pytest.param(lambda c: ExternalService(c, "x", **API, endpoints="192.0.2.1"), "no list", id="one endpoint"),
        pytest.param(lambda c: ExternalService(c, "x", **API, tls="SIMPLE"), "Give a ClientTls", id="TLS of a service"),
        pytest.param(
            lambda c: ExternalService(c, "x", **API, tls=ClientTls(subject_alt_names="a")), "no list", id="one name"
        ),
        pytest.param(lambda c: EgressGateway(c, "x", to=["api"]), "Give an ExternalService", id="a service by name"),
        pytest.param(lambda c: AccessPolicy(c, "x", rules=[{}]), "Give an Access", id="a rule as a dict"),
        pytest.param(lambda c: AccessPolicy(c, "x", rules=Access()), "no list", id="one rule"),
        pytest.param(
            lambda c: AccessPolicy(c, "x", rules=[Access(methods="GET")]), "methods is 'GET', no list", id="one"
        ),
        pytest.param(
            lambda c: AccessPolicy(c, "x", of="cart", rules=[]), "of is 'cart'. Pass the app", id="an app by name"
        ),
        pytest.param(lambda c: MutualTls(c, "x", of="cart"), "of is 'cart'. Pass the app", id="an app by its name"),
        pytest.param(lambda c: Sidecar(c, "x", of="cart", namespaces=["."]), "of is 'cart'", id="a caller by its name"),
        pytest.param(lambda c: Sidecar(c, "x", namespaces="."), "namespaces is '.', no list", id="one namespace"),
        pytest.param(lambda c: RequestAuthentication(c, "x", rules=["a"]), "Give a JwtRule", id="an issuer by name"),
        pytest.param(
            lambda c: RequestAuthentication(c, "x", rules=[JwtRule("a", audiences="b")]), "no list", id="one audience"
        ),
        pytest.param(
            lambda c: Canary(c, "x", of=app(c), stable="v1", canary="v2", steps=[5], at=0), "Give a Step", id="a step"
        ),
        pytest.param(lambda c: MutualTls(c, "x", name=3), "name is 3", id="a number as a name"),
        pytest.param(lambda c: ExternalService(c, "x", **API, in_mesh="no"), "in_mesh is 'no'. Give bool", id="yes"),
        pytest.param(
            lambda c: app(c, readiness=Probe("/", period=5)), "period is 5, a number without a unit", id="a bare number"
        ),
        pytest.param(
            lambda c: Canary(c, "x", of=app(c), stable="v1", canary="v2", weight="20"), "weight is '20'", id="a text"
        ),
    ],
)
def test_refuses(write: Any, said: str) -> None:
    chart = shop()
    write(chart)
    assert any(said in line for line in refused(chart))


def test_what_breaks_on_the_way_is_told_by_the_argument_behind_it() -> None:
    with pytest.raises(MeshwrightError) as told:
        app(shop(), liveness="/alive", resources=Resources(cpu=3, memory=[]))  # type: ignore[arg-type]
    lines = str(told.value).splitlines()
    assert [line.partition("): ")[2] for line in lines] == [
        "liveness is '/alive'. Give Probe or None",
        "resources.cpu is 3. Give str or None",
        "resources.memory is []. Give str or None",
    ]
    assert all(line.startswith("prod/shop/cart (tests/charts/test_wrong_types.py:") for line in lines)


def test_a_value_that_cannot_be_made_names_itself_and_the_line() -> None:
    with pytest.raises(MeshwrightError, match=r"^Locality \(tests/charts/\w+.py:\d+\): distribute is 'eu'"):
        Locality(distribute="eu")  # type: ignore[arg-type]
