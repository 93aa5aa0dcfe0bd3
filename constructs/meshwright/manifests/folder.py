"""Folders and files of manifests, as Argo CD's directory source sees them.

Every ``*.yaml``, ``*.yml`` and ``*.json`` below the folder, sorted by path. A file without Kubernetes objects that does
not look as if it should have some (values.yaml, Chart.yaml) is passed over, and so is Kustomize's kustomization.yaml.
Symbolic links to files are followed, to folders not. Unlike Argo CD, folders whose name begins with a dot are passed
over (tools keep their own files there), and JSON files without Kubernetes objects are no error.
"""

import os
from pathlib import Path

from meshwright.errors import InputError, NothingFound
from meshwright.manifests.garbage import collecting_no_garbage
from meshwright.manifests.objects import Collector
from meshwright.manifests.resource import Resource
from meshwright.manifests.text import MAX_BYTES, decode, too_large
from meshwright.progress import steps

SUFFIXES = (".yaml", ".yml", ".json")


def read_folder(path: str | Path, default_namespace: str = "default") -> list[Resource]:
    """Return the objects of all manifests below ``path``.

    Raises:
        InputError: One thing is wrong, or there is no Kubernetes object. Errors: several things are.
    """
    folder = os.fspath(path)
    if not Path(folder).is_dir():
        raise InputError(folder, "no such folder", "Give a folder, a file, - or REV:PATH")
    collector = Collector(default_namespace)
    with collecting_no_garbage():
        for file in steps(_files(folder, collector), "reading"):
            _add_file(collector, file, must_be_manifests=False)
        resources = collector.finish()
    if not resources:
        raise NothingFound(
            folder, "no Kubernetes object in it", f"Give a folder with manifests ({', '.join(SUFFIXES)})"
        )
    return resources


def read_file(path: str | Path, default_namespace: str = "default") -> list[Resource]:
    """Return the objects of one file, whatever it is called.

    Raises:
        InputError: One thing is wrong, or there is no Kubernetes object. Errors: several things are.
    """
    collector = Collector(default_namespace)
    _add_file(collector, os.fspath(path), must_be_manifests=True)
    resources = collector.finish()
    if not resources:
        raise NothingFound(os.fspath(path), "no Kubernetes object in it", "Give a file with manifests")
    return resources


def _files(folder: str, collector: Collector) -> list[str]:
    def refused(error: OSError) -> None:
        collector.errors.append(_cannot_read(error, str(error.filename)))

    found = []
    for parent, folders, files in os.walk(folder.rstrip(os.sep) or os.sep, onerror=refused):
        if "Chart.yaml" in files and "templates" in folders:
            folders.remove("templates")
            collector.errors.append(is_chart(parent))
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [f"{parent}{os.sep}{name}" for name in files if name.endswith(SUFFIXES)]
    return sorted(found)


def is_chart(folder: str) -> InputError:
    """Return the error for a Helm chart among the manifests."""
    remedy = f"Render it first: helm template {folder} | meshwright explain - …"
    return InputError(folder, "a Helm chart, its templates are no manifests yet", remedy)


def _add_file(collector: Collector, file: str, must_be_manifests: bool) -> None:
    try:
        with open(file, "rb") as stream:  # noqa: PTH123 - a Path for each of thousands of files takes time
            size = os.fstat(stream.fileno()).st_size
            if size > MAX_BYTES:
                raise too_large(file, size)
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise too_large(file)
        text = decode(data, file)
    except InputError as error:
        collector.errors.append(error)
    except OSError as error:
        collector.errors.append(_cannot_read(error, file))
    else:
        collector.add(text, file, must_be_manifests)


def _cannot_read(error: OSError, where: str) -> InputError:
    return InputError(where, f"cannot be read: {error.strerror or error}", "Make it a readable file, or leave it out")
