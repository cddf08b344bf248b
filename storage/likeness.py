"""Recognises a text that was sent before: by a keyed hash of what is left without spaces and marks."""

import re

from nlp.normalise import normalise
from storage.vault import Vault

SHORTEST = 20
"""Characters of the plain form: shorter texts are alike because people write alike."""
_MARKS = re.compile(r"[\W_]+")
_LONG_NUMBER = re.compile(r"[0-9]{7,}")
"""Telephones and identity numbers tell who copied a text, not what it says; sums and beds stay."""


def plain_form(text: str) -> str:
    """Letters and digits alone, in list form (see nlp.normalise), without numbers of seven digits or more."""
    return _LONG_NUMBER.sub("", _MARKS.sub("", normalise(text).text))


def likeness_of(text: str, *, vault: Vault) -> str:
    """The keyed hash by which the same words are recognised; empty for a text too short to tell.

    Only what reads the same is alike: another sum, name or date makes another text, since that is where
    its meaning lies.
    """
    plain = plain_form(text)
    return vault.keyed_hash("likeness", plain) if len(plain) >= SHORTEST else ""
