"""Many senders over plain keep-alive connections, as cheap as a client can be."""

import asyncio
import json
import time
from collections.abc import Iterator, Sequence
from itertools import count

from benchmarks.texts import report


async def request(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, body: bytes, token: str = ""
) -> tuple[int, bytes]:
    """One POST on an open connection: status and body."""
    head = f"POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
    bearer = f"Authorization: Bearer {token}\r\n" if token else ""
    writer.write(f"{head}{bearer}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    length = int(answer.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return int(answer[9:12]), await reader.readexactly(length)


async def _sessions(port: int, many: int) -> list[str]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    tokens = []
    for _ in range(many):
        _, body = await request(reader, writer, "/api/chat/sessions", b"{}")
        tokens.append(json.loads(body)["session"])
    writer.close()
    return tokens


async def _sender(port: int, tokens: Iterator[str], numbers: Iterator[int], seconds: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for token in tokens:
        number = next(numbers)
        body = json.dumps({"id": str(number), "text": report(number)}).encode()
        started = time.perf_counter()
        status, _ = await request(reader, writer, "/api/chat/messages", body, token)
        seconds.append(time.perf_counter() - started)
        if status != 200:
            raise RuntimeError(f"status {status}")
    writer.close()


async def send_reports(port: int, reports: int, senders: int) -> tuple[float, Sequence[float]]:
    """Each report from a person of its own: seconds in all, and for each report."""
    tokens, numbers = iter(await _sessions(port, reports)), count()
    seconds: list[float] = []
    started = time.perf_counter()
    await asyncio.gather(*(_sender(port, tokens, numbers, seconds) for _ in range(senders)))
    return time.perf_counter() - started, sorted(seconds)
