"""A client that sends requests at a steady rate and counts what comes back: ``python load.py '{"port": 80, …}'``.

It runs inside the cluster's network namespace and prints one JSON object when it has sent ``count`` requests, or on
SIGTERM. Connections are kept open, as many as are needed for ``rate``; a request is never sent twice.
"""

import asyncio
import collections
import json
import signal
import sys
import time
from typing import Any

TIMEOUT = 30.0


class Client:
    """One run of the client.

    Args:
        port, address: Where it connects to.
        headers: What every request carries beside its host.
        host, path: Whom it asks for; of several paths each in turn.
        rate: Requests a second, kept whatever the answers take; None for as fast as ``connections`` allow.
        count: Requests in all.
        connections: At most so many at a time.
    """

    def __init__(
        self,
        *,
        port: int,
        host: str,
        count: int,
        path: str | list[str] = "/",
        address: str = "127.0.0.1",
        headers: dict[str, str] | None = None,
        rate: float | None = None,
        connections: int = 64,
    ) -> None:
        self.address, self.port, self.rate, self.count = address, port, rate, count
        self.paths = [path] if isinstance(path, str) else path
        lines = "".join(f"{name}: {value}\r\n" for name, value in (headers or {}).items())
        self.rest = f" HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n"
        self.free = asyncio.Semaphore(connections)
        self.idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.sent = 0
        self.stopped = asyncio.Event()
        self.answers: collections.Counter[tuple[str, int, str]] = collections.Counter()
        self.failures: list[tuple[float, str, str]] = []
        self.seconds: list[float] = []
        self.began = time.time()

    async def run(self) -> dict[str, Any]:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self.stopped.set)
        began, tasks = time.monotonic(), set[asyncio.Task[None]]()
        while self.sent < self.count and not self.stopped.is_set():
            await self.free.acquire()
            task = asyncio.create_task(self.one(self.paths[self.sent % len(self.paths)]))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            self.sent += 1
            if self.rate:
                await asyncio.sleep(max(0.0, began + self.sent / self.rate - time.monotonic()))
        lasted = time.monotonic() - began
        await asyncio.gather(*tasks)
        return {
            "sent": self.sent,
            "rate": self.sent / lasted,
            "answers": [[*key, n] for key, n in sorted(self.answers.items())],
            "failures": self.failures,
            "seconds": sorted(self.seconds),
        }

    async def one(self, path: str) -> None:
        began = time.monotonic()
        try:
            status, workload = await asyncio.wait_for(self.ask(path), TIMEOUT)
        except (OSError, EOFError, TimeoutError) as error:
            self.answers[path, 0, repr(error)] += 1
            self.failures.append((round(time.time() - self.began, 2), path, repr(error)))
        else:
            self.answers[path, status, workload] += 1
            if status >= 400:
                self.failures.append((round(time.time() - self.began, 2), path, f"{status} {workload}"))
        finally:
            self.free.release()
        self.seconds.append(round(time.monotonic() - began, 4))

    async def ask(self, path: str) -> tuple[int, str]:
        """Return the status, and the workload that answered or else the text of the answer."""
        reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection(self.address, self.port)
        writer.write(f"GET {path}{self.rest}".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        fields = dict(line.split(": ", 1) for line in head.splitlines()[1:] if ": " in line)
        body = await reader.readexactly(int(fields.get("content-length", 0)))
        if fields.get("connection") == "close":
            writer.close()
        else:
            self.idle.append((reader, writer))
        text = body.decode(errors="replace")
        return int(head.split()[1]), json.loads(text)["workload"] if text.startswith("{") else text


async def main() -> None:
    print(json.dumps(await Client(**json.loads(sys.argv[1])).run()))


if __name__ == "__main__":
    asyncio.run(main())
