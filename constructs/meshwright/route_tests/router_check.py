"""Tests in the shape of Envoy's router check tool, as istio-router-check runs them.

Source: Envoy docs, "Route table check tool". Requests meet the routes of a sidecar, or of one gateway.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from meshwright.analysis.decide import Decider
from meshwright.analysis.decision import Decision
from meshwright.errors import InputError
from meshwright.frontends import Mesh, MeshOptions
from meshwright.frontends.istio.hosts import resolve_gateway
from meshwright.manifests import Resource
from meshwright.route_tests.result import Result
from meshwright.route_tests.stand_ins import complete_mesh
from meshwright.traffic import Proxy, Request, RouteTable, WeightedCluster


def _cluster(decision: Decision, random: int) -> str:
    """Return the cluster that a random number chooses, as Envoy does."""
    clusters: Sequence[WeightedCluster] = decision.clusters
    point = random % (sum(each.weight for each in clusters) or 1)
    for each in clusters:
        if point < each.weight or len(clusters) == 1:
            return each.name
        point -= each.weight
    return ""


_ACTUAL: dict[str, Callable[[Decision, int], object]] = {
    "cluster_name": _cluster,
    "virtual_host_name": lambda decision, _: decision.virtual_host.name if decision.virtual_host else "",
    "host_rewrite": lambda decision, _: decision.authority if decision.outcome == "route" else "",
    "path_rewrite": lambda decision, _: decision.path if decision.outcome == "route" else "",
    "path_redirect": lambda decision, _: decision.location or "",
    "code_redirect": lambda decision, _: decision.status if decision.location is not None else 0,
}


class RouterCheck:
    """Judges tests against the routes of ``resources``.

    Args:
        gateway: ``NAMESPACE/NAME`` of the Gateway whose routes are meant; ``None``: those of sidecars.
    """

    def __init__(self, resources: Sequence[Resource], options: MeshOptions, gateway: str | None) -> None:
        self._mesh = complete_mesh(resources, options, gateway)
        proxies = [Proxy("sidecar", "default")] if gateway is None else _selected(self._mesh, gateway)
        self._deciders = [Decider(self._mesh.route_table(proxy)) for proxy in proxies]

    @property
    def tables(self) -> list[RouteTable]:
        """The route tables that tests meet."""
        return [each.table for each in self._deciders]

    def judge(self, file: str, tests: Sequence[Mapping[str, Any]], *, strict: bool = False) -> Iterator[Result]:
        """Yield one result a test.

        Raises:
            InputError: A test lacks its input, or wants something compared that is not known.
        """
        for number, test in enumerate(tests):
            name = str(test.get("test_name") or f"test {number + 1}")
            asked, wanted = test.get("input"), test.get("validate")
            if not isinstance(asked, dict) or not isinstance(wanted, dict):
                raise InputError(
                    file, f'test "{name}" has no input or nothing to validate', "Give input: and validate:"
                )
            unknown = sorted(set(wanted) - set(_ACTUAL))
            if unknown:
                known = ", ".join(_ACTUAL)
                raise InputError(file, f'test "{name}" validates "{unknown[0]}"', f"What can be compared: {known}")
            decision = self._decide(_request(file, name, asked))
            chosen = int(asked.get("random_value") or 0)
            yield Result(file, name, tuple(_failures(decision, wanted, chosen)))

    def _decide(self, request: Request) -> Decision:
        """Return what the routes do that know the authority best, by the request's port before all others."""
        decisions = [
            decider.decide_in(configuration.name, request)
            for decider in self._deciders
            for configuration in decider.table.route_configurations
        ]
        named = [each for each in decisions if each.virtual_host is not None]
        exact = [each for each in named if each.domain != "*"]
        here = [each for each in exact if each.configuration and _is_for(each.configuration.name, request.port)]
        best = [*here, *exact, *named, *decisions]
        return best[0] if best else self._deciders[0].decide(request)


def _is_for(configuration: str, port: int) -> bool:
    return str(port) in configuration.replace(":", ".").split(".")


def _selected(mesh: Mesh, gateway: str) -> list[Proxy]:
    namespace, _, name = resolve_gateway(gateway, "default").partition("/")
    for resource in mesh.configs("Gateway"):
        if (resource.namespace, resource.name) == (namespace, name):
            selector = resource.spec.get("selector") or {}
            wanted = {key: str(value) for key, value in selector.items()}.items()
            return [each for each in mesh.gateways() if wanted <= dict(each.labels).items()]
    return list(mesh.gateways())


def _request(file: str, name: str, asked: Mapping[str, Any]) -> Request:
    authority, path = str(asked.get("authority") or ""), str(asked.get("path") or "/")
    headers = asked.get("additional_request_headers") or []
    if not isinstance(headers, list) or not all(isinstance(each, dict) and "key" in each for each in headers):
        wrong = f'test "{name}" has headers that are no list of key and value'
        raise InputError(file, wrong, "Write additional_request_headers: [{key: …, value: …}]")
    pairs = tuple((str(each["key"]).lower(), str(each.get("value", ""))) for each in headers)
    told = next((value for key, value in pairs if key in ("host", ":authority")), authority)
    kept = tuple(pair for pair in pairs if pair[0] not in ("host", ":authority"))
    tls = asked.get("ssl") is True
    method = str(asked.get("method") or "GET")
    return Request(method, told, path, kept, "https" if tls else "http", 443 if tls else 80, authority if tls else None)


def _failures(decision: Decision, wanted: Mapping[str, Any], chosen: int) -> Iterator[str]:
    for field, value in wanted.items():
        actual = _ACTUAL[field](decision, chosen)
        if actual != value:
            request = decision.request
            there = f"{request.method} {request.authority}{request.path}"
            yield f'{there}: {field} is "{actual}", the test wants "{value}" ({decision.because})'
