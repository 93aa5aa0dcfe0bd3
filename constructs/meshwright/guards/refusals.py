"""What of a change is refused, and how to make it another way or to say that it is meant."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from meshwright.changes import Gap, Gone, Pruning, pruning, rollout
from meshwright.frontends import Mesh
from meshwright.guards.permission import Permission
from meshwright.traffic import Origin, Request

FEW = 5
"""So many objects may always go, unless nothing is left: of three, one is a third."""

_MOST_TOLD = 10


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why a change is refused.

    Args:
        wrong: What the change does, as a sentence without its full stop.
        remedy: What to do instead, and how to say that it is meant.
        origin: The object behind it, after the change if it is still there; ``None``: the change as a whole.
    """

    wrong: str
    remedy: str
    origin: Origin | None = None


def refusals(before: Mesh, after: Mesh, permission: Permission) -> list[Refusal]:
    """Return what is refused of a change, those that lose requests first."""
    found = [] if permission.lose_requests else list(_losing(before, after))
    return [*found, *_pruning(before, after, permission)]


def _losing(before: Mesh, after: Mesh) -> Iterator[Refusal]:
    found = rollout(before, after)
    for gap in found.gaps[:_MOST_TOLD]:
        new = gap.change == "new"
        remedy = (
            f"{'Add it first, and route to it' if new else 'Route elsewhere first, and remove it'} in a later commit"
        )
        origin = next(iter(gap.led_by if new else gap.defined), None)
        yield Refusal(f"{gap.wrong}{_such_as(gap)}", remedy, origin)
    if not found.gaps:
        return
    commits = [
        f"{number}. {'; '.join(step.does for step in each.steps)}" for number, each in enumerate(found.commits, 1)
    ]
    more = len(found.gaps) - _MOST_TOLD
    others = f", {more} more than are told above" if more > 0 else ""
    yield Refusal(
        f"a destination comes or goes in the commit that moves requests to it or away{others}",
        f"Make {len(commits)} commits, and let each reach the cluster before the next. {'. '.join(commits)}. "
        "Or accept the lost requests with --allow-503 (MESHWRIGHT_ALLOW_503=1)",
    )


def _such_as(gap: Gap) -> str:
    return f", such as {_url(gap.witness)}" if gap.witness is not None else ""


def _url(request: Request) -> str:
    return f"{request.method} {request.scheme}://{request.authority}{request.path}"


def _pruning(before: Mesh, after: Mesh, permission: Permission) -> Iterator[Refusal]:
    found = pruning(before, after)
    named = {gone.name for gone in (*found.objects, *found.hosts) if permission.names(gone.name)}
    meant = _Meant(found.objects, named)
    for gone in (*found.objects, *found.hosts):
        if gone.worth is not None and gone.name not in named and not (gone.worth != "host" and meant.covers(gone)):
            takes = _TAKES[gone.worth]
            remedy = f"If it is meant to go, say so: {_say(gone.name)}"
            yield Refusal(f"{gone.name} would go, {takes}", remedy, gone.origin)
    left = [gone for gone in found.objects if not meant.covers(gone)]
    if _are_too_many(len(left), found, permission):
        yield _too_many(left, found.total, permission)


def _say(name: str) -> str:
    return f"--allow-prune {shlex.quote(name)} (or the variable MESHWRIGHT_ALLOW_PRUNE)"


_TAKES = {
    "Namespace": "and with it all that is in it",
    "CustomResourceDefinition": "and with it all objects of its kind",
    "PersistentVolumeClaim": "and with it, as a rule, its data",
    "host": "which gateways serve now and would serve no more",
}


@dataclass(frozen=True, slots=True)
class _Meant:
    """What may go because it was named, or goes with what was named."""

    objects: Sequence[Gone]
    named: set[str]

    def covers(self, gone: Gone) -> bool:
        """Tell whether an object was named, or stands in a namespace that was."""
        return gone.name in self.named or f"Namespace/{gone.namespace}" in self.named


def _are_too_many(going: int, found: Pruning, permission: Permission) -> bool:
    share = permission.share * found.total / 100
    return going > max(FEW, share) or (found.left == 0 and going > share)


def _too_many(left: Sequence[Gone], total: int, permission: Permission) -> Refusal:
    percent = -(-100 * len(left) // total)
    told = ", ".join(gone.name for gone in left[:_MOST_TOLD])
    others = f" and {len(left) - _MOST_TOLD} more" if len(left) > _MOST_TOLD else ""
    limit = f"more than the {permission.share:g} % that may go at once" if len(left) < total else "which leaves none"
    return Refusal(
        f"{len(left)} of {total} objects ({percent} %) would go, {limit}: {told}{others}",
        f"If all of them are meant to go, say so: {_say(f'{percent}%')}",
        left[0].origin,
    )
