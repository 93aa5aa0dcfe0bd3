"""What the preview says."""

import pytest

from meshwright.report.preview_text import MOST_COMMANDS, counts_text, listener_lines, request_text
from meshwright.traffic import (
    DirectResponse,
    FilterChain,
    FilterChainMatch,
    Listener,
    PathMatch,
    Proxy,
    Route,
    RouteConfiguration,
    RouteMatch,
    RouteTable,
    TcpRoute,
    VirtualHost,
)


def lines(chain, *hosts, path="/", ports=None):
    routes = (Route(RouteMatch(PathMatch("exact", path)), DirectResponse(200)),)
    configuration = RouteConfiguration("r", tuple(VirtualHost(name, (name,), routes) for name in hosts))
    listener = Listener("0.0.0.0_8080", "0.0.0.0", 8080, (chain,))
    table = RouteTable(Proxy("router", "ns"), (listener,), (configuration,), ports=ports or {})
    return [line.strip() for line in listener_lines(table, listener, 10000)]


HTTP = FilterChain("", FilterChainMatch(), http="r")
HTTPS = FilterChain("", FilterChainMatch(server_names=("a.test",)), http="r", tls="simple")


@pytest.mark.parametrize(
    ("chain", "host", "command"),
    [
        pytest.param(HTTP, "a.test", "curl -H 'Host: a.test' http://127.0.0.1:10000/", id="a host"),
        pytest.param(HTTP, "*.test", "curl -H 'Host: any.test' http://127.0.0.1:10000/", id="one of many hosts"),
        pytest.param(HTTP, "*", "curl http://127.0.0.1:10000/", id="any host"),
        pytest.param(
            HTTPS, "a.test", "curl -k --resolve a.test:10000:127.0.0.1 https://a.test:10000/", id="a host behind TLS"
        ),
        pytest.param(
            FilterChain("", FilterChainMatch(server_names=("p.test",)), tcp=TcpRoute(())),
            "",
            "curl -k --resolve p.test:10000:127.0.0.1 https://p.test:10000/",
            id="TLS passed through",
        ),
        pytest.param(FilterChain("", FilterChainMatch(), tcp=TcpRoute(())), "", "nc 127.0.0.1 10000", id="bytes"),
    ],
)
def test_each_host_has_a_command(chain, host, command):
    assert lines(chain, host) == ["port 8080 is 127.0.0.1:10000", command]


def test_a_path_that_the_shell_would_read_is_quoted():
    assert lines(HTTP, "*", path="/a'b?c=$d")[1] == """curl 'http://127.0.0.1:10000/a'"'"'b?c=$d'"""


def test_the_port_is_the_one_that_clients_connect_to():
    assert lines(HTTP, "*", ports={80: 8080})[0] == "port 80 is 127.0.0.1:10000"


def test_many_hosts_are_cut_short():
    shown = lines(HTTP, *(f"{number}.test" for number in range(MOST_COMMANDS + 3)))
    assert (len(shown), shown[-1]) == (MOST_COMMANDS + 2, "and 3 more hosts")


def test_a_request_is_told_with_its_rule_its_cluster_and_what_went_wrong():
    told = request_text(
        status=504,
        method="GET",
        authority="a.test",
        path="/x",
        route="VirtualService shop/cart spec.http[0]",
        cluster="outbound|80|v1|cart",
        flags="DI,UT",
        count=7,
    )
    assert told == (
        "504 GET a.test/x  VirtualService shop/cart spec.http[0] -> cart:80 v1 (delayed by a fault, timeout)  [7]"
    )


def test_counts_come_with_the_most_first():
    assert counts_text({"a": 1, "b": 12, "c": 1}) == "Requests by route:\n  12  b\n   1  a\n   1  c"
    assert counts_text({}) == "No requests."
