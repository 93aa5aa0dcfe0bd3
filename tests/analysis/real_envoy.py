"""A real Envoy that answers batches of requests, for comparing the model with it.

Route configurations become Envoy's JSON here, apart from ``meshwright.envoy``, so that one mistake cannot hide another.
The upstream is a listener of the same Envoy that returns the path and authority it was asked for.
"""

import json
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from meshwright.traffic import (
    CorsPolicy,
    DirectResponse,
    Fault,
    Forward,
    HeaderMatch,
    PathMatch,
    QueryMatch,
    Redirect,
    RegexRewrite,
    Request,
    Route,
    RouteConfiguration,
    RouteMatch,
    StringMatch,
    VirtualHost,
)

_KINDS = "type.googleapis.com/envoy.extensions.filters"
_MISSING = "missing"
"""Clusters whose name begins with this are not defined in Envoy."""


@dataclass(frozen=True)
class Answer:
    """What came back: ``path`` and ``authority`` are what the upstream saw, ``None`` when Envoy answered itself."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def cluster(self) -> str | None:
        return self.headers.get("x-cluster") if "x-seen-path" in self.headers else None

    @property
    def path(self) -> str | None:
        return self.headers.get("x-seen-path")

    @property
    def authority(self) -> str | None:
        return self.headers.get("x-seen-authority")

    @property
    def location(self) -> str | None:
        return self.headers.get("location")


class RealEnvoy:
    """One listener a route configuration; ``normalisation`` is merged into the connection manager's options."""

    def __init__(
        self, configurations: "list[RouteConfiguration]", normalisation: "dict[str, object] | None" = None
    ) -> None:
        import envoy

        binary = Path(envoy.__file__).parent / "_bin" / "envoy"
        self._folder = tempfile.TemporaryDirectory()
        echo, *ports = _free_ports(1 + len(configurations))
        self.ports = {each.name: port for each, port in zip(configurations, ports, strict=True)}
        listeners = [_listener("echo", echo, _manager(_echo(), {"normalizePath": False}))]
        clusters: set[str] = set()
        for configuration in configurations:
            rendered = _route_configuration(configuration)
            clusters |= _cluster_names(rendered)
            manager = _manager(rendered, normalisation or {})
            listeners.append(_listener(configuration.name, self.ports[configuration.name], manager))
        static = {
            "listeners": listeners,
            "clusters": [_cluster(name, echo) for name in sorted(clusters) if not name.startswith(_MISSING)],
        }
        file, self._log = Path(self._folder.name, "envoy.json"), Path(self._folder.name, "envoy.log")
        flags = {
            "re2.max_program_size.error_level": 32768,
            "envoy.reloadable_features.http_reject_path_with_fragment": False,
        }
        runtime = {"layers": [{"name": "istio", "staticLayer": flags}]}
        file.write_text(json.dumps({"staticResources": static, "layeredRuntime": runtime}))
        with self._log.open("w") as log:
            command = [str(binary), "-c", str(file), "--concurrency", "1", "-l", "warn", "--use-dynamic-base-id"]
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        self._wait()

    def _wait(self) -> None:
        deadline = time.monotonic() + 20
        for port in self.ports.values():
            while True:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(self._log.read_text()[-3000:])
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)

    def ask(self, configuration: str, requests: "list[Request]") -> "list[Answer]":
        """Return the answers in the order of the requests, one connection until Envoy closes it."""
        answers: list[Answer] = []
        waiting = iter(requests)
        request = next(waiting, None)
        while request is not None:
            with socket.create_connection(("127.0.0.1", self.ports[configuration]), 10) as connection:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                stream = connection.makefile("rb")
                usable = True
                while request is not None and usable:
                    connection.sendall(_on_the_wire(request))
                    answers.append(_read(stream, request.method == "HEAD"))
                    usable = answers[-1].headers.get("connection") != "close"
                    request = next(waiting, None)
        return answers

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._folder.cleanup()

    def __enter__(self) -> "RealEnvoy":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def _on_the_wire(request: Request) -> bytes:
    lines = [f"{request.method} {request.path} HTTP/1.1", f"Host: {request.authority}"]
    if request.scheme == "https":
        lines.append("x-forwarded-proto: https")
    lines += [f"{name}: {value}" for name, value in request.headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _read(stream, headless: bool) -> Answer:
    first = stream.readline()
    if not first:
        raise RuntimeError("Envoy closed the connection instead of answering")
    headers: dict[str, str] = {}
    while (line := stream.readline().decode("latin-1").strip()) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    length = 0 if headless else int(headers.get("content-length", 0))
    return Answer(int(first.split()[1]), headers, stream.read(length).decode("latin-1"))


def _listener(name, port, manager):
    filters = [{"name": "envoy.filters.network.http_connection_manager", "typedConfig": manager}]
    address = {"socketAddress": {"address": "127.0.0.1", "portValue": port}}
    return {"name": name, "address": address, "filterChains": [{"filters": filters}]}


def _manager(route_configuration, options):
    filters = [
        {"name": f"envoy.filters.http.{name}", "typedConfig": {"@type": f"{_KINDS}.http.{name}.v3.{kind}"}}
        for name, kind in (("fault", "HTTPFault"), ("cors", "Cors"), ("router", "Router"))
    ]
    return {
        "@type": f"{_KINDS}.network.http_connection_manager.v3.HttpConnectionManager",
        "statPrefix": "x",
        "routeConfig": route_configuration,
        "httpFilters": filters,
        "normalizePath": True,
        "upgradeConfigs": [{"upgradeType": "websocket"}],
        **options,
    }


def _echo():
    seen = [
        {"header": {"key": "x-seen-path", "value": "%REQ(:PATH)%"}},
        {"header": {"key": "x-seen-authority", "value": "%REQ(:AUTHORITY)%"}},
    ]
    route = {"match": {"prefix": "/"}, "directResponse": {"status": 200}, "responseHeadersToAdd": seen}
    return {"name": "echo", "virtualHosts": [{"name": "echo", "domains": ["*"], "routes": [route]}]}


def _cluster(name, port):
    address = {"socketAddress": {"address": "127.0.0.1", "portValue": port}}
    endpoints = [{"lbEndpoints": [{"endpoint": {"address": address}}]}]
    return {"name": name, "type": "STATIC", "loadAssignment": {"clusterName": name, "endpoints": endpoints}}


def _cluster_names(node) -> "set[str]":
    if isinstance(node, list):
        return set().union(*map(_cluster_names, node))
    if not isinstance(node, dict):
        return set()
    own = {node["cluster"]} if isinstance(node.get("cluster"), str) else set()
    if "weightedClusters" in node:
        own |= {cluster["name"] for cluster in node["weightedClusters"]["clusters"]}
    return own.union(*map(_cluster_names, node.values()))


def _route_configuration(configuration: RouteConfiguration):
    seen = [
        {"header": {"key": "x-cluster", "value": "%UPSTREAM_CLUSTER%"}},
        {"header": {"key": "x-route", "value": "%ROUTE_NAME%"}},
    ]
    return {
        "name": configuration.name,
        "virtualHosts": list(map(_virtual_host, configuration.virtual_hosts)),
        "ignorePortInHostMatching": configuration.ignore_port_in_host_matching,
        "validateClusters": False,
        "responseHeadersToAdd": seen,
    }


def _virtual_host(virtual_host: VirtualHost):
    routes = list(map(_route, virtual_host.routes))
    tls = virtual_host.require_tls.upper()
    return {"name": virtual_host.name, "domains": list(virtual_host.domains), "routes": routes, "requireTls": tls}


def _string(match: StringMatch):
    value = {"regex": match.value} if match.kind == "regex" else match.value
    kind = "safeRegex" if match.kind == "regex" else match.kind
    return {kind: value, "ignoreCase": match.ignore_case}


def _header(match: HeaderMatch):
    specifier = {"presentMatch": match.present} if match.value is None else {"stringMatch": _string(match.value)}
    flags = {"invertMatch": match.invert, "treatMissingHeaderAsEmpty": match.missing_is_empty}
    return {"name": match.name, **specifier, **flags}


def _query(match: QueryMatch):
    specifier = {"presentMatch": True} if match.value is None else {"stringMatch": _string(match.value)}
    return {"name": match.name, **specifier}


def _path(match: PathMatch):
    if match.kind == "connect":
        return {"connectMatcher": {}}
    if match.kind == "regex":
        return {"safeRegex": {"regex": match.value}}
    kind = {"exact": "path", "prefix": "prefix", "separated_prefix": "pathSeparatedPrefix"}[match.kind]
    return {kind: match.value, "caseSensitive": not match.ignore_case}


def _match(match: RouteMatch):
    return {
        **_path(match.path),
        "headers": list(map(_header, match.headers)),
        "queryParameters": list(map(_query, match.query)),
    }


def _regex_rewrite(rewrite: RegexRewrite):
    return {"pattern": {"regex": rewrite.pattern}, "substitution": rewrite.substitution}


def _route(route: Route):
    rendered = {"name": route.name, "match": _match(route.match)}
    match route.action:
        case Forward():
            rendered["route"] = _forward(route.action)
        case Redirect():
            rendered["redirect"] = _redirect(route.action)
        case DirectResponse(status, body):
            rendered["directResponse"] = {"status": status}
            if body is not None:
                rendered["directResponse"]["body"] = {"inlineString": body.decode()}
    filters = {}
    if route.cors is not None:
        filters["envoy.filters.http.cors"] = _cors(route.cors)
    if route.fault is not None:
        filters["envoy.filters.http.fault"] = _fault(route.fault)
    if filters:
        rendered["typedPerFilterConfig"] = filters
    return rendered


def _forward(action: Forward):
    if len(action.clusters) == 1:
        rendered = {"cluster": action.clusters[0].name}
    else:
        clusters = [
            {
                "name": each.name,
                "weight": each.weight,
                **({"hostRewriteLiteral": each.host_rewrite} if each.host_rewrite else {}),
            }
            for each in action.clusters
        ]
        rendered = {"weightedClusters": {"clusters": clusters}}
    if action.prefix_rewrite is not None:
        rendered["prefixRewrite"] = action.prefix_rewrite
    if action.regex_rewrite is not None:
        rendered["regexRewrite"] = _regex_rewrite(action.regex_rewrite)
    if action.host_rewrite is not None:
        rendered["hostRewriteLiteral"] = action.host_rewrite
    return rendered


def _redirect(action: Redirect):
    codes = {
        301: "MOVED_PERMANENTLY",
        302: "FOUND",
        303: "SEE_OTHER",
        307: "TEMPORARY_REDIRECT",
        308: "PERMANENT_REDIRECT",
    }
    parts = {
        "hostRedirect": action.host,
        "pathRedirect": action.path,
        "prefixRewrite": action.prefix,
        "regexRewrite": action.regex and _regex_rewrite(action.regex),
        "schemeRedirect": action.scheme,
        "httpsRedirect": action.https or None,
        "portRedirect": action.port,
    }
    return {"responseCode": codes[action.status], **{key: value for key, value in parts.items() if value is not None}}


def _percent(percent: float):
    return {"numerator": round(percent * 10_000), "denominator": "MILLION"}


def _cors(policy: CorsPolicy):
    rendered = {
        "@type": f"{_KINDS}.http.cors.v3.CorsPolicy",
        "allowOriginStringMatch": list(map(_string, policy.allow_origins)),
        "filterEnabled": {"defaultValue": {"numerator": 100}},
    }
    if policy.forward_not_matching_preflights is not None:
        rendered["forwardNotMatchingPreflights"] = policy.forward_not_matching_preflights
    return rendered


def _fault(fault: Fault):
    rendered = {"@type": f"{_KINDS}.http.fault.v3.HTTPFault"}
    if fault.delay is not None:
        seconds = f"{fault.delay.fixed.total_seconds()}s"
        rendered["delay"] = {"fixedDelay": seconds, "percentage": _percent(fault.delay.percent)}
    if fault.abort is not None:
        code = (
            {"httpStatus": fault.abort.http_status}
            if fault.abort.http_status
            else {"grpcStatus": fault.abort.grpc_status}
        )
        rendered["abort"] = {**code, "percentage": _percent(fault.abort.percent)}
    return rendered
