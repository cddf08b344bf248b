"""Every sealed value is known, is bound to what stands beside it, and is sealed anew without loss."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import LargeBinary, Table, select, update
from sqlalchemy import types as sql_types
from sqlmodel import Session, SQLModel

from nlp.taxonomy import Category, Intent
from storage.blocks import Block, BlockReason, block_place
from storage.cards import remember_card
from storage.columns import UtcTime
from storage.corrections import Meaning, keep_correction
from storage.dialogues import Dialogue, save_dialogue
from storage.drives.items import COLUMNS as ITEM_COLUMNS
from storage.drives.items import keep_sealed as keep_item_sealed
from storage.drives.items import new_item
from storage.duties.assignments import Assignment, keep_wish
from storage.duties.book import Form, Proof
from storage.duties.handing_in import give_back, submit
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.duties.promises import begin_promise, sign
from storage.entries import Kind, add_entry, thread
from storage.errors import SealError
from storage.followup import discharges, tasks
from storage.followup.discharges import Discharge, number_hash
from storage.followup.surveys import Survey, keep_answers
from storage.followup.tasks import Task, TaskKind
from storage.groups import bind_group
from storage.hand_ins.rows import Given, HandIn, Settled, keep_given, keep_settled
from storage.hospital_followup import Kind as SurveyKind
from storage.invites import invite
from storage.members import Role
from storage.messages import Reply
from storage.numbered_choices import remember_choices
from storage.outbox import post_reply
from storage.ratings import record_rating
from storage.sealed_columns import CLEAR, SEALED, SealedColumn, count_by_key, open_rows, reseal_rows
from storage.sender_tags import keep_tag
from storage.staff.employees import add_employee
from storage.staff.record import EntryKind, RecordEntry, Veto, VetoState, keep_note, keep_reason
from storage.subscriptions import subscribe
from storage.tables import METADATA
from storage.vault import Keys, Vault
from tests.factories import MONDAY, make_house, make_member, open_a_case

ROOT = Path(__file__).parents[2]
HOUSE = make_house()
VAULT = HOUSE.vault
BOTH = Vault(Keys(b"h" * 32, {1: b"s" * 32, 2: b"n" * 32}))
NEW = Vault(Keys(b"h" * 32, {2: b"n" * 32}))
BY_NAME = {f"{one.table.name}.{one.name}": one for one in SEALED}
every_column = pytest.mark.parametrize("sealed", SEALED, ids=list(BY_NAME))

NOT_BOUND = {
    "discharges": {
        "id", "department", "ward", "discharged_at", "standing", "consent", "language", "joined_on",
        "changed_at", "channel", "chat",
    },
    "surveys": {
        "id", "plan_version", "department", "ward", "stage", "why", "due_at", "next_at", "sent_at", "month",
        "reminded", "reached", "chat", "score", "score_after",
    },
    "tasks": {
        "id", "state", "score", "call_wanted", "ask_again", "apart", "calls", "assignee_id", "version",
        "opened_at", "due_at", "done_at", "next_at", "reminders",
    },
    "employees": {
        "id", "office", "role", "groups", "standing", "leave_from", "leave_until", "left_on",
        "remind_at", "silent", "entered_at", "changed_at",
    },
    "assignments": {
        "id", "state", "excuse", "acknowledged_at", "done_at", "done_by", "late", "score", "passed", "tries",
        "extension", "wished_until", "extended_until", "owed_again_at",
    },
    "submissions": {"id", "stage", "created_at", "settled_at"},
    "promises": {"id", "step", "begun_at"},
    "hand_ins": {
        "id", "state", "due_at", "late", "kept_first", "received_by", "got_at", "way", "ended_by", "ended_at",
        "case_id", "stage", "next_at", "forgotten", "version",
    },
    "drive_items": {
        "id", "due_on", "state", "added_by", "added_at", "fixed_by", "fixed_at", "struck_by", "struck_at",
        "returned_at", "returns", "next_at", "reminders", "version",
    },
    "record_entries": {"id"},
    "record_vetoes": {"id", "version"},
    "cards": {"id", "opened", "shown_at"},
    "corrections": {"id"},
    "dialogues": {"until"},
    "entries": {"id", "seen_at"},
    "groups": {"id", "active", "joined_at"},
    "invites": {"id", "used_at"},
    "members": {"id", "on_duty", "active", "joined_at", "changed_at"},
    "numbered_choices": {"until"},
    "outbox": {"id", "state", "bulk", "arguments", "attempts", "error", "created_at", "due_at", "settled_at"},
    "ratings": {"id"},
    "sender_tags": {"until"},
    "blocks": {"id", "tag", "proposed_at", "confirmed_by", "until", "told_at"},
    "subscriptions": {"purge_at"},
}  # fmt: skip
"""What changes in the course of things, or gives nobody anything to read. All else is bound."""


def fill(session: Session) -> None:
    """Two of everything that is sealed."""
    for name, office, role in (("王芳", "纪检办", Role.OFFICER), ("李强", "药剂科", Role.SUPERVISOR)):
        case = open_a_case(session, HOUSE, f"{name}的事", lead=office)
        case_id = case.id or 0
        member = make_member(session, HOUSE, name, office, role, channel="web" if role else "telegram")
        at = MONDAY + timedelta(hours=case_id)
        add_entry(session, case_id, Kind.NOTE, "备注", member_id=member.id, vault=VAULT, now=at)
        subscribe(session, case_id, channel="web", address=name, vault=VAULT)
        bind_group(session, channel="telegram", address=name, office=office, vault=VAULT, now=at)
        invite(session, office, vault=VAULT, now=at, role=role, for_group=role is Role.SUPERVISOR)
        words = {"score": case_id, "polarity": f"{case_id}", "words": name}
        record_rating(session, **words, department=office, ward=name, vault=VAULT, now=at)  # type: ignore[arg-type]
        save_dialogue(session, name, Dialogue("report"), vault=VAULT, until=at)
        keep_tag(session, case_id, name, vault=VAULT, now=at)
        whose = f"member:{member.id}"
        remember_card(
            session, case_id, chat=name, channel=name, address=name, is_group=role is Role.OFFICER,
            audience=whose, reference=name, opened=True, vault=VAULT, now=at,
        )  # fmt: skip
        letter = post_reply(
            session, Reply(name), channel=name, address=name, case_id=case_id, audience=whose,
            inbox_id=case_id, is_group=role is Role.OFFICER, vault=VAULT, now=at,
        )  # fmt: skip
        session.execute(table("outbox").update().where(table("outbox").c.id == letter).values(notice=None))
        keep_correction(
            session, case_id, member_id=member.id or 0,
            said=Meaning(Intent.INQUIRY if role is Role.OFFICER else Intent.REPORT, (Category.KICKBACK,)),
            meant=Meaning(Intent.COMPLAINT if role is Role.OFFICER else Intent.PRAISE), lists=name,
            before={"was": name}, excerpt=name, vault=VAULT, now=at,
        )  # fmt: skip
        reason = BlockReason.FLOOD if role is Role.OFFICER else BlockReason.ADVERTS
        block = Block(
            uid=name, case_id=case_id, reason=reason, days=case_id, proposed_by=member.id or 0,
            proposed_at=at, sealed_tag=None,
        )  # fmt: skip
        _fill_followup(session, case_id, office, at)
        _fill_duties(session, case_id, office, at)
        _fill_hand_ins(session, case_id, at)
        _fill_records(session, case_id, member.id or 0, at)
        _fill_drives(session, case_id, office, member.id or 0, at)
        block.sealed_tag = VAULT.seal(b"t", block_place(block))
        session.add(block)
    session.flush()


def _fill_followup(session: Session, number: int, office: str, at: datetime) -> None:
    remember_choices(
        session, f"1380013800{number}", {"1": f"survey:{number}:overall:5"}, channel="sms",
        vault=HOUSE.vault, now=at,
    )  # fmt: skip
    discharge = Discharge(
        uid=f"{number}", number_hash=number_hash(VAULT, f"{number}"), number=b"", department=office,
        discharged_at=at, channel="sms", chat=f"{number}", changed_at=at,
    )  # fmt: skip
    for column in ("number", "address", "phone"):
        discharges.keep_sealed(discharge, column, "13800138000", vault=VAULT)
    session.add(discharge)
    session.flush()
    kind, plan = list(SurveyKind)[number % 2], f"plan{number}"
    survey = Survey(
        discharge_id=discharge.id or 0, plan=plan, plan_version="1", kind=kind, department=office, due_at=at
    )
    keep_answers(survey, {"overall": 4}, vault=VAULT)
    session.add(survey)
    session.flush()
    task = Task(
        uid=f"{number}", kind=list(TaskKind)[number % 2], survey_id=survey.id, department=office, ward=office,
        office=office, opened_at=at, due_at=at,
    )  # fmt: skip
    for column in ("words", "phone", "note"):
        tasks.keep_sealed(task, column, "words", vault=VAULT)
    session.add(task)


def _fill_duties(session: Session, number: int, office: str, at: datetime) -> None:
    employee = add_employee(session, "王芳", office, number=f"{number}", vault=VAULT, now=at)
    occurrence = Occurrence(
        duty="study", period=f"{number}", title="学习", proof=list(Proof)[number % 2], opens_at=at, due_at=at,
        changed_at=at, stage=OccurrenceStage.OPEN,
    )  # fmt: skip
    session.add(occurrence)
    session.flush()
    assignment = Assignment(occurrence_id=occurrence.id or 0, employee_id=employee.id, office=office)
    assignment.wished_by = employee.id
    keep_wish(assignment, "出差", vault=VAULT)
    session.add(assignment)
    session.flush()
    submission = submit(session, assignment, by=employee, words="12", house=HOUSE, now=at)
    assert give_back(session, submission, "请补充", vault=VAULT, now=at)
    form = Form(key=f"promise{number}", title="承诺书")
    promise, _ = begin_promise(session, occurrence.id or 0, employee, form, vault=VAULT, now=at)
    assert sign(session, promise, "王芳", vault=VAULT, now=at)


def _fill_hand_ins(session: Session, number: int, at: datetime) -> None:
    row = HandIn(
        uid=f"{number}", year=2025 + number, employee_id=number, receipt=f"{number}",
        received_on=at.date() + timedelta(days=number), reported_at=at, due_at=at,
    )  # fmt: skip
    keep_given(row, Given("两条烟"), vault=VAULT)
    keep_settled(row, Settled("1"), vault=VAULT)
    session.add(row)


def _fill_drives(session: Session, number: int, office: str, member_id: int, at: datetime) -> None:
    item = new_item(session, f"drive{number}", office, "账物不符", by=member_id, vault=VAULT, now=at)
    item.number = number
    for column in ITEM_COLUMNS:
        keep_item_sealed(item, column, "words", vault=VAULT)
    session.add(item)


def _fill_records(session: Session, number: int, member_id: int, at: datetime) -> None:
    entry = RecordEntry(
        uid=f"{number}", employee_id=number, kind=list(EntryKind)[number % 2], case_id=number,
        on_day=at.date() + timedelta(days=number), added_by=member_id, added_at=at,
    )  # fmt: skip
    keep_note(entry, "批评教育", vault=VAULT)
    veto = Veto(
        uid=f"{number}", employee_id=number, year=2025 + number, proposed_by=member_id, proposed_at=at,
        state=list(VetoState)[number % 2],
    )  # fmt: skip
    for column in ("reason", "lift_reason"):
        keep_reason(veto, column, "查实", vault=VAULT)
    session.add_all([entry, veto])


def table(name: str) -> Table:
    return METADATA.tables[name]


def rows_of(session: Session, sealed: SealedColumn) -> list[Any]:
    found = select(sealed.table, *sealed.beside).where(sealed.column.is_not(None)).order_by(*sealed.key)
    return list(session.execute(found))


def set_row(session: Session, sealed: SealedColumn, row: Any, **values: Any) -> None:
    here = [column == getattr(row, column.key or "") for column in sealed.key]
    session.execute(update(sealed.table).where(*here).values(values))


def broken(session: Session, sealed: SealedColumn) -> int:
    return open_rows(session, sealed, None, vault=BOTH, limit=1000).broken


def test_every_binary_column_of_every_table_is_sealed_or_says_why_not() -> None:
    binary = {
        f"{table.name}.{column.name}"
        for table in METADATA.tables.values()
        for column in table.columns
        if isinstance(column.type, LargeBinary | sql_types.PickleType)
    }
    assert binary == set(BY_NAME) | set(CLEAR)


def test_nothing_is_sealed_anywhere_but_in_the_modules_of_these_tables() -> None:
    """A value sealed into a text or JSON column would be forgotten when keys change."""
    known = {"vault", "sealed_folder", "marks", "followup/importing"}  # many discharges at once
    models = {mapper.local_table: mapper.class_ for mapper in SQLModel._sa_registry.mappers}
    known |= {models[one.table].__module__.removeprefix("storage.").replace(".", "/") for one in SEALED}
    sealing = {
        str(path.relative_to(ROOT))
        for part in ("bot", "handlers", "scheduler", "storage")
        for path in (ROOT / part).rglob("*.py")
        if re.search(r"\bseal(_text)?\(", path.read_text("utf-8"))
    }
    assert sealing <= {f"storage/{name}.py" for name in known}


@every_column
def test_every_value_opens_where_the_registry_says_it_stands(session: Session, sealed: SealedColumn) -> None:
    fill(session)
    page = open_rows(session, sealed, None, vault=VAULT, limit=1000)
    assert (page.seen >= 2, page.broken) == (True, 0)


@every_column
def test_values_of_two_rows_that_were_swapped_do_not_open(session: Session, sealed: SealedColumn) -> None:
    fill(session)
    first, *_, last = rows_of(session, sealed)
    for row, other in ((first, last), (last, first)):
        set_row(session, sealed, row, **{sealed.name: getattr(other, sealed.name)})
    assert broken(session, sealed) == 2


def _columns(sealed: SealedColumn) -> list[str]:
    loose = NOT_BOUND[sealed.table.name] | {one.name for one in SEALED if one.table is sealed.table}
    return [column.name for column in sealed.table.columns if column.name not in loose]


BOUND = [(sealed, column) for sealed in SEALED for column in _columns(sealed)]


@pytest.mark.parametrize(("sealed", "column"), BOUND, ids=[f"{s.table.name}.{s.name}-{c}" for s, c in BOUND])
def test_value_does_not_open_beside_what_stood_in_another_row(
    session: Session, sealed: SealedColumn, column: str
) -> None:
    """Each column alone: a note becomes an answer, an officer a supervisor, a letter somebody else's."""
    fill(session)
    first, *_, last = rows_of(session, sealed)
    theirs = getattr(last, column)
    if theirs == getattr(first, column):
        kind = sealed.table.c[column].type
        theirs = "other" if isinstance(kind, sql_types.String) else 987_654
        theirs = MONDAY + timedelta(days=9) if isinstance(kind, UtcTime) else theirs
    session.connection().exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    session.execute(sealed.table.delete().where(*_is(sealed, last)))
    before = broken(session, sealed)
    set_row(session, sealed, first, **{column: theirs})
    assert broken(session, sealed) > before


