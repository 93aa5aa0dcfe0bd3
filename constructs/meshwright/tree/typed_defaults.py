"""The defaults of schemas, which a cluster fills in before it asks the rules of a CRD."""

from meshwright.tree.typed_values import MessageTypes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def has_defaults(types: MessageTypes, declared: "Any", seen: "set[Any]") -> bool:
    """Whether a type, or one inside it, has a default; ``seen`` holds the messages looked at."""
    if not isinstance(declared, str):
        return declared[0] in ("list", "map") and has_defaults(types, declared[1], seen)
    if not (declared[0].isupper() or ":" in declared) or declared in seen:
        return False
    seen.add(declared)
    home, name = types.find(declared)
    fields = home.declared(name)[0].values()
    return any(len(one) > 2 or has_defaults(home, one[1], seen) for one in fields)


def filled(types: MessageTypes, declared: "Any", value: "Any") -> "Any":
    """Copy a converted value with the defaults of its type."""
    if not isinstance(declared, str):
        if declared[0] == "list" and isinstance(value, list):
            return [filled(types, declared[1], item) for item in value]
        if declared[0] == "map" and isinstance(value, dict):
            return {key: filled(types, declared[1], item) for key, item in value.items()}
        return value
    if not (declared[0].isupper() or ":" in declared) or not isinstance(value, dict):
        return value
    home, name = types.find(declared)
    out = dict(value)
    for wire, kind, *default in home.declared(name)[0].values():
        if wire not in out and default:
            out[wire] = default[0]
        if wire in out:
            out[wire] = filled(home, kind, out[wire])
    return out
