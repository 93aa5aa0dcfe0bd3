"""Header operations of rules and destinations. Source: Istio reference, "Virtual Service", Headers."""

from collections.abc import Mapping
from typing import Any

from meshwright.frontends.istio.objects import section, texts
from meshwright.traffic import HeaderChanges, HeaderValue
from meshwright.traffic.action import NO_CHANGES


def header_changes(headers: object) -> tuple[HeaderChanges, str]:
    """Return the changes, and the new authority that setting ``host`` or ``:authority`` means (empty for none)."""
    if not headers or not isinstance(headers, dict):
        return NO_CHANGES, ""
    request, response = section(headers.get("request")), section(headers.get("response"))
    changes = HeaderChanges(
        request_add=_values(request),
        request_remove=_removed(request),
        response_add=_values(response),
        response_remove=_removed(response),
    )
    return changes, _authority(request.get("set")) or _authority(request.get("add"))


def joined(first: HeaderChanges, second: HeaderChanges) -> HeaderChanges:
    """Return the changes of both, one after the other."""
    if second is NO_CHANGES:
        return first
    if first is NO_CHANGES:
        return second
    return HeaderChanges(
        first.request_add + second.request_add,
        first.request_remove + second.request_remove,
        first.response_add + second.response_add,
        first.response_remove + second.response_remove,
    )


def _values(operations: Mapping[str, Any]) -> tuple[HeaderValue, ...]:
    return tuple(
        HeaderValue(name, str(value), append)
        for field, append in (("set", False), ("add", True))
        for name, value in sorted(section(operations.get(field)).items())
        if not _is_internal(name)
    )


def _removed(operations: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in texts(operations.get("remove")) if not _is_internal(name))


def _authority(values: object) -> str:
    found = ""
    for name, value in section(values).items():
        if name.lower() in (":authority", "host"):
            found = str(value)
    return found


def _is_internal(name: str) -> bool:
    return name.startswith(":") or name.lower() == "host"
