"""Delegation: the HTTP rules of one VirtualService inside another's.

Rules are mappings as written in ``spec.http``. Source: Istio reference, "Virtual Service", Delegate, and istiod's
merge of both.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from meshwright.frontends.istio.objects import entries, integer, section, text, texts

Rule = Mapping[str, Any]
Match = Mapping[str, Any]

_INHERITED = (
    "rewrite",
    "directResponse",
    "timeout",
    "retries",
    "fault",
    "mirror",
    "mirrorPercent",
    "mirrorPercentage",
    "corsPolicy",
    "mirrors",
    "headers",
)
_STRINGS = ("uri", "scheme", "method", "authority")
_MAPS = ("headers", "withoutHeaders", "queryParams", "sourceLabels")


def merge_http_routes(root: Rule, delegate: Sequence[Rule]) -> list[tuple[int, Rule]]:
    """Return the rules of ``delegate`` as they act below ``root``, each with its position in the delegate.

    A rule whose conditions lie outside of the root's is left out.
    """
    merged = ((position, merge_http_route(root, rule)) for position, rule in enumerate(delegate))
    return [(position, rule) for position, rule in merged if rule is not None]


def merge_http_route(root: Rule, delegate: Rule) -> Rule | None:
    """Return ``delegate`` below ``root``: what it leaves open comes from the root. ``None`` on conflict."""
    matches = merge_http_match_requests(entries(root.get("match")), entries(delegate.get("match")))
    if matches is None:
        return None
    merged = dict(delegate)
    if matches:
        merged["match"] = matches
    if text(root.get("name")):
        merged["name"] = f"{root['name']}-{delegate['name']}" if text(delegate.get("name")) else root["name"]
    for field in _INHERITED:
        if merged.get(field) is None and root.get(field) is not None:
            merged[field] = root[field]
    return merged


def merge_http_match_requests(root: Sequence[Match], delegate: Sequence[Match]) -> list[Match] | None:
    """Return every pair of conditions that agree, ``None`` when one of the delegate's agrees with none of the root's.

    A side without conditions leaves the other's as they are.
    """
    if not root or not delegate:
        return list(delegate or root)
    merged: list[Match] = []
    for leaf in delegate:
        allowed = [merge_http_match_request(parent, leaf) for parent in root if not has_conflict(parent, leaf)]
        if not allowed:
            return None
        merged.extend(allowed)
    return merged


def merge_http_match_request(root: Match, delegate: Match) -> Match:
    """Return the conditions of both; where both say something, the delegate's stands."""
    merged = dict(section(delegate))
    root = section(root)
    if text(root.get("name")):
        merged["name"] = f"{root['name']}-{merged['name']}" if text(merged.get("name")) else root["name"]
    for field in _STRINGS:
        if merged.get(field) is None and root.get(field) is not None:
            merged[field] = root[field]
    for field in _MAPS:
        both = {**section(root.get(field)), **section(merged.get(field))}
        if both:
            merged[field] = both
    for field in ("port", "sourceNamespace", "gateways", "statPrefix"):
        if not merged.get(field) and root.get(field):
            merged[field] = root[field]
    return merged


def has_conflict(root: Match, leaf: Match) -> bool:
    """Tell whether ``leaf`` asks for something outside of what ``root`` lets through."""
    root, leaf = section(root), section(leaf)
    if any(_strings_conflict(root.get(field), leaf.get(field)) for field in _STRINGS):
        return True
    for field in ("headers", "withoutHeaders", "queryParams"):
        allowed = section(root.get(field))
        if any(_strings_conflict(allowed.get(key), value) for key, value in section(leaf.get(field)).items()):
            return True
    if bool(root.get("ignoreUriCase")) != bool(leaf.get("ignoreUriCase")):
        return True
    ports = integer(root.get("port")), integer(leaf.get("port"))
    if all(ports) and ports[0] != ports[1]:
        return True
    namespace = text(root.get("sourceNamespace"))
    if namespace and namespace != text(leaf.get("sourceNamespace")):
        return True
    labels = section(root.get("sourceLabels"))
    if any(key in labels and labels[key] != value for key, value in section(leaf.get("sourceLabels")).items()):
        return True
    gateways, wanted = texts(root.get("gateways")), texts(leaf.get("gateways"))
    return bool(gateways and wanted) and (len(gateways) < len(wanted) or not set(wanted) <= set(gateways))


def _strings_conflict(root: object, leaf: object) -> bool:
    if root is None or leaf is None:
        return False
    above, below = section(root), section(leaf)
    exact, prefix, regex = (text(above.get(kind)) for kind in ("exact", "prefix", "regex"))
    leaf_exact, leaf_prefix, leaf_regex = (text(below.get(kind)) for kind in ("exact", "prefix", "regex"))
    if regex and (leaf_regex or leaf_prefix or leaf_exact):
        return True
    if leaf_regex and (regex or prefix or exact):
        return True
    if exact:
        return bool(leaf_prefix) or leaf_exact != exact
    if prefix and (leaf_prefix or leaf_exact):
        return not (leaf_prefix or leaf_exact).startswith(prefix)
    return True