def _is(sealed: SealedColumn, row: Any) -> list[Any]:
    return [column == getattr(row, column.key or "") for column in sealed.key]


def test_code_put_on_another_case_opens_nothing_there(session: Session) -> None:
    """Who may write to the database puts the hash of their own code on somebody else's case."""
    fill(session)
    cases = table("cases")
    (mine, my_code), (theirs, _) = session.execute(select(cases.c.id, cases.c.receipt)).all()[:2]
    session.execute(cases.update().where(cases.c.id == mine).values(receipt="away"))
    session.execute(cases.update().where(cases.c.id == theirs).values(receipt=my_code))
    with pytest.raises(SealError):
        thread(session, theirs, vault=VAULT, shared_only=True)


@every_column
def test_everything_is_sealed_anew_page_by_page(session: Session, sealed: SealedColumn) -> None:
    fill(session)
    total = count_by_key(session, sealed)[1]
    after, done = None, 0
    while (page := reseal_rows(session, sealed, after, vault=BOTH, limit=1)).last is not None:
        after, done = page.last, done + page.done
        assert page.broken == 0
    assert done == total >= 2
    assert dict(count_by_key(session, sealed)) == {2: total}
    assert open_rows(session, sealed, None, vault=NEW, limit=1000).broken == 0
    assert reseal_rows(session, sealed, None, vault=BOTH, limit=10).seen == 0


