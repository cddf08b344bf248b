"""Samples of drives, one for each shape that plans have, and a drive of one's own made from them."""

import re
import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path

from bot.drives.reading import FOLDER, drive_files, read_drive
from bot.new_file import save
from storage.drives.made_real import with_dates
from storage.drives.plan import Drive
from storage.errors import ConfigError
from storage.house import House

SHAPES = ("examination", "education", "exchange", "mobilise", "quarterly", "single", "lookback")
"""In the order in which they are listed; each is a file in bot/data/drives."""
_LONGEST_KEY = 10


def sample_text(shape: str) -> str:
    """The sample as it stands; raises ConfigError for a shape that is not there."""
    if shape not in SHAPES:
        raise ConfigError(f"there is no shape {shape}; shapes: {', '.join(SHAPES)}")
    return files("bot").joinpath("data", "drives", f"{shape}.toml").read_text("utf-8")


def sample(shape: str) -> Drive:
    """The sample, read; its dates are days counted from the start."""
    return Drive.model_validate(tomllib.loads(sample_text(shape)))


def write_drive(
    folder: Path, shape: str, *, start: date, title: str, key: str, lead: str, house: House
) -> tuple[Path, Drive]:
    """Writes drives/KEY.toml with real dates; raises ConfigError where a name is wrong or taken."""
    text = with_dates(sample_text(shape), start, house.calendar)
    places = house.hospital.places
    chosen = lead or _lead(text)
    if lead and lead not in places:
        raise ConfigError(f"--lead: there is no office {lead} in hospital.toml")
    text = _set(text, "lead", chosen if chosen in places else house.hospital.discipline_office)
    text = _set(text, "key", key or _free_key(folder, shape, start))
    text = _set(text, "title", title) if title else text
    drive = _checked(text)
    path = folder / FOLDER / f"{drive.key}.toml"
    if path.exists() or drive.key in _known(folder, house):
        raise ConfigError(f"{path}: there is a drive {drive.key} already; choose another with --key")
    path.parent.mkdir(mode=0o700, exist_ok=True)
    save(text.encode(), path, force=False)
    return path, drive


def end_drive_file(path: Path, ended: date) -> None:
    """Writes into a drive's file that it was ended; all else stays as it is, remarks too."""
    text = path.read_text("utf-8-sig")
    line = f"ended = {ended.isoformat()}"
    changed: str
    if re.search(r"(?m)^ended\s*=", text):
        changed = re.sub(r"(?m)^ended\s*=.*$", line, text, count=1)
    else:
        changed = re.sub(r"(?m)^(start\s*=.*)$", rf"\1\n{line}", text, count=1)
    save(changed.encode(), path, force=True)


def _known(folder: Path, house: House) -> set[str]:
    read = [read_drive(path, house.hospital, None)[0] for path in drive_files(folder)]
    return {drive.key for drive in read if drive is not None}


def _free_key(folder: Path, shape: str, start: date) -> str:
    """Such as mobil2612; with a letter behind where that is taken."""
    begin = f"{shape[: _LONGEST_KEY - 5]}{start:%y%m}"
    for end in ["", *"bcdefghij"]:
        if not (folder / FOLDER / f"{begin}{end}.toml").exists():
            return f"{begin}{end}"
    raise ConfigError(f"{folder / FOLDER}: there are many drives {begin}; choose a name with --key")


def _lead(text: str) -> str:
    return str(tomllib.loads(text)["lead"])


def _set(text: str, key: str, value: str) -> str:
    """Replaces the first line of the key; what stood behind it as a remark stays."""
    quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    line = f"{key} = {quoted}"
    changed: str = re.sub(rf'(?m)^{key} = "[^"]*"', lambda _: line, text, count=1)
    return changed


def _checked(text: str) -> Drive:
    from pydantic import ValidationError

    try:
        return Drive.model_validate(tomllib.loads(text))
    except (ValidationError, tomllib.TOMLDecodeError) as error:
        where = error.errors()[0]["loc"][0] if isinstance(error, ValidationError) else "title"
        option = f"--{where}" if where in ("key", "title") else "the sample"
        told = {
            "key": "must be at most 10 small English letters and digits, a letter first",
            "title": "must have 2 to 40 characters on one line",
        }
        raise ConfigError(f"{option}: {told.get(str(where), 'does not fit')}") from None
