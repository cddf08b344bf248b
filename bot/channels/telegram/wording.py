"""The few sentences the adapter says itself, read from wording.toml."""

import tomllib
from importlib.resources import files

_WORDS: dict[str, dict[str, str]] = tomllib.loads(
    files(__package__).joinpath("wording.toml").read_text(encoding="utf-8")
)


def say(key: str, language: str = "zh", **fields: str) -> str:
    """The sentence `key` of wording.toml in `language` ("zh" or "en"; others read Chinese)."""
    return _WORDS.get(language, _WORDS["zh"])[key].format(**fields)
