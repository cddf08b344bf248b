"""Makes join codes for people of the roster and puts them into one file, or makes none."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlmodel import Session

from bot.data_folder import DataFolder
from bot.new_file import refuse_to_overwrite, save
from bot.staff.slip_table import as_xlsx
from bot.staff.slips import Ways, as_pdf
from storage.errors import ConfigError
from storage.staff.codes import Slip, make_slips, take_back_slips

_TOGETHER = 500
KINDS = (".pdf", ".xlsx")


def check_out(out: Path, *, force: bool) -> None:
    """Raises ConfigError for a file of another kind, or one that stands in the way."""
    if out.suffix.lower() not in KINDS:
        raise ConfigError(f"--out: {out}: a name that ends in .pdf (slips to cut) or .xlsx (a table)")
    if not force:
        refuse_to_overwrite(out)


def hand_out(
    folder: DataFolder,
    ids: Sequence[int],
    ways: Ways,
    out: Path,
    *,
    force: bool,
    now: datetime,
    drawn: Callable[[float], None],
) -> int:
    """Writes a slip for each person and returns how many; `drawn(n)` after each n.

    If it ends before the file is there, the codes are taken back: none lies about that nobody was given.
    """
    made: list[Slip] = []
    database = folder.database
    try:
        for start in range(0, len(ids), _TOGETHER):
            some = ids[start : start + _TOGETHER]
            made += database.run_now(partial(_make, some, folder, now))
        as_table = out.suffix.lower() == ".xlsx"
        content = as_xlsx(made, ways) if as_table else as_pdf(made, ways, drawn=drawn)
        save(content, out, force=force)
    except BaseException:
        lost = [slip.employee_id for slip in made]
        for start in range(0, len(lost), _TOGETHER):
            part = lost[start : start + _TOGETHER]
            database.run_now(lambda session, part=part: take_back_slips(session, part))  # type: ignore[misc]
        raise
    return len(made)


def _make(ids: Sequence[int], folder: DataFolder, now: datetime, session: Session) -> list[Slip]:
    return make_slips(session, ids, house=folder.house, now=now)
