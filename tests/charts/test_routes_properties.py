"""Where two roads meet: what is refused as dead never answers, and the Gateway API answers as Istio's own."""

from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from meshwright.analysis.decide import Decider
from meshwright.charts import Backend, Environment, GatewayApiGateway, HttpRoutes, IngressGateway, Match, Rewrite, Route
from meshwright.charts.dead_routes import dead_matches
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_text
from meshwright.traffic import Request
from meshwright.tree import ApiObject, App, Chart, Yaml
from tests.charts.programs.gateway_api_twin import AROUND, GATEWAY

SHOP = Environment("demo", namespace="edge")
SERVICE = "{apiVersion: v1, kind: Service, metadata: {name: s%d, namespace: edge}, spec: {ports: [{port: 80}]}}"
SERVICES = "\n---\n".join(SERVICE % number for number in range(4))

paths = st.lists(st.sampled_from(["a", "b", "A"]), max_size=3).map(lambda parts: "/" + "/".join(parts))
texts = st.sampled_from(["a", "ab", "b"])
steps: dict[str, Any] = {
    "method": st.builds(lambda method: lambda match: match.method(method), st.sampled_from(["GET", "POST"])),
    "header": st.builds(
        lambda kind, text: lambda match: match.header("x", **kind(text)),
        st.sampled_from(
            [
                lambda text: {"exact": text},
                lambda text: {"prefix": text},
                lambda text: {"regex": text + ".*"},
                lambda text: {},
            ]
        ),
        texts,
    ),
    "without": st.builds(lambda text: lambda match: match.without_header("y", exact=text), texts),
    "query": st.builds(lambda text: lambda match: match.query("q", exact=text), texts),
}
requests = st.builds(
    lambda method, path, headers, query: Request(method, "shop.example.com", path + query, tuple(headers.items())),
    st.sampled_from(["GET", "POST"]),
    st.one_of(paths, paths.map(lambda path: path + "b"), paths.map(lambda path: path.rstrip("/") + "/")),
    st.dictionaries(st.sampled_from(["x", "y"]), texts),
    st.sampled_from(["", "?q=a", "?q=b"]),
)


def matches(kinds: list[str], narrowed: list[str]) -> st.SearchStrategy[Match]:
    makers: dict[str, Any] = {
        "exact": paths.map(Match.exact),
        "loose": paths.map(lambda path: Match.exact(path, ignore_case=True)),
        "loose-prefix": paths.map(lambda path: Match.prefix(path, ignore_case=True)),
        "prefix": paths.map(Match.prefix),
        "below": paths.map(Match.below),
        "regex": paths.map(lambda path: Match.regex(path + ".*")),
        "any": st.just(Match.any()),
    }

    def narrow(match: Match, chosen: list[Any]) -> Match:
        for step in chosen:
            match = step(match)
        return match

    chosen = st.lists(st.sampled_from(narrowed), max_size=2, unique=True).flatmap(
        lambda names: st.tuples(*(steps[name] for name in names)).map(list)
    )
    return st.builds(narrow, st.one_of(*(makers[kind] for kind in kinds)), chosen)


def target(number: int) -> Backend:
    return Backend(f"s{number}.edge.svc.cluster.local", 80, elsewhere=True)


def decider(chart: Chart) -> Decider:
    objects = [each.to_json() for each in chart.node.find_all() if isinstance(each, ApiObject)]
    text = f"{Yaml.format_objects(objects)}\n---\n{AROUND}\n---\n{SERVICES}"
    return Decider(compile_mesh(read_text(text)).route_table(GATEWAY))


def of_istio(routes: list[Route]) -> tuple[Chart, HttpRoutes]:
    chart = SHOP.chart(App(), "edge")
    gateway = IngressGateway(chart, "gateway", hosts=["*"], selector=dict(GATEWAY.labels))
    return chart, HttpRoutes(chart, "routes", hosts=["shop.example.com"], gateways=[gateway], routes=routes)


def of_gateway_api(routes: list[Route]) -> tuple[Chart, HttpRoutes]:
    chart = SHOP.chart(App(), "edge")
    gateway = GatewayApiGateway(chart, "gateway", hosts=["*"])
    made = HttpRoutes(chart, "routes", hosts=["shop.example.com"], gateways=[gateway], routes=routes, api="gateway")
    return chart, made


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    st.lists(
        matches(["exact", "loose", "loose-prefix", "prefix", "below", "regex", "any"], list(steps)),
        min_size=2,
        max_size=4,
    ),
    st.lists(requests, min_size=5, max_size=20),
)
def test_a_route_that_is_refused_as_dead_never_answers(given: list[Match], asked: list[Request]) -> None:
    routes = [Route(name=f"r{number}", to=target(number), match=match) for number, match in enumerate(given)]
    dead = {f"r{position}" for position, _, _ in dead_matches(routes)}
    assume(dead)
    chart, _ = of_istio(routes)
    answers = decider(chart)
    for request in asked:
        decision = answers.decide(request)
        assert decision.route is None or decision.route.name not in dead


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.filter_too_much])
@given(
    st.lists(
        st.tuples(
            matches(["exact", "below", "regex"], ["method", "header", "query"]),
            st.sampled_from([None, None, Rewrite(uri="/"), Rewrite(uri="/z"), Rewrite(authority="other.example.com")]),
        ),
        min_size=1,
        max_size=4,
    ),
    st.lists(requests, min_size=5, max_size=20),
)
def test_an_http_route_answers_as_the_virtual_service(
    given: list[tuple[Match, Rewrite | None]], asked: list[Request]
) -> None:
    routes = [Route(to=target(number), match=match, rewrite=rewrite) for number, (match, rewrite) in enumerate(given)]
    chart, made = of_gateway_api(routes)
    assume(not made.node.validate())
    own, _ = of_istio(routes)
    ours, twins = decider(own), decider(chart)
    for request in asked:
        one, other = ours.decide(request), twins.decide(request)
        assert (one.status, one.path, one.authority) == (other.status, other.path, other.authority)
        assert [cluster.name for cluster in one.clusters] == [cluster.name for cluster in other.clusters]
