"""What loses requests when it reaches the cluster as one commit, and what does not."""

import pytest

from tests.changes.meshes import GATEWAY, change, deployment, routes, rule, service, steps, subsets, to

REVIEWS = (GATEWAY, service("reviews"), deployment("reviews", "v1"), deployment("reviews", "v2"))
SPLIT = routes(rule(to("reviews", "v1", 90), to("reviews", "v2", 10)))
V1 = routes(rule(to("reviews", "v1")))
V2 = routes(rule(to("reviews", "v2")))
PLAIN = routes(rule(to("reviews")))
REFUSED = routes(rule(to("reviews")).replace("{", "{fault: {abort: {httpStatus: 503, percentage: {value: 100}}}, ", 1))


def test_a_subset_that_is_added_and_routed_to_at_once_needs_two_commits():
    found = change((*REVIEWS, subsets("reviews", "v1"), V1), (*REVIEWS, subsets("reviews", "v1", "v2"), SPLIT))
    [gap] = found.gaps
    assert (gap.change, gap.part, gap.host, gap.subset) == ("new", "subset", "reviews.shop.svc.cluster.local", "v2")
    assert [(origin.resource, origin.field) for origin in gap.defined] == [
        ("DestinationRule shop/reviews", "spec.subsets[1]")
    ]
    assert [(origin.resource, origin.field) for origin in gap.led_by] == [("VirtualService shop/web", "spec.http[0]")]
    assert gap.witness is not None
    assert gap.witness.authority == "shop.example.com"
    assert steps(found) == [
        ['Add subset "v2" to DestinationRule shop/reviews'],
        ['Route to subset "v2" of reviews.shop.svc.cluster.local in VirtualService shop/web'],
    ]


def test_a_subset_that_is_removed_together_with_its_routes_needs_two_commits():
    found = change((*REVIEWS, subsets("reviews", "v1", "v2"), SPLIT), (*REVIEWS, subsets("reviews", "v1"), V1))
    [gap] = found.gaps
    assert (gap.change, gap.part, gap.subset, gap.remains) == ("gone", "subset", "v2", False)
    assert steps(found) == [
        ['Route no more to subset "v2" of reviews.shop.svc.cluster.local in VirtualService shop/web'],
        ['Remove subset "v2" from DestinationRule shop/reviews'],
    ]


def test_a_subset_that_replaces_another_needs_three_commits():
    found = change((*REVIEWS, subsets("reviews", "v1"), V1), (*REVIEWS, subsets("reviews", "v2"), V2))
    assert [len(commit.steps) for commit in found.commits] == [1, 2, 1]
    assert steps(found)[0] == ['Add subset "v2" to DestinationRule shop/reviews']
    assert steps(found)[2] == ['Remove subset "v1" from DestinationRule shop/reviews']


def test_a_subset_that_is_removed_though_routes_stay_is_told_as_lost_for_good():
    found = change((*REVIEWS, subsets("reviews", "v1", "v2"), SPLIT), (*REVIEWS, subsets("reviews", "v1"), SPLIT))
    assert [(gap.subset, gap.remains) for gap in found.gaps] == [("v2", True)]
    assert "to which requests are still routed" in found.gaps[0].wrong


def test_the_first_subsets_of_a_host_come_before_the_first_route_to_them():
    found = change((*REVIEWS, PLAIN), (*REVIEWS, subsets("reviews", "v1"), V1))
    assert steps(found) == [
        ["Add DestinationRule shop/reviews"],
        ['Route to subset "v1" of reviews.shop.svc.cluster.local in VirtualService shop/web'],
    ]


def test_a_new_version_comes_with_its_pods_before_its_route():
    before = (GATEWAY, service("reviews"), deployment("reviews", "v1"), subsets("reviews", "v1"), V1)
    found = change(before, (*REVIEWS, subsets("reviews", "v1", "v2"), SPLIT))
    assert steps(found)[0] == ['Add subset "v2" to DestinationRule shop/reviews', "Add Deployment shop/reviews-v2"]


