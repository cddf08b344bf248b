"""Has a picture drawn in a fresh process, which has no keys, no network and not forever."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from typing import Any

import structlog

from storage.errors import LianxinError

_SECONDS = 40.0  # a picture takes one or two; a small machine that is busy takes its time to load everything
_MOST = 4 << 20
_PNG = b"\x89PNG\r\n\x1a\n"
_START = "import sys; sys.path[:] = {path!r}; from bot.pictures.__main__ import main; main()"
# Nothing of our environment: tokens and paths of keys stand there.
_ENVIRONMENT = ("SYSTEMROOT", "LD_LIBRARY_PATH")
_log = structlog.get_logger("pictures")


class PictureFailed(LianxinError):
    """The picture was not drawn; the figures can be had as text."""


async def draw(sheet: dict[str, Any], *, seconds: float = _SECONDS) -> bytes:
    """The PNG of a sheet (see bot.pictures.sheet). Raises PictureFailed."""
    process = await _started()
    try:
        async with asyncio.timeout(seconds):
            picture, _ = await process.communicate(json.dumps(sheet).encode())
    except TimeoutError:
        raise PictureFailed("the picture took too long") from None
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    if process.returncode or not picture.startswith(_PNG) or len(picture) > _MOST:
        _log.error("picture failed", code=process.returncode)
        raise PictureFailed("the picture could not be drawn")
    return picture


async def _started() -> asyncio.subprocess.Process:
    path = [os.path.abspath(folder) for folder in sys.path]  # noqa: ASYNC240, PTH100 (asks no disk)
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment |= {
        "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
        "HOME": os.devnull, "PATH": "",
    }  # fmt: skip
    try:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-B", "-W", "ignore", "-c", _START.format(path=path),
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            env=environment, cwd="/" if os.name == "posix" else None, start_new_session=True,
        )  # fmt: skip
    except OSError as error:
        raise PictureFailed(f"no process for pictures can be started ({type(error).__name__})") from None
