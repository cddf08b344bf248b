"""What the bot says, by language: the words stand in text files, a file per conversation."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Any

FALLBACK = "zh"


class Words:
    """The wording of one language; a key is FILE.KEY, such as report.receipt."""

    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts

    def __call__(self, key: str, /, **values: Any) -> str:
        """The text with its {places} filled; raises KeyError if there is no such text or place."""
        return self._texts[key].format_map(values) if values else self._texts[key]

    def has(self, key: str) -> bool:
        """Whether there is such a text."""
        return key in self._texts


@lru_cache(maxsize=4)
def words_for(language: str) -> Words:
    """The wording of a language, completed from Chinese where it has no text of its own."""
    texts = _load(FALLBACK)
    return Words(texts if language == FALLBACK else texts | _load(language))


def _load(language: str) -> dict[str, str]:
    folder = files("handlers").joinpath(f"texts/{language}")
    if not folder.is_dir():
        return {}
    return {
        f"{file.name.removesuffix('.toml')}.{key}": text.strip("\n")
        for file in folder.iterdir()
        if file.name.endswith(".toml")
        for key, text in tomllib.loads(file.read_text("utf-8")).items()
    }