def test_a_route_to_a_subset_whose_pods_only_start_is_too_early():
    before = (GATEWAY, service("reviews"), deployment("reviews", "v1"), subsets("reviews", "v1", "v2"), V1)
    found = change(before, (*REVIEWS, subsets("reviews", "v1", "v2"), V2))
    assert [(gap.change, gap.part, gap.subset) for gap in found.gaps] == [("new", "workloads", "v2")]
    assert steps(found)[0] == ["Add Deployment shop/reviews-v2"]


def test_pods_that_go_together_with_the_route_to_them_go_too_early():
    after = (GATEWAY, service("reviews"), deployment("reviews", "v2"), subsets("reviews", "v1", "v2"), V2)
    found = change((*REVIEWS, subsets("reviews", "v1", "v2"), V1), after)
    assert [(gap.change, gap.part, gap.subset) for gap in found.gaps] == [("gone", "workloads", "v1")]
    assert steps(found)[1] == ["Remove Deployment shop/reviews-v1"]


def test_a_service_that_takes_over_requests_the_moment_it_is_added_needs_two_commits():
    old, new = routes(rule(to("old"))), routes(rule(to("new")))
    before = (GATEWAY, service("old"), deployment("old"), old)
    found = change(before, (*before[:-1], service("new"), deployment("new"), new))
    assert [(gap.change, gap.part, gap.host) for gap in found.gaps] == [("new", "host", "new.shop.svc.cluster.local")]
    assert steps(found) == [
        ["Add Service shop/new", "Add Deployment shop/new-v1"],
        ["Route to new.shop.svc.cluster.local in VirtualService shop/web"],
    ]


def test_a_service_that_goes_together_with_its_routes_needs_two_commits():
    stays = (GATEWAY, service("new"), deployment("new"))
    found = change(
        (*stays, service("old"), deployment("old"), routes(rule(to("old")))), (*stays, routes(rule(to("new"))))
    )
    assert [(gap.change, gap.part, gap.host) for gap in found.gaps] == [("gone", "host", "old.shop.svc.cluster.local")]


def test_a_port_that_is_added_and_routed_to_at_once_needs_two_commits():
    one, two = service("reviews", 80), service("reviews", 80, 9090)
    pods = (GATEWAY, deployment("reviews"))
    found = change(
        (*pods, one, routes(rule(to("reviews", port=80)))), (*pods, two, routes(rule(to("reviews", port=9090))))
    )
    assert [(gap.change, gap.part, gap.port) for gap in found.gaps] == [("new", "port", 9090)]
    assert steps(found)[0] == ["Add port 9090 to Service shop/reviews"]
    back = change(
        (*pods, two, routes(rule(to("reviews", port=9090)))), (*pods, one, routes(rule(to("reviews", port=80))))
    )
    assert [(gap.change, gap.part, gap.port) for gap in back.gaps] == [("gone", "port", 9090)]


def test_sidecars_lose_requests_as_gateways_do():
    mesh_v1 = routes(rule(to("reviews", "v1")), host="reviews", gateways="[mesh]")
    found = change((*REVIEWS[1:],), (*REVIEWS[1:], subsets("reviews", "v1"), mesh_v1))
    assert [(gap.part, gap.subset) for gap in found.gaps] == [("subset", "v1")]
    assert found.gaps[0].proxies[0].type == "sidecar"


def test_clients_of_one_namespace_alone_lose_requests_too():
    asked = "{uri: {prefix: /}, sourceLabels: {app: page}}"
    http = "\n".join([rule(to("reviews", "v1"), match=asked), rule(to("reviews"))])
    client, parts = deployment("page"), REVIEWS[1:]
    found = change((*parts, client), (*parts, client, subsets("reviews", "v1"), routes(http, "reviews", "[mesh]")))
    assert [dict(proxy.labels)["app"] for gap in found.gaps for proxy in gap.proxies] == ["page"]


