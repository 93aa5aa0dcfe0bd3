"""From a word on the command line to a mesh: what most commands begin with."""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from meshwright.cli.terminal import note, progress, timed
from meshwright.errors import DefinedTwice, Errors, MeshwrightError, NothingFound
from meshwright.frontends import Mesh, MeshOptions, compile_mesh
from meshwright.manifests import Resource, read
from meshwright.manifests.folder import SUFFIXES


def resources_of(source: str) -> list[Resource]:
    """Return the objects of a folder, a file, ``-`` or ``REV:PATH``.

    Raises:
        InputError: It cannot be read. Errors: several things in it cannot.
    """
    with timed(f"read {source}") as told, progress():
        resources = read(source)
        told.append(f"{len(resources)} objects")
    return resources


def clusters_of(source: str) -> dict[str, list[Resource]]:
    """Return the objects of ``source`` by where they stand: those of a folder, or of each folder in it.

    A folder whose own folders hold objects of the same names is for several clusters, one each.

    Raises:
        InputError: It cannot be read. Errors: several things in it cannot.
    """
    try:
        return {source: resources_of(source)}
    except MeshwrightError as error:
        several = error.errors if isinstance(error, Errors) else (error,)
        folder = Path(source)
        entries = sorted(folder.iterdir()) if folder.is_dir() else []
        parts = [each for each in entries if each.is_dir() and not each.name.startswith(".")]
        stray = any(each.suffix in SUFFIXES for each in entries)
        if stray or len(parts) < 2 or not all(isinstance(each, DefinedTwice) for each in several):
            raise
    found = {}
    for part in map(os.fspath, parts):
        with suppress(NothingFound):
            found[part] = resources_of(part)
    note(f"{source}: its folders are for several clusters, so each is read by itself")
    return found


def compiled(resources: Sequence[Resource], options: MeshOptions) -> Mesh:
    """Return the mesh of ``resources``."""
    with timed("compiled the mesh") as told, progress():
        mesh = compile_mesh(resources, options)
        told.append(f"{len(mesh.registry.by_host)} hosts of services")
    return mesh


def mesh_of(source: str, options: MeshOptions) -> Mesh:
    """Return the mesh of a folder, a file, ``-`` or ``REV:PATH``."""
    return compiled(resources_of(source), options)
