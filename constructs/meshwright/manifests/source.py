"""One word for every source: a folder, a file, ``-`` or ``REV:PATH``."""

import os
import sys
from pathlib import Path

from meshwright.errors import InputError
from meshwright.manifests.folder import read_file, read_folder
from meshwright.manifests.resource import Resource
from meshwright.manifests.revision import read_revision
from meshwright.manifests.stream import read_stream


def read(source: str, default_namespace: str = "default") -> list[Resource]:
    """Return the objects of a folder, a file, standard input (``-``) or a git revision (``REV:PATH``).

    What exists on disk is taken from there, even if its name has a colon.

    Raises:
        InputError: One thing is wrong, or there is no Kubernetes object. Errors: several things are.
    """
    if source == "-":
        return read_stream(sys.stdin.buffer, default_namespace)
    if Path(source).is_dir():
        return read_folder(source, default_namespace)
    if os.path.lexists(source):
        return read_file(source, default_namespace)
    if ":" in source:
        return read_revision(source, default_namespace)
    raise InputError(source, "no such folder or file", "Give a folder, a file, - for standard input, or REV:PATH")
