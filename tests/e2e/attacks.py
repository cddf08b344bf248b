"""What is tried against a running server: a name, the bytes of a request, and the answer it is to get."""

import asyncio
import json
import secrets
from dataclasses import dataclass

JSON = "Content-Type: application/json"


@dataclass(frozen=True, slots=True)
class Attack:
    """`says` must stand in the answer, and none of `never`; status 0 stands for no answer at all."""

    name: str
    request: bytes
    status: int
    says: str = ""
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back: status (0: the line was cut), header lines in lower case, and the words."""

    status: int
    head: str = ""
    text: str = ""


def http(
    method: str,
    target: str,
    *headers: str,
    body: bytes = b"",
    host: str = "127.0.0.1",
    length: int | None = None,
) -> bytes:
    """A request as a client would write it, except for what `headers` add; `length` may lie."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", *headers]
    if body or length is not None:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape") + body


def bearer(token: str) -> str:
    """The header that shows a session."""
    return f"Authorization: Bearer {token}"


def message(token: str, *headers: str, **fields: str) -> bytes:
    """A message to the web chat, with an id of its own unless given."""
    body = json.dumps({"id": secrets.token_hex(6), **fields}).encode()
    return http(
        "POST", "/api/chat/messages", bearer(token), "Content-Type: application/json", *headers, body=body
    )


def form(target: str, fields: dict[str, str], *headers: str) -> bytes:
    """A form as a page without scripts sends it."""
    body = "".join(
        f'--bnd\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    kind = "Content-Type: multipart/form-data; boundary=bnd"
    return http("POST", target, kind, *headers, body=f"{body}--bnd--\r\n".encode())


async def send(port: int, request: bytes, *, patience: float = 5.0) -> Heard:
    """Writes the bytes and reads one answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(patience):
            writer.write(request)
            return await _answer(reader)
    except (TimeoutError, ConnectionError, asyncio.IncompleteReadError):
        return Heard(0)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    size = [line for line in head.split("\r\n") if line.startswith("content-length:")]
    body = await reader.readexactly(int(size[0].partition(":")[2])) if size else b""
    words = body.decode("utf-8", "replace")
    if "application/json" in head:
        words = json.dumps(json.loads(words), ensure_ascii=False)
    return Heard(int(head.split(" ")[1]), head, words)


def table(rows: list[tuple[str, str, str]]) -> str:
    """Names, and what was expected and what came, side by side."""
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
