"""What a message in a survey says: how it reads, and which answer it holds."""

from dataclasses import dataclass

from handlers.followup.asking import NO, SKIP, YES, Asked, answer_label, answers_on
from handlers.turn import Turn
from nlp.normalise import normalise
from nlp.rating import Polarity, Rating, rate
from nlp.reading import Verdict
from nlp.survey_replies import read_scale
from nlp.taxonomy import Category, Intent
from storage.hospital_followup import Scale
from storage.messages import Choice

_MORE = 6
"""Letters beyond which a message says more than its answer."""
_QUESTION = 30
_LINES = {"1": NO, "2": YES, "3": SKIP, "n": NO}
"""The lines of the list under a question of integrity, and what stands beside Y."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, read in both ways: as a reply to a survey and as a message to the hospital."""

    text: str
    rating: Rating
    verdict: Verdict

    @property
    def says_more(self) -> bool:
        """Whether there are words to keep beside the answer."""
        return count_letters(self.text) > _MORE

    @property
    def accuses(self) -> bool:
        """Whether it tells of misconduct."""
        if any(one.is_misconduct for one in self.rating.categories):
            return True
        plain = self.verdict.intent is Intent.REPORT and not self.verdict.unsure
        upset = self.rating.polarity is Polarity.NEGATIVE
        return plain and upset and any(one.is_misconduct for one in self.verdict.categories)

    @property
    def complaints(self) -> tuple[Category, ...]:
        """What it complains about, where it accuses nobody."""
        return () if self.accuses else tuple(one for one in self.rating.categories if not one.is_misconduct)

    @property
    def needs_help(self) -> bool:
        """Whether it tells of a health trouble, or of danger that is no report."""
        return self.rating.needs_care or (self.rating.urgent and not self.accuses)

    @property
    def is_plain(self) -> bool:
        """Whether it tells of nothing that somebody would have to look into."""
        return not (self.rating.categories or self.accuses or self.needs_help)

    @property
    def asks(self) -> bool:
        """Whether it is a question to the hospital."""
        plain = self.verdict.intent is Intent.INQUIRY and self.rating.polarity is Polarity.NEUTRAL
        return plain and not self.rating.categories

    @property
    def is_pleased(self) -> bool:
        """Whether it is praise and nothing else: where both readings agree, no doubt of one counts."""
        pleased = self.rating.polarity is Polarity.POSITIVE and not self.rating.categories
        return pleased and self.verdict.intent is Intent.PRAISE and not self.verdict.categories


def hear_words(turn: Turn) -> Heard:
    """Reads this message."""
    text, reader = turn.inbound.text, turn.desk.reader
    return Heard(text, rate(text, reader), reader.read(text))


def find_given(turn: Turn, asked: Asked, heard: Heard) -> str | None:
    """The answer a message gives to a question, as its button would; None where it gives none."""
    question, text = asked.question, heard.text
    bare = plain_letters(text)
    for answer in answers_on(question.scale):
        if bare == plain_letters(answer_label(question, answer, turn.words)):
            return answer
    match question.scale:
        case Scale.WORDS:
            return None
        case Scale.ASKED:
            return _asked(turn, bare, heard)
        case Scale.RATING:
            value = heard.rating.score
            declined = value is None and read_scale(text, question.scale).declined
        case _:
            read = read_scale(text, question.scale)
            value, declined = read.value, read.declined
    return str(value) if value is not None else SKIP if declined else None


def has_nothing_to_say(turn: Turn, text: str) -> bool:
    """Whether somebody who was asked for words has none."""
    known = f"{turn.words('survey.words_nothing')} {turn.words('survey.words_thanks')}".split()
    return plain_letters(text) in known or read_scale(text, Scale.WORDS).declined


def is_thanks(turn: Turn, text: str) -> bool:
    """Whether the message only says thanks or all right."""
    return plain_letters(text) in turn.words("survey.words_thanks").split()


def asks_who(turn: Turn, text: str) -> bool:
    """Whether somebody wants to know who writes to them, or takes it for a fraud."""
    bare = plain_letters(text)
    return len(bare) <= _QUESTION and any(word in bare for word in turn.words("survey.words_who").split())


def finds_it_hard(turn: Turn, text: str) -> bool:
    """Whether somebody old says that eyes, ears or the phone make it hard: no complaint, and no illness."""
    bare = plain_letters(text)
    hard, more = (turn.words(f"survey.{name}").split() for name in ("words_hard", "words_hard_but"))
    return any(word in bare for word in hard) and not any(word in bare for word in more)


def pressed_in_words(rows: tuple[tuple[Choice, ...], ...], text: str) -> str | None:
    """The value of the button whose label, or whose number in the list, was typed."""
    choices = [one for row in rows for one in row]
    bare = plain_letters(text)
    if bare.isdecimal() and len(bare) == 1 and 1 <= int(bare) <= len(choices):
        return choices[int(bare) - 1].value
    return next((one.value for one in choices if bare and bare == plain_letters(one.label)), None)


def plain_letters(text: str) -> str:
    """Letters and digits in normal form."""
    return "".join(filter(str.isalnum, normalise(text[:200]).text))


def count_letters(text: str) -> int:
    """How many letters and digits a text has."""
    return sum(map(str.isalnum, text))


def _asked(turn: Turn, bare: str, heard: Heard) -> str | None:
    if bare in _LINES:
        return _LINES[bare]
    read = read_scale(heard.text, Scale.ASKED)
    nobody = not heard.accuses and _says_nobody(turn, bare)
    if nobody or (read.value == 0 and not (heard.accuses and heard.verdict.intent is Intent.REPORT)):
        return NO
    if read.value == 1 or heard.accuses:
        return YES
    return SKIP if read.declined else None


def _says_nobody(turn: Turn, bare: str) -> bool:
    """没有人让我扫码: a no that takes nothing back."""
    nobody = tuple(turn.words("survey.words_nobody").split())
    return bare.startswith(nobody) and not any(
        word in bare for word in turn.words("survey.words_but").split()
    )
