import json
from dataclasses import replace
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshwright.analysis.decide import Decider
from meshwright.report.explain_json import AnswerWriter, decision_json
from meshwright.traffic import DirectResponse, HeaderMatch, Origin, Proxy, RouteTable, Unknown
from tests.analysis.strategies import configurations, random_request
from tests.analysis.tables import request, route, table, virtual_host


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(configuration=configurations(), seed=st.integers(0, 2**32), doubtful=st.booleans())
def test_many_answers_are_written_as_each_alone_would_be(configuration, seed, doubtful):
    random, writer = Random(seed), AnswerWriter()
    unknowns = (Unknown("EnvoyFilter", "it may do anything", headers=("x-a",)),) if doubtful else ()
    for proxy in (Proxy("router", "a", (("istio", "ingress"),)), Proxy("sidecar", "b")):
        decider = Decider(RouteTable(proxy, route_configurations=(configuration,), unknowns=unknowns))
        for _ in range(20):
            decision = decider.decide_in(configuration.name, random_request(random, configuration))
            assert writer.answer([decision]) == json.dumps(decision_json(decision))


def test_one_route_tells_each_request_its_own_path_and_reason():
    first = route(path="/x", headers=(HeaderMatch("x-a"),), origin=Origin("VirtualService a/b", "spec.http[0]"))
    decider = Decider(table(virtual_host(first, route("last", action=DirectResponse(418)), domains=("a.com",))))
    writer = AnswerWriter()
    asked = [request("/1"), request("/2", headers=(("x-a", 'say "ü"'),)), request(port=81), request(authority="b.com")]
    for decision in map(decider.decide, [*asked, *asked]):
        assert json.loads(writer.answer([decision])) == decision_json(decision)


def test_further_proxies_stand_among_the_others():
    one = Decider(table(virtual_host(route()))).decide(request())
    two = replace(one, table=replace(one.table, proxy=Proxy("router", "edge")))
    told = json.loads(AnswerWriter().answer([one, two, one]))
    assert told == {**decision_json(one), "others": [decision_json(two), decision_json(one)]}
