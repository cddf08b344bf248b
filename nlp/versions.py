"""Names the state of the word lists, so that a correction tells which lists it speaks about."""

import hashlib
from functools import lru_cache
from importlib.resources import files

from nlp.own_lists import NO_WORDS, OwnWords


def lists_version(own: OwnWords = NO_WORDS) -> str:
    """Twelve hex digits that change with any list of nlp/data or word of the hospital's own."""
    theirs = (own.terms, own.innocent, own.departments, own.names)
    return hashlib.sha256(f"{_ours()}\x00{theirs}".encode("utf-8", "replace")).hexdigest()[:12]


@lru_cache(maxsize=1)
def _ours() -> str:
    folder = files("nlp").joinpath("data")
    hashed = hashlib.sha256()
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.is_file():
            hashed.update(f"{file.name}\x00".encode() + file.read_bytes() + b"\x00")
    return hashed.hexdigest()
