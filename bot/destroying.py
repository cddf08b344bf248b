"""Destroys what has had its days: rows slice by slice, then their files, then what the log still holds."""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime

from scheduler.retention import destroy_the_old, forget_words_of_ratings, warn_of_purge
from storage.database import Database
from storage.engine import empty_log
from storage.files import FileStore
from storage.followup.forgetting import forget_discharges
from storage.house import House
from storage.retention import Content


async def warn_and_destroy(
    *, database: Database, house: House, files: FileStore, clock: Callable[[], datetime]
) -> tuple[int, int]:
    """The daily sweep; returns how many cases were warned of and how many lost their content.

    Raises StorageFull where a file does not let itself be deleted; its row is gone, so the sweep for files
    without a row takes it later.
    """
    warned = await database.run(lambda session: warn_of_purge(session, house=house, now=clock()))
    gone = 0
    while slice_ := await database.run(lambda session: destroy_the_old(session, house=house, now=clock())):
        gone += len(slice_)
        await asyncio.to_thread(delete_files, files, slice_)
    await _empty_ratings(database, house, clock)
    await _forget_discharges(database, house, clock)
    # Every day: others forget, too, and yesterday a backup may have been reading.
    await asyncio.to_thread(empty_log, database.engine)
    return warned, gone


def delete_files(files: FileStore, gone: Iterable[Content]) -> None:
    """The files of cases whose rows are gone; each is tried, whatever becomes of the others."""
    failed: Exception | None = None
    for uid in [uid for content in gone for uid in content.files]:
        try:
            files.delete(uid)
        except Exception as error:
            failed = error
    if failed is not None:
        raise failed


async def _empty_ratings(database: Database, house: House, clock: Callable[[], datetime]) -> None:
    while await database.run(lambda session: forget_words_of_ratings(session, house=house, now=clock())):
        pass


async def _forget_discharges(database: Database, house: House, clock: Callable[[], datetime]) -> None:
    while await database.run(lambda session: forget_discharges(session, house=house, now=clock())):
        pass
