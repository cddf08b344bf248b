"""覆盖率: heads see their office, who oversees the house sees all, everybody else sees what they owe."""

from handlers.staff.coverage.asked import (
    ALL,
    VERB,
    Asked,
    Typed,
    duty_named,
    office_named,
    token,
    typed_in,
)
from handlers.staff.coverage.missing import nudge_missing, show_missing
from handlers.staff.coverage.report import (
    must_be_gathered,
    own_of,
    report_of,
    scope_of,
    span_words,
    titles_in,
)
from handlers.staff.coverage.rows import menu_rows, pick_office, rows_of
from handlers.staff.coverage.words import own_words, summary
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.duties.spans import days_of, is_span, span_of
from storage.errands import ErrandKind, ask_for
from storage.messages import Choice, Reply
from storage.outbox import announce
from storage.staff.employees import employee_of
from storage.staff.permits import oversees, oversees_house

_LONGEST_NAME = 12
"""Characters after 覆盖率 that may be a name; more is something somebody wants to tell."""


def on_coverage_text(turn: Turn) -> list[Reply] | None:
    """What somebody typed for; None where it is no question for coverage."""
    today = turn.house.local_day(turn.now)
    typed = typed_in(turn.inbound.text, turn.words, today=today)
    if typed is None:
        return None
    if not oversees(turn.officer, turn.house.hospital):
        return None if typed.names else [_own(turn, typed.span or span_of(today))]
    if typed.span == "":
        return [turn.reply("coverage.not_span", menu_rows(turn))]
    asked = Asked(typed.span or span_of(today))
    if days_of(asked.span)[0] > today:
        return [turn.reply("coverage.future", menu_rows(turn), span=span_words(asked.span, turn.words))]
    return _with_names(turn, asked, typed)


def on_coverage_choice(turn: Turn, argument: str) -> list[Reply]:
    """A button `coverage[:SPAN:OFFICE:DUTY[:WHAT[:WHICH]]]`; in a group the answer comes in private."""
    if turn.inbound.in_group:
        announce(
            turn.session, f"member:{turn.officer.id}", "coverage.view", now=turn.now, argument=argument[:50]
        )
        return [Reply("", toast=turn.words("coverage.in_private"))]
    span, office, duty, what, which = [*argument.split(":"), "", "", "", "", ""][:5]
    today = turn.house.local_day(turn.now)
    span = span if is_span(span) and days_of(span)[0] <= today else span_of(today)
    if not oversees(turn.officer, turn.house.hospital):
        return [_own(turn, span)]
    asked = untoken(turn, span, office, duty)
    if asked is None:
        return [pick_office(turn, Asked(span), "0")]
    return _do(turn, asked, what, which)


def view(sight: Sight, argument: str) -> Reply | None:
    """The same summary for a letter; None where there is nothing to say to whoever reads it."""
    member, house = sight.viewer, sight.house
    if member is None:
        return None
    today = house.local_day(sight.now)
    span = argument.split(":")[0]
    asked = Asked(span if is_span(span) and days_of(span)[0] <= today else span_of(today))
    if not oversees(member, house.hospital):
        own = own_of(sight.session, employee_of(sight.session, member), asked.span, house=house)
        return Reply(own_words(own, asked.span, sight.words, house=house, now=sight.now))
    asked = Asked(asked.span, "" if oversees_house(member, house.hospital) else member.office)
    report = report_of(
        sight.session, asked, scope_of(member, asked.office, house.hospital), house=house, now=sight.now
    )
    look = Choice(sight.words("coverage.look"), f"{VERB}:{asked.value}")
    return Reply(summary(report, sight.words, house=house), ((look,),))


def untoken(turn: Turn, span: str, office: str, duty: str) -> Asked | None:
    """What a button asks for; None where its office or duty is not one that this member may see."""
    hospital = turn.house.hospital
    own = "" if oversees_house(turn.officer, hospital) else turn.officer.office
    known = {ALL: own, "": own} | {token(one): one for one in _offices(turn)}
    if office not in known:
        return None
    duties = {ALL: "", "": ""}
    if duty not in duties:
        scope = scope_of(turn.officer, known[office], hospital)
        duties |= {token(key): key for key in titles_in(turn.session, span, scope, house=turn.house)}
    return Asked(span, known[office], duties[duty]) if duty in duties else None


