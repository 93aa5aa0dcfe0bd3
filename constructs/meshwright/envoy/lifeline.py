"""Processes that must not outlive this one, however it ends."""

import subprocess
import sys

# Ends when its standard input does, which the system closes with the process that holds the other end.
WATCH = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.stdin.buffer.read()
try:
    os.kill(int(sys.argv[1]), signal.SIGTERM)
except ProcessLookupError:
    pass
"""


class Lifeline:
    """Ends the process ``pid`` as soon as this process has ended, even by SIGKILL, unless it is cut before.

    A small process of its own watches over a pipe, which works on every Unix and from every thread; the signal that
    Linux offers for the purpose comes when the starting thread ends.
    """

    def __init__(self, pid: int) -> None:
        self._watcher = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", WATCH, str(pid)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def cut(self) -> None:
        """Let the process live, or be dead already."""
        self._watcher.kill()
        if self._watcher.stdin is not None:
            self._watcher.stdin.close()
        self._watcher.wait()
