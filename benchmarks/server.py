"""The real application in a process of its own, with the limits for hostile senders off."""

import asyncio
import sys
from pathlib import Path

from bot.collector import look_seldom, settle_memory


async def _serve(folder: Path, port: int) -> None:
    from bot.app import App
    from bot.data_folder import open_folder
    from bot.logging import set_up_logging
    from bot.settings import load_settings

    set_up_logging(level="WARNING")  # to stderr: what stands on stdout is read by whoever started this
    settings = load_settings(data=folder, port=port)
    app = App(settings, open_folder(folder, settings), rates=None)
    await app.start()
    settle_memory()
    print("ready", flush=True)
    try:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    finally:
        await app.stop()


def main() -> None:
    """Loads in the order of `lianxin serve`: the collector first, then everything large."""
    look_seldom()
    import uvloop

    uvloop.run(_serve(Path(sys.argv[1]), int(sys.argv[2])))


if __name__ == "__main__":
    main()