def _do(turn: Turn, asked: Asked, what: str, which: str) -> list[Reply]:
    match what:
        case "pick":
            return [pick_office(turn, asked, which)]
        case "table":
            return [_wait(turn, asked)]
        case "who":
            return [show_missing(turn, asked, which)]
        case "nudge":
            return [nudge_missing(turn, asked, which)]
    return [_show(turn, asked, edit=True)]


def _with_names(turn: Turn, asked: Asked, typed: Typed) -> list[Reply] | None:
    offices = _offices(turn)
    scope = scope_of(turn.officer, "", turn.house.hospital)
    titles = titles_in(turn.session, asked.span, scope, house=turn.house)
    office, duty = "" if oversees_house(turn.officer, turn.house.hospital) else turn.officer.office, ""
    for name in typed.names:
        if known := office_named(name, offices):
            office = known
        elif key := duty_named(name, titles):
            duty = key
        elif len(name) > _LONGEST_NAME:
            return None
        else:
            return [_unknown(turn, asked, name, titles)]
    return [_show(turn, Asked(asked.span, office, duty), edit=False)]


def _show(turn: Turn, asked: Asked, *, edit: bool) -> Reply:
    scope = scope_of(turn.officer, asked.office, turn.house.hospital)
    if must_be_gathered(asked, scope):
        taken = _errand(turn, ErrandKind.COVERAGE_PICTURE, asked)
        return turn.reply(f"coverage.{'wait_all' if taken else 'too_many'}", menu_rows(turn))
    report = report_of(turn.session, asked, scope, house=turn.house, now=turn.now)
    text = summary(report, turn.words, house=turn.house)
    own = own_of(turn.session, employee_of(turn.session, turn.officer), asked.span, house=turn.house)
    if own.given and not edit and not asked.duty:
        text += "\n\n" + turn.words("coverage.yourself", given=own.given, done=own.done)
    if report.coverage.total.expected and _errand(turn, ErrandKind.COVERAGE_PICTURE, asked):
        text += "\n\n" + turn.words("coverage.picture_follows")
    rows = tuple(tuple(row) for row in rows_of(turn, report))
    return Reply(text, rows, edits=turn.inbound.pressed if edit else None)


def _own(turn: Turn, span: str) -> Reply:
    own = own_of(turn.session, employee_of(turn.session, turn.officer), span, house=turn.house)
    rows = ((Choice(turn.words("coverage.my_duties"), "due:list:0"),),) if own.open else ()
    return Reply(own_words(own, span, turn.words, house=turn.house, now=turn.now), rows)


def _wait(turn: Turn, asked: Asked) -> Reply:
    key = "wait_table" if _errand(turn, ErrandKind.COVERAGE_TABLE, asked) else "too_many"
    said = turn.words(f"coverage.{key}")
    return Reply(said, ((Choice(turn.words("coverage.back"), f"{VERB}:{asked.value}"),),), toast=said)


def _errand(turn: Turn, kind: ErrandKind, asked: Asked) -> bool:
    member = turn.officer.id or 0
    what = {"span": asked.span, "office": asked.office, "duty": asked.duty}
    return ask_for(turn.session, kind, member, now=turn.now, **what)


def _unknown(turn: Turn, asked: Asked, name: str, titles: dict[str, str]) -> Reply:
    """Several may have these letters in their titles: one of them can be pressed."""
    near = [(key, title) for key, title in titles.items() if name in title][:6]
    rows = [[Choice(title, f"{VERB}:{Asked(asked.span, '', key).value}")] for key, title in near]
    rows += menu_rows(turn, Asked(asked.span))
    return turn.reply(f"coverage.{'unknown' if near else 'unknown_none'}", rows, name=name)


def _offices(turn: Turn) -> list[str]:
    """Every office this member may see coverage of, in the order of hospital.toml."""
    seen, hospital = oversees(turn.officer, turn.house.hospital), turn.house.hospital
    return [one for one in hospital.places if one in seen]
