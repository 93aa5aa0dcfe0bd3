"""From a word on the command line to a mesh: what most commands begin with."""

from collections.abc import Sequence

from meshwright.cli.terminal import progress, timed
from meshwright.frontends import Mesh, MeshOptions, compile_mesh
from meshwright.manifests import Resource, read


def resources_of(source: str) -> list[Resource]:
    """Return the objects of a folder, a file, ``-`` or ``REV:PATH``.

    Raises:
        InputError: It cannot be read. Errors: several things in it cannot.
    """
    with timed(f"read {source}") as told, progress():
        resources = read(source)
        told.append(f"{len(resources)} objects")
    return resources


def compiled(resources: Sequence[Resource], options: MeshOptions) -> Mesh:
    """Return the mesh of ``resources``."""
    with timed("compiled the mesh") as told, progress():
        mesh = compile_mesh(resources, options)
        told.append(f"{len(mesh.registry.by_host)} hosts of services")
    return mesh


def mesh_of(source: str, options: MeshOptions) -> Mesh:
    """Return the mesh of a folder, a file, ``-`` or ``REV:PATH``."""
    return compiled(resources_of(source), options)
