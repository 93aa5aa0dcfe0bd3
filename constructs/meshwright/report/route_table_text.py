"""Route tables for people to read: what listens, and the routes of each host in the order in which they are tried."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from meshwright.analysis.wording import case_words
from meshwright.report.printable import visible_line
from meshwright.traffic import (
    Action,
    DirectResponse,
    FilterChain,
    Forward,
    HeaderMatch,
    Listener,
    Origin,
    PathMatch,
    QueryMatch,
    Redirect,
    RetryPolicy,
    Route,
    RouteConfiguration,
    RouteMatch,
    RouteTable,
    StringMatch,
    TcpRoute,
    VirtualHost,
    WeightedCluster,
)

DEFAULT_RETRIES = RetryPolicy(2, "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes")
WIDEST_CONDITION = 60


def route_tables_text(tables: Iterable[RouteTable]) -> str:
    """Return all ``tables``, one below the other."""
    return "\n".join("\n".join(map(visible_line, _table(table))) + "\n" for table in tables)


def conditions_text(match: RouteMatch) -> str:
    """Return what a request has to be: ``GET /cart*, header end-user = jason``."""
    method = next((h.value for h in match.headers if h.name == ":method" and not h.invert), None)
    plain = method is not None and method.kind == "exact"
    start = f"{method.value} " if method is not None and plain else ""
    headers = [_header(header) for header in match.headers if not (plain and header.name == ":method")]
    claims = [
        f"{'no ' if claim.invert else ''}claim {'.'.join(claim.path)}{_value(claim.value)}" for claim in match.claims
    ]
    return ", ".join([start + _path(match.path), *headers, *map(_query, match.query), *claims])


def action_text(action: Action) -> str:
    """Return what becomes of the request, in one line."""
    if isinstance(action, DirectResponse):
        return f"answer {action.status}"
    if isinstance(action, Redirect):
        return _redirect(action)
    return _shares(action.clusters if isinstance(action, Forward) else ())


def cluster_text(name: str) -> str:
    """Return ``reviews.shop:9080 v2`` for ``outbound|9080|v2|reviews.shop``, and any other name as it is."""
    direction, *parts = name.split("|")
    if direction not in ("outbound", "inbound") or len(parts) != 3:
        return name
    port, subset, host = parts
    return f"{host}:{port} {subset}".rstrip()


def route_details(route: Route) -> Iterator[str]:
    """Yield what is done to requests besides sending them on: ``timeout 2 s``, ``delays 10 % by 5 s``."""
    if isinstance(route.action, Forward):
        yield from _forwarding(route.action)
    changes = route.header_changes
    for what, added, removed in (
        ("request", changes.request_add, changes.request_remove),
        ("response", changes.response_add, changes.response_remove),
    ):
        words = [f"{'+' if header.append else ''}{header.name}: {header.value}" for header in added]
        words += [f"-{name}" for name in removed]
        if words:
            yield f"{what} headers {'; '.join(words)}"
    if route.fault is not None and route.fault.delay is not None:
        yield f"delays {_number(route.fault.delay.percent)} % by {_seconds(route.fault.delay.fixed)}"
    if route.fault is not None and route.fault.abort is not None:
        abort = route.fault.abort
        code = f"gRPC status {abort.grpc_status}" if abort.http_status is None else f"status {abort.http_status}"
        yield f"aborts {_number(abort.percent)} % with {code}"
    if route.cors is not None:
        yield f"CORS for {' '.join(origin.value for origin in route.cors.allow_origins) or 'no origin'}"


def _table(table: RouteTable) -> Iterator[str]:
    yield str(table.proxy)
    for unknown in table.unknowns:
        yield f"  not modelled: {unknown.feature}: {unknown.because}"
    for listener in table.listeners:
        yield from _listener(listener)
    for configuration in table.route_configurations:
        yield ""
        yield f"  {configuration.name}"
        yield from _configuration(configuration)


def _listener(listener: Listener) -> Iterator[str]:
    yield f"  {listener.name}"
    for chain in (*listener.chains, *filter(None, [listener.default_chain])):
        yield f"    {_chain_condition(chain)} -> {_chain_target(chain)}"


def _chain_condition(chain: FilterChain) -> str:
    match = chain.match
    parts = [
        *match.server_names,
        *match.prefix_ranges,
        *(f"from {text}" for text in match.source_prefix_ranges),
        *([f"port {match.destination_port}"] if match.destination_port else []),
        *match.application_protocols,
    ]
    kind = f"TLS ({chain.tls})" if chain.tls != "none" else "TLS passed through" if match.server_names else ""
    kind = kind or match.transport_protocol
    return " ".join(filter(None, [kind, " ".join(parts)])) or "any connection"


def _chain_target(chain: FilterChain) -> str:
    if chain.http is not None:
        return f"HTTP routes {chain.http}"
    return f"TCP {_shares((chain.tcp or TcpRoute(())).clusters)}"


def _configuration(configuration: RouteConfiguration) -> Iterator[str]:
    for host in configuration.virtual_hosts:
        yield f"    {' '.join(host.domains)}"
        if host.require_tls != "none":
            yield "      plain HTTP is redirected to HTTPS"
        yield from _routes(host)


def _routes(host: VirtualHost) -> Iterator[str]:
    conditions = [conditions_text(route.match) for route in host.routes]
    width = max((len(text) for text in conditions if len(text) <= WIDEST_CONDITION), default=0)
    for condition, route in zip(conditions, host.routes, strict=True):
        yield f"      {condition:<{width}}  -> {action_text(route.action)}"
        details = ", ".join(route_details(route))
        if details:
            yield f"        {details}"
        if route.origin is not None:
            yield f"        {_origin(route.origin)}"


def _forwarding(forward: Forward) -> Iterator[str]:
    if forward.timeout:
        yield f"timeout {_seconds(forward.timeout)}"
    if forward.retries is None:
        yield "no retries"
    elif forward.retries != DEFAULT_RETRIES:
        tries = forward.retries
        each = f", {_seconds(tries.per_try_timeout)} each" if tries.per_try_timeout is not None else ""
        codes = "".join(f",{code}" for code in tries.retriable_status_codes)
        yield f"retries {tries.attempts} on {tries.retry_on}{codes}{each}"
    if forward.prefix_rewrite is not None:
        yield f"path rewritten to {forward.prefix_rewrite}"
    if forward.regex_rewrite is not None:
        yield f"path rewritten ~ {forward.regex_rewrite.pattern} to {forward.regex_rewrite.substitution}"
    if forward.host_rewrite is not None:
        yield f"host rewritten to {forward.host_rewrite}"
    for mirror in forward.mirrors:
        yield f"mirrors {_number(mirror.percent)} % to {cluster_text(mirror.cluster)}"
    for policy in forward.hash_policies:
        yield f"sticks to {policy.kind.replace('_', ' ')} {policy.name}".rstrip()


def _path(path: PathMatch) -> str:
    case = case_words(path)
    match path.kind:
        case "exact":
            return path.value + case
        case "prefix":
            return f"{path.value}*{case}"
        case "separated_prefix":
            return f"{path.value} and below{case}"
        case "regex":
            return f"~{path.value}"
        case "connect":
            return "CONNECT"


def _header(header: HeaderMatch) -> str:
    negated = header.invert ^ (header.value is None and not header.present)
    name = header.name.removeprefix(":")
    return f"{'not ' if negated else ''}{name if name != header.name else f'header {name}'}{_value(header.value)}"


def _query(parameter: QueryMatch) -> str:
    return f"query {parameter.name}{_value(parameter.value)}"


def _value(match: StringMatch | None) -> str:
    if match is None:
        return ""
    case = case_words(match)
    match match.kind:
        case "exact":
            return f" = {match.value}{case}"
        case "prefix":
            return f" = {match.value}*{case}"
        case "suffix":
            return f" = *{match.value}{case}"
        case "contains":
            return f" = *{match.value}*{case}"
        case "regex":
            return f" ~ {match.value}"


def _shares(clusters: tuple[WeightedCluster, ...]) -> str:
    if not clusters:
        return "nowhere"
    if len(clusters) == 1:
        return cluster_text(clusters[0].name)
    total = sum(cluster.weight for cluster in clusters) or 1
    return ", ".join(f"{_number(100 * each.weight / total)} % {cluster_text(each.name)}" for each in clusters)


def _redirect(redirect: Redirect) -> str:
    scheme = "https" if redirect.https else redirect.scheme
    parts = [
        ("scheme", scheme),
        ("host", redirect.host),
        ("port", redirect.port),
        ("path", redirect.path),
        ("prefix", redirect.prefix),
        ("path", redirect.regex and f"~ {redirect.regex.pattern} to {redirect.regex.substitution}"),
    ]
    return f"redirect {redirect.status} to " + ", ".join(f"{name} {value}" for name, value in parts if value)


def _origin(origin: Origin) -> str:
    written = f"{origin.resource} {origin.field}".rstrip()
    if origin.place is None or not origin.place.file:
        return written
    return f"{written}, {origin.place.file}:{origin.place.line_of(origin.field)}"


def _seconds(value: timedelta) -> str:
    return f"{_number(value.total_seconds())} s"


def _number(value: float) -> str:
    return f"{value:.4g}" if value < 10_000 else f"{value:.0f}"
