"""A new seal key is added, what older ones sealed is sealed anew, and keys nothing needs are taken out.

All of it may be stopped at any moment and goes on when it is called again, beside a running `serve`:

- The key file is exchanged while the right to write is held, and every transaction looks at the file when
  it begins (`before_each` in bot.data_folder): what begins later seals with the new key.
- Rows are sealed anew in short transactions, files one by one, each whole or not at all.
- Keys are taken out of the database's list first and of the file last: a stop in between leaves one more
  key than is needed, never one less.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.data_folder import DataFolder
from storage import marks
from storage.errors import KeyFileError, NoSuchFile, SealError
from storage.event_names import EventName
from storage.events import CONSOLE, record_event
from storage.files import count_moved
from storage.key_file import add_seal_key, drop_seal_keys, load_keys
from storage.sealed_columns import SEALED, Page, SealedColumn, count_by_key, open_rows, reseal_rows
from storage.sealed_folder import SealedFolder

_BATCH = 100
"""Values in one transaction: whoever reports meanwhile waits no longer than these take."""
Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Uses:
    """How many values and files each key sealed, by its number; 0 is no key."""

    values: Counter[int]
    files: Counter[int]

    def by_other_than(self, newest: int) -> tuple[int, int]:
        """Values and files that need an older key."""
        counts = (
            sum(count for number, count in uses.items() if number not in (0, newest))
            for uses in (self.values, self.files)
        )
        return next(counts), next(counts)


@dataclass(slots=True)
class Resealed:
    """What one run did; `broken` counts by table (or "files") what does not open and stays as it is."""

    values: int
    files: int
    broken: Counter[str]


def uses_of(folder: DataFolder) -> Uses:
    """How much each key seals now."""
    files = Counter(number for _, number in _sealed_files(folder).seal_numbers())
    return Uses(folder.database.run_now(_count_values), files)


def begin_rotation(folder: DataFolder, *, new: bool, now: datetime) -> int | None:
    """Adds a fresh seal key and returns its number; None where an earlier rotation is not done yet.

    `new` adds one all the same. Raises KeyFileError where the key file cannot be changed.
    """
    if not new and any(uses_of(folder).by_other_than(folder.vault.newest)):
        return None

    def add(session: Session) -> int:
        number = add_seal_key(folder.key_file)
        folder.vault.refresh()
        if folder.vault.newest != number:
            raise KeyFileError(f"{folder.key_file}: was changed by somebody else meanwhile; look at it")
        marks.mark_key(session, vault=folder.vault)
        record_event(session, CONSOLE, EventName.KEYS_ROTATED, now=now, keys=len(folder.vault.numbers))
        return number

    return folder.database.run_now(add)


def reseal_all(
    folder: DataFolder, *, advance: Advance, now: datetime, rest: Callable[[float], None] = time.sleep
) -> Resealed:
    """Seals everything older anew, until a pass finds nothing more to do; `advance` hears of each step.

    `rest` waits so many seconds between batches, so that `serve` gets its turn. Raises StorageFull.
    """
    done = Resealed(0, 0, Counter())
    while True:
        values, files, done.broken = _one_pass(folder, advance, rest)
        done.values += values
        done.files += files
        if not values and not files:
            break
    if done.values or done.files:
        counts = {"values": done.values, "files": done.files, "broken": done.broken.total()}
        folder.database.run_now(
            lambda session: record_event(session, CONSOLE, EventName.KEYS_RESEALED, now=now, **counts)
        )
    return done


def retire_keys(folder: DataFolder, *, now: datetime) -> tuple[int, ...]:
    """Takes all keys but the newest out of the key file and returns their numbers.

    Raises KeyFileError while anything still needs one of them, or where the file cannot be changed.
    """
    files = uses_of(folder).files

    def unlist(session: Session) -> tuple[int, ...]:
        _require_unused(folder, Uses(_count_values(session), files))
        older = set(load_keys(folder.key_file).seal_keys) - {folder.vault.newest}
        if older:
            marks.drop_key_marks(session, older)
            record_event(session, CONSOLE, EventName.KEYS_RETIRED, now=now, keys=len(older))
        return tuple(sorted(older))

    older = folder.database.run_now(unlist)
    if older:
        drop_seal_keys(folder.key_file, older)
    return older


def find_broken(folder: DataFolder, *, advance: Advance) -> Counter[str]:
    """Opens every value and file, and counts by table (or "files") those that do not open.

    "file rows" are rows of files that were changed, or moved to another case.
    """
    broken: Counter[str] = Counter()
    for sealed in SEALED:
        for page in _pages(folder, sealed, open_rows):
            broken[sealed.table.name] += page.broken
            advance(page.seen)
    store = _sealed_files(folder)
    for uid, _ in store.seal_numbers():
        try:
            store.read(uid)
        except NoSuchFile:
            pass
        except SealError:
            broken["files"] += 1
        advance(1)
    broken["file rows"] = folder.database.run_now(lambda session: count_moved(session, vault=folder.vault))
    return +broken


def _one_pass(
    folder: DataFolder, advance: Advance, rest: Callable[[float], None]
) -> tuple[int, int, Counter[str]]:
    values, files, broken = 0, 0, Counter[str]()
    for sealed in SEALED:
        started = time.monotonic()
        for page in _pages(folder, sealed, reseal_rows):
            values += page.done
            broken[sealed.table.name] += page.broken
            advance(page.done)
            rest(time.monotonic() - started)
            started = time.monotonic()
    store = _sealed_files(folder)
    for uid, number in store.seal_numbers():
        if number == folder.vault.newest:
            continue
        try:
            files += store.reseal(uid)
        except NoSuchFile:
            continue  # deleted meanwhile
        except SealError:
            broken["files"] += 1
        advance(1)
    return values, files, +broken


def _pages(folder: DataFolder, sealed: SealedColumn, turn: Callable[..., Page]) -> Iterator[Page]:
    after = None
    while True:
        page = folder.database.run_now(
            lambda session, after=after: turn(  # type: ignore[misc]
                session, sealed, after, vault=folder.vault, limit=_BATCH
            )
        )
        if page.last is None:
            return
        yield page
        after = page.last


def _require_unused(folder: DataFolder, uses: Uses) -> None:
    values, files = uses.by_other_than(folder.vault.newest)
    if values or files:
        raise KeyFileError(
            f"{folder.key_file}: {values} values and {files} files still need older keys; "
            "run: lianxin keys rotate"
        )


def _count_values(session: Session) -> Counter[int]:
    return sum((count_by_key(session, sealed) for sealed in SEALED), Counter[int]())


def _sealed_files(folder: DataFolder) -> SealedFolder:
    return SealedFolder(folder.files, folder.vault)
