"""Where things lie in a backup, and how its folder is called."""

import re
from datetime import UTC, datetime

from bot.data_folder import DATABASE, FILES, KEYS

MANIFEST = "manifest.json"
PART = ".part"
"""Ends the name of a folder that is not finished; such a folder is no backup."""
EDITED = ("hospital.toml", "holidays.toml", "words.csv", "duties.toml", "questions.toml")
EDITED_FOLDERS = ("drives", "materials")
"""Folders whose files the hospital puts there itself: without them a restored folder would not start."""
_NAME = re.compile(r"lianxin-\d{8}-\d{6}")
_OF_THEIRS = re.compile(rf"(?:{'|'.join(EDITED_FOLDERS)})/[^/\\\x00-\x1f.][^/\\\x00-\x1f]{{0,119}}")
_INSIDE = re.compile(rf"{FILES}/([0-9a-f]{{2}})/(\1[0-9a-f]{{30}})")


def folder_name(now: datetime) -> str:
    """lianxin-20261122-014500: the time is UTC, so that no hour comes twice."""
    return f"lianxin-{now.astimezone(UTC):%Y%m%d-%H%M%S}"


def is_folder_name(name: str) -> bool:
    """Whether a finished backup may be called so."""
    return _NAME.fullmatch(name) is not None


def is_part_name(name: str) -> bool:
    """Whether an unfinished backup may be called so."""
    return name.endswith(PART) and is_folder_name(name.removesuffix(PART))


def file_path(uid: str) -> str:
    """Where the file with this uid lies below a data folder or backup."""
    return f"{FILES}/{uid[:2]}/{uid}"


def is_known_path(path: str) -> bool:
    """Whether something of a backup may lie there; nothing else is ever copied out of one."""
    if path in (DATABASE, KEYS, *EDITED) or is_theirs(path):
        return True
    return _INSIDE.fullmatch(path) is not None


def is_theirs(path: str) -> bool:
    """Whether it may be a file of one of EDITED_FOLDERS: it never leads out of it, and is not hidden."""
    return _OF_THEIRS.fullmatch(path) is not None and path.isprintable()
