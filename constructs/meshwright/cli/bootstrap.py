"""``meshwright bootstrap``: print what has to be applied once."""

from pathlib import Path

import click

from meshwright.cli.command import Command
from meshwright.errors import InputError
from meshwright.manifests.resource import Resource


@click.command(
    "bootstrap",
    cls=Command,
    examples=(
        ("meshwright bootstrap", "What Argo CD needs to know of dist/."),
        ("meshwright bootstrap | kubectl apply --server-side -f -", "Tell it."),
    ),
)
@click.argument("folder", default="dist")
def command(folder: str) -> None:
    """Print the Application in FOLDER that keeps itself and all others, with its project: what is applied once.

    From then on, Argo CD syncs everything else from git, and these two as well.

    Exit status: 0 printed, 2 FOLDER could not be read or holds no such Application.
    """
    from meshwright.manifests import read_folder
    from meshwright.tree.yaml_text import document

    resources = read_folder(folder)
    roots = [each for each in resources if each.kind == "Application" and _keeps_itself(each)]
    if not roots:
        remedy = "Write one with ArgoRoot in main.py, in the chart of your ArgoApplications"
        raise InputError(folder, "no Application in it syncs the folder that it stands in", remedy)
    projects = {(each.body["spec"].get("project", "default"), each.namespace) for each in roots}
    needed = [each for each in resources if each.kind == "AppProject" and (each.name, each.namespace) in projects]
    click.echo("---\n".join(document(each.body, False) for each in [*needed, *roots]), nl=False)


def _keeps_itself(application: Resource) -> bool:
    """Whether an Application syncs the folder that it was read from."""
    source = application.body.get("spec", {}).get("source") or {}
    path = source.get("path") if isinstance(source, dict) else None
    if not isinstance(path, str) or application.place is None:
        return False
    folder = Path(application.place.file).resolve().parent.parts
    sought = Path(path).parts
    return bool(sought) and folder[-len(sought) :] == sought
