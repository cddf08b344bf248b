"""A case as its officer reads it in a private chat: the whole of it, its text, thread, trail and files."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from handlers.triage.actions import allowed_actions
from handlers.triage.block_view import block_line, block_row
from handlers.triage.cards import category_words, limit_line, marks, moved_card, status_words
from handlers.triage.content import content_of, evidence_words, mention_words, pages
from handlers.triage.copy_view import copies_row, same_as_line
from handlers.triage.more import RARE, action_button, folded
from handlers.triage.sight import Sight
from handlers.triage.threads import history_lines, recent_lines, thread_lines
from handlers.turn import Desk
from handlers.words import Words
from storage.access import may_act, may_see
from storage.cases import Case, Part, offices_of
from storage.clocks import running_clocks
from storage.crisis import tells_of_danger
from storage.errors import SealError
from storage.files import CaseFile, count_files, files_of, to_stored
from storage.members import Member
from storage.messages import Choice, Reply, StoredFile
from storage.retention import goes_at

_TEXT = 2000
_RECENT, _RECENT_LENGTH = 3, 100
_IN_A_ROW = 3


def case_view(
    case: Case, member: Member, *, session: Session, desk: Desk, words: Words, now: datetime, news: str = ""
) -> Reply:
    """The case with the reporter's text, evidence, limits and buttons, for this member's private chat.

    `news` stands first. Who may not see the case gets no more than its number.
    """
    if not may_see(session, case, member, desk.house.hospital):
        return moved_card(case, words=words)
    sight = Sight(session, desk.house, words, now, member)
    leads = may_act(session, case, member, desk.house.hospital)
    if case.purged_at is not None:
        return _emptied(case, member, sight, news)
    content = content_of(session, case, leads=leads, house=desk.house)
    first, *more = pages(content.shown, _TEXT)
    blocks = [
        news,
        "\n".join([*_facts(case, sight), *_apart(case, member, sight)]),
        words("triage.unopened", count=content.unopened) if content.unopened else "",
        _block("text", [first or words("triage.no_text")], words, "continued" if more else "text_end"),
        _block("evidence", evidence_words(content, desk, words), words),
        _block("mentions", mention_words(content, desk, words), words),
        _block("recent", recent_lines(case, sight, leads=leads, count=_RECENT, length=_RECENT_LENGTH), words),
        "" if leads else words("triage.supporting"),
    ]
    rows = _rows(case, member, sight, longer=bool(more))
    return Reply("\n\n".join(filter(None, blocks)), rows, card=case.number, opened=True)


def _emptied(case: Case, member: Member, sight: Sight, news: str = "") -> Reply:
    """What stays once the content was destroyed, said as it is; only what was done can still be read."""
    assert case.purged_at is not None
    gone = sight.words("triage.purged", at=sight.at(case.purged_at))
    blocks = [news, "\n".join([*_facts(case, sight), *_apart(case, member, sight)]), gone]
    history = (Choice(sight.words("desk.history"), f"history:{case.id}"),)
    last = (Choice(sight.words("desk.menu"), "desk"),)
    return Reply("\n\n".join(filter(None, blocks)), (history, last), card=case.number, opened=True)


def text_page(case: Case, number: int, sight: Sight, *, leads: bool) -> Reply:
    """The reporter's words, page by page."""
    content = content_of(sight.session, case, leads=leads, house=sight.house)
    return _paged(case, pages(content.shown), number, "text", sight.words)


def thread_page(case: Case, number: int | None, sight: Sight, *, leads: bool) -> Reply:
    """The thread; without a page number its end, which is what people look for."""
    return _paged(
        case, pages("\n\n".join(thread_lines(case, sight, leads=leads))), number, "thread", sight.words
    )


def history_page(case: Case, number: int | None, sight: Sight, *, refusals: bool = False) -> Reply:
    """The trail; without a page number its end; with `refusals` also who was not let in."""
    lines = history_lines(case, sight, refusals=refusals)
    return _paged(case, pages("\n".join(lines)), number, "history", sight.words)


def files_reply(case: Case, sight: Sight) -> Reply:
    """All files of a case; a word about those whose hidden data could not be removed."""
    assert case.id is not None
    rows = files_of(sight.session, case.id)
    files = tuple(filter(None, (_opened(row, sight) for row in rows)))
    key = "triage.files" if rows else "triage.no_files"
    text = sight.words(key, number=case.number, count=len(rows))
    if unopened := len(rows) - len(files):
        text += "\n" + sight.words("triage.files_unopened", count=unopened)
    if any(file.warning for file in files):
        text += "\n" + sight.words("triage.files_warning")
    return Reply(text, (_back(case, sight.words),), files=files, about=case.number)


