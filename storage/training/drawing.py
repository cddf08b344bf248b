"""Draws questions and the order of their choices, so that no two sittings are alike."""

from collections import Counter
from collections.abc import Collection, Sequence
from random import Random

from storage.training.questions import Kind, Question


def draw(
    questions: Sequence[Question],
    count: int,
    *,
    again: Collection[str] = (),
    seen: Collection[str] = (),
    chance: Random,
) -> list[Question]:
    """At most `count` different questions, as evenly from all their rules as the bank allows.

    `again` are keys of what was answered wrong: they come first. Those `seen` before come only where nothing
    else is left.
    """
    drawn = _some([one for one in questions if one.key in again], count, chance)
    for fresh in (True, False):
        had = {one.key for one in drawn}
        rest = [one for one in questions if one.key not in had and (one.key not in seen) is fresh]
        drawn += _evenly(rest, count - len(drawn), Counter(one.rule for one in drawn), chance)
    chance.shuffle(drawn)
    return drawn


def order_of(question: Question, *, chance: Random) -> str:
    """The choices in the order in which they are shown, as digits; a statement's stay as they are."""
    order = list(range(question.count))
    if question.kind is not Kind.JUDGE:
        chance.shuffle(order)
    return "".join(map(str, order))


def _some(questions: list[Question], count: int, chance: Random) -> list[Question]:
    return chance.sample(questions, min(count, len(questions)))


def _evenly(questions: Sequence[Question], count: int, had: Counter[int], chance: Random) -> list[Question]:
    """From the rule with fewest so far, one at a time."""
    by_rule: dict[int, list[Question]] = {}
    for question in chance.sample(questions, len(questions)):
        by_rule.setdefault(question.rule, []).append(question)
    drawn: list[Question] = []
    while by_rule and len(drawn) < count:
        least = min(had[rule] for rule in by_rule)
        rule = chance.choice([rule for rule in by_rule if had[rule] == least])
        drawn.append(by_rule[rule].pop())
        had[rule] += 1
        if not by_rule[rule]:
            del by_rule[rule]
    return drawn
