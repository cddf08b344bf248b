"""replay: sends the messages of a file through the dispatcher, and tells what became of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.opening import Data, folder_of

if TYPE_CHECKING:
    from bot.data_folder import DataFolder
    from bot.settings import Settings

File = Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="JSON lines with id and text.")]
Together = Annotated[int, typer.Option(min=1, max=1000, help="How many people write at the same time.")]


def add_to(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        epilog="Example: lianxin replay messages.jsonl --together 16",
        short_help="Send a file of messages through the bot.",
    )(replay)


def replay(file: File, together: Together = 16, data: Data = None) -> None:
    """Send every message of a file through the bot as if somebody wrote it in the web chat.

    Works in a folder of its own that is removed afterwards, unless --data names one. The cases it opens
    there are real ones: never use the folder of a hospital.
    """
    import asyncio

    from bot.cli.replay_tables import print_tables
    from bot.cli.replaying import play, read_messages
    from bot.logging import set_up_logging
    from storage.errors import ConfigError

    set_up_logging(level="ERROR")
    try:
        messages, bad = read_messages(file)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from None
    for line in bad:
        typer.echo(f"lianxin: {line}", err=True)
    with _stage(data) as (settings, folder):
        run = asyncio.run(play(settings, folder, messages, together=together))
        print_tables(folder, messages, run)
    if bad or run.failed:
        raise typer.Exit(1)


@contextmanager
def _stage(data: Path | None) -> Iterator[tuple["Settings", "DataFolder"]]:
    """A data folder without messengers; a temporary one with keys of its own unless one was named."""
    from tempfile import TemporaryDirectory

    from bot.data_folder import serving
    from bot.settings import load_settings

    with TemporaryDirectory(prefix="lianxin-replay-") as temporary:
        quiet = {"telegram_bot_token": None, "telegram_webhook_url": None}
        if data is None:
            quiet |= {"key_file": None}
        settings = load_settings(data=data or Path(temporary)).model_copy(update=quiet)
        with serving(settings.data), folder_of(settings) as folder:
            yield settings, folder
