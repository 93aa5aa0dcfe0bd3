"""Random meshes of the Gateway API, compiled by us and by istiod itself."""

import json

import pytest
import ryaml

from benchmarks.conformance.routes import by_name
from benchmarks.conformance.verdict import difference
from meshwright.envoy.routes import route_configuration
from meshwright.frontends import compile_mesh
from meshwright.frontends.gateway_api.defaults import with_api_defaults
from meshwright.manifests import read_text
from meshwright.traffic import Proxy
from tests.frontends.gateway_api.random_meshes import PROXIES, mesh
from tests.recorder import istiod
from tests.recorder.summary import of_istiod, of_ours, routes_of

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(istiod.program() is None, reason="istiod's code is not built: run make differential"),
]


def text(bodies):
    return "---\n".join(ryaml.dumps(body) for body in bodies)


@pytest.fixture(scope="module")
def oracle():
    with istiod.Istiod() as running:
        yield running


def unordered(message):
    """Sort the conditions of a match, all of which must hold; istiod puts those on the query in any order."""
    if isinstance(message, dict):
        return {
            key: sorted(map(unordered, value), key=json.dumps)
            if key in ("headers", "queryParameters")
            else unordered(value)
            for key, value in message.items()
        }
    return [unordered(each) for each in message] if isinstance(message, list) else message


@pytest.mark.parametrize("number", range(40))
def test_makes_the_routes_and_listeners_that_istiod_makes(number, oracle):
    stored = [with_api_defaults(found).body for found in read_text(text(mesh(number)))]
    answer = oracle.ask(istiod.question(str(number), text(stored), PROXIES))
    compiled = compile_mesh(read_text(text(mesh(number))))
    for proxy in PROXIES:
        sent = answer["proxies"][proxy["name"]]
        labels, addresses = tuple(proxy["labels"].items()), tuple(proxy["addresses"])
        table = compiled.route_table(Proxy(proxy["type"], proxy["namespace"], labels, addresses))
        theirs = unordered(by_name(routes_of(sent).values()))
        ours = unordered(by_name(route_configuration(each) for each in table.route_configurations))
        assert ours == theirs, f"{proxy['name']} routes\n{difference(theirs, ours)}"
        theirs = {each["name"]: of_istiod(each) for each in sent["listeners"]}
        ours = {each.name: of_ours(each) for each in table.listeners}
        assert ours == theirs, f"{proxy['name']} listeners\n{difference(theirs, ours)}"
