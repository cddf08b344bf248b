"""Letters leave in order, once; what was said is forgotten in time, what failed is kept for a second try."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, text
from sqlmodel import Session, select

from storage.claiming import claim_due, due_announcements
from storage.letters import Letter, State, open_address, open_reply, reply_from_json, reply_to_json
from storage.messages import Choice, Reply, StoredFile
from storage.outbox import KEPT, announce, post_reply, replies_to, shown_after
from storage.sending import (
    address_letter,
    bury,
    dead_letters,
    drop_waiting,
    forget_letters,
    mark_sent,
    release_claimed,
    retry_later,
    revive,
    settle_announcements,
    show,
)
from storage.vault import Vault

FULL = Reply(
    "药\ud800",
    ((Choice("受理", "accept:1"), Choice("转办", "move:1")), (Choice("返回", "back"),)),
    (StoredFile("ab", "photo.jpg", "image/jpeg", 7, True),),
    edits="77",
    card="2025-00001",
    toast="好",
    keep=True,
)


@pytest.fixture
def post(session: Session, vault: Vault, now: datetime) -> Any:
    """Posts a reply: `post("chat", words="…")` returns its id."""

    def add(address: str = "4711", words: str = "您好", **changes: Any) -> int:
        plain: dict[str, Any] = {"channel": "telegram", "now": now}
        return post_reply(session, Reply(words), address=address, vault=vault, **(plain | changes))

    return add


def state_of(session: Session, number: int) -> State:
    session.expire_all()
    return session.get_one(Letter, number).state


def claimed(session: Session, now: datetime, **changes: Any) -> list[int | None]:
    return [letter.id for letter in claim_due(session, now=now, **({"limit": 100} | changes))]


@pytest.mark.parametrize("reply", [Reply(""), Reply("好"), FULL])
def test_reply_comes_back_as_it_was(reply: Reply) -> None:
    assert reply_from_json(reply_to_json(reply)) == reply


def test_letter_opens_to_words_and_address(session: Session, vault: Vault, post: Any) -> None:
    letter = session.get_one(Letter, post("4711", "您好"))
    assert open_reply(letter, vault=vault) == Reply("您好")
    assert open_address(letter, vault=vault) == "4711"


def test_neither_words_nor_address_stand_in_clear(session: Session, post: Any) -> None:
    post("4711-secret", "王医生")
    row = str(tuple(session.execute(text("SELECT * FROM outbox")).one()))
    assert "4711-secret" not in row
    assert "王医生" not in row


def test_one_letter_for_each_chat_in_order(session: Session, now: datetime, post: Any) -> None:
    first, second, other = post("a"), post("a"), post("b")
    assert claimed(session, now) == [first, other]
    for number in (first, other):
        mark_sent(session, number, keep=False, now=now)
    assert claimed(session, now) == [second]


def test_claimed_letter_is_not_claimed_again_until_a_stop(session: Session, now: datetime, post: Any) -> None:
    number = post()
    assert claimed(session, now) == [number]
    assert claimed(session, now) == []
    assert release_claimed(session) == 1
    assert claimed(session, now) == [number]


def test_held_chats_wait_and_others_go(session: Session, now: datetime, post: Any) -> None:
    held, free = post("a"), post("b")
    chat = session.get_one(Letter, held).chat
    assert claimed(session, now, held={chat}) == [free]


def test_limit_counts_letters_that_are_sent(session: Session, now: datetime, post: Any) -> None:
    numbers = [post(f"chat{number}") for number in range(5)]
    assert claimed(session, now, limit=2) == numbers[:2]
    assert claimed(session, now, limit=0) == []


def test_next_attempt_comes_at_its_time_and_nothing_overtakes(
    session: Session, now: datetime, post: Any
) -> None:
    first, _second = post("a"), post("a")
    claimed(session, now)
    later = now + timedelta(seconds=8)
    retry_later(session, first, due_at=later, error="TimedOut")
    assert claimed(session, now) == []
    assert claimed(session, later) == [first]
    session.expire_all()
    assert session.get_one(Letter, first).attempts == 2


def test_sent_letter_forgets_words_and_address_unless_kept(
    session: Session, vault: Vault, now: datetime, post: Any
) -> None:
    gone, kept = post("a"), post("b")
    mark_sent(session, gone, keep=False, now=now)
    mark_sent(session, kept, keep=True, now=now)
    session.expire_all()
    assert open_reply(session.get_one(Letter, gone), vault=vault) == Reply("")
    assert open_address(session.get_one(Letter, gone), vault=vault) == ""
    assert open_reply(session.get_one(Letter, kept), vault=vault) == Reply("您好")


def test_dead_letters_are_listed_newest_first_and_revived_once(
    session: Session, vault: Vault, now: datetime, post: Any
) -> None:
    first, second = post("a"), post("b")
    claimed(session, now)
    for number in (first, second):
        bury(session, number, error="Forbidden", now=now)
    assert [letter.id for letter in dead_letters(session)] == [second, first]
    assert revive(session, first, now=now)
    assert not revive(session, first, now=now)
    assert not revive(session, 999, now=now)
    assert claimed(session, now) == [first]
    assert open_address(session.get_one(Letter, first), vault=vault) == "a"


def test_what_waits_for_a_chat_that_is_gone_is_given_up(session: Session, now: datetime, post: Any) -> None:
    gone, stays = post("a"), post("b")
    chat = session.get_one(Letter, gone).chat
    assert chat is not None
    drop_waiting(session, chat, error="Forbidden", now=now)
    assert state_of(session, gone) is State.DEAD
    assert state_of(session, stays) is State.PENDING


def test_notice_waits_for_its_audience_and_is_no_letter_yet(session: Session, now: datetime) -> None:
    announce(session, "office:药剂科", "case.new", case_id=7, now=now, percent=50)
    assert claimed(session, now) == []
    (notice,) = due_announcements(session, now=now)
    assert (notice.audience, notice.notice, notice.case_id) == ("office:药剂科", "case.new", 7)
    assert due_announcements(session, now=now - timedelta(seconds=1)) == []


def test_same_event_gets_the_same_answers_in_order(session: Session, vault: Vault, post: Any) -> None:
    for words in ("一", "二"):
        post("a", words, inbox_id=5, shown=True)
    post("a", "三", inbox_id=6, shown=True)
    found = [open_reply(letter, vault=vault).text for letter in replies_to(session, 5)]
    assert found == ["一", "二"]


def test_pulled_chat_reads_what_came_after(session: Session, post: Any) -> None:
    first, second = (post("a", channel="web", shown=True) for _ in range(2))
    post("b", channel="web", shown=True)
    chat = session.get_one(Letter, first).chat
    assert chat is not None
    assert [letter.id for letter in shown_after(session, chat, 0)] == [first, second]
    assert [letter.id for letter in shown_after(session, chat, first)] == [second]


def test_notice_shown_late_gets_an_id_after_all_others(
    session: Session, vault: Vault, now: datetime, post: Any
) -> None:
    waiting = post("a", channel="web")
    read = post("a", channel="web", shown=True)
    letter = session.get_one(Letter, waiting)
    chat = letter.chat
    assert chat is not None
    fresh = show(session, letter, Reply("新消息"), vault=vault, now=now)
    session.flush()
    assert fresh > read
    assert [one.id for one in shown_after(session, chat, read)] == [fresh]


def test_ids_are_never_used_again(session: Session, post: Any) -> None:
    first = post()
    session.execute(text("DELETE FROM outbox"))
    assert post() > first


def test_shown_letters_are_forgotten_in_time_and_dead_ones_kept(
    session: Session, now: datetime, post: Any
) -> None:
    old, young, dead = post("a"), post("b"), post("c")
    mark_sent(session, old, keep=True, now=now - KEPT - timedelta(seconds=1))
    mark_sent(session, young, keep=True, now=now - KEPT)
    bury(session, dead, error="Forbidden", now=now - 10 * KEPT)
    assert forget_letters(session, dead_days=90, now=now) == 1
    assert {state_of(session, number) for number in (young, dead)} == {State.SENT, State.DEAD}
    assert forget_letters(session, dead_days=11, now=now + timedelta(days=2)) == 2


@pytest.fixture
def post_bulk(session: Session, vault: Vault, now: datetime) -> Any:
    """A letter to one of thousands: `post_bulk("chat")` returns its id."""

    def add(address: str) -> int:
        announce(session, "survey:1", "survey.ask", now=now, survey=1)
        (notice,) = due_announcements(session, now=now, bulk=True)
        whom: dict[str, Any] = {"channel": "telegram", "address": address, "audience": "survey:1"}
        address_letter(session, notice, **whom, is_group=False, vault=vault)
        settle_announcements(session, [notice.id or 0], now=now)
        return session.exec(select(func.max(Letter.id))).one() or 0

    return add


def test_questions_to_thousands_wait_until_everything_else_has_gone(
    session: Session, now: datetime, post: Any, post_bulk: Any
) -> None:
    many = [post_bulk(f"patient {number}") for number in range(5)]
    urgent = [post("officer"), post("head")]
    assert claimed(session, now, limit=3) == [*urgent, many[0]]
    assert claimed(session, now, limit=3) == many[1:4]


def test_notices_for_thousands_are_told_apart_by_their_name(session: Session, now: datetime) -> None:
    announce(session, "survey:1", "survey.remind", now=now, survey=1)
    announce(session, "office:药剂科", "case.new", case_id=7, now=now)
    assert [one.notice for one in due_announcements(session, now=now)] == ["case.new"]
    assert [one.notice for one in due_announcements(session, now=now, bulk=True)] == ["survey.remind"]


def test_an_answer_goes_before_the_question_that_waits_in_the_same_chat(
    session: Session, now: datetime, post: Any, post_bulk: Any
) -> None:
    question, answer, next_question = post_bulk("a"), post("a"), post_bulk("a")
    order = []
    while found := claimed(session, now):
        order += found
        for number in found:
            mark_sent(session, number or 0, keep=False, now=now)
    assert order == [answer, question, next_question]


def test_a_question_does_not_overtake_an_answer_that_is_tried_again_later(
    session: Session, now: datetime, post: Any, post_bulk: Any
) -> None:
    answer = post("a")
    claimed(session, now)
    retry_later(session, answer, due_at=now + timedelta(seconds=8), error="TimedOut")
    post_bulk("a")
    assert claimed(session, now) == []


def test_a_letter_goes_although_a_later_one_of_its_chat_is_not_due(
    session: Session, now: datetime, post: Any
) -> None:
    first = post("a")
    post("a", wait=timedelta(seconds=4))
    assert claimed(session, now) == [first]


def test_each_channel_has_its_own_room(session: Session, now: datetime, post: Any) -> None:
    texts = [post(f"1380000000{number}", channel="sms") for number in range(4)]
    others = [post(f"chat {number}") for number in range(4)]
    rooms = {"sms": 1, "telegram": 3}
    assert claimed(session, now, rooms=rooms) == [texts[0], *others[:3]]
    assert claimed(session, now, rooms={"sms": 0, "telegram": 0}, limit=9) == []


def test_one_chat_with_hundreds_of_letters_keeps_nobody_waiting(
    session: Session, now: datetime, post: Any
) -> None:
    flood = [post("flood") for _ in range(450)]
    other = post("other")
    assert claimed(session, now, limit=5) == [flood[0], other]


def test_thousands_of_letters_are_never_sorted_nor_looked_at_one_by_one(
    session: Session, now: datetime, post: Any
) -> None:
    post("a")
    asked: list[tuple[str, Any]] = []
    connection = session.connection()

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    claimed(session, now, held={"x", "y"})
    event.remove(connection, "before_cursor_execute", note)
    looks = [one for one in asked if one[0].startswith("SELECT")]
    assert len(looks) == 2
    for statement, parameters in looks:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        plan = [row.detail for row in steps]
        assert all("USING INDEX ix_outbox" in step for step in plan if step.startswith(("SEARCH", "SCAN")))
        assert not any("B-TREE" in step for step in plan)
