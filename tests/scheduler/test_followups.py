"""The sweep of surveys: asked on the day, reminded once, ended in time; nobody twice."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

import scheduler.followups
from scheduler.followups import sweep_surveys
from storage.database import Database
from storage.dialogues import Dialogue, save_dialogue
from storage.engine import connect, sqlite_url
from storage.followup.answering import finish, mark_reached
from storage.followup.discharges import Discharge, Standing
from storage.followup.opt_outs import OptOut
from storage.followup.stopping import opt_out, set_standing
from storage.followup.surveys import Stage, Survey, keep_answers
from storage.house import House
from storage.identity import chat_hash, sender_hash
from storage.letters import Letter
from tests.factories import make_database, make_house
from tests.storage.followup.stays import PHONE, local, make_stay, surveys_of

LEFT = local("2026-11-20 14:00")
DUE = local("2026-11-23 10:00")
TICK = timedelta(seconds=30)


@pytest.fixture(scope="module")
def house() -> House:
    return make_house()


def sweep(session: Session, house: House, now: datetime) -> int:
    """Until nothing is due, as the ticker does; how many were looked after."""
    session.flush()
    done = 0
    while taken := sweep_surveys(session, house=house, now=now):
        session.flush()
        done += taken
    return done


def lay_down(database: Database, house: House, address: str) -> None:
    def work(session: Session) -> None:
        make_stay(session, house, LEFT, address=address)

    database.run_now(work)


def letters(session: Session) -> list[tuple[str | None, str | None]]:
    found = session.exec(select(Letter).order_by(col(Letter.id)))
    return [(one.notice, one.audience) for one in found]


def asked(session: Session, house: House, **stay: Any) -> Survey:
    """A survey that was sent when it was due, and arrived."""
    discharge = make_stay(session, house, LEFT, **stay)
    sweep(session, house, DUE)
    survey = surveys_of(session, discharge)["day3"]
    mark_reached(session, survey.id or 0)
    return survey


def test_nothing_is_asked_before_its_moment_and_once_at_it(session: Session, house: House) -> None:
    survey = surveys_of(session, make_stay(session, house, LEFT))["day3"]
    assert sweep(session, house, DUE - TICK) == 0
    assert sweep(session, house, DUE) == 1
    assert sweep(session, house, DUE + TICK) == 0
    assert letters(session) == [("survey.ask", f"survey:{survey.id}")]
    assert (survey.stage, survey.sent_at, survey.month) == (Stage.SENT, DUE, "2026-11")
    assert survey.chat == chat_hash(house.vault, "sms", PHONE)


def test_a_letter_says_nothing_of_whom_it_is_for(session: Session, house: House) -> None:
    asked(session, house)
    (letter,) = session.exec(select(Letter))
    assert (letter.address, letter.payload, letter.chat) == (None, None, None)
    assert letter.arguments == f'{{"survey": {letter.audience.partition(":")[2]}}}'  # type: ignore[union-attr]


def test_one_reminder_after_two_days_and_the_end_after_fourteen(session: Session, house: House) -> None:
    survey = asked(session, house)
    assert sweep(session, house, DUE + timedelta(days=2) - TICK) == 0
    assert sweep(session, house, DUE + timedelta(days=2)) == 1
    assert [notice for notice, _ in letters(session)] == ["survey.ask", "survey.remind"]
    assert sweep(session, house, DUE + timedelta(days=14) - TICK) == 0
    assert sweep(session, house, DUE + timedelta(days=14)) == 1
    assert (survey.stage, survey.chat, survey.next_at) == (Stage.EXPIRED, None, None)
    assert len(letters(session)) == 2


def test_the_whole_story_of_a_stay_that_never_answers(session: Session, house: House) -> None:
    stay, now = make_stay(session, house, LEFT), LEFT
    seen: list[tuple[str, str | None]] = []
    while now < LEFT + timedelta(days=60):
        before = len(letters(session))
        sweep(session, house, now)
        for notice, audience in letters(session)[before:]:
            seen.append((f"{now.astimezone(LEFT.tzinfo):%m-%d %H:%M}", notice))
            mark_reached(session, int((audience or "").partition(":")[2]))
        now += timedelta(hours=2)
    assert seen == [
        ("11-23 10:00", "survey.ask"),
        ("11-25 10:00", "survey.remind"),
        ("12-20 10:00", "survey.ask"),
        ("12-22 10:00", "survey.remind"),
    ]
    assert [one.stage for one in surveys_of(session, stay).values()] == [Stage.EXPIRED] * 2


def test_what_was_answered_is_not_reminded(session: Session, house: House) -> None:
    finish(session, asked(session, house), now=DUE)
    assert sweep(session, house, DUE + timedelta(days=20)) == 0
    assert len(letters(session)) == 1


def test_a_score_that_was_left_alone_counts_as_an_answer_in_the_end(session: Session, house: House) -> None:
    survey = asked(session, house)
    keep_answers(survey, {"overall": 4}, vault=house.vault)
    survey.score = 4
    sweep(session, house, DUE + timedelta(days=2))
    assert survey.reminded
    sweep(session, house, DUE + timedelta(days=14))
    assert (survey.stage, survey.score) == (Stage.ANSWERED, 4)


def test_integrity_that_was_left_in_the_middle_keeps_no_answers(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT)
    due = surveys_of(session, stay)["day30"].due_at
    sweep(session, house, due)
    survey = surveys_of(session, stay)["day30"]
    keep_answers(survey, {"money": None}, vault=house.vault)
    sweep(session, house, due + timedelta(days=14))
    assert (survey.stage, survey.answers) == (Stage.ANSWERED, None)


def test_a_reminder_waits_for_the_morning(session: Session, house: House) -> None:
    survey = asked(session, house)
    survey.sent_at = survey.next_at = local("2026-11-21 22:00")
    sweep(session, house, local("2026-11-23 22:00"))
    assert not survey.reminded
    assert survey.next_at == local("2026-11-24 09:00")
    sweep(session, house, local("2026-11-24 09:00"))
    assert survey.reminded


def test_whose_question_never_arrived_is_not_reminded_of_it(session: Session, house: House) -> None:
    survey = asked(session, house)
    survey.reached = False
    sweep(session, house, DUE + timedelta(days=2))
    assert len(letters(session)) == 1
    sweep(session, house, DUE + timedelta(days=14))
    assert survey.stage is Stage.UNREACHABLE


def test_who_is_answering_right_now_is_not_reminded_but_an_hour_later(session: Session, house: House) -> None:
    survey, now = asked(session, house), DUE + timedelta(days=2)
    sender = sender_hash(house.vault, "sms", PHONE)
    until = now + timedelta(minutes=30)
    save_dialogue(session, sender, Dialogue(flow="survey"), vault=house.vault, until=until)
    sweep(session, house, now)
    assert not survey.reminded
    sweep(session, house, now + timedelta(hours=1))
    assert survey.reminded


@pytest.mark.parametrize(
    ("up_again", "stage", "count"),
    [
        ("2026-11-23 19:59", Stage.SENT, 1),
        ("2026-11-27 10:00", Stage.SENT, 1),  # four days late
        ("2026-11-28 10:00", Stage.MISSED, 0),
        ("2026-11-27 21:00", Stage.PLANNED, 0),  # in the night: it will be too late in the morning
    ],
)
def test_missed_while_down_is_sent_if_it_still_makes_sense(
    session: Session, house: House, up_again: str, stage: Stage, count: int
) -> None:
    survey = surveys_of(session, make_stay(session, house, LEFT))["day3"]
    sweep(session, house, local(up_again))
    assert survey.stage is stage
    assert len(letters(session)) == count
    sweep(session, house, local("2026-11-28 12:00"))
    assert survey.stage is (Stage.MISSED if count == 0 else Stage.SENT)


def test_down_over_reminder_and_end_means_no_reminder(session: Session, house: House) -> None:
    survey = asked(session, house)
    sweep(session, house, DUE + timedelta(days=40))
    assert survey.stage is Stage.EXPIRED
    assert [notice for notice, _ in letters(session)] == ["survey.ask"]


def test_a_holiday_of_which_nobody_knew_at_planning_is_respected_at_sending(session: Session) -> None:
    plain, busy = make_house(), make_house(followup={"working_days": True})
    survey = surveys_of(session, make_stay(session, plain, local("2026-09-28 14:00")))["day3"]
    assert survey.due_at == local("2026-10-01 10:00")
    sweep(session, busy, local("2026-10-01 10:00"))
    assert (survey.stage, survey.next_at) == (Stage.PLANNED, local("2026-10-08 10:00"))
    sweep(session, busy, local("2026-10-08 10:00"))
    assert survey.stage is Stage.SENT


@pytest.mark.parametrize("standing", [Standing.READMITTED, Standing.DECEASED, Standing.WRONG_PERSON])
def test_who_came_back_or_died_is_not_asked(session: Session, house: House, standing: Standing) -> None:
    set_standing(session, make_stay(session, house, LEFT), standing, now=LEFT)
    assert sweep(session, house, DUE) == 0
    assert letters(session) == []


def test_a_standing_that_was_written_past_the_verb_stops_all_the_same(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT)
    stay.standing = Standing.DECEASED
    sweep(session, house, DUE)
    survey = surveys_of(session, stay)["day3"]
    assert (survey.stage, survey.why) == (Stage.STOPPED, "deceased")


def test_who_died_after_being_asked_is_not_reminded(session: Session, house: House) -> None:
    survey = asked(session, house)
    set_standing(session, session.get_one(Discharge, survey.discharge_id), Standing.DECEASED, now=DUE)
    assert sweep(session, house, DUE + timedelta(days=2)) == 0
    assert survey.stage is Stage.STOPPED


def test_a_number_that_opted_out_is_not_asked_whatever_was_imported(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT)
    session.add(OptOut(chat=stay.chat or "", since=LEFT.date()))
    sweep(session, house, DUE)
    assert stay.standing is Standing.OPTED_OUT
    assert {one.why for one in surveys_of(session, stay).values()} == {"opted_out"}
    assert letters(session) == []


def test_who_sent_td_by_sms_is_not_asked_in_the_chat_they_joined_either(
    session: Session, house: House
) -> None:
    stay = make_stay(session, house, LEFT, channel="telegram", address="77")
    opt_out(session, chat=chat_hash(house.vault, "sms", PHONE), house=house, now=LEFT)
    sweep(session, house, DUE)
    assert stay.standing is Standing.OPTED_OUT
    assert letters(session) == []


def test_without_consent_or_way_nothing_is_sent_and_it_is_said_why(session: Session, house: House) -> None:
    stays = [
        make_stay(session, house, LEFT, consent=False),
        make_stay(session, house, LEFT, channel="", phone=""),
        make_stay(session, house, LEFT, channel="web", address="session", phone=""),
    ]
    sweep(session, house, DUE)
    surveys = [surveys_of(session, stay)["day3"] for stay in stays]
    assert [(one.stage.value, one.why) for one in surveys] == [
        ("stopped", "consent"), ("unreachable", ""), ("unreachable", ""),
    ]  # fmt: skip
    assert letters(session) == []


def test_who_came_by_the_page_is_asked_by_sms(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT, channel="web", address="session")
    sweep(session, house, DUE)
    assert (stay.channel, stay.chat) == ("sms", chat_hash(house.vault, "sms", PHONE))
    assert surveys_of(session, stay)["day3"].chat == stay.chat


def test_a_plan_that_is_gone_or_moved_counts_even_before_the_walk(session: Session, house: House) -> None:
    stay = make_stay(session, house, LEFT)
    plans = [{"key": "day3", "kind": "satisfaction", "after_days": 5, "questions": ["overall"]}]
    other = make_house(followup={"plans": plans})
    sweep(session, other, DUE)
    survey = surveys_of(session, stay)["day3"]
    assert (survey.stage, survey.due_at, survey.next_at) == (Stage.PLANNED, *[local("2026-11-25 10:00")] * 2)
    sweep(session, other, local("2026-12-20 10:00"))
    gone = surveys_of(session, stay)["day30"]
    assert (gone.stage, gone.why) == (Stage.STOPPED, "plan")


def test_where_following_up_is_off_nothing_happens(session: Session) -> None:
    off = make_house(followup={"enabled": False})
    make_stay(session, off, LEFT)
    assert sweep(session, off, DUE) == 0


def test_no_more_is_handed_out_than_can_wait(
    session: Session, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler.followups, "MOST_WAITING", 3)
    for number in range(5):
        make_stay(session, house, LEFT, address=f"1380000000{number}")
    assert sweep(session, house, DUE) == 3
    assert len(letters(session)) == 3
    assert sweep(session, house, DUE + TICK) == 0


def test_a_slice_is_bounded_and_the_oldest_come_first(
    session: Session, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler.followups, "TOGETHER", 2)
    stays = [make_stay(session, house, LEFT - timedelta(days=number)) for number in range(3)]
    session.flush()
    now = DUE + timedelta(minutes=1)
    assert sweep_surveys(session, house=house, now=now) == 2
    assert [surveys_of(session, one)["day3"].stage for one in stays] == ["planned", "sent", "sent"]


def test_two_sweepers_that_race_send_once(
    tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler.followups, "TOGETHER", 5)
    database = make_database(tmp_path / "lianxin.db")
    for number in range(40):
        lay_down(database, house, str(number))
    both = [database, make_database(tmp_path / "lianxin.db")]
    start = threading.Barrier(2)
    done: list[int] = []

    def work(mine: Any) -> None:
        start.wait()
        done.extend(
            mine.run_now(lambda session: sweep_surveys(session, house=house, now=DUE)) for _ in range(12)
        )

    threads = [threading.Thread(target=work, args=(one,)) for one in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    audiences = database.run_now(lambda session: [audience for _, audience in letters(session)])
    assert sum(done) == len(audiences) == len(set(audiences)) == 40
    for one in both:
        one.stop()


def test_a_sweep_that_fails_half_way_takes_nothing(
    tmp_path: Path, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = make_database(tmp_path / "lianxin.db")
    for number in range(3):
        lay_down(database, house, str(number))

    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(scheduler.followups, "announce", fails)
        with pytest.raises(ZeroDivisionError):
            database.run_now(lambda session: sweep_surveys(session, house=house, now=DUE))
    assert database.run_now(lambda session: sweep_surveys(session, house=house, now=DUE)) == 3
    assert database.run_now(lambda session: len(letters(session))) == 3
    database.stop()


def test_due_surveys_are_found_by_index_however_many_there_are(tmp_path: Path, house: House) -> None:
    database = make_database(tmp_path / "lianxin.db")
    statements: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, values: Any, *___: object) -> None:
        statements.append((statement, values))

    lay_down(database, house, PHONE)
    event.listen(database.engine, "before_cursor_execute", note)
    database.run_now(lambda session: sweep_surveys(session, house=house, now=DUE))
    event.remove(database.engine, "before_cursor_execute", note)
    plans = []
    with connect(sqlite_url(tmp_path / "lianxin.db")).connect() as connection:
        for statement, values in statements:
            found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            plans += [(row[3], statement) for row in found]
    assert any("ix_surveys_next" in detail for detail, _ in plans)
    assert not [detail for detail, _ in plans if detail.startswith("SCAN") and "outbox" not in detail]
    database.stop()
