"""Finds what a reply praises and complains about, as terms that figures can count."""

from dataclasses import dataclass

from nlp.mention_book import Kind, Piece, book
from nlp.replies import Reply

_AT_ONCE = 5
"""Things that are named in one breath; who names more has no tone for the first."""
_BAD = Piece(Kind.TONE, 0, 0, frozenset({""}), good=False)
"""What is only wished for, or taken out of the praise, is a complaint."""


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
        listener.start(sneering=book().ends_in_sneer("".join(sentence)))
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

    def start(self, *, sneering: bool = False) -> None:
        """A new sentence: nobody is spoken of yet."""
        self._spoken_of: list[Piece] = []
        self._sneering = self._sneers = sneering

    def hear(self, clause: str) -> None:
        """One clause: a word of tone goes to all that was named since the last one, or to what comes next."""
        if book().asks(clause):
            return
        if book().is_apart(clause):
            self._spoken_of = []
        excepted = book().excepted(clause)
        if excepted:
            self._hear([*book().pieces(excepted), _BAD])
            clause, self._spoken_of = clause[len(excepted) :], []
        self._sneers = self._sneering or book().sneers(clause)
        self._hear(book().pieces(clause), wishes=book().wishes(clause))

    def _hear(self, pieces: list[Piece], *, wishes: bool = False) -> None:
        named: list[Piece] = []
        told = False
        waiting: list[Piece] = []
        for piece in pieces:
            if piece.kind is Kind.TONE:
                terms = book().terms(named or self._spoken_of, piece)
                self._note(terms, piece)
                told = told or bool(terms)
                waiting = [] if terms else [*waiting[-_AT_ONCE:], piece]
                continue
            if told and piece.kind is not Kind.FACET:
                named, told = [], False
            named = [*named[-_AT_ONCE:], piece]
            for tone in waiting:
                if terms := book().terms([piece], tone):
                    self._note(terms, tone)
                    told = True
                    break
        if wishes and not told:
            self._note(book().terms(named, None), _BAD)
        self._spoken_of = named or self._spoken_of

    def _note(self, terms: list[str], tone: Piece) -> None:
        into = self.praised if tone.good and not self._sneers else self.complained
        into.update(dict.fromkeys(terms))
