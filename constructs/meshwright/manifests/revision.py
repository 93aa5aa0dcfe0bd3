"""Manifests of a git revision: ``main:dist``, ``HEAD~1:apps/shop.yaml``, ``v1.2:``."""

import os
import posixpath
import subprocess
from collections.abc import Iterator

from meshwright.errors import InputError, NothingFound
from meshwright.manifests.folder import SUFFIXES, is_chart
from meshwright.manifests.objects import Collector
from meshwright.manifests.resource import Resource
from meshwright.manifests.text import MAX_BYTES, decode, too_large

LINK = "120000"
"""The mode of symbolic links."""


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
        raise NothingFound(
            source, "no Kubernetes object in it", f"Give a folder with manifests ({', '.join(SUFFIXES)})"
        )
    return resources


def has_revision(revision: str) -> bool:
    """Tell whether the git repository around the current folder has a commit of this name."""
    name = f"{revision}^{{commit}}"
    return bool(revision) and _git(revision, "rev-parse", "--verify", "--quiet", "--end-of-options", name) is not None


def path_in_repository(source: str) -> str:
    """Return the path by which another revision has what ``source`` names: a folder, a file, or ``REV:PATH``.

    Raises:
        InputError: It is standard input.
    """
    if source == "-":
        raise InputError(source, "standard input has no other revision", "Give a folder or a file")
    if not os.path.lexists(source) and ":" in source:
        return source.partition(":")[2]
    return os.path.relpath(os.path.realpath(source)) if os.path.isabs(source) else source  # noqa: PTH117


def _add_tree(collector: Collector, source: str, tree: str) -> None:
    listed = _git(source, "ls-tree", "-r", "-z", "--full-tree", tree) or b""
    shown = source if source.endswith((":", "/")) else f"{source}/"
    entries = [entry.split("\t", 1) for entry in listed.decode("utf-8", "surrogateescape").split("\0") if entry]
    files = {name: meta.split() for meta, name in entries}
    charts = {name.removesuffix("Chart.yaml") for name in files if posixpath.basename(name) == "Chart.yaml"}
    charts = {chart for chart in charts if any(name.startswith(f"{chart}templates/") for name in files)}
    collector.errors += [is_chart(f"{shown}{chart}") for chart in sorted(charts)]
    wanted = [name for name in sorted(files) if _is_manifest(name, charts) and files[name][1] == "blob"]
    texts = _blobs(source, [files[name][2] for name in wanted if files[name][0] != LINK])
    for name in wanted:
        if files[name][0] == LINK:
            _add_linked(collector, f"{shown}{name}", f"{tree}{'' if tree.endswith(':') else '/'}{name}")
        else:
            _add(collector, f"{shown}{name}", next(texts), must_be_manifests=False)


def _is_manifest(name: str, charts: set[str]) -> bool:
    hidden = any(part.startswith(".") for part in name.split("/")[:-1])
    return name.endswith(SUFFIXES) and not hidden and not any(name.startswith(f"{chart}templates/") for chart in charts)


def _blobs(source: str, ids: list[str]) -> Iterator[bytes]:
    """Yield the contents of files, as they are stored."""
    rest = _git(source, "cat-file", "--batch", given="".join(f"{each}\n" for each in ids).encode()) or b""
    place = 0
    for _ in ids:
        end = rest.index(b"\n", place)
        size = int(rest[place:end].split()[2])
        yield rest[end + 1 : end + 1 + size]
        place = end + 1 + size + 1


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
