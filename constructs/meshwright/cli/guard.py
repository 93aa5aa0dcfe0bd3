"""``meshwright guard``: refuse a change that loses requests on its way or deletes too much."""

import json
import sys
from collections.abc import Sequence

import click

from meshwright.cli.command import Command
from meshwright.cli.guard_options import guard_options
from meshwright.cli.mesh_of import compiled, mesh_of
from meshwright.cli.mesh_options import mesh_options
from meshwright.errors import InputError
from meshwright.frontends import Mesh, MeshOptions
from meshwright.guards.permission import permission
from meshwright.guards.refusals import Refusal, refusals
from meshwright.report.printable import visible_line
from meshwright.traffic import Origin


@click.command(
    "guard",
    cls=Command,
    examples=(
        ("meshwright guard", "What is in dist/ now, against the last commit."),
        ("meshwright guard origin/main:manifests manifests", "A pull request, against the branch it goes to."),
        ("meshwright guard --allow-prune shop.example.com --allow-prune 30%", "A host and some more are meant to go."),
    ),
)
@click.argument("base", default="HEAD:dist")
@click.argument("head", default="dist")
@guard_options
@click.option("--share", type=click.FloatRange(0, 100), help="How many percent of all objects may go; 20 if left out.")
@click.option("--format", "style", type=click.Choice(["json", "text"]), default="text", show_default=True)
@mesh_options
def command(
    base: str,
    head: str,
    allow_503: bool,
    allow_prune: tuple[str, ...],
    share: float | None,
    style: str,
    options: MeshOptions,
) -> None:
    """Refuse a change from BASE to HEAD that loses requests on its way or deletes too much.

    BASE and HEAD are folders, files, - for standard input, or REV:PATH in git. What synth refuses before it writes,
    this command refuses for manifests of any origin: a destination that is added and routed to at once, or removed
    while routes lead to it; more than a share of all objects, a Namespace, a CRD, a PVC, the last route of a host.

    Exit status: 0 the change may be made, 1 it is refused, 2 BASE or HEAD could not be read.
    """
    allowed = permission(allow_503, allow_prune, share)
    found = refusals(mesh_of(base, options), _after(head, options), allowed)
    click.echo(_json(found) if style == "json" else _text(found, base, head), nl=False)
    sys.exit(1 if found else 0)


def _after(head: str, options: MeshOptions) -> Mesh:
    """Return the mesh of HEAD, which may hold nothing any more."""
    try:
        return mesh_of(head, options)
    except InputError as error:
        if "no Kubernetes object" not in error.wrong:
            raise
        return compiled((), options)


def _text(found: Sequence[Refusal], base: str, head: str) -> str:
    lines = [f"{_place(each.origin) or head}: {each.wrong}. {each.remedy}." for each in found]
    lines.append(f"The change from {base} to {head} is refused." if found else "Nothing is refused.")
    return "\n".join(map(visible_line, lines)) + "\n"


def _place(origin: Origin | None) -> str:
    if origin is None:
        return ""
    place = origin.place
    return f"{place.file}:{place.line_of(origin.field)}" if place is not None else origin.resource


def _json(found: Sequence[Refusal]) -> str:
    told = [
        {
            "wrong": each.wrong,
            "remedy": each.remedy,
            "object": each.origin.resource if each.origin is not None else None,
            "place": _place(each.origin) or None,
        }
        for each in found
    ]
    return json.dumps({"refused": bool(found), "refusals": told}, indent=2) + "\n"
