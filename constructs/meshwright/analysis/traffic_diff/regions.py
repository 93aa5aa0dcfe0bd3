"""Requests in words: ``GET shop.example.com/api/v2/… with end-user: jason, from every workload``."""

from collections.abc import Callable, Iterable, Sequence

from meshwright.analysis.traffic_diff.change import Entrance
from meshwright.analysis.wording import claim_words, header_words, quoted, value_words
from meshwright.traffic import HeaderMatch, PathMatch, QueryMatch, RouteMatch

_USUAL = {"http": 80, "https": 443}
_MOST_HOSTS, _MOST_EXCEPTIONS, _MOST_PLACES = 3, 2, 3
_CLOSENESS = {"exact": 4, "separated_prefix": 3, "prefix": 2, "regex": 1, "connect": 5}

Short = Callable[[str], str]


def region_words(
    entrances: Sequence[Entrance], matches: Sequence[RouteMatch], exceptions: Sequence[RouteMatch], short: Short
) -> str:
    """Return the requests that come in at ``entrances``, meet ``matches`` and none of ``exceptions``."""
    method, path, conditions = _parts(matches)
    hosts = host_words(entrances, short)
    if all(each.way == "workload" for each in entrances):
        return f"plain text to {hosts}, {place_words(entrances)}"
    unread = all(each.scheme in ("tcp", "tls") for each in entrances)
    told = hosts if unread else f"{method} {hosts}{path}".lstrip()
    if conditions:
        told += f" with {' and '.join(conditions)}"
    told += _except(matches, exceptions)
    place = place_words(entrances)
    return f"{told}, {place}" if place else told


def _parts(matches: Sequence[RouteMatch]) -> tuple[str, str, list[str]]:
    """Return method, path and further conditions."""
    paths = sorted(dict.fromkeys(each.path for each in matches), key=_closeness, reverse=True)
    shown = _path(paths[0]) if paths else "/…"
    method = ""
    conditions = [_path_condition(path) for path in paths[1:] if not _implied(path, paths[0])]
    for header in dict.fromkeys(header for match in matches for header in match.headers):
        if header.name == ":method" and header.value is not None and header.value.kind == "exact" and not header.invert:
            method = header.value.value
        elif not (header.name == ":scheme" and not header.invert):
            conditions.append(_header(header))
    conditions += map(_query, dict.fromkeys(query for match in matches for query in match.query))
    conditions += map(claim_words, dict.fromkeys(claim for match in matches for claim in match.claims))
    if paths and paths[0].kind == "connect":
        return "CONNECT", "", conditions
    return method, shown, list(dict.fromkeys(conditions))


def _closeness(path: PathMatch) -> tuple[int, int]:
    return (_CLOSENESS[path.kind] if path.value != "/" or path.kind == "exact" else 0, len(path.value))


def _implied(path: PathMatch, by: PathMatch) -> bool:
    if path.kind == "prefix" and path.value == "/":
        return True
    if path.ignore_case != by.ignore_case or by.kind in ("regex", "connect"):
        return False
    if path.kind == "prefix":
        return by.value.startswith(path.value)
    return path.kind == "separated_prefix" and (by.value == path.value or by.value.startswith(f"{path.value}/"))


def _path(path: PathMatch) -> str:
    case = " (any case)" if path.ignore_case and path.kind != "regex" else ""
    value = quoted(path.value)[1:-1]
    if path.kind == "exact":
        return value + case
    if path.kind == "prefix":
        return f"{value}…{case}"
    if path.kind == "separated_prefix":
        return f"{value}[/…]{case}"
    return f" where the path matches {value}"


def _path_condition(path: PathMatch) -> str:
    return f"path {_path(path)}" if path.kind != "regex" else f"path matching {path.value}"


def _header(match: HeaderMatch) -> str:
    if match.value is None or match.invert or match.missing_is_empty:
        return header_words(match)
    name = match.name.removeprefix(":")
    return f"{name}: {match.value.value}" if match.value.kind == "exact" else f"{name} that {value_words(match.value)}"


def _query(match: QueryMatch) -> str:
    if match.value is None:
        return f"?{match.name}"
    value = match.value
    return f"?{match.name}={value.value}" if value.kind == "exact" else f"?{match.name} that {value_words(value)}"


