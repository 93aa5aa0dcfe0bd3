"""Serving route tables, and replacing them while serving."""

import http.client
import socket
import ssl
import threading
import time
from dataclasses import replace

import pytest

from meshwright.envoy.process import free_ports
from meshwright.envoy.serve import Server
from meshwright.errors import MeshwrightError
from meshwright.traffic import (
    Cluster,
    DirectResponse,
    FilterChain,
    FilterChainMatch,
    Listener,
    Origin,
    Route,
    RouteConfiguration,
    RouteTable,
)
from tests.envoy.tables import ANY, GATEWAY, forward, gateway, host, rule, tcp

pytestmark = pytest.mark.envoy
ORIGIN = Origin("VirtualService shop/cart", "spec.http[0]")


def answering(status):
    return gateway(host("*", Route(ANY, DirectResponse(status), origin=ORIGIN)))


def get(port, path="/", authority="shop.test", connection=None):
    connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers={"host": authority})
    answer = connection.getresponse()
    answer.read()
    return answer


def port_of(server, name="0.0.0.0_80"):
    return next(address.port for address in server.addresses() if address.listener.name == name)


def test_answers_say_which_rule_answered_and_where_it_led():
    with Server() as server:
        server.serve([gateway(host("*", Route(ANY, forward("outbound|80||cart.shop"), origin=ORIGIN)))])
        answer = get(port_of(server))
    assert answer.headers["x-meshwright-route"] == "VirtualService shop/cart spec.http[0]"
    assert answer.headers["x-meshwright-cluster"] == "outbound|80||cart.shop"
    assert answer.headers["server"] == "istio-envoy"


def test_new_routes_are_served_on_the_same_connection():
    with Server() as server:
        server.serve([answering(201)])
        connection = http.client.HTTPConnection("127.0.0.1", port_of(server), timeout=10)
        statuses = [get(None, connection=connection).status]
        pid = server.pid
        local = connection.sock.getsockname()
        for status in (202, 203):
            server.serve([answering(status)])
            statuses.append(get(None, connection=connection).status)
        assert statuses == [201, 202, 203]
        assert server.pid == pid
        assert connection.sock.getsockname() == local


def test_no_request_is_lost_while_routes_change():
    failures, stop = [], threading.Event()

    def keep_asking(port):
        while not stop.is_set():
            try:
                if get(port).status not in (201, 202):
                    failures.append("status")
            except OSError as error:
                failures.append(error)

    with Server() as server:
        server.serve([answering(201)])
        asking = threading.Thread(target=keep_asking, args=(port_of(server),))
        asking.start()
        for status in (202, 201, 202):
            server.serve([answering(status)])
        stop.set()
        asking.join()
    assert failures == []


def test_what_envoy_refuses_leaves_the_last_good_version():
    with Server() as server:
        server.serve([answering(201)])
        with pytest.raises(MeshwrightError, match="refuses the configuration"):
            server.serve([gateway(host("*", rule(forward("c"))), host("*", rule(forward("c"))))])
        assert get(port_of(server)).status == 201
        server.serve([answering(202)])
        assert get(port_of(server)).status == 202


def test_listeners_come_and_go_and_keep_their_ports():
    first = free_ports(1)[0]
    second = Listener("0.0.0.0_81", "0.0.0.0", 81, (FilterChain("", FilterChainMatch(), http="http.81"),))
    one = answering(201)
    configuration = RouteConfiguration("http.81", (host("*", rule(DirectResponse(202))),))
    two = replace(
        one,
        listeners=(*one.listeners, second, Listener("0.0.0.0_9000", "0.0.0.0", 9000, (tcp("bytes"),))),
        route_configurations=(*one.route_configurations, configuration),
    )
    with Server(first) as server:
        server.serve([one])
        server.serve([two])
        ports = [port_of(server), port_of(server, "0.0.0.0_81")]
        assert [get(port).status for port in ports] == [201, 202]
        server.serve([one])
        assert [address.port for address in server.addresses()] == [first]
        server.serve([two])
        assert port_of(server, "0.0.0.0_81") == ports[1]


def test_plain_http_gets_the_first_port():
    first = free_ports(1)[0]
    one = answering(201)
    other = Listener("0.0.0.0_70", "0.0.0.0", 70, (tcp("bytes"),))
    with Server(first) as server:
        server.serve([replace(one, listeners=(other, *one.listeners))])
        assert [address.listener.name for address in server.addresses()] == ["0.0.0.0_80", "0.0.0.0_70"]
        assert get(first).status == 201


def test_a_taken_port_is_an_error_that_names_it():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with Server(port) as server, pytest.raises(MeshwrightError, match=f"port {port} is taken by another process"):
            server.serve([answering(201)])


def test_https_is_served_with_a_certificate_for_its_hosts_and_follows_changes():
    def secure(*names):
        chains = tuple(
            FilterChain("", FilterChainMatch(server_names=(name,)), http=f"https.{name}", tls="simple")
            for name in names
        )
        routes = tuple(
            RouteConfiguration(f"https.{name}", (host(name, rule(DirectResponse(200, name.encode()))),))
            for name in names
        )
        return RouteTable(GATEWAY, (Listener("0.0.0.0_443", "0.0.0.0", 443, chains, inspects_tls=True),), routes)

    def ask(server, name):
        context = ssl.create_default_context(cadata=server.certificate_authority)
        with socket.create_connection(("127.0.0.1", port_of(server, "0.0.0.0_443")), 10) as plain:
            secured = context.wrap_socket(plain, server_hostname=name)
            secured.sendall(f"GET / HTTP/1.1\r\nhost: {name}\r\n\r\n".encode())
            answer = http.client.HTTPResponse(secured)
            answer.begin()
            return answer.read().decode()

    with Server() as server:
        server.serve([secure("a.test")])
        assert ask(server, "a.test") == "a.test"
        server.serve([secure("a.test", "b.test")])
        assert [ask(server, "a.test"), ask(server, "b.test")] == ["a.test", "b.test"]


def test_requests_are_counted_by_the_rule_that_answered():
    seen = []
    with Server(on_request=lambda request, count: seen.append((request.path, request.flags, count))) as server:
        server.serve([gateway(host("shop.test", Route(ANY, DirectResponse(200), origin=ORIGIN)))])
        for path in ("/a", "/b"):
            get(port_of(server), path)
        get(port_of(server), "/c", "nobody.test")
        deadline = time.monotonic() + 5
        while len(seen) < 3 and time.monotonic() < deadline:
            time.sleep(0.02)
    assert server.counts == {"VirtualService shop/cart spec.http[0]": 2, Server.NO_ROUTE: 1}
    assert seen == [("/a", "", 1), ("/b", "", 2), ("/c", "NR", 1)]


def test_a_cluster_that_the_manifests_lack_fails_and_an_unheard_of_host_is_taken_to_exist():
    known = {"outbound|80||cart.shop": Cluster("outbound|80||cart.shop")}
    routes = (
        host("subset.test", rule(forward("outbound|80|v9|cart.shop"))),
        host("elsewhere.test", rule(forward("outbound|80||elsewhere.shop"))),
    )
    with Server() as server:
        server.serve([gateway(*routes, clusters=known)])
        port = port_of(server)
        assert [get(port, authority=name).status for name in ("subset.test", "elsewhere.test")] == [503, 200]
