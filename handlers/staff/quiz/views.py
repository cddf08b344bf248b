"""What a person sees of a quiz: a question, its explanation, the result; drawn from the sitting as it is."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.turn import Turn
from handlers.words import Words
from storage.duties.book import Quiz
from storage.duties.occurrences import Occurrence
from storage.messages import Choice, Reply
from storage.training.bank import nine_rules
from storage.training.examining import Outcome
from storage.training.questions import LETTERS, Kind, Question
from storage.training.sittings import RIGHT, Sitting

_SHORT = 13
"""Characters of a choice that stands on its button; longer ones stand in the message."""
Rows = list[tuple[Choice, ...]]


def question_view(sitting: Sitting, question: Question, turn: Turn, *, above: str = "") -> Reply:
    """The question on the screen, still to be answered."""
    words, texts = turn.words, choice_texts(sitting, question, turn.words)
    short = all(len(text) <= _SHORT for text in texts)
    lines = [_head(sitting, question, words, asking=True), question.text]
    if not short:
        lines.append("\n".join(texts))
    said = "\n\n".join(filter(None, (above, *lines)))
    return Reply(said, tuple(_choices(sitting, question, texts, words, short=short)))


def answered_view(sitting: Sitting, question: Question, turn: Turn) -> Reply:
    """The same question with what is right, and why."""
    words = turn.words
    was_right = sitting.marks[sitting.position] == RIGHT
    _, order = sitting.questions[sitting.position]
    texts = choice_texts(sitting, question, words)
    right = [text for text, place in zip(texts, order, strict=True) if int(place) in question.answers]
    why = [question.explanation]
    if question.rule:
        title = nine_rules().titles[question.rule]
        why.append(words("quiz.of_rule", rule=rule_number(question.rule, words), title=title))
    said = [
        _head(sitting, question, words), question.text, words("quiz.right" if was_right else "quiz.wrong"),
        words("quiz.answer", answers="；".join(right)) + "\n" + "\n".join(why),
    ]  # fmt: skip
    onward = words("quiz.finish" if sitting.is_last else "quiz.next")
    value = f"quiz:next:{sitting.id}:{sitting.position}"
    return Reply("\n\n".join(said), ((Choice(onward, value),),))


def result_view(
    outcome: Outcome, occurrence: Occurrence, quiz: Quiz, turn: Turn, *, has_material: bool
) -> Reply:
    """How it went, what to study, and when it can be tried again."""
    words = turn.words
    said = [words("quiz.result", right=outcome.right, asked=outcome.asked, score=outcome.score)]
    said.append(words("quiz.passed" if outcome.passed else "quiz.not_passed", mark=quiz.pass_mark))
    said += _to_study(outcome.weak, words)
    rows: Rows = []
    if outcome.again_at is not None:
        later = outcome.again_at > turn.now
        at = local_words(outcome.again_at, turn)
        said.append(words("quiz.again_at", at=at) if later else words("quiz.again_now"))
        if has_material:
            rows.append((Choice(words("quiz.material"), f"quiz:material:{occurrence.id}"),))
        rows.append((Choice(words("quiz.again"), f"quiz:begin:{occurrence.id}"),))
    rows.append((practice_button(words), list_button(words)))
    return Reply("\n".join(said), tuple(rows))


def practised_view(outcome: Outcome, turn: Turn) -> Reply:
    """The end of practice."""
    said = [turn.words("quiz.practised", right=outcome.right, asked=outcome.asked)]
    said += _to_study(outcome.weak, turn.words)
    return Reply(
        "\n".join(said), ((practice_button(turn.words, "quiz.more_practice"), list_button(turn.words)),)
    )


def choice_texts(sitting: Sitting, question: Question, words: Words) -> list[str]:
    """The choices of the question on the screen as they are shown, with their letters."""
    _, order = sitting.questions[sitting.position]
    if question.kind is Kind.JUDGE:
        return [words("quiz.true"), words("quiz.false")]
    texts = []
    for letter, place in zip(LETTERS, order, strict=False):
        choice = question.choices[int(place)]
        text = choice if isinstance(choice, str) else _rule_words(choice, words)
        texts.append(words("quiz.choice", letter=letter, text=text))
    return texts


def list_button(words: Words) -> Choice:
    """我的任务: on to what else is open, or back."""
    return Choice(words("duties.list"), "due:list:0")


def practice_button(words: Words, key: str = "quiz.practice") -> Choice:
    """Five questions that count nowhere."""
    return Choice(words(key), "quiz:practice")


def rule_number(rule: int, words: Words) -> str:
    """The number of a rule in Chinese."""
    return words("quiz.rule_numbers").split()[rule - 1]


def local_words(moment: datetime, turn: Turn) -> str:
    """A time of today, tomorrow, or a day; in the hospital's zone, to the full minute after."""
    zone = ZoneInfo(turn.house.hospital.timezone)
    rounded = moment + timedelta(seconds=-moment.timestamp() % 60)
    local, today = rounded.astimezone(zone), turn.now.astimezone(zone).date()
    name = {0: "today", 1: "tomorrow"}.get((local.date() - today).days, "day")
    return turn.words(f"quiz.at_{name}", time=f"{local:%H:%M}", month=local.month, day=local.day)


def _head(sitting: Sitting, question: Question, words: Words, *, asking: bool = False) -> str:
    number = words("quiz.number", number=sitting.position + 1, count=len(sitting.questions))
    return number + (words(f"quiz.kind_{question.kind.value}") if asking else "")


def _choices(
    sitting: Sitting, question: Question, texts: Sequence[str], words: Words, *, short: bool
) -> Rows:
    several = question.kind is Kind.MULTIPLE
    buttons = []
    for shown, text in enumerate(texts):
        label = text if short else LETTERS[shown]
        if several:
            key = "quiz.ticked" if str(shown) in sitting.ticked else "quiz.unticked"
            label = words(key, text=label)
        buttons.append(Choice(label, f"quiz:pick:{sitting.id}:{sitting.position}:{shown}"))
    in_a_row = 2 if not short or question.kind is Kind.JUDGE else 1
    rows: Rows = [tuple(buttons[at : at + in_a_row]) for at in range(0, len(buttons), in_a_row)]
    if several:
        rows.append((Choice(words("quiz.sure"), f"quiz:sure:{sitting.id}:{sitting.position}"),))
    return rows


def _to_study(weak: Sequence[int], words: Words) -> list[str]:
    if not weak:
        return []
    lines = [
        words("quiz.study_line", rule=rule_number(rule, words), title=nine_rules().titles[rule])
        for rule in weak
        if rule
    ]
    return [words("quiz.study"), *(lines or [words("quiz.study_own")])]


def _rule_words(rule: int, words: Words) -> str:
    return words("quiz.rule", rule=rule_number(rule, words), title=nine_rules().short[rule])
