"""One question to one route table."""

from meshwright.analysis.decide import Decider
from meshwright.analysis.decision import Decision
from meshwright.traffic import Request, RouteTable


def explain(table: RouteTable, request: Request) -> Decision:
    """Return where ``request`` goes; its ``steps`` and ``because`` tell why.

    For many requests to one table keep a ``Decider``, which compiles each route once.

    Raises:
        InputError: A route on the way has a regular expression that RE2 cannot read.
    """
    return Decider(table).decide(request)
