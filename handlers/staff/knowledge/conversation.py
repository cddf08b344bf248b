"""知晓率: how well the nine rules are known, for heads (their office) and for who oversees the house."""

import re
from collections.abc import Sequence

from handlers.staff.coverage.asked import office_named, token
from handlers.staff.knowledge.report import report_of, summary
from handlers.staff.knowledge.sheet import has_picture
from handlers.triage.form import form_in
from handlers.turn import Turn
from nlp.normalise import normalise
from storage.duties.spans import SpanKind, before, days_of, is_span, span_of
from storage.errands import ErrandKind, ask_for
from storage.messages import Choice, Reply
from storage.staff.permits import oversees

VERB, _HOUSE = "knowledge", "all"
_LONGEST_NAME, _PAGE, _ROW = 12, 12, 3
_SPACE = re.compile(r"[\s,，、:：]+")


def on_knowledge_text(turn: Turn) -> list[Reply] | None:
    """知晓率 [科室] [2026 | 2026-10 | 2026-Q4 | 去年]; None for other words, or for who oversees nobody."""
    said = turn.inbound.text.strip()
    parts = [part for part in _SPACE.split(said.removeprefix("/")) if part]
    head = normalise(parts[0]).text if parts else ""
    known = sorted(turn.words("knowledge.words_knowledge").split(), key=len, reverse=True)
    word = next((one for one in known if head.startswith(one)), None)
    seen = oversees(turn.officer, turn.house.hospital)
    if word is None or not seen or (form_in(turn.dialogue) is not None and not said.startswith("/")):
        return None
    rest = [head.removeprefix(word), *(normalise(part).text for part in parts[1:])]
    span, names = _span_in(turn, [part for part in rest if part])
    if len("".join(names)) > _LONGEST_NAME:
        return None
    if days_of(span)[0] > turn.house.local_day(turn.now):
        return [turn.reply("knowledge.future")]
    if not names:
        return [_show(turn, span, _usual(turn))]
    office = office_named("".join(names), seen)
    return [_show(turn, span, office) if office else _pick(turn, span, "0", name="".join(names))]


def on_knowledge_choice(turn: Turn, argument: str) -> list[Reply]:
    """A button `knowledge[:SPAN[:OFFICE[:PAGE]]]`; OFFICE is `all`, `pick`, or tells an office by a hash."""
    if turn.inbound.in_group:
        return [Reply("", toast=turn.words("knowledge.only_private"))]
    seen = oversees(turn.officer, turn.house.hospital)
    if not seen:
        said = turn.words("triage.not_yours")
        return [Reply(said, toast=said)]
    span, unit, page = [*argument.split(":"), "", "", ""][:3]
    today = turn.house.local_day(turn.now)
    span = span if is_span(span) and days_of(span)[0] <= today else span_of(today, SpanKind.YEAR)
    if unit == "pick":
        return [_pick(turn, span, page)]
    offices = {token(one): one for one in seen}
    office = "" if unit == _HOUSE and len(seen) > 1 else offices.get(unit, _usual(turn))
    return [_show(turn, span, office, edit=True)]


def _show(turn: Turn, span: str, office: str, *, edit: bool = False) -> Reply:
    scope = oversees(turn.officer, turn.house.hospital)
    report = report_of(turn.session, span, office, scope, house=turn.house)
    text = summary(report, turn.words)
    if has_picture(report) and ask_for(
        turn.session,
        ErrandKind.KNOWLEDGE_PICTURE,
        turn.officer.id or 0,
        now=turn.now,
        span=span,
        office=office,
    ):
        text = f"{text}\n\n{turn.words('knowledge.picture_follows')}"
    rows = tuple(tuple(row) for row in _rows(turn, span, office, scope) if row)
    return Reply(text, rows, edits=turn.inbound.pressed if edit else None)


def _rows(turn: Turn, span: str, office: str, scope: frozenset[str]) -> list[list[Choice]]:
    this = span_of(turn.house.local_day(turn.now), SpanKind.YEAR)
    spans = {"this_year": this, "last_year": before(this)}
    turning = [
        Choice(turn.words(f"knowledge.{name}"), f"{VERB}:{one}:{token(office)}")
        for name, one in spans.items()
        if one != span
    ]
    if len(scope) > 1:
        turning.append(Choice(turn.words("knowledge.choose"), f"{VERB}:{span}:pick:0"))
    return [turning]


def _pick(turn: Turn, span: str, page: str, *, name: str = "") -> Reply:
    seen = oversees(turn.officer, turn.house.hospital)
    names = [one for one in turn.house.hospital.places if one in seen]
    last = max(0, (len(names) - 1) // _PAGE)
    number = min(int(page), last) if page.isascii() and page.isdecimal() and len(page) < 4 else 0
    here = names[number * _PAGE : (number + 1) * _PAGE]
    buttons = [Choice(one, f"{VERB}:{span}:{token(one)}") for one in here]
    rows = [buttons[start : start + _ROW] for start in range(0, len(buttons), _ROW)]
    turning = [_turn_to(turn, span, "previous", number - 1)] if number else []
    turning += [_turn_to(turn, span, "next", number + 1)] if number < last else []
    rows += [turning] if turning else []
    if len(seen) > 1:
        rows.append([Choice(turn.words("knowledge.house"), f"{VERB}:{span}:{_HOUSE}")])
    if name:
        return turn.reply("knowledge.unknown", rows, name=name)
    return turn.reply("knowledge.pick", rows, edit=True)


def _turn_to(turn: Turn, span: str, name: str, page: int) -> Choice:
    return Choice(turn.words(f"knowledge.{name}"), f"{VERB}:{span}:pick:{page}")


def _usual(turn: Turn) -> str:
    """What somebody wants to see without saying: a head their office, the others the house."""
    seen = oversees(turn.officer, turn.house.hospital)
    return next(iter(seen)) if len(seen) == 1 else ""


def _span_in(turn: Turn, parts: Sequence[str]) -> tuple[str, list[str]]:
    """The span that was named, this year without one; and the other words."""
    this = span_of(turn.house.local_day(turn.now), SpanKind.YEAR)
    named = {turn.words("knowledge.this_year"): this, turn.words("knowledge.last_year"): before(this)}
    span, names = this, []
    for part in parts:
        plain = part.upper().removesuffix("年")
        if part in named or is_span(plain):
            span = named.get(part, plain)
        else:
            names.append(part)
    return span, names
