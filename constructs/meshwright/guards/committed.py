# ruff: noqa: PTH110, PTH120
"""A folder as git has it in the last commit."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Committed:
    """The files of a folder in the last commit.

    Args:
        folder: Where it is on disk.
        blobs: The id of the content of each file, by path inside the folder; links and submodules are left out.
    """

    folder: str
    blobs: dict[str, str]

    def holds(self, files: Mapping[str, bytes], suffixes: tuple[str, ...]) -> bool:
        """Tell whether files are those of the commit, as far as their names end in one of ``suffixes``."""
        ours = {name for name in files if name.endswith(suffixes)}
        return ours == {name for name in self.blobs if name.endswith(suffixes)} and all(
            self.blobs[name] == _blob_id(files[name], len(self.blobs[name])) for name in ours
        )

    def contents(self, names: Iterable[str]) -> dict[str, bytes]:
        """Return what files hold."""
        wanted = list(names)
        asked = "".join(f"{self.blobs[name]}\n" for name in wanted).encode()
        told = _git(os.path.dirname(self.folder), "cat-file", "--batch", given=asked) or b""
        found, place = {}, 0
        for name in wanted:
            end = told.index(b"\n", place)
            size = int(told[place:end].split()[2])
            found[name] = told[end + 1 : end + 1 + size]
            place = end + size + 2
        return found


def committed(folder: str) -> Committed | None:
    """Return a folder as the last commit has it; ``None``: there is no git, no commit, or the folder is not in it."""
    parent, name = os.path.split(os.path.realpath(folder))
    if not _is_in_git(parent):
        return None
    listed = _git(parent, "ls-tree", "-r", "-z", "HEAD", "--", f"{name}/")
    if not listed:
        return None
    blobs = {}
    for entry in filter(None, listed.split(b"\0")):
        meta, _, path = entry.partition(b"\t")
        mode, kind, content = meta.split()
        if kind == b"blob" and mode != b"120000":
            blobs[path.decode("utf-8", "surrogateescape").removeprefix(f"{name}/")] = content.decode()
    return Committed(f"{parent}/{name}", blobs) if blobs else None


def _is_in_git(folder: str) -> bool:
    """Tell whether it is worth asking git, which takes longer than all else where there is nothing to ask."""
    if "GIT_DIR" in os.environ:
        return True
    while not os.path.exists(f"{folder}/.git"):
        parent = os.path.dirname(folder)
        if parent == folder:
            return False
        folder = parent
    return True


def _blob_id(content: bytes, length: int) -> str:
    """Return the id that git gives to a content; its length tells the kind of hash of the repository."""
    from hashlib import sha1, sha256

    text = b"blob %d\0" % len(content) + content
    return (sha1(text) if length == 40 else sha256(text)).hexdigest()


def _git(folder: str, *arguments: str, given: bytes = b"") -> bytes | None:
    import subprocess  # where there is no repository, nobody waits for it

    try:
        run = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=False, input=given)
    except OSError:  # there is no git, or no such folder yet
        return None
    return run.stdout if run.returncode == 0 else None
