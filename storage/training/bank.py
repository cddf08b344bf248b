"""The questions there are: ours on the nine rules, and those that the hospital wrote itself."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files

from storage.training.questions import Question

NINE_RULES = ""
"""The name of the bank on the nine rules."""


@dataclass(frozen=True)
class NineRules:
    """Our questions; `titles` and `short` name the rules 1 to 9 in full and in a few words."""

    titles: Mapping[int, str]
    short: Mapping[int, str]
    questions: tuple[Question, ...]


@lru_cache(maxsize=1)
def nine_rules() -> NineRules:
    """What stands in quiz_nine_rules.toml; read when it is first asked for, not with every start."""
    data = tomllib.loads(files("storage").joinpath("data/quiz_nine_rules.toml").read_text("utf-8"))
    titles, short = (
        {int(number): text for number, text in data[name].items()} for name in ("titles", "short")
    )
    return NineRules(titles, short, tuple(Question.model_validate(one) for one in data["questions"]))


@dataclass(frozen=True)
class QuestionBank:
    """All questions; `own` are those of the hospital's questions.toml."""

    own: tuple[Question, ...] = ()

    def of(self, bank: str = NINE_RULES, rules: Sequence[int] = ()) -> list[Question]:
        """The questions of a bank, only those on `rules` if any are given; empty for an unknown bank."""
        wanted = frozenset(rules)
        return [
            one for one in self._by_key.values() if one.bank == bank and (not wanted or one.rule in wanted)
        ]

    def find(self, key: str) -> Question | None:
        """The question with this key; None where it was taken out."""
        return self._by_key.get(key)

    @cached_property
    def _by_key(self) -> Mapping[str, Question]:
        return {one.key: one for one in (*nine_rules().questions, *self.own)}