def _opened(row: CaseFile, sight: Sight) -> StoredFile | None:
    try:
        return to_stored(row, vault=sight.house.vault)
    except SealError:
        return None


def _facts(case: Case, sight: Sight) -> list[str]:
    assert case.id is not None
    words = sight.words
    supporting = words("card.and").join(offices_of(sight.session, case.id, Part.SUPPORTING))
    name = sight.name(case.assignee_id)
    lines = [
        words("card.number", number=case.number, marks=marks(case, words)),
        words("triage.danger") if tells_of_danger(sight.session, case) else "",
        words("card.status", status=status_words(case, words)),
        words("card.category", category=category_words(case, words)),
        words("card.office", office=case.lead_office),
        words("card.supporting", offices=supporting) if supporting else "",
        words("card.assignee", name=name) if name else "",
        words("card.received_at", at=sight.at(case.received_at)),
        _limits(case, sight),
    ]
    return list(filter(None, lines))


def _apart(case: Case, member: Member, sight: Sight) -> list[str]:
    lines = (
        same_as_line(case, member, sight), block_line(case, member, sight), _ageing(case, sight)
    )  # fmt: skip
    return list(filter(None, lines))


def _ageing(case: Case, sight: Sight) -> str:
    """Since when the content is held, or when it goes, once officers were warned of it."""
    if case.held_at is not None:
        return sight.words("card.held", at=sight.at(case.held_at))
    goes = goes_at(case, sight.house.hospital.retention)
    warned = case.warned_at is not None and case.closed_at is not None and case.warned_at >= case.closed_at
    return sight.words("card.goes_at", at=sight.at(goes)) if warned and goes is not None else ""


def _limits(case: Case, sight: Sight) -> str:
    """The running limits, the next one with what is left of it."""
    assert case.id is not None
    clocks = running_clocks(sight.session, case.id)
    if not clocks or case.closed_at is not None:
        return limit_line(case, sight)
    lines = []
    for clock in clocks:
        kind = sight.words(f"card.limit_{clock.kind}")
        line = sight.words("card.limit", kind=kind, at=sight.at(clock.due_at), left=sight.left(clock.due_at))
        lines += [line] if clock.certain else [line, sight.words("card.uncertain")]
    return "\n".join(lines)


def _block(title: str, lines: Sequence[str], words: Words, end: str = "") -> str:
    if not lines:
        return ""
    last = [words(f"triage.{end}")] if end else []
    return "\n".join([words(f"triage.title_{title}"), *lines, *last])


def _rows(case: Case, member: Member, sight: Sight, *, longer: bool) -> tuple[tuple[Choice, ...], ...]:
    assert case.id is not None
    words = sight.words
    actions = allowed_actions(sight.session, case, member, sight.house.hospital)
    doing = [action_button(action, case, sight) for action in actions if action not in RARE]
    doing += folded(case, member, sight)
    reading = [Choice(words("desk.text"), f"text:{case.id}:1")] if longer else []
    reading += [Choice(words(f"desk.{what}"), f"{what}:{case.id}") for what in ("thread", "history")]
    if count := count_files(sight.session, case.id):
        reading.append(Choice(words("desk.files", count=count), f"files:{case.id}"))
    last = (Choice(words("desk.refresh"), f"open:{case.id}"), Choice(words("desk.menu"), "desk"))
    apart = (copies_row(case, member, sight), block_row(case, member, sight))
    return (*in_rows(doing), *in_rows(reading, 4), *filter(None, apart), last)


def in_rows(choices: Sequence[Choice], wide: int = _IN_A_ROW) -> tuple[tuple[Choice, ...], ...]:
    """The buttons in rows of at most `wide`."""
    return tuple(tuple(choices[start : start + wide]) for start in range(0, len(choices), wide))


def _paged(case: Case, texts: list[str], number: int | None, what: str, words: Words) -> Reply:
    """Pages are counted from 1; a number beyond them shows the nearest page."""
    page = len(texts) if number is None else min(max(number, 1), len(texts))
    head = words(f"triage.page_{what}", number=case.number)
    if len(texts) > 1:
        head += words("triage.page", page=page, pages=len(texts))
    turning = []
    if page > 1:
        turning.append(Choice(words("desk.previous"), f"{what}:{case.id}:{page - 1}"))
    if page < len(texts):
        turning.append(Choice(words("desk.next"), f"{what}:{case.id}:{page + 1}"))
    rows = (tuple(turning), _back(case, words)) if turning else (_back(case, words),)
    return Reply(
        f"{head}\n\n{texts[page - 1].strip() or words('triage.no_text')}", rows, card=case.number, opened=True
    )


def _back(case: Case, words: Words) -> tuple[Choice, ...]:
    return Choice(words("desk.back_to_case"), f"open:{case.id}"), Choice(words("desk.menu"), "desk")
