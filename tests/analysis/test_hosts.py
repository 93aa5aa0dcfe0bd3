import pytest

from meshwright.analysis.hosts import Hosts, is_authority
from meshwright.traffic import RouteConfiguration, VirtualHost

DOMAINS = ["a.com", "a.com:80", "Up.COM", "*.a.com", "*.b.a.com", "*-x.a.com", "a.*", "a.b.*", "[::1]", "10.0.0.1", "*"]


def found(authority, *, ignore_port=True):
    hosts = tuple(VirtualHost(domain, (domain,)) for domain in DOMAINS)
    return Hosts(RouteConfiguration("http.80", hosts, ignore_port)).find(authority)[1]


# Every answer was given by Envoy 1.40.
@pytest.mark.parametrize(
    ("authority", "domain"),
    [
        pytest.param("A.com", "a.com", id="the case does not matter"),
        pytest.param("up.com", "Up.COM", id="nor does that of the domain"),
        pytest.param("a.com:8080", "a.com", id="a port does not matter"),
        pytest.param("a.com:abc", "a.com", id="not even one that is none"),
        pytest.param("x.a.com", "*.a.com", id="a suffix"),
        pytest.param("x.y.b.a.com", "*.b.a.com", id="the longest suffix, over several labels"),
        pytest.param("y-x.a.com", "*-x.a.com", id="a suffix inside a label"),
        pytest.param("-x.a.com", "*.a.com", id="a star stands for something"),
        pytest.param(".a.com", "*", id="and never for nothing"),
        pytest.param("a.org", "a.*", id="a prefix"),
        pytest.param("a.b.org", "a.b.*", id="the longest prefix"),
        pytest.param("a.b.a.com", "*.b.a.com", id="suffixes come before prefixes"),
        pytest.param("a.com.", "a.*", id="a trailing dot makes another name"),
        pytest.param("[::1]:80", "[::1]", id="an IPv6 address keeps its brackets"),
        pytest.param("10.0.0.1:8080", "10.0.0.1", id="an IPv4 address"),
        pytest.param("", "*", id="no authority at all"),
    ],
)
def test_finds_the_virtual_host_that_envoy_finds(authority, domain):
    assert found(authority) == domain


@pytest.mark.parametrize(
    ("authority", "domain"),
    [
        pytest.param("a.com:80", "a.com:80", id="written with the port"),
        pytest.param("a.com:81", "a.*", id="another port is another name"),
        pytest.param("x.a.com:99", "*", id="suffixes do not fit"),
    ],
)
def test_ports_count_where_the_routes_say_so(authority, domain):
    assert found(authority, ignore_port=False) == domain


@pytest.mark.parametrize("authority", ["a.com/x", "a b", "a<b>", "é", "a\\b", 'a"b'])
def test_refuses_what_is_no_authority(authority):
    assert not is_authority(authority)


def test_knows_no_virtual_host_without_a_star():
    assert Hosts(RouteConfiguration("http.80", (VirtualHost("a", ("a.com",)),))).find("b.com") is None
