"""Objects that a cluster would refuse: whatever stands in a field, the conversion goes on."""

import copy
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from meshwright.frontends.gateway_api import Options, convert, gateway_proxies
from meshwright.manifests import read_file
from meshwright.manifests.resource import Resource

CASES = sorted((Path(__file__).parents[2] / "data" / "routes").glob("gateway-api-*"))
MESHES = [list(read_file(case / "mesh.yaml")) for case in CASES]
ODDITIES = st.sampled_from(
    [None, True, 0, -1, 2.5, 10**30, "", "x", "*", "a/b", [], [None], [[]], ["x"], [{}], {}, {"x": None}, {"name": []}]
)
EVERY_FEATURE = Options(api_defaults=False, assume_unseen=False, alpha=True, inference_pools=True, multi_network=True)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [place for key, child in children for place in places(child, (*path, key))]


PLACES = [
    (mesh, number, place)
    for mesh, resources in enumerate(MESHES)
    for number, resource in enumerate(resources)
    for place in places({key: resource.body[key] for key in ("metadata", "spec") if key in resource.body})
    if place[:2] not in (("metadata",), ("metadata", "name"), ("metadata", "namespace"))
]


def with_oddity(resource: Resource, place: tuple[Any, ...], oddity: Any) -> Resource:
    body = copy.deepcopy(resource.body)
    parent = body
    for step in place[:-1]:
        parent = parent[step]
    parent[place[-1]] = oddity
    return Resource(body, resource.api_version, resource.kind, resource.namespace, resource.name, resource.place)


@given(chosen=st.sampled_from(PLACES), oddity=ODDITIES)
def test_any_field_may_hold_anything(chosen, oddity):
    mesh, number, place = chosen
    resources = list(MESHES[mesh])
    resources[number] = with_oddity(resources[number], place, oddity)

    for options in (Options(), EVERY_FEATURE):
        assert all(made.origin("spec").resource for made in convert(resources, options))
        assert len(gateway_proxies(resources, options)) <= 1
