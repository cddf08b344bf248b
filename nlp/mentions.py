"""Finds what a reply praises and complains about, as terms that figures can count."""

from dataclasses import dataclass

from nlp.mention_book import Kind, Piece, book
from nlp.replies import Reply


@dataclass(frozen=True, slots=True)
class Mentions:
    """What was praised and what complained about: terms of mentions.toml, each once, in order."""

    praised: tuple[str, ...] = ()
    complained: tuple[str, ...] = ()


def find_mentions(text: str) -> Mentions:
    """Reads the clauses of a reply one by one.

    The terms come from a list: no name, number or word of the writer's is among them. What is both praised
    and complained about stands in both. Never raises for any string.
    """
    listener = _Listener()
    for sentence in Reply.of(text).sentences:
        listener.start()
        for clause in sentence:
            for part in book().parts(clause):
                listener.hear(part)
    return Mentions(tuple(listener.praised), tuple(listener.complained))


class _Listener:
    """Goes along the words of a sentence: who or what is spoken of, and how."""

    def __init__(self) -> None:
        self.praised: dict[str, None] = {}
        self.complained: dict[str, None] = {}
        self.start()

    def start(self) -> None:
        """A new sentence: nobody is spoken of yet."""
        self._spoken_of: list[Piece] = []

    def hear(self, clause: str) -> None:
        """One clause: a word of tone goes to all that was named since the last one, or to what comes next."""
        pieces = book().pieces(clause)
        sneers, wishes = book().sneers(clause), book().wishes(clause)
        named: list[Piece] = []
        told = False
        waiting: bool | None = None
        for piece in pieces:
            if piece.kind in (Kind.STAFF, Kind.THING, Kind.FACET):
                if told and piece.kind is not Kind.FACET:
                    named, told = [], False
                named.append(piece)
                continue
            good = piece.good != sneers
            terms = book().terms(named or self._spoken_of, piece)
            if not terms and not named:
                waiting = good
            self._note(terms, good=good)
            told = told or bool(terms)
        if named and not told:
            if waiting is not None:
                self._note(book().terms(named, None), good=waiting)
            elif wishes:
                self._note(book().terms(named, None), good=False)
        self._spoken_of = named or self._spoken_of

    def _note(self, terms: list[str], *, good: bool) -> None:
        into = self.praised if good else self.complained
        into.update(dict.fromkeys(terms))
