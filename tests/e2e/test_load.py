"""The client of the end-to-end tests sees what is lost: otherwise their zeros would say nothing."""

import asyncio
import json
from typing import Any

import pytest

from tests.e2e.load import Client


def answer(status: int, body: str) -> bytes:
    return f"HTTP/1.1 {status} Status\r\ncontent-length: {len(body)}\r\n\r\n{body}".encode()


def ask(*answers: bytes, requests: int, rate: float | None = None) -> dict[str, Any]:
    """Return what the client counts where a server gives these answers in turn; after one without an end of its
    headers it closes the connection."""

    async def run() -> dict[str, Any]:
        asked = 0

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal asked
            while await reader.readline():
                await reader.readuntil(b"\r\n\r\n")
                given = answers[asked % len(answers)]
                asked += 1
                writer.write(given)
                if b"\r\n\r\n" not in given:
                    break
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        counted = await Client(port=port, host="shop", count=requests, rate=rate, connections=1).run()
        server.close()
        return counted

    return asyncio.run(run())


GOOD = answer(200, json.dumps({"workload": "shop/web"}))


@pytest.mark.parametrize(
    ("bad", "what"),
    [
        pytest.param(answer(503, "no healthy upstream"), "503 no healthy upstream", id="an error of the server"),
        pytest.param(answer(404, ""), "404 ", id="no route"),
        pytest.param(b"", "IncompleteReadError", id="a closed connection"),
        pytest.param(GOOD[:20], "IncompleteReadError", id="half an answer"),
    ],
)
def test_every_lost_request_is_counted(bad: bytes, what: str) -> None:
    counted = ask(GOOD, GOOD, bad, requests=9)
    lost = [reason for _, _, reason in counted["failures"]]
    assert len(lost) == 3
    assert all(what in reason for reason in lost)
    assert sum(n for _, status, who, n in counted["answers"] if (status, who) == (200, "shop/web")) == 6


def test_requests_keep_their_rate() -> None:
    counted = ask(GOOD, requests=50, rate=100)
    assert counted["sent"] == 50
    assert counted["failures"] == []
    assert counted["rate"] <= 105
