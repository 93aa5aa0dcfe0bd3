import pytest

from meshwright.frontends.istio.visibility import imported_hosts, lets_in


@pytest.mark.parametrize(
    ("entries", "host", "seen"),
    [
        pytest.param(["*/*"], "a.shop.svc.cluster.local", True, id="everything lets everything in"),
        pytest.param(["./*"], "a.shop.svc.cluster.local", True, id="a dot is the Sidecar's own namespace"),
        pytest.param(["other/*"], "a.shop.svc.cluster.local", False, id="another namespace is not this one"),
        pytest.param(["shop/*.svc.cluster.local"], "a.shop.svc.cluster.local", True, id="a wildcard covers the end"),
        pytest.param(["shop/a.com"], "*.com", True, id="a route's wildcard need only overlap"),
        pytest.param(["*/*", "~/a.com"], "a.com", False, id="an excluded host stays out"),
        pytest.param(["*/*", "~other/a.com"], "a.com", True, id="exclusion is by namespace too"),
        pytest.param(["*/*", "~shop/*.com"], "a.com", False, id="excluded wildcards cover hosts"),
        pytest.param(["shop/a/b", "a.com"], "a.com", False, id="entries without exactly one slash count for nothing"),
    ],
)
def test_lets_in_the_routes_that_a_sidecar_names(entries, host, seen):
    assert lets_in(imported_hosts(entries, "shop"), "shop", [host], narrow=False) is seen


def test_routes_of_the_gateway_api_must_lie_inside_what_is_imported():
    hosts = imported_hosts(["shop/a.com"], "shop")
    assert not lets_in(hosts, "shop", ["*.com"], narrow=True)


def test_a_route_with_one_excluded_host_comes_in_by_another():
    hosts = imported_hosts(["*/*", "~/a.com"], "shop")
    assert lets_in(hosts, "shop", ["a.com", "b.com"], narrow=False)
