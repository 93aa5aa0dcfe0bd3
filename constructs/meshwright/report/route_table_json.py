"""Route tables as JSON: the fields of the values in ``meshwright.traffic``, by their names.

Fields that hold their default are left out, times are seconds, and an origin carries its file and line.
"""

from base64 import b64encode
from dataclasses import MISSING, fields
from datetime import timedelta
from typing import Any

from meshwright.traffic import Origin, Proxy, RouteTable


def route_table_json(table: RouteTable) -> dict[str, Any]:
    """Return ``table`` as JSON-shaped data; ``proxy`` is text such as ``router/istio-system/istio=ingressgateway``."""
    out: dict[str, Any] = _json(table)
    return out


def _json(value: Any) -> Any:
    if isinstance(value, Proxy):
        return str(value)
    if isinstance(value, Origin):
        return _origin(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, bytes):
        return _body(value)
    if isinstance(value, dict):
        return {str(key): _json(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_json(each) for each in value]
    if hasattr(value, "__dataclass_fields__"):
        return {
            field.name: _json(getattr(value, field.name))
            for field in fields(value)
            if field.default is MISSING or getattr(value, field.name) != field.default
        }
    return value


def _origin(origin: Origin) -> dict[str, Any]:
    out: dict[str, Any] = {"resource": origin.resource}
    if origin.field:
        out["field"] = origin.field
    if origin.place is not None and origin.place.file:
        out |= {"file": origin.place.file, "line": origin.place.line_of(origin.field)}
    return out


def _body(body: bytes) -> Any:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return {"base64": b64encode(body).decode()}
