"""Changing what a case is about: the right category is one press, and the press can be taken back."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from handlers.triage.actions import Action, allowed_actions
from handlers.triage.asking import ask
from handlers.triage.cards import category_words
from handlers.triage.form import Form
from handlers.triage.showing import show_case, show_moved, take_over_card
from handlers.triage.views import in_rows
from handlers.turn import Turn
from nlp.taxonomy import Category, Intent
from storage.access import case_for, may_see, open_offices
from storage.cases import Case
from storage.corrections import MOST, Meaning
from storage.entries import reported_text
from storage.errors import CaseMoved
from storage.messages import Choice, Reply
from storage.recategorising import correct_category, undo_correction, usual_lead
from storage.refusals import note_refusal

_GUESSES = 6
_NO_REPORT = (Intent.PRAISE, Intent.INQUIRY, Intent.OTHER)
ALL, UNDO, LEAD, SURE = "all", "undo", "lead", "sure"
"""What a button carries in place of a category, or after it."""


def ask_category(turn: Turn, case: Case) -> Reply:
    """The likely categories first, one a row; without any guess all of them."""
    guesses = _guesses(turn, case)
    if not guesses:
        return _all_categories(turn, case)
    likely = [(_button(turn, case, one.value, one.label),) for one in guesses]
    more = _button(turn, case, ALL, turn.words("desk.all_categories"))
    return _question(turn, case, [*likely, (more,)])


def on_category(
    turn: Turn, number: str = "", version: str = "", wish: str = "", sure: str = ""
) -> list[Reply]:
    """A button below the question what a case is about; one of an older state changes nothing."""
    case = case_for(turn.session, number, turn.officer, turn.house.hospital, now=turn.now)
    if version != str(case.version):
        return [show_moved(turn, case, Action.RECATEGORISE)]
    if Action.RECATEGORISE not in allowed_actions(turn.session, case, turn.officer, turn.house.hospital):
        asked = Action.RECATEGORISE.value
        note_refusal(turn.session, turn.officer, "action", case_id=case.id, now=turn.now, wish=asked)
        return [show_case(turn, case, news=turn.words("triage.not_allowed"), edit=True)]
    match wish:
        case "all":
            return [_all_categories(turn, case)]
        case "undo":
            return [_undo(turn, case)]
        case "lead":
            return [_hand_over(turn, case)]
    meant = _meaning(case, wish)
    if meant is None:
        return [ask_category(turn, case)]
    if any(one.sealed for one in meant.categories) and not case.sealed and sure != SURE:
        return [_warn(turn, case, wish)]
    return [_correct(turn, case, meant)]


def _question(turn: Turn, case: Case, rows: list[tuple[Choice, ...]]) -> Reply:
    now = [*_those_it_has(turn, case)]
    others = tuple(_button(turn, case, one.value, turn.words(f"desk.as_{one}")) for one in _NO_REPORT)
    back = (Choice(turn.words("desk.back_to_case"), f"open:{case.id}"),)
    values = {"number": case.number, "category": category_words(case, turn.words)}
    return turn.reply("triage.which_category", [*now, *rows, others, back], edit=True, **values)


def _all_categories(turn: Turn, case: Case) -> Reply:
    rest = [one for one in Category if one not in case.all_categories]
    return _question(turn, case, [*in_rows([_button(turn, case, one.value, one.label) for one in rest], 2)])


def _those_it_has(turn: Turn, case: Case) -> Iterator[tuple[Choice, ...]]:
    """Of several categories the first alone, or another as the first; a single doubtful one confirmed."""
    known = case.all_categories
    if len(known) == 1 and not case.unsure:
        return
    for place, category in enumerate(known):
        key = "category_first" if place else "category_only" if len(known) > 1 else "category_right"
        label = turn.words(f"desk.{key}", category=category.label)
        yield (_button(turn, case, category.value, label),)


def _guesses(turn: Turn, case: Case) -> list[Category]:
    """What speaks for what in the text, the strongest first, without what the case stands under."""
    scores = turn.desk.reader.study(_text(turn, case)).scales.scores
    ranked = sorted((one for one in scores if scores[one] > 0), key=lambda one: -scores[one])
    return [one for one in ranked if one not in case.all_categories][:_GUESSES]


def _meaning(case: Case, code: str) -> Meaning | None:
    """What a pressed code says: a new category alone, one of several as the first, the first alone."""
    if code in {one.value for one in _NO_REPORT}:
        return Meaning(Intent(code))
    if code not in {one.value for one in Category}:
        return None
    pressed, known = Category(code), case.all_categories
    rest = tuple(one for one in known if one is not pressed) if pressed in known[1:] else ()
    return Meaning(Intent.REPORT if pressed.is_misconduct else Intent.COMPLAINT, (pressed, *rest))


def _warn(turn: Turn, case: Case, code: str) -> Reply:
    """A sealed case is out of reach for whoever is no supervisor: that is asked once more."""
    label = Category(code).label
    yes = _button(turn, case, f"{code}:{SURE}", turn.words("desk.seal_it"))
    back = Choice(turn.words("desk.back_to_case"), f"open:{case.id}")
    return turn.reply("triage.will_be_sealed", [(yes,), (back,)], edit=True, category=label)


def _correct(turn: Turn, case: Case, meant: Meaning) -> Reply:
    if meant == Meaning.of(case) and not case.unsure:
        return show_case(turn, case, news=turn.words("triage.same_category"), edit=True)
    read = turn.desk.reader.read(_text(turn, case))
    urgent, sealed = case.urgent, case.sealed
    people = turn.desk.roster.people(turn.session, vault=turn.house.vault)
    take_over_card(turn, case)
    try:
        correct_category(
            turn.session, case, turn.officer, meant, said=Meaning(read.intent, read.categories),
            lists=turn.desk.lists, people=people, house=turn.house, now=turn.now,
        )  # fmt: skip
    except CaseMoved:
        return _moved(turn, case)
    notes = [("now_urgent", case.urgent and not urgent), ("now_sealed", case.sealed and not sealed)]
    return _answer(turn, case, "triage.recategorised", [name for name, yes in notes if yes], undo=True)


def _undo(turn: Turn, case: Case) -> Reply:
    people = turn.desk.roster.people(turn.session, vault=turn.house.vault)
    take_over_card(turn, case)
    try:
        undo_correction(turn.session, case, turn.officer, people=people, house=turn.house, now=turn.now)
    except CaseMoved:
        return _moved(turn, case)
    return _answer(turn, case, "triage.recategorising_undone", ["still_sealed"] if case.sealed else [])


def _moved(turn: Turn, case: Case) -> Reply:
    turn.session.refresh(case)
    return show_moved(turn, case, Action.RECATEGORISE)


def _answer(turn: Turn, case: Case, key: str, notes: Sequence[str], *, undo: bool = False) -> Reply:
    """The case as it stands, what changed, and what can be done about it."""
    pieces = [turn.words(key, category=category_words(case, turn.words))]
    pieces += [turn.words(f"triage.{note}") for note in notes]
    if not may_see(turn.session, case, turn.officer, turn.house.hospital):
        news = "".join(pieces)
        return turn.reply("triage.gone", edit=True, toast=news, news=news)
    buttons = [_button(turn, case, UNDO, turn.words("desk.undo"))] if undo else []
    if office := _other_lead(turn, case):
        pieces.append(turn.words("triage.usually_leads", office=office))
        buttons.append(_button(turn, case, LEAD, turn.words("desk.hand_over_to", office=office)))
    shown = show_case(turn, case, news="".join(pieces), edit=True, looked=False)
    return replace(shown, choices=((tuple(buttons),) if buttons else ()) + tuple(shown.choices))


def _other_lead(turn: Turn, case: Case) -> str:
    """The office that usually leads such a case and may have this one; empty where it leads already."""
    office, hospital = usual_lead(case, turn.house.hospital), turn.house.hospital
    possible = allowed_actions(turn.session, case, turn.officer, hospital)
    if Action.TRANSFER not in possible or office not in open_offices(turn.session, case, [office]):
        return ""
    return office


def _hand_over(turn: Turn, case: Case) -> Reply:
    """The form of a transfer with its office filled in: the reason is still asked for."""
    office = _other_lead(turn, case)
    if not office:
        return show_case(turn, case, news=turn.words("triage.not_allowed"), edit=True)
    chosen = {"office": office}
    assert case.id is not None
    return ask(turn, Form(Action.TRANSFER, case.id, case.version, "reason", dict(chosen), dict(chosen)))


def _text(turn: Turn, case: Case) -> str:
    return reported_text(turn.session, case.id or 0, vault=turn.house.vault)[:MOST]


def _button(turn: Turn, case: Case, wish: str, label: str) -> Choice:
    return Choice(label, f"category:{case.id}:{case.version}:{wish}")
