"""Hands out a stored file so that no browser ever runs or guesses what is in it."""

from urllib.parse import quote

from aiohttp import web

from storage.messages import StoredFile

SHOWABLE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/webp",
        "image/gif",
        "audio/mpeg",
        "audio/mp4",
        "audio/aac",
        "audio/ogg",
        "audio/webm",
        "audio/wav",
        "audio/amr",
    }
)
"""Types that are named to the browser; everything else is application/octet-stream."""


def file_response(file: StoredFile, content: bytes) -> web.Response:
    """The file as an attachment, sandboxed and never sniffed."""
    media_type = file.media_type if file.media_type in SHOWABLE else "application/octet-stream"
    return web.Response(
        body=content,
        headers={
            "Content-Type": media_type,
            "Content-Disposition": f"attachment; filename*=UTF-8''{_quoted(file.name)}",
            "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        },
    )


def _quoted(name: str) -> str:
    return quote(name.encode("utf-8", "replace"), safe="")
