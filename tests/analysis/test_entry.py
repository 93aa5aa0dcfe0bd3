import pytest

from meshwright.analysis.entry import Questions, request_to
from meshwright.errors import InputError
from meshwright.traffic import Proxy, Request

from .tables import GATEWAY, route, table, virtual_host

SECOND = Proxy("router", "edge", (("istio", "second"),))
WEB = Proxy("sidecar", "shop", (("app", "web"), ("version", "v1")))


class Mesh:
    """Two gateways that share one host, and one workload."""

    def gateways(self):
        return GATEWAY, SECOND

    def sidecars(self):
        return (WEB,)

    def route_table(self, proxy):
        domains = {GATEWAY: ("both.com", "first.com"), SECOND: ("both.com",)}.get(proxy, ("*",))
        return table(virtual_host(route(), domains=domains), proxy=proxy)


@pytest.mark.parametrize(
    ("url", "headers", "request_"),
    [
        pytest.param("http://a.com", [], Request("GET", "a.com", "/"), id="a host alone"),
        pytest.param("a.com/x", [], Request("GET", "a.com", "/x"), id="no scheme is http"),
        pytest.param("http://a.com?q", [], Request("GET", "a.com", "/?q"), id="a query without a path"),
        pytest.param("http://a.com/b/../%41#f", [], Request("GET", "a.com", "/b/../%41"), id="the path as written"),
        pytest.param("http://a.com:81/", [], Request("GET", "a.com:81", "/", port=81), id="a port"),
        pytest.param("http://u:p@a.com/", [], Request("GET", "a.com", "/"), id="who asks is no part of the authority"),
        pytest.param("http://[::1]:81/", [], Request("GET", "[::1]:81", "/", port=81), id="an IPv6 address"),
        pytest.param(
            "HTTPS://a.com/", [], Request("GET", "a.com", "/", (), "https", 443, "a.com"), id="TLS names the host"
        ),
        pytest.param(
            "https://10.0.0.1/",
            [("Host", "a.com"), ("X-A", " 1 ")],
            Request("GET", "a.com", "/", (("x-a", "1"),), "https", 443, "10.0.0.1"),
            id="a Host header changes the authority alone",
        ),
    ],
)
def test_a_url_becomes_the_request_that_a_client_sends(url, headers, request_):
    assert request_to("GET", url, headers) == request_


@pytest.mark.parametrize(
    "url", ["", "http://", "http:///x", "ftp://a/", "http://a:0/", "http://a:b/", "http://a:70000/"]
)
def test_what_is_no_url_is_refused(url):
    with pytest.raises(InputError, match="no URL"):
        request_to("GET", url)


@pytest.mark.parametrize(
    ("url", "options", "proxies"),
    [
        pytest.param("http://both.com/", {}, [GATEWAY, SECOND], id="every gateway that serves the host"),
        pytest.param("http://first.com/", {}, [GATEWAY], id="the one that does"),
        pytest.param("http://both.com/", {"proxy": SECOND}, [SECOND], id="the one that is named"),
        pytest.param("http://none.com/", {}, [GATEWAY], id="where none serves it, the first that listens"),
        pytest.param("http://none.com:81/", {}, [GATEWAY], id="where none listens, the first"),
        pytest.param("http://x/", {"source": "shop/web"}, [WEB], id="the workload's sidecar"),
        pytest.param(
            "http://x/", {"source": "shop/new"}, [Proxy("sidecar", "shop", (("app", "new"),))], id="a workload to be"
        ),
        pytest.param("http://x/", {"source": "shop"}, [Proxy("sidecar", "shop")], id="any workload of a namespace"),
    ],
)
def test_a_request_enters_where_it_is_served(url, options, proxies):
    answers = Questions(Mesh()).ask(request_to("GET", url), **options)
    assert [each.table.proxy for each in answers] == proxies


def test_a_mesh_without_gateways_has_nobody_who_listens():
    class Empty(Mesh):
        def gateways(self):
            return ()

    (answer,) = Questions(Empty()).ask(request_to("GET", "http://a:81/"))
    assert answer.outcome == "no_listener"


@pytest.mark.parametrize("source", ["", "/web", "a/b/c"])
def test_who_names_no_workload_is_told(source):
    with pytest.raises(InputError, match="names no workload"):
        Questions(Mesh()).ask(request_to("GET", "http://a/"), source)