def test_what_does_not_open_is_counted_and_left_as_it_is(session: Session) -> None:
    fill(session)
    sealed = BY_NAME["members.name"]
    first, last = rows_of(session, sealed)
    set_row(session, sealed, first, name=last.name)
    page = reseal_rows(session, sealed, None, vault=BOTH, limit=10)
    assert (page.seen, page.done, page.broken) == (2, 1, 1)
    assert rows_of(session, sealed)[0].name == last.name


def test_row_that_was_changed_meanwhile_keeps_what_it_got(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(session)
    sealed = BY_NAME["dialogues.state"]
    fresh = BOTH.seal(b"{}", sealed.place(rows_of(session, sealed)[0]))
    reseal = Vault.reseal

    def changes_first(vault: Vault, value: bytes, where: str) -> bytes | None:
        set_row(session, sealed, rows_of(session, sealed)[0], state=fresh)
        return reseal(vault, value, where)

    monkeypatch.setattr(Vault, "reseal", changes_first)
    assert reseal_rows(session, sealed, None, vault=BOTH, limit=1).done == 0
    assert rows_of(session, sealed)[0].state == fresh


def test_erased_and_empty_values_are_passed_over(session: Session) -> None:
    fill(session)
    sealed = BY_NAME["members.name"]
    set_row(session, sealed, rows_of(session, sealed)[0], name=b"")
    assert open_rows(session, sealed, None, vault=VAULT, limit=10).seen == 1
    assert count_by_key(session, sealed).total() == 1


def test_value_in_clear_where_a_sealed_one_belongs_is_counted_as_no_key(session: Session) -> None:
    fill(session)
    sealed = BY_NAME["ratings.words"]
    set_row(session, sealed, rows_of(session, sealed)[0], words=b"clear")
    assert dict(count_by_key(session, sealed)) == {0: 1, 1: 1}
    assert broken(session, sealed) == 1