def test_connections_that_are_passed_on_unread_are_lost_too():
    gateway = GATEWAY.replace("protocol: HTTP", "protocol: TCP").replace("name: http", "name: tcp")

    def tcp(subset: str) -> str:
        text = routes("", host="*").replace("  http:\n", "  tcp:\n")
        return text + rule(to("db", subset))

    parts = (gateway, service("db"), deployment("db", "v1"), deployment("db", "v2"))
    found = change((*parts, subsets("db", "v1"), tcp("v1")), (*parts, subsets("db", "v1", "v2"), tcp("v2")))
    assert [(gap.part, gap.subset) for gap in found.gaps] == [("subset", "v2")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            (*REVIEWS, subsets("reviews", "v1", "v2"), V1),
            (*REVIEWS, subsets("reviews", "v1", "v2"), SPLIT),
            id="the DestinationRule already had the subset",
        ),
        pytest.param(
            (*REVIEWS, subsets("reviews", "v1"), V1),
            (*REVIEWS, subsets("reviews", "v1", "v2"), V1),
            id="a subset is added that nobody routes to yet",
        ),
        pytest.param(
            (*REVIEWS, subsets("reviews", "v1", "v2"), V1),
            (*REVIEWS, subsets("reviews", "v1"), V1),
            id="a subset goes that nobody routed to any more",
        ),
        pytest.param(
            (*REVIEWS, subsets("reviews", "v1"), V1),
            (*REVIEWS, subsets("reviews", "v1", "v2"), routes(rule(to("reviews", "v1", 100), to("reviews", "v2", 0)))),
            id="a destination without weight gets no request",
        ),
        pytest.param(
            (*REVIEWS, subsets("reviews", "v1"), V1),
            (
                *REVIEWS,
                subsets("reviews", "v1", "v2"),
                routes("\n".join([rule(to("reviews", "v1")), rule(to("reviews", "v2"), match="{uri: {prefix: /x}}")])),
            ),
            id="a rule behind one that takes everything gets no request",
        ),
        pytest.param(
            (GATEWAY,),
            (*REVIEWS, subsets("reviews", "v1"), V1),
            id="a new host had no requests to lose",
        ),
        pytest.param(
            (*REVIEWS, subsets("reviews", "v1"), V1),
            (GATEWAY,),
            id="a host that goes with all that is behind it is removed, not moved",
        ),
        pytest.param(
            (*REVIEWS, subsets("reviews", "v1"), V1),
            (*REVIEWS, subsets("reviews", "v1").replace("name: reviews,", "name: other,"), V1),
            id="another DestinationRule takes over the subset",
        ),
        pytest.param(
            (*REVIEWS, subsets("reviews", "v1"), V1, routes(rule(to("reviews", "v1")), "b.example.com", name="b")),
            (*REVIEWS, subsets("reviews", "v1"), V1, routes(rule(to("reviews", "v1")), "c.example.com", name="b")),
            id="a route moves to another host",
        ),
        pytest.param((*REVIEWS, PLAIN), (*REVIEWS, PLAIN), id="nothing changes"),
        pytest.param(
            (*REVIEWS, subsets("reviews", "v1"), V1),
            (
                *REVIEWS,
                subsets("reviews", "v1", "v2"),
                routes(f"    - {{route: [{to('reviews', 'v1')}], mirror: {{host: reviews, subset: v2}}}}"),
            ),
            id="the answer to a copy is thrown away",
        ),
        pytest.param(
            (*REVIEWS, subsets("reviews", "v1"), routes(rule(to("reviews", "v2")))),
            (*REVIEWS, subsets("reviews", "v1", "v2"), routes(rule(to("reviews", "v2")))),
            id="a subset that was missing comes for a route that was broken",
        ),
        pytest.param(
            (*REVIEWS, subsets("reviews", "v1"), REFUSED),
            (*REVIEWS, subsets("reviews", "v1", "v2"), V2),
            id="requests that were all refused are not lost",
        ),
    ],
)
def test_nothing_is_lost_where(before, after):
    assert change(before, after).gaps == ()
