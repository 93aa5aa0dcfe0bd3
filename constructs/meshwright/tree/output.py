# ruff: noqa: PTH101, PTH102, PTH103, PTH104, PTH105, PTH106, PTH108, PTH110, PTH112, PTH116, PTH119, PTH120, PTH208
# pathlib takes longer to import than a small app takes to synthesise.
"""The writing of a folder: it is the old one or the new one at every moment, and untouched if nothing changed."""

import os

from meshwright.errors import ConfigurationError
from meshwright.tree.beside import FOLDER, left_by_others, own_path, private_folder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# Files of tools that read such folders: never ours, whatever the extension.
_KEPT = frozenset(("kustomization.yaml", "kustomization.yml", "Chart.yaml", "values.yaml"))
_OLD = ".old"


def write_folder(outdir: str, files: "dict[str, bytes]", extension: str) -> None:
    """Let a folder hold exactly these files of ours; what is not ours stays.

    Ours is what ends in the extension, except `kustomization.yaml` and the like: in the folder itself and in those of
    its folders that are written, and, if any are, all of those that hold nothing else.

    Args:
        outdir: The folder; made if it is missing.
        files: Paths inside it with their bytes; a path that ends in ``/`` is a folder, needed for an empty one only.
        extension: How names of files end.

    Raises:
        ConfigurationError: The folder cannot be written. It is as it was.
    """
    if not outdir:
        raise ConfigurationError("app", "the outdir is empty", "Name a folder, or leave it out for dist")
    try:
        folder = os.path.realpath(outdir)
        files = _with_folders(files)
        _clear_leftovers(folder)
        changed, gone = changes(folder, files, extension)
        if not os.path.isdir(folder):
            _write_new(folder, files)
        elif len(changed) + len(gone) == 1 and not any(name.endswith("/") for name in [*changed, *gone]):
            _write_one(folder, files, changed, gone)
        elif changed or gone:
            _exchange(folder, files, changed, gone)
    except OSError as problem:
        wrong = f"cannot write {problem.filename or outdir}: {problem.strerror}"
        raise ConfigurationError(outdir, wrong, "Choose another folder, or make this one writable") from problem


def _with_folders(files: "dict[str, bytes]") -> "dict[str, bytes]":
    """These files, and before them all folders that they stand in, those above others first.

    Raises:
        ConfigurationError: A path leads out of the output.
    """
    folders: dict[str, bytes] = {}
    for name in files:
        parts = name.removesuffix("/").split("/")
        if any(part in ("", ".", "..") for part in parts):
            raise ConfigurationError("app", f"{name!r} is no path in the output", "Give charts and folders plain names")
        for depth in range(1, len(parts)):
            folders["/".join(parts[:depth]) + "/"] = b""
    return {**folders, **files}


def _ours(name: str, extension: str) -> bool:
    return name.endswith(extension) and name not in _KEPT


def changes(folder: str, files: "dict[str, bytes]", extension: str) -> "tuple[list[str], list[str]]":
    """What must be written and what must go, as paths inside the folder; what stands in a folder before the folder."""
    files = _with_folders(files)
    sizes: dict[str, int] = {}
    gone: list[str] = []
    try:
        _look(folder, "", files, extension, sizes, gone)
    except FileNotFoundError:
        return list(files), []
    changed = [name for name, content in files.items() if not _holds(folder, name, content, sizes)]
    return changed, gone


def _look(
    folder: str, prefix: str, files: "dict[str, bytes]", extension: str, sizes: "dict[str, int]", gone: "list[str]"
) -> None:
    """Find how large the files are that are there already, and which of ours must go."""
    has_folders = bool(prefix) or any(name.endswith("/") for name in files)
    for entry in list(os.scandir(folder + "/" + prefix)):
        path = prefix + entry.name
        if path + "/" in files:
            if not entry.is_dir(follow_symlinks=False):
                remedy = "Remove it: charts are to be written to a folder of that name"
                raise ConfigurationError(f"{folder}/{path}", "it is no folder, or a link to one", remedy)
            sizes[path + "/"] = 0
            _look(folder, path + "/", files, extension, sizes, gone)
        elif entry.is_dir(follow_symlinks=False):
            if has_folders:
                gone.extend(_stale(entry, path + "/", extension))
        elif path in files:
            sizes[path] = entry.stat().st_size if not entry.is_symlink() else -1
        elif _ours(entry.name, extension):
            gone.append(path)


def _stale(entry: "os.DirEntry[str]", prefix: str, extension: str) -> "list[str]":
    """All that a folder holds and the folder, if it holds something and nothing but ours; else nothing."""
    found = []
    for one in list(os.scandir(entry.path)):
        if one.is_dir(follow_symlinks=False):
            inner = _stale(one, prefix + one.name + "/", extension)
            if not inner:
                return []
            found.extend(inner)
        elif _ours(one.name, extension):
            found.append(prefix + one.name)
        else:
            return []
    return [*found, prefix] if found else []


