"""Findings that a program decided to live with: annotations of the objects, which ``meshwright check`` reads."""

from meshwright.tree.construct import Construct, users_line, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

ANNOTATION = "meshwright.dev/ignore"


def remember(construct: Construct, code: str, reason: str) -> None:
    """Note a decision; see `Construct.ignore`."""
    if not code.strip() or " " in code.strip():
        construct.node.report(f"ignore of {code!r}, which is no code", "Name the check: MW104", users_line())
    elif not reason.strip():
        construct.node.report(f"ignore of {code} without a reason", "Say why", users_line())
    else:
        node = construct.node
        node._ignored = {**(node._ignored or {}), code.strip(): " ".join(reason.replace(";", ",").split())}


def annotate(constructs: "Iterable[Construct]") -> None:
    """Write the decisions of constructs into the objects at and below them; what stands there already stays."""
    for construct in constructs:
        ignored = construct.node._ignored or {}
        for made in walk(construct):
            if made._is_api_object:
                annotations = made._metadata.setdefault("annotations", {})  # type: ignore[attr-defined]
                written = list(filter(None, map(str.strip, str(annotations.get(ANNOTATION, "")).split(";"))))
                new = [f"{code} {reason}" for code, reason in ignored.items()]
                annotations[ANNOTATION] = "; ".join(dict.fromkeys([*written, *new]))
