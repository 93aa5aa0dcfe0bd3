"""What can be wrong with a match."""

from __future__ import annotations

from meshwright.charts.headers import is_header_name
from meshwright.charts.names import is_dns_label
from meshwright.charts.regex import check_regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from meshwright.charts.match import Condition, Match
    from meshwright.charts.problem import Part

_OF_THEIR_OWN = ("uri", "scheme", "method", "authority")
_WORDS = {"uri": "path", "query_params": "query", "headers": "header", "without_headers": "without_header"}


def check_match(match: Match, gateways: Collection[str], part: Part) -> None:
    """Tell what is wrong with ``match``.

    Args:
        gateways: References of the gateways that the routes are for, ``mesh`` for callers inside the mesh; empty when
            that is not known yet.
        part: The route that problems are told of.
    """
    seen: set[tuple[str, str]] = set()
    for condition in match.conditions:
        field, name, kind, value = condition
        word = f"{_WORDS.get(field, field)} {name}".rstrip()
        if (field, str(name)) in seen and field != "gateways":
            part.problem(f"there are two conditions on {word}", "Keep one, or write a Match for each")
        seen.add((field, str(name)))
        _check_condition(condition, word, part)
        if kind == "regex" and value != "*":
            check_regex(value, f"match.{word}", part)
    _check_callers(match, gateways, part)


def _check_condition(condition: Condition, word: str, part: Part) -> None:
    field, name, kind, value = condition
    if field == "port":
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 65536:
            part.problem(f"match.port is {value!r}", "Give a number from 1 to 65535")
    elif not isinstance(value, str):
        part.problem(f"match.{word} is compared with {value!r}", f"Give a text: {str(value)!r}")
    elif field == "uri":
        if kind != "regex" and not value.startswith("/"):
            part.problem(f"match.path is {value!r}, which no path starts with", "Start it with /")
        elif kind != "regex" and ("?" in value or "#" in value):
            part.problem(f"match.path is {value!r}: a path has no query", "Use Match.query for it")
    elif field == "scheme" and value not in ("http", "https"):
        part.problem(f"match.scheme is {value!r}", "Give http or https")
    elif field == "source_namespace" and not is_dns_label(value):
        part.problem(f"match.source has the namespace {value!r}, which is no DNS label", "Give a name of a namespace")
    elif kind and not value and field not in ("source_labels", "query_params"):
        part.problem(f"match.{word} is compared with an empty text", "Give a value")
    if field in ("headers", "without_headers"):
        if name in _OF_THEIR_OWN:
            part.problem(
                f"match.header {name!r} is no header for Istio, which leaves the condition out", f"Use {_own(name)}"
            )
        elif not str(name).startswith("@request.auth.claims") and not is_header_name(name):
            part.problem(f"match.header {name!r} is no header name", "Give letters, digits and dashes")


def _own(name: str) -> str:
    return "Match.exact, prefix or regex" if name == "uri" else f"Match.{name}"


def _check_callers(match: Match, gateways: Collection[str], part: Part) -> None:
    if not gateways:
        return
    own = {name for field, name, _, _ in match.conditions if field == "gateways"}
    for gateway in sorted(own - set(gateways)):
        part.problem(
            f"match.through names {gateway}, which these routes are not for",
            f"Add it to gateways (mesh=True for mesh); they are for {', '.join(gateways)}",
        )
    sources = {field for field, _, _, _ in match.conditions if field in ("source_labels", "source_namespace")}
    if sources and "mesh" not in (own or set(gateways)):
        part.problem(
            "match.source is about callers inside the mesh, which these routes are not for",
            "Say mesh=True, or leave it out",
        )