def _holds(folder: str, name: str, content: bytes, sizes: "dict[str, int]") -> bool:
    size = sizes.get(name)
    if size is None or size != len(content):
        return False
    if name.endswith("/"):
        return True
    descriptor = os.open(f"{folder}/{name}", os.O_RDONLY)
    try:
        return _read(descriptor, size) == content
    finally:
        os.close(descriptor)


def _read(descriptor: int, size: int) -> bytes:
    parts = []
    while size > 0:
        part = os.read(descriptor, size)
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _write_file(path: str, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        at = os.write(descriptor, content)
        while at < len(content):
            at += os.write(descriptor, content[at:])
    finally:
        os.close(descriptor)


def _write_files(folder: str, files: "dict[str, bytes]", names: "Iterable[str]") -> None:
    for name in names:
        if name.endswith("/"):
            os.makedirs(f"{folder}/{name}", exist_ok=True)
        else:
            _write_file(f"{folder}/{name}", files[name])


def _beside(folder: str) -> str:
    """A path on the same disk, as a rule, that no other process uses; a dead one's is cleared by the next run."""
    parent, name = os.path.split(folder)
    return own_path(private_folder(parent), name)


def _write_new(folder: str, files: "dict[str, bytes]") -> None:
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    fresh = _beside(folder)
    os.mkdir(fresh)
    try:
        _write_files(fresh, files, files)
        os.rename(fresh, folder)
    except BaseException:
        remove_tree(fresh)
        raise


def _write_one(folder: str, files: "dict[str, bytes]", changed: "list[str]", gone: "list[str]") -> None:
    if gone:
        os.unlink(f"{folder}/{gone[0]}")
        return
    name = changed[0]
    try:
        _put(_beside(folder), f"{folder}/{name}", files[name])
    except OSError:  # the folder is a disk of its own, or only it can be written
        _put(own_path(private_folder(folder), os.path.basename(folder)), f"{folder}/{name}", files[name])


def _put(fresh: str, path: str, content: bytes) -> None:
    """Write a file elsewhere and let it take its place."""
    _write_file(fresh, content)
    try:
        os.replace(fresh, path)
    except OSError:
        os.unlink(fresh)
        raise


def _exchange(folder: str, files: "dict[str, bytes]", changed: "list[str]", gone: "list[str]") -> None:
    from meshwright.tree.exchange import copy_by_links, exchange, is_in_use

    if is_in_use(folder):
        _write_in_place(folder, files, changed, gone)
        return
    fresh = _beside(folder)
    os.mkdir(fresh)
    try:
        os.chmod(fresh, os.stat(folder).st_mode & 0o7777)
        copy_by_links(folder, fresh, {*changed, *gone})
        _write_files(fresh, files, sorted(changed, key=_folders_first))
        if os.listdir(folder):
            exchanged = exchange(fresh, folder)
        else:  # an empty folder can be replaced, without ctypes
            os.rename(fresh, folder)
            return
        if not exchanged:  # for a moment there is no folder; the next run puts the old one back if this one ends then
            os.rename(folder, fresh + _OLD)
            try:
                os.rename(fresh, folder)
            except BaseException:
                os.rename(fresh + _OLD, folder)
                raise
            fresh += _OLD
    except BaseException:
        remove_tree(fresh)
        raise
    remove_tree(fresh)


def _folders_first(name: str) -> bool:
    return not name.endswith("/")


def _write_in_place(folder: str, files: "dict[str, bytes]", changed: "list[str]", gone: "list[str]") -> None:
    """File by file, each as a whole: for a folder that cannot be exchanged, such as a mount or the current one."""
    for name in sorted(changed, key=_folders_first):
        if name.endswith("/"):
            os.makedirs(f"{folder}/{name}", exist_ok=True)
        else:
            _write_one(folder, files, [name], [])
    for name in gone:
        if name.endswith("/"):
            os.rmdir(f"{folder}/{name}")
        else:
            os.unlink(f"{folder}/{name}")


def remove_tree(folder: str) -> None:
    """Remove a folder and all in it."""
    for entry in list(os.scandir(folder)):
        if entry.is_dir(follow_symlinks=False):
            remove_tree(entry.path)
        else:
            os.unlink(entry.path)
    os.rmdir(folder)


def _clear_leftovers(folder: str) -> None:
    """Remove what a killed run left beside the folder or in it; put the old one back if there is none."""
    parent, own = os.path.split(folder)
    for path, name in (*left_by_others(f"{parent}/{FOLDER}"), *left_by_others(f"{folder}/{FOLDER}")):
        if name == own + _OLD and not os.path.exists(folder):
            os.rename(path, folder)
        elif name in (own, own + _OLD, f"{own}.sources"):
            if os.path.isdir(path):
                remove_tree(path)
            else:
                os.unlink(path)
