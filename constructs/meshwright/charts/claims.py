"""What an environment holds once only: the objects of one name, the DestinationRule of a host."""

from __future__ import annotations

from meshwright.charts.environment import Environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.tree import Construct

_KEY = "meshwright:claims"


def claim(construct: Construct, kind: str, name: str) -> Construct | None:
    """Take a name of the environment that ``construct`` lives in; return who has it already, None if it was free."""
    taken = claims(construct)
    holder = taken.setdefault((kind, name), construct)
    return None if holder is construct else holder


def claims(construct: Construct) -> dict[tuple[str, str], Construct]:
    """Return who has what in the environment that ``construct`` lives in; two charts of two clusters share nothing."""
    node = construct.node.root.node
    every: dict[object, dict[tuple[str, str], Construct]] = {}
    for entry in node.metadata:
        if entry.type == _KEY and isinstance(entry.data, dict):
            every = entry.data
            break
    else:
        node.add_metadata(_KEY, every)
    return every.setdefault(Environment.key_of(construct), {})


def claim_name(construct: Construct, kind: str, namespace: str, name: str) -> None:
    """Take the name of an object, and tell a problem if it is no DNS label or taken."""
    from meshwright.charts.names import check_label
    from meshwright.charts.problem import problem

    check_label(construct, name)
    holder = claim(construct, kind, f"{namespace}/{name}")
    if holder is not None:
        problem(
            construct,
            f"{holder.node.path} ({holder.defined_at}) makes the {kind} {namespace}/{name} already",
            "Give it another name=",
        )
