"""Tells whether a reply speaks of a present health trouble that a clinician should call back about."""

import re
from dataclasses import dataclass
from functools import lru_cache

from nlp.replies import Reply
from nlp.wording import compiled, ordered, table

_HEALTH = "reply_health.toml"
_NEAR = 8
"""Characters next to a sign in which a denial or a question stands."""
_HOPED = re.compile("只求|只要|别再|不要再|希望|但愿|千万别|就行|预防|避免|防止")
_HARM = "红|肿|渗|流|化脓|发炎|感染|湿|疼|痛|热|烫|痒|臭|裂|血|脓|麻"
_HARMED = re.compile(_HARM)
_UNHARMED = re.compile(f"(?:没|没有|没再|不再|未|无|不|唔|冇)(?:发)?(?:{_HARM})")
_AHEAD = {"denied": "$", "thought": ".{0,2}$", "not_over_after": "$"}
"""Groups that stand right ahead of what they change."""


@dataclass(frozen=True, slots=True)
class Health:
    """What a reply tells of a patient's health.

    `care`: a trouble that is there now; `emergency`: it cannot wait; `despair`: tired of life; `well`: a
    trouble is told to be absent or over.
    """

    care: bool = False
    emergency: bool = False
    despair: bool = False
    well: bool = False


def read_health(reply: Reply) -> Health:
    """What a reply tells of health, weighed against denial, past, questions and the cases of others."""
    story = _Story()
    for sentence in reply.sentences:
        story.read(sentence)
    care = bool(story.troubles) or story.despair
    return Health(care, (care and story.emergency) or story.despair, story.despair, story.well and not care)


class _Story:
    """What was told so far. `troubles`: open ones, each True where it says itself that it is there now."""

    def __init__(self) -> None:
        self.troubles: list[bool] = []
        self.emergency = False
        self.despair = False
        self.well = False
        self.named = False

    def read(self, clauses: list[str]) -> None:
        """One sentence: what it says of time or of whose case it is holds for the clauses after."""
        past = others = False
        told = []
        for clause in clauses:
            rest = _words("words").sub(lambda match: "口" * len(match[0]), clause)
            now = _words("present").search(clause) is not None
            then = _words("past").search(rest) is not None and not now
            past = (past or then) and not now
            others = others or _words("others").search(clause) is not None
            if not past and not others and _pattern("despair").search(rest):
                self.despair = True
            signs = [] if others else list(_signs().finditer(rest))
            active = [sign for sign in signs if not _is_denied(rest, sign) and not _is_asked(rest, sign)]
            if then and not signs:
                # "疼死我了,扎针的时候": the time comes behind.
                self.troubles = [told_now for told_now in self.troubles if told_now]
            self._note_recovery(rest, signs, active)
            if _words("looked_after").search(clause):
                self.troubles.clear()
            elif not past and any(_over_at(rest) < sign.start() for sign in active):
                self.troubles.append(now)
            if not past and not others and (active or not signs):
                told.append(rest)
        self._weigh("".join(told))

    def _note_recovery(self, rest: str, signs: list[re.Match[str]], active: list[re.Match[str]]) -> None:
        if signs and not active and not _is_asked(rest, signs[0]) and not _HOPED.search(rest):
            self.well = True
        self.named = self.named or bool(signs)
        over = _over_at(rest)
        if over >= 0 and not _words("rest").search(rest[:over]):
            self.well = self.well or self.named
            self.troubles.clear()

    def _weigh(self, told: str) -> None:
        """What only the clauses of a sentence together show."""
        if _pattern("wide").search(told):
            self.troubles.append(True)
        if self.troubles and _pattern("emergency").search(told):
            self.emergency = True


def _is_denied(clause: str, sign: re.Match[str]) -> bool:
    before = clause[max(0, sign.start() - _NEAR) : sign.start()].rstrip()
    return _words("denied").search(before) is not None or _denies_itself(sign[0])


def _denies_itself(sign: str) -> bool:
    """Whether a sign holds its own denial (伤口没红没肿) and nothing beside it."""
    rest = _UNHARMED.sub("", sign)
    return rest != sign and _HARMED.search(rest) is None


def _is_asked(clause: str, sign: re.Match[str]) -> bool:
    before = clause[max(0, sign.start() - _NEAR) : sign.start()].rstrip()
    after = clause[sign.end() : sign.end() + _NEAR]
    return _words("thought").search(before) is not None or _words("asked").match(after) is not None


def _over_at(clause: str) -> int:
    """Where the clause says that it is over, or -1."""
    for match in _words("over").finditer(clause):
        before, after = clause[max(0, match.start() - _NEAR) : match.start()], clause[match.end() :]
        if not _words("not_over_after").search(before) and not _words("not_over_before").match(after):
            return match.start()
    return -1


@lru_cache(maxsize=1)
def _signs() -> re.Pattern[str]:
    now = table(_HEALTH)["now"]
    groups = [_pattern(name).pattern for name in ("now", "emergency", "despair")]
    return re.compile("|".join([*groups, now["heat"], now["measured"]]))


@lru_cache(maxsize=8)
def _pattern(name: str) -> re.Pattern[str]:
    book = table(_HEALTH)
    signs = compiled(book[name]["signs"], book["classes"])
    return re.compile(f"{signs.pattern}|{book[name]['numbers']}") if name == "emergency" else signs


@lru_cache(maxsize=16)
def _words(name: str) -> re.Pattern[str]:
    book = table(_HEALTH)
    if name == "words":
        return compiled(book["not"]["words"], book["classes"])
    either = "|".join(re.escape(word) for word in ordered(book["not"][name]))
    return re.compile(f"(?:{either}){_AHEAD.get(name, '')}")
