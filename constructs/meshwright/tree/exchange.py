# ruff: noqa: PTH101, PTH102, PTH109
# pathlib takes longer to import than a small app takes to synthesise.
"""Two folders change places in one step, where the system can do that."""

import os
import sys

_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
_AT_CWD = -100


def exchange(one: str, other: str) -> bool:
    """Let two folders change places.

    Returns:
        False if it could not be done; then nothing has changed.
    """
    import ctypes

    library = ctypes.CDLL(None, use_errno=True)
    first, second = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            return bool(library.renamex_np(first, second, _EXCHANGE) == 0)
        if library.renameat2(_AT_CWD, first, _AT_CWD, second, _EXCHANGE) == 0:
            return True
    except AttributeError:
        pass
    return False


def is_in_use(folder: str) -> bool:
    """Must the folder stay where it is: is it a mount, or does this process stand in it?"""
    try:
        here = os.getcwd()
    except OSError:
        return True
    return os.path.ismount(folder) or (os.path.realpath(here) + "/").startswith(folder.rstrip("/") + "/")


def copy_by_links(source: str, target: str, without: "set[str]", prefix: str = "") -> None:
    """Give a folder the content of another, by links to the same files.

    Args:
        source: The folder to copy.
        target: The folder to fill, which exists.
        without: Paths inside ``source`` to leave out; those of folders end in ``/``.
        prefix: The path of ``source`` inside the first one, for the folders in it.
    """
    for entry in os.scandir(source):
        path = prefix + entry.name
        if entry.is_dir(follow_symlinks=False):
            if path + "/" not in without:
                os.mkdir(f"{target}/{entry.name}")
                os.chmod(f"{target}/{entry.name}", entry.stat().st_mode & 0o7777)
                copy_by_links(entry.path, f"{target}/{entry.name}", without, path + "/")
        elif path not in without:
            try:
                os.link(entry.path, f"{target}/{entry.name}", follow_symlinks=False)
            except OSError:
                from shutil import copy2

                copy2(entry.path, f"{target}/{entry.name}", follow_symlinks=False)
