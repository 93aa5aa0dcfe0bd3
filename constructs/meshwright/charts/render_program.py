"""Runs helm and kustomize on files whose digest is known, away from the user's own settings and cluster."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from meshwright.tree import Construct

_SECONDS = 60
_MOST = 32 * 1024 * 1024  # bytes
_LOOKED_AT = ("PATH", "SYSTEMROOT", "TMPDIR", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "NO_PROXY")


def program(construct: Construct, name: str) -> str:
    """Return the path of a program.

    Raises:
        ConfigurationError: It is not installed.
    """
    from shutil import which

    found = which(name)
    if found is None:
        raise construct.error(f"{name} is not on the PATH", f"Install {name}, or put it on the PATH")
    return found


def digest(construct: Construct, path: Path) -> str:
    """Return the SHA-256 of a file, or of the names and contents of all files in a folder: ``sha256:…``.

    Raises:
        ConfigurationError: It is not there, or has a link in it, which could lead anywhere.
    """
    from hashlib import sha256

    if path.is_file() and not path.is_symlink():
        return f"sha256:{sha256(path.read_bytes()).hexdigest()}"
    if not path.is_dir():
        raise construct.error(
            f"{_seen(path)} is neither a file nor a folder", "Give the path of what is to be rendered"
        )
    whole = sha256()
    for each in sorted(path.rglob("*")):
        if each.is_symlink() or not (each.is_file() or each.is_dir()):
            wrong = f"{_seen(each)} is a link or a device, which could lead out of {_seen(path)}"
            raise construct.error(wrong, "Put the file itself in its place")
        if each.is_file():
            content = sha256(each.read_bytes()).hexdigest()
            whole.update(f"{content}  {each.relative_to(path).as_posix()}\n".encode())
    return f"sha256:{whole.hexdigest()}"


def _seen(path: Path) -> str:
    """Return a path as seen from where the program runs, so that messages are the same on every machine."""
    here = path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def check_digest(construct: Construct, path: Path, wanted: str) -> None:
    """Tell a difference between what is there and what was meant.

    Raises:
        ConfigurationError: The digest is another.
    """
    found = digest(construct, path)
    if found != wanted:
        raise construct.error(
            f"the digest of {_seen(path)} is {found}, not {wanted}", "Look at what changed, then give this one"
        )


def render(construct: Construct, command: Sequence[str], folder: Path) -> str:
    """Return what a program writes.

    It sees none of the user's environment, plugins and clusters, and has a minute and 32 MB.

    Args:
        construct: Told in problems.
        command: The program and its arguments.
        folder: An empty folder for its own files.

    Raises:
        ConfigurationError: It fails, or takes too long, or writes too much.
    """
    import os
    from subprocess import PIPE, Popen, TimeoutExpired

    environment = {name: os.environ[name] for name in _LOOKED_AT if name in os.environ}
    environment |= {name: str(folder / name.lower()) for name in ("HOME", "HELM_PLUGINS", "XDG_CONFIG_HOME")}
    environment |= {"KUBECONFIG": os.devnull, "HELM_CACHE_HOME": str(folder / "cache")}
    said = os.path.basename(command[0])  # noqa: PTH119 - pathlib is slow to import
    output, errors = folder / "output", folder / "errors"
    with (
        output.open("wb") as out,
        errors.open("wb") as err,
        Popen(
            ["/bin/sh", "-c", f'ulimit -f {_MOST // 512}; exec "$@"', said, *command],
            stdin=PIPE,
            stdout=out,
            stderr=err,
            env=environment,
            cwd=folder,
        ) as running,
    ):
        assert running.stdin is not None
        running.stdin.close()
        try:
            status = running.wait(_SECONDS)
        except TimeoutExpired:
            running.kill()
            raise construct.error(f"{said} takes longer than {_SECONDS} s", "Look for what it waits for") from None
    if output.stat().st_size >= _MOST:
        raise construct.error(f"{said} writes more than {_MOST // 1024 // 1024} MB", "Look for what it repeats")
    if status:
        wrong = printable(errors.read_text(encoding="utf-8", errors="replace").strip() or f"it ended with {status}")
        raise construct.error(f"{said} says: {wrong[-600:]}", "Correct the values or the chart")
    return output.read_text(encoding="utf-8", errors="replace")


def printable(text: str) -> str:
    """Return a text that others wrote in one line, without what a terminal would obey."""
    return "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
