# ruff: noqa: PTH103, PTH110, PTH208
# pathlib takes longer to import than a small app takes to synthesise.
"""The folder ``.meshwright`` beside the output: what is being written, and what is known of what was.

Nothing in it is seen by Argo CD, which reads the output alone, nor by git, to which it hides itself: whenever a run is
killed, what it leaves there is no change of the repository. The next run clears it.
"""

import os

FOLDER = ".meshwright"
_HIDDEN = b"*\n"


def private_folder(parent: str) -> str:
    """Return the path of ``.meshwright`` in a folder; it is made if it is missing.

    Raises:
        OSError: It cannot be made.
    """
    folder = f"{parent}/{FOLDER}"
    ignored = f"{folder}/.gitignore"
    if not os.path.exists(ignored):
        os.makedirs(folder, exist_ok=True)
        _write_at_once(folder, ignored)
    return folder


def _write_at_once(folder: str, path: str) -> None:
    """Let the file appear as a whole where the system can do that: before, there would be something to see for git."""
    try:
        descriptor = os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o666)
        try:
            os.write(descriptor, _HIDDEN)
            # naming a folder makes Python call linkat, which follows the link that /proc has for an open file
            os.link(f"/proc/self/fd/{descriptor}", path, src_dir_fd=descriptor, follow_symlinks=True)
        finally:
            os.close(descriptor)
    except FileExistsError:  # another run was faster
        return
    except (AttributeError, OSError):
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        os.write(descriptor, _HIDDEN)
        os.close(descriptor)


def own_path(folder: str, name: str) -> str:
    """Return a path in ``.meshwright`` that no other process uses."""
    return f"{folder}/{os.getpid()}-{name}"


def left_by_others(folder: str) -> "list[tuple[str, str]]":
    """Return what processes that have ended left there: paths, and the names that they were for."""
    found = []
    try:
        entries = os.listdir(folder)
    except OSError:
        return []
    for entry in entries:
        process, dash, name = entry.partition("-")
        if dash and process.isdecimal() and not _is_running(int(process)):
            found.append((f"{folder}/{entry}", name))
    return found


def _is_running(process: int) -> bool:
    if process == os.getpid():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    try:  # one that was killed, and that nobody has waited for yet
        with open(f"/proc/{process}/stat", "rb") as state:  # noqa: PTH123
            return b") Z " not in state.read()
    except OSError:
        return True
