"""What the judge says about one case."""

import difflib
import json
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Verdict:
    """One case.

    Args:
        said: ``equal``; ``different``; ``unknown`` when we said so ourselves (``because`` names the feature);
            ``istiod`` when another checker and ours disagree, and istiod's own answer is ours (``because`` tells it).
    """

    case: str
    said: Literal["equal", "unknown", "different", "istiod"]
    detail: str = ""
    because: str = ""


def compare(case: str, recorded: Any, ours: Any, unknowns: tuple[str, ...] = ()) -> Verdict:
    """Judge JSON-shaped answers; ``unknowns`` are the features that our side declared not to cover."""
    if recorded == ours:
        return Verdict(case, "equal")
    detail = difference(recorded, ours)
    if unknowns:
        return Verdict(case, "unknown", detail, ", ".join(sorted(set(unknowns))))
    return Verdict(case, "different", detail)


def difference(recorded: Any, ours: Any) -> str:
    """Return both sides as a diff: ``-`` istiod's, ``+`` ours."""
    left, right = (json.dumps(side, indent=1, sort_keys=True).splitlines() for side in (recorded, ours))
    return "\n".join(difflib.unified_diff(left, right, "istiod", "ours", n=6, lineterm=""))


def each(
    cases: Iterable[dict[str, Any]], judge: Callable[[dict[str, Any]], Verdict], name: str = "id"
) -> Iterator[Verdict]:
    """Judge case by case; a crash of ours counts as different."""
    for case in cases:
        try:
            yield judge(case)
        except Exception:
            yield Verdict(case[name], "different", traceback.format_exc())