def match_words(match: RouteMatch) -> str:
    """Return the requests of one condition without their host: ``GET /api/… with x-canary: 1``."""
    method, path, conditions = _parts([match])
    told = f"{method} {path}".strip()
    return f"{told} with {' and '.join(conditions)}" if conditions else told


def _except(matches: Sequence[RouteMatch], exceptions: Sequence[RouteMatch]) -> str:
    if not exceptions:
        return ""
    told = [_relative(each, matches) for each in exceptions[:_MOST_EXCEPTIONS]]
    if len(exceptions) > len(told) + 1:
        return f", except {', '.join(told)} and what {len(exceptions) - len(told)} other rules take"
    told = [_relative(each, matches) for each in exceptions]
    return f", except {' and '.join(told)}"


def _relative(exception: RouteMatch, matches: Sequence[RouteMatch]) -> str:
    """Return an exception without the path that the requests have anyway."""
    method, _, conditions = _parts([exception])
    if conditions and exception.path in [each.path for each in matches]:
        return f"{method} with {' and '.join(conditions)}".strip()
    return match_words(exception)


def host_words(entrances: Sequence[Entrance], short: Short) -> str:
    """Return ``shop.example.com``, ``reviews:9080``, ``TLS for bank.example.com``, ``connections to port 5432``."""
    told = list(dict.fromkeys(name for each in entrances for name in _names(each, short)))
    schemes = {each.scheme for each in entrances}
    shown = ", ".join(told[:_MOST_HOSTS]) + (
        f" and {len(told) - _MOST_HOSTS} more hosts" if len(told) > _MOST_HOSTS else ""
    )
    if schemes == {"tls"}:
        return f"TLS for {shown}"
    if schemes <= {"tcp", "tls"}:
        return f"connections to {shown}"
    gateways = all(each.way == "gateway" for each in entrances)
    return f"{next(iter(schemes))}://{shown}" if gateways and len(schemes) == 1 else shown


def _names(entrance: Entrance, short: Short) -> list[str]:
    usual = entrance.port == _USUAL.get(entrance.scheme) or not entrance.port
    port = "" if usual or (entrance.scheme == "tls" and entrance.port == 443) else f":{entrance.port}"
    if entrance.service:
        return [f"{short(entrance.service)}{port}"]
    if not entrance.hosts or entrance.hosts == ("*",):
        if entrance.way == "workload":
            return [f"port {entrance.port}"]
        if entrance.scheme == "tcp":
            return [f"port {entrance.port}" if entrance.port else "any other port"]
        return [f"any {'other ' if entrance.way == 'sidecar' else ''}host{port}"]
    return [f"{host}{port}" if ":" not in host else host for host in entrance.hosts]


def place_words(entrances: Sequence[Entrance]) -> str:
    """Return where requests come in: ``from every workload``; empty for gateways, which their hosts tell."""
    sidecars = [each for each in entrances if each.way == "sidecar"]
    arriving = [each for each in entrances if each.way == "workload"]
    told = ["at the gateway"] if len(entrances) > len(sidecars) + len(arriving) > 0 else []
    if sidecars:
        if all(each.everyone for each in sidecars):
            told.append("from every workload")
        else:
            told.append(f"from {_listed(_workloads(sidecars))}")
    if arriving:
        told.append(f"arriving at {_listed(_workloads(arriving))}")
    return " and ".join(told)


def _workloads(entrances: Iterable[Entrance]) -> list[str]:
    proxies = dict.fromkeys(proxy for each in entrances for proxy in each.proxies or (each.proxy,))
    return list(dict.fromkeys(f"{each.namespace}/{workload_name(dict(each.labels))}" for each in proxies))


_APP_LABELS = ("app", "app.kubernetes.io/name", "k8s-app", "service.istio.io/canonical-name", "istio")


def workload_name(labels: dict[str, str]) -> str:
    """Return what a workload is called by its labels; ``*`` without any."""
    found = next((labels[label] for label in _APP_LABELS if label in labels), "")
    return found or ",".join(f"{key}={value}" for key, value in labels.items()) or "*"


def _listed(names: Sequence[str]) -> str:
    if len(names) <= _MOST_PLACES:
        return ", ".join(names)
    return f"{', '.join(names[:_MOST_PLACES])} and {len(names) - _MOST_PLACES} more"
