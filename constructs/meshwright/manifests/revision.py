"""Manifests of a git revision: ``main:dist``, ``HEAD~1:apps/shop.yaml``, ``v1.2:``."""

import io
import posixpath
import subprocess
import tarfile

from meshwright.errors import InputError
from meshwright.manifests.folder import SUFFIXES, is_chart
from meshwright.manifests.objects import Collector
from meshwright.manifests.resource import Resource
from meshwright.manifests.text import MAX_BYTES, decode, too_large


def read_revision(source: str, default_namespace: str = "default") -> list[Resource]:
    """Return the objects of the folder or file ``REV:PATH`` in the git repository around the current folder.

    The path counts from the current folder, as it does for files that are read from disk. The rules of ``read_folder``
    hold for folders.

    Raises:
        InputError: One thing is wrong, or there is no Kubernetes object. Errors: several things are.
    """
    revision, _, path = source.partition(":")
    if not revision or revision.startswith("-"):
        raise InputError(source, f"{revision!r} is no git revision", "Write REV:PATH, such as main:dist")
    commit = _git(source, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if commit is None:
        inside = _git(source, "rev-parse", "--git-dir") is not None
        wrong = f"no git revision {revision!r} here" if inside else "no git repository here"
        raise InputError(
            source, wrong, "Run it inside the repository, and give a branch, tag or commit that exists there"
        )
    prefix = (_git(source, "rev-parse", "--show-prefix") or b"").decode().strip()
    inner = posixpath.normpath(posixpath.join(prefix, path))
    if inner.startswith(("..", "/")):
        raise InputError(source, f"{path!r} lies outside the repository", "Give a path inside it")
    inner = "" if inner == "." else inner
    name = commit.decode().strip()
    kind = _git(source, "cat-file", "-t", f"{name}:{inner}")
    if kind is None:
        raise InputError(source, f"no {path!r} in revision {revision!r}", "Give a folder or file that exists in it")
    collector = Collector(default_namespace)
    if kind.strip() == b"tree":
        _add_tree(collector, source, f"{name}:{inner}")
    else:
        _add(collector, source, _git(source, "cat-file", "blob", f"{name}:{inner}") or b"", must_be_manifests=True)
    resources = collector.finish()
    if not resources:
        raise InputError(source, "no Kubernetes object in it", f"Give a folder with manifests ({', '.join(SUFFIXES)})")
    return resources


def _add_tree(collector: Collector, source: str, tree: str) -> None:
    up = (_git(source, "rev-parse", "--show-cdup") or b"").decode().strip() or "."
    archive = _git(source, "-C", up, "archive", "--format=tar", tree)
    if archive is None:
        raise InputError(source, "git could not read it", "Check the repository: git fsck")
    shown = source if source.endswith((":", "/")) else f"{source}/"
    with tarfile.open(fileobj=io.BytesIO(archive)) as members:
        files = {member.name: member for member in members}
        charts = {name.removesuffix("Chart.yaml") for name in files if posixpath.basename(name) == "Chart.yaml"}
        charts = {chart for chart in charts if f"{chart}templates" in files}
        collector.errors += [is_chart(f"{shown}{chart}") for chart in sorted(charts)]
        for name, member in sorted(files.items()):
            hidden = any(part.startswith(".") for part in name.split("/")[:-1])
            rendered = any(name.startswith(f"{chart}templates/") for chart in charts)
            if not name.endswith(SUFFIXES) or hidden or rendered:
                continue
            if member.issym():
                _add_linked(collector, f"{shown}{name}", posixpath.join(tree, name) if tree[-1] != ":" else tree + name)
            elif stream := members.extractfile(member):
                _add(collector, f"{shown}{name}", stream.read(), must_be_manifests=False)


def _add_linked(collector: Collector, where: str, name: str) -> None:
    """Add the file of the same revision that the symbolic link ``name`` leads to."""
    found = _git(where, "cat-file", "--batch", "--follow-symlinks", given=f"{name}\n".encode()) or b""
    head, _, content = found.partition(b"\n")
    words = head.split()
    if len(words) == 3 and words[1] == b"blob":
        _add(collector, where, content[: int(words[2])], must_be_manifests=False)
    elif len(words) != 3 or words[1] != b"tree":
        remedy = "Let it lead to a file of the same revision, or leave it out"
        collector.errors.append(InputError(where, "a symbolic link to nothing in this revision", remedy))


def _add(collector: Collector, where: str, data: bytes, must_be_manifests: bool) -> None:
    if len(data) > MAX_BYTES:
        collector.errors.append(too_large(where, len(data)))
        return
    try:
        collector.add(decode(data, where), where, must_be_manifests)
    except InputError as error:
        collector.errors.append(error)


def _git(source: str, *arguments: str, given: bytes = b"") -> bytes | None:
    """Return what git prints, ``None`` when it fails."""
    try:
        run = subprocess.run(["git", *arguments], capture_output=True, check=False, input=given)
    except FileNotFoundError:
        raise InputError(source, "the program git is not installed", "Install git, or give a folder") from None
    return run.stdout if run.returncode == 0 else None
