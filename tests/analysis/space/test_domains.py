"""What requests can be: no more and no less than the model of Envoy lets through."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshwright.analysis.hosts import Hosts
from meshwright.analysis.paths import normalise, without_query
from meshwright.analysis.space.conditions import Conditions
from meshwright.analysis.space.domains import authority_slot, path_slot
from meshwright.analysis.space.entrance import Door, Entrance
from meshwright.analysis.space.slots import word_for
from meshwright.analysis.space.witness import request_of
from meshwright.analysis.space.words import Undecided
from meshwright.traffic import RouteConfiguration, VirtualHost

from ..strategies import DOMAINS, HOSTS, PIECES
from ..tables import GATEWAY, SIDECAR, table, virtual_host

NORMALISATIONS = st.sampled_from(["BASE", "NONE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"])
RAW = st.lists(st.sampled_from([*PIECES, "/..;x", "/.;x/", "/%2e%2e;x", "%25", "%2", "%6", "1", "^", "{"]), max_size=6)
LETTERS = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=6)


def accepts(domain, word):
    def told(language):
        automaton = language.automaton
        state = automaton.start
        for byte in word.encode():
            state = automaton.step(state, byte)
        return automaton.accepts(state)

    return told(domain.inside) and not any(map(told, domain.outside))


@settings(max_examples=500)
@given(RAW.map("".join) | LETTERS, NORMALISATIONS)
def test_every_normalised_path_is_one_that_can_be(raw, how):
    path = normalise("/" + raw, how)
    if path is not None:
        domain = path_slot(how).domain
        assert domain.has(without_query(path))
        assert accepts(domain, without_query(path))


@settings(max_examples=500)
@given(RAW.map("".join) | LETTERS, NORMALISATIONS)
def test_every_path_that_can_be_is_sent_so_that_envoy_reads_it(raw, how):
    path = "/" + raw
    conditions = Conditions(Entrance(virtual_host(), path_normalisation=how))
    if path_slot(how).domain.has(path):
        assert normalise(request_of(conditions, {0: path}).path, how) == path


@settings(max_examples=200)
@given(st.lists(st.sampled_from(DOMAINS), min_size=2, max_size=6, unique_by=str.lower), st.booleans(), st.data())
def test_a_virtual_host_gets_the_authorities_that_no_other_takes(domains, ignore_port, data):
    cut = data.draw(st.integers(1, len(domains) - 1))
    mine, other = VirtualHost("mine", tuple(domains[:cut])), VirtualHost("other", tuple(domains[cut:]))
    configuration = RouteConfiguration("x", (mine, other), ignore_port)
    domain = authority_slot(Entrance(mine, configuration)).domain
    for host in HOSTS:
        for authority in (host, host + ":80", host + ":"):
            found = Hosts(configuration).find(authority)
            taken = found is not None and found[0] is mine
            assert domain.has(authority) == taken
            assert not taken or accepts(domain, authority)
    try:
        word = word_for(domain, [], [])
    except Undecided:
        word = None
    if word is not None:
        found = Hosts(configuration).find(word)
        assert found is not None and found[0] is mine


@pytest.mark.parametrize(
    ("proxy", "edge"), [pytest.param(GATEWAY, True, id="a gateway"), pytest.param(SIDECAR, False, id="a sidecar")]
)
def test_an_entrance_is_read_from_the_listeners_of_a_table(proxy, edge):
    host = virtual_host()
    mesh = table(host, proxy=proxy, ports={8080: 80})
    entrance = Entrance.of(mesh, mesh.route_configurations[0], host)
    assert (entrance.at_the_edge, entrance.doors) == (edge, (Door("http", 8080),))
