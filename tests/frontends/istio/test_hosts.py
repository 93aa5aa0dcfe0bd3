import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshwright.frontends.istio.hosts import (
    HostIndex,
    HostMap,
    HostSet,
    is_subset,
    overlaps,
    resolve_gateway,
    resolve_host,
    specificity,
)

HOSTS = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=3).map(".".join)
PATTERNS = st.one_of(HOSTS, HOSTS.map("*.{}".format), HOSTS.map("*{}".format), st.just("*"))


@pytest.mark.parametrize(
    ("host", "domain", "complete"),
    [
        pytest.param(
            "cart", "cluster.local", "cart.shop.svc.cluster.local", id="a short name gets its rule's namespace"
        ),
        pytest.param("cart", "", "cart.shop", id="an empty domain leaves the namespace alone"),
        pytest.param("cart.web", "cluster.local", "cart.web", id="a name with a dot is complete"),
        pytest.param("*", "cluster.local", "*", id="the wildcard is complete"),
        pytest.param("::1", "cluster.local", "::1", id="an address is complete"),
        pytest.param("", "cluster.local", "", id="no name stays no name"),
    ],
)
def test_completes_host_names(host, domain, complete):
    assert resolve_host(host, "shop", domain) == complete


@pytest.mark.parametrize(
    ("name", "complete"),
    [
        pytest.param("web", "shop/web", id="a short name means the own namespace"),
        pytest.param("./web", "shop/web", id="so does a dot"),
        pytest.param("edge/web", "edge/web", id="a namespace stays"),
        pytest.param("web.edge.svc.cluster.local", "edge/web", id="the old FQDN names a namespace"),
        pytest.param("web.edge", "edge/web", id="and its short form too"),
    ],
)
def test_completes_gateway_names(name, complete):
    assert resolve_gateway(name, "shop") == complete


@pytest.mark.parametrize(
    ("one", "other", "subset"),
    [
        pytest.param("a.com", "*.com", True, id="a host lies in its wildcard"),
        pytest.param("example.com", "*.example.com", False, id="the bare domain does not"),
        pytest.param("*.a.com", "*.com", True, id="a longer wildcard lies in a shorter one"),
        pytest.param("*.com", "*.a.com", False, id="not the other way round"),
        pytest.param("xa.com", "*a.com", True, id="a wildcard may end within a label"),
        pytest.param("a.com", "A.com", False, id="case counts"),
    ],
)
def test_tells_whether_a_host_lies_in_another(one, other, subset):
    assert is_subset(one, other) is subset


@given(PATTERNS, PATTERNS)
def test_hosts_overlap_when_one_lies_in_the_other(one, other):
    assert overlaps(one, other) == overlaps(other, one)
    if is_subset(one, other):
        assert overlaps(one, other)


@given(st.lists(PATTERNS, max_size=6), st.lists(PATTERNS, max_size=6))
def test_the_intersection_is_that_of_each_with_each(ours, theirs):
    expected = {one for one in ours for other in theirs if is_subset(one, other)}
    expected |= {other for one in ours for other in theirs if is_subset(other, one)}
    assert set(HostSet(ours).intersection(theirs)) == expected


@given(st.lists(st.lists(PATTERNS, max_size=3), max_size=6), st.lists(PATTERNS, max_size=3))
def test_the_index_finds_every_list_that_shares_a_host(lists, hosts):
    expected = [
        position
        for position, others in enumerate(lists)
        if any(overlaps(one, other) for one in hosts for other in others)
    ]
    assert HostIndex(lists).meeting(hosts) == expected


@given(st.lists(PATTERNS, max_size=8), HOSTS)
def test_the_best_value_is_that_of_the_most_specific_host(patterns, host):
    known: HostMap[str] = HostMap()
    for pattern in patterns:
        known.set(pattern, pattern)
    covering = [pattern for pattern in patterns if is_subset(host, pattern)]
    assert known.best(host) == min(covering, key=specificity, default=None)
