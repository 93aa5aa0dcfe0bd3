"""One shell for one reader: commands are typed into it one after another, as at a terminal."""

import os
import selectors
import signal
import subprocess
import time
from pathlib import Path

_END = "--- end of command"


class Shell:
    """A bash in a folder, with nothing in its environment but what a reader has.

    Args:
        folder: Where it starts.
        programs: Folders of programs, before those of the system.
        environment: More variables.
    """

    def __init__(self, folder: Path, programs: list[Path], environment: dict[str, str]) -> None:
        path = os.pathsep.join([*map(str, programs), "/usr/local/bin", "/usr/bin", "/bin"])
        kept = {name: os.environ[name] for name in ("LANG", "PIP_INDEX_URL", "PIP_CONFIG_FILE") if name in os.environ}
        git = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _READER.items()}
        self._bash = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=folder,
            env={**kept, "HOME": str(folder), "PATH": path, "LC_ALL": "C.UTF-8", **git, **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def end(self) -> None:
        """End the shell and all that it started."""
        os.killpg(self._bash.pid, signal.SIGTERM)
        try:
            self._bash.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self._bash.pid, signal.SIGKILL)
            self._bash.wait()

    def type(self, command: str, seconds: float = 120) -> str:
        """Return what a command prints on both outputs.

        Raises:
            TimeoutError: It has not ended in time.
        """
        assert self._bash.stdin is not None
        self._bash.stdin.write(f"{command}\necho '{_END}'\n".encode())
        self._bash.stdin.flush()
        return self._until_end(command, time.monotonic() + seconds)

    def _until_end(self, command: str, deadline: float) -> str:
        assert self._bash.stdout is not None
        read = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._bash.stdout, selectors.EVENT_READ)
            while not read.endswith(f"{_END}\n".encode()):
                if not selector.select(max(0, deadline - time.monotonic())):
                    raise TimeoutError(f"{command}\n{read.decode(errors='replace')}")
                more = os.read(self._bash.stdout.fileno(), 65536)
                if not more:
                    break
                read += more
        return read.decode(errors="replace").removesuffix(f"{_END}\n")


_READER = {"NAME": "Reader", "EMAIL": "reader@example.com"}
