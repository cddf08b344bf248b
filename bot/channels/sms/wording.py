"""The few words the channel adds itself, read from wording.toml."""

import tomllib
from importlib.resources import files

_WORDS: dict[str, str] = tomllib.loads(files(__package__).joinpath("wording.toml").read_text("utf-8"))


def say(key: str, *, page: str = "", **fields: object) -> str:
    """The words `key`, or those with the address of the page where it is known."""
    return _WORDS[f"{key}_page" if page else key].format(page=page, **fields)
