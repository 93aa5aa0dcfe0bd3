"""The upstreams that say what reached them."""

import http.client
import json
import socket
import ssl
import time

import pytest

from meshwright.envoy.certificates import throw_away_certificate
from meshwright.envoy.echo import Echo


@pytest.fixture
def echo():
    with Echo() as running:
        yield running


def ask(port, method="GET", path="/", body=None, headers=None, connection=None):
    connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_it_answers_what_it_received(echo):
    headers = {"x-meshwright-cluster": "outbound|80||shop", "X-Mixed": "a"}
    status, body = ask(echo.port, "POST", "/a?b=c", b"content", headers)
    seen = json.loads(body)
    assert (status, seen["cluster"], seen["path"], seen["method"]) == (200, "outbound|80||shop", "/a?b=c", "POST")
    assert seen["headers"]["x-mixed"] == "a"
    assert "x-meshwright-cluster" not in seen["headers"]


def test_slashes_of_the_path_are_kept(echo):
    assert json.loads(ask(echo.port, path="//a//b")[1])["path"] == "//a//b"


def test_one_connection_carries_many_requests(echo):
    connection = http.client.HTTPConnection("127.0.0.1", echo.port, timeout=10)
    first = ask(echo.port, "PUT", "/1", iter([b"ab", b"c"]), {}, connection)
    second = ask(echo.port, "PUT", "/2", b"abc", {}, connection)
    assert [json.loads(body)["path"] for _, body in (first, second)] == ["/1", "/2"]


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PURGE"])
def test_any_method_is_answered(echo, method):
    assert ask(echo.port, method)[0] == 200


def test_it_fails_and_is_slow_on_request(echo):
    started = time.monotonic()
    assert ask(echo.port, headers={"x-echo-status": "503", "x-echo-delay": "0.2"})[0] == 503
    assert time.monotonic() - started >= 0.2


def test_nonsense_in_its_headers_changes_nothing(echo):
    assert ask(echo.port, headers={"x-echo-status": "soon", "x-echo-delay": "never"})[0] == 200


def test_it_counts_by_cluster(echo):
    for cluster in ("a", "b", "a"):
        ask(echo.port, headers={"x-meshwright-cluster": cluster})
    assert echo.requests == {"a": 2, "b": 1}


def test_a_cluster_of_its_own_needs_no_header(echo):
    echo.open_for(["bytes"])
    assert json.loads(ask(echo.own_ports["bytes"])[1])["cluster"] == "bytes"


def test_a_client_that_waits_hears_the_cluster_first(echo):
    echo.open_for(["bytes"])
    with socket.create_connection(("127.0.0.1", echo.own_ports["bytes"]), 10) as connection:
        received = connection.makefile("rb")
        assert json.loads(received.readline()) == {"cluster": "bytes"}
        connection.sendall(b"back\n")
        assert received.readline() == b"back\n"


def test_it_speaks_tls_to_those_who_begin_with_a_handshake(echo):
    certificate = throw_away_certificate(["*.shop.test"])
    echo.use_certificate(certificate)
    echo.open_for(["secure"])
    context = ssl.create_default_context(cadata=certificate.authority)
    plain = socket.create_connection(("127.0.0.1", echo.own_ports["secure"]), 10)
    with context.wrap_socket(plain, server_hostname="a.shop.test") as connection:
        connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
        assert b'"cluster": "secure"' in connection.makefile("rb").read()


def test_a_cluster_that_is_not_named_any_more_is_closed(echo):
    echo.open_for(["one", "two"])
    port = echo.own_ports["one"]
    echo.open_for(["two"])
    assert set(echo.own_ports) == {"two"}
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", port), 1).close()
