"""Opens the data folder for a command."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storage.errors import ConfigError

if TYPE_CHECKING:
    from bot.data_folder import DataFolder
    from bot.settings import Settings
    from nlp.reading import Reader

Data = Annotated[
    Path | None, typer.Option("--data", metavar="DIR", help="The data folder: LIANXIN_DATA, else var.")
]
FRESH = "there is no data yet; make it with: lianxin init --data"


@contextmanager
def opened(data: Path | None) -> Iterator["DataFolder"]:
    """The folder that exists already; raises ConfigError where nothing was set up, so that a typing
    mistake in --data makes no second set of keys."""
    from bot.data_folder import DATABASE
    from bot.settings import load_settings

    settings = load_settings(data=data)
    if not (settings.data / DATABASE).exists():
        raise ConfigError(f"{settings.data}: {FRESH} {settings.data}")
    with folder_of(settings) as folder:
        yield folder


@contextmanager
def folder_of(settings: "Settings") -> Iterator["DataFolder"]:
    """The data folder of the settings, made if need be, closed afterwards; errors of the disk in one line."""
    from bot.cli.mishaps import note_in
    from bot.data_folder import open_folder
    from bot.disk_errors import in_one_line

    note_in(settings.data)
    folder = open_folder(settings.data, settings)
    try:
        with in_one_line(settings.data):
            yield folder
    finally:
        folder.close()


def own_reader(data: Path | None) -> "Reader":
    """A reader with the own words of the data folder, which need not be there unless it was named.

    Opens nothing but words.csv. Raises ConfigError for a mistake in it.
    """
    from bot.settings import load_settings
    from bot.word_file import load_words
    from nlp.reading import Reader

    folder = load_settings(data=data).data
    if data is not None and not folder.is_dir():
        raise ConfigError(f"{folder}: {FRESH} {folder}")
    return Reader.with_words(load_words(folder))


def utc_now() -> datetime:
    """The moment of a command."""
    return datetime.now(UTC)
