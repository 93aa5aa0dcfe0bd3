import pytest

from meshwright.frontends.istio.inbound_mtls import mtls_policy
from meshwright.frontends.istio.objects import Config
from meshwright.manifests import Resource


def policy(name, namespace, mode=None, selector=None, ports=None, created=""):
    spec = {"mtls": {"mode": mode}} if mode else {}
    if selector:
        spec["selector"] = {"matchLabels": selector}
    if ports:
        spec["portLevelMtls"] = {str(port): {"mode": mode} for port, mode in ports.items()}
    body = {"metadata": {"name": name, "creationTimestamp": created}, "spec": spec}
    return Config.of(Resource(body, "security.istio.io/v1", "PeerAuthentication", namespace, name), "")


WEB = {"app": "web"}
MESH, HOME = "istio-system", "shop"


@pytest.mark.parametrize(
    ("policies", "mode"),
    [
        pytest.param([], "PERMISSIVE", id="nobody says: both are taken"),
        pytest.param([policy("m", MESH, "STRICT")], "STRICT", id="the mesh says"),
        pytest.param([policy("m", MESH, "STRICT"), policy("n", HOME, "DISABLE")], "DISABLE", id="the namespace wins"),
        pytest.param(
            [policy("n", HOME, "DISABLE"), policy("w", HOME, "STRICT", WEB)], "STRICT", id="the workload wins"
        ),
        pytest.param([policy("n", HOME, "STRICT"), policy("w", HOME, "UNSET", WEB)], "STRICT", id="unset is inherited"),
        pytest.param([policy("w", HOME, "STRICT", {"app": "x"})], "PERMISSIVE", id="others' policies do not count"),
        pytest.param([policy("m", MESH, "STRICT", WEB)], "PERMISSIVE", id="the root namespace selects nobody"),
        pytest.param(
            [policy("a", HOME, "STRICT", created="2024"), policy("b", HOME, "DISABLE", created="2020")],
            "DISABLE",
            id="of two the older counts",
        ),
    ],
)
def test_the_closest_policy_sets_the_mode(policies, mode):
    assert mtls_policy(policies, HOME, WEB, MESH).mode == mode


def test_ports_have_modes_of_their_own_and_inherit_what_they_do_not_say():
    found = mtls_policy([policy("w", HOME, "STRICT", WEB, {80: "DISABLE", 81: "UNSET"})], HOME, WEB, MESH)
    assert [found.for_port(port) for port in (80, 81, 82)] == ["DISABLE", "STRICT", "STRICT"]


def test_a_namespace_cannot_set_ports():
    assert mtls_policy([policy("n", HOME, "STRICT", ports={80: "DISABLE"})], HOME, WEB, MESH).for_port(80) == "STRICT"
