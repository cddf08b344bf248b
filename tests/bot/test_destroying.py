"""From closing to the last trace: warned, held, lifted, destroyed, and nothing of it left on the disk."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import Session, select

from bot import destroying
from bot.destroying import warn_and_destroy
from nlp.taxonomy import Intent
from scheduler.retention import destroy_the_old
from storage.blocks import Block
from storage.cards import Card
from storage.cases import Case, Outcome, Status
from storage.corrections import Correction
from storage.entries import EntryRow, Kind
from storage.errors import StorageFull
from storage.events import case_history
from storage.files import CaseFile, FileStore, known_files, unknown_files
from storage.letters import Letter
from storage.members import Role
from storage.messages import Upload
from storage.ratings import RatingRow
from storage.retention import Content
from storage.sender_tags import SenderTag
from storage.subscriptions import Subscription
from storage.trail_check import check_trail
from tests.stage import Person, Stage
from tests.storage.samples import picture

TOLD = "骨科王医生上周三收了我两千块红包"
CONTENT = (Block, Card, Correction, CaseFile, EntryRow, Letter, SenderTag, Subscription)


async def sweep(stage: Stage) -> tuple[int, int]:
    return await warn_and_destroy(
        database=stage.database, house=stage.house, files=stage.files, clock=stage.clock
    )


async def close(stage: Stage, officer: Person, number: int = 1) -> None:
    """受理, then 办结 with an answer."""
    await officer.says(f"{number}号")
    await officer.presses("受理")
    await officer.presses("办结")
    await officer.presses("查实")
    await officer.says("已退还，给予处分")
    await officer.says("查清了，钱已退还给您。")
    await officer.presses("确认发送")
    assert (await stage.cases())[number - 1].outcome is Outcome.SUBSTANTIATED


async def a_closed_case(stage: Stage) -> tuple[Person, Person]:
    head = await stage.officer("赵", "纪检办", Role.HEAD)
    patient = stage.person("p", "messenger")
    await patient.says(TOLD, Upload("a.jpg", picture("jpeg")))
    await close(stage, head)
    await stage.deliver()
    return patient, head


def rows(stage: Stage) -> Callable[[Session], dict[str, int]]:
    return lambda session: {
        table.__tablename__: session.exec(
            select(func.count()).select_from(table).where(table.case_id == 1)
        ).one()
        for table in CONTENT
    }


def on_disk(folder: Path) -> bytes:
    """Database, its log and all files, as a thief of the disk reads them."""
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


async def test_a_case_is_warned_of_held_lifted_warned_of_again_and_destroyed(stage: Stage) -> None:
    _, head = await a_closed_case(stage)
    stage.clock.advance(days=75)
    assert await sweep(stage) == (0, 0)
    stage.clock.advance(days=1)
    assert await sweep(stage) == (1, 0)
    notice = (await head.looks())[-1]
    assert "2026-00001" in notice.text
    assert "14 天后" in notice.text
    assert not any(word in notice.text for word in ("红包", "王医生", "退还"))
    assert await sweep(stage) == (0, 0), "one warning is enough"

    await head.presses("保留 2026-00001")
    replies = await head.says("已移送，法院要调取")
    assert "保留证据" in replies[-1].text
    stage.clock.advance(days=400)
    assert await sweep(stage) == (0, 0)
    assert await stage.told(1) == [TOLD]

    await head.presses("更多…")
    await head.presses("解除保留")
    await head.says("判决已生效")
    assert await sweep(stage) == (1, 0)
    stage.clock.advance(days=13)
    assert await sweep(stage) == (0, 0), "lifting gives the whole time of notice"
    stage.clock.advance(days=1)
    assert await sweep(stage) == (0, 1)
    assert await stage.told(1) == []
    history = await stage.database.run(lambda session: [one.action for one in case_history(session, 1)])
    assert [one for one in history if one in ("purge_warned", "held", "hold_lifted", "purged")] == [
        "purge_warned", "held", "hold_lifted", "purge_warned", "purged",
    ]  # fmt: skip
    stage.clock.advance(days=1)
    assert await sweep(stage) == (0, 0), "what is gone goes once"


async def test_no_trace_of_it_stays_on_the_disk(stage: Stage) -> None:
    await a_closed_case(stage)

    def sealed(session: Session) -> list[bytes]:
        bodies = [row.body for row in session.exec(select(EntryRow))]
        return [*bodies, *(row.address for row in session.exec(select(Card)))]

    traces = await stage.database.run(sealed)
    traces += [path.read_bytes() for path in (stage.folder / "files").rglob("*") if path.is_file()]
    [case] = await stage.cases()
    traces.append(case.receipt.encode())
    assert len(traces) >= 4
    assert all(trace in on_disk(stage.folder) for trace in traces)
    stage.clock.advance(days=76)
    await sweep(stage)
    stage.clock.advance(days=14)
    await sweep(stage)
    left = on_disk(stage.folder)
    for trace in traces:
        pieces = [trace[start : start + 24] for start in range(0, max(1, len(trace) - 24), 24)]
        assert not [piece for piece in pieces if piece in left]


async def test_the_ledger_row_and_the_trail_stay_and_nothing_else(stage: Stage) -> None:
    await a_closed_case(stage)
    [before] = await stage.cases()
    await _age(stage)
    [case] = await stage.cases()
    for name in ("number", "intent", "categories", "lead_office", "received_at", "closed_at", "outcome"):
        assert getattr(case, name) == getattr(before, name)
    assert case.receipt != before.receipt
    assert len(case.receipt) == len(before.receipt)
    assert set((await stage.database.run(rows(stage))).values()) == {0}
    assert not [path for path in (stage.folder / "files").rglob("*") if path.is_file()]
    checked = check_trail(stage.database.run_now, [])
    assert checked.count == 7


async def test_the_code_then_reads_like_any_unknown_code(stage: Stage) -> None:
    patient, _ = await a_closed_case(stage)
    await _age(stage)
    known, unknown = stage.person("a"), stage.person("b")
    first = await known.says(patient.code)
    second = await unknown.says("1234567812345678")
    assert [reply.text for reply in first] == [reply.text for reply in second]
    assert "90 天" in first[0].text


async def test_an_officer_who_opens_it_reads_that_it_is_gone_and_gets_no_dead_button(stage: Stage) -> None:
    _, head = await a_closed_case(stage)
    await _age(stage)
    [reply] = await head.says("1号")
    assert "销毁" in reply.text
    assert "2026-00001" in reply.text
    assert [choice.label for row in reply.choices for choice in row] == ["经过", "菜单"]
    for old in ("text:1:1", "thread:1", "files:1", "do:reopen:1:0", "do:hold:1:0", "do:note:1:0"):
        assert "销毁" in "\n".join(one.text for one in await head.chooses(old))
    [history] = await head.chooses("history:1")
    assert "到期销毁内容" in history.text


async def test_a_reporter_who_has_it_open_finds_nothing_and_adds_to_nothing(stage: Stage) -> None:
    patient, _ = await a_closed_case(stage)
    stage.clock.advance(days=76)
    await sweep(stage)
    stage.clock.advance(days=13, hours=23, minutes=50)
    back = stage.person("back")
    await back.says(patient.code)
    stage.clock.advance(minutes=11)
    assert await sweep(stage) == (0, 1)
    replies = await back.says("王医生又来要钱了，这次要三千")
    assert not any("2026-00001" in reply.text for reply in replies)
    assert await stage.told(1) == []
    assert await back.chooses("case.refresh")


async def test_a_case_reopened_in_between_starts_anew(stage: Stage) -> None:
    _, head = await a_closed_case(stage)
    stage.clock.advance(days=76)
    await sweep(stage)
    await head.says("1号")
    await head.presses("重新打开")
    await head.says("有新证据")
    stage.clock.advance(days=400)
    assert await sweep(stage) == (0, 0)
    await head.says("1号")
    await head.presses("办结")
    await head.presses("查否")
    await head.presses("跳过")
    await head.says("又查了一遍，没有发现。")
    await head.presses("确认发送")
    stage.clock.advance(days=75)
    assert await sweep(stage) == (0, 0)
    stage.clock.advance(days=1)
    assert await sweep(stage) == (1, 0)
    stage.clock.advance(days=14)
    assert await sweep(stage) == (0, 1)


async def test_nothing_goes_that_nobody_was_warned_of_in_time(stage: Stage) -> None:
    await a_closed_case(stage)
    stage.clock.advance(days=300)  # the machine was off
    assert await sweep(stage) == (1, 0)
    stage.clock.advance(days=14)
    assert await sweep(stage) == (0, 1)


async def test_what_the_reporter_added_lately_is_read_first(stage: Stage) -> None:
    patient, _ = await a_closed_case(stage)
    stage.clock.advance(days=76)
    await sweep(stage)
    stage.clock.advance(days=10)
    back = stage.person("back")
    await back.says(patient.code)
    await back.says("王医生昨天又收了别人的钱")
    stage.clock.advance(days=4)
    assert await sweep(stage) == (0, 0)
    stage.clock.advance(days=10)
    assert await sweep(stage) == (0, 1)


async def test_a_copy_stays_as_long_as_the_case_it_is_handled_with(stage: Stage) -> None:
    _, head = await a_closed_case(stage)

    def join(session: Session) -> None:
        first = session.get(Case, 1)
        assert first is not None
        second = session.get(Case, 2)
        assert second is not None
        second.same_as, second.status, second.closed_at = 1, first.status, first.closed_at
        session.add(second)

    await stage.person("q").says("药剂科的人拿了药商回扣")
    await stage.database.run(join)
    await head.says("1号")
    await head.presses("更多…")
    await head.presses("保留证据")
    await head.says("法院要调取")
    stage.clock.advance(days=200)
    assert await sweep(stage) == (0, 0)


async def test_killed_between_rows_and_files_leaves_nothing_that_is_found_or_forgotten(stage: Stage) -> None:
    await a_closed_case(stage)
    stage.clock.advance(days=76)
    await sweep(stage)
    stage.clock.advance(days=14)
    gone = await stage.database.run(
        lambda session: destroy_the_old(session, house=stage.house, now=stage.clock())
    )
    assert [len(one.files) for one in gone] == [1]  # and here the process dies
    left = [path for path in (stage.folder / "files").rglob("*") if path.is_file()]
    assert len(left) == 1
    os.utime(left[0], (0, 0))
    found = stage.files.written_before(stage.clock())
    assert found == list(gone[0].files)
    assert await stage.database.run(lambda session: unknown_files(session, found)) == found


async def test_killed_inside_the_transaction_keeps_all_of_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_closed_case(stage)
    before = await stage.database.run(rows(stage))
    stage.clock.advance(days=76)
    await sweep(stage)
    stage.clock.advance(days=14)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("power loss")

    monkeypatch.setattr("storage.retention.record_event", broken)
    with pytest.raises(RuntimeError):
        await sweep(stage)
    monkeypatch.undo()
    after = await stage.database.run(rows(stage))
    assert after["entries"] == before["entries"]
    assert after["files"] == 1
    assert await sweep(stage) == (0, 1)


async def test_one_file_that_does_not_go_keeps_no_other(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await a_closed_case(stage)
    await stage.person("q").says("药剂科的人拿了药商回扣", Upload("b.png", picture("PNG")))
    content = await stage.database.run(
        lambda session: [
            Content(1, "", stage.clock(), stage.clock(), 0, 0, (uid,)) for uid in known_files(session)
        ]
    )
    delete, tried = FileStore.delete, []

    def fails_once(self: FileStore, uid: str) -> None:
        tried.append(uid)
        if len(tried) == 1:
            raise StorageFull("a file cannot be deleted")
        delete(self, uid)

    monkeypatch.setattr(FileStore, "delete", fails_once)
    with pytest.raises(StorageFull):
        destroying.delete_files(stage.files, content)
    assert len(tried) == 2


async def test_five_thousand_cases_go_in_slices(stage: Stage) -> None:
    officer_seen: list[int] = []

    def make(session: Session) -> None:
        start = stage.clock()
        session.add_all(
            Case(
                uid=f"{n}", year=2026, receipt=f"r{n}", status=Status.CLOSED, intent=Intent.REPORT,
                lead_office="纪检办", received_at=start, closed_at=start, outcome=Outcome.SUBSTANTIATED,
            )
            for n in range(5_000)
        )  # fmt: skip
        session.flush()
        session.add_all(
            EntryRow(uid=f"e{n}", case_id=n + 1, kind=Kind.REPORT, body=b"sealed", created_at=start)
            for n in range(5_000)
        )

    await stage.officer("赵", "纪检办", Role.HEAD)
    await stage.database.run(make)
    stage.clock.advance(days=76)
    assert (await sweep(stage))[0] == 500
    while (await sweep(stage))[0]:
        pass
    stage.clock.advance(days=14)
    run = stage.database.run

    async def counted(work: Callable[[Session], object]) -> object:
        result = await run(work)
        if isinstance(result, list):
            officer_seen.append(len(result))
        return result

    stage.database.run = counted  # type: ignore[method-assign,assignment]
    assert (await sweep(stage))[1] == 5_000
    assert max(officer_seen) <= 50
    stage.database.run = run  # type: ignore[method-assign]
    left = await stage.database.run(
        lambda session: session.exec(select(func.count()).select_from(EntryRow)).one()
    )
    assert left == 0


async def test_the_words_of_old_ratings_go_and_their_grades_stay(stage: Stage) -> None:
    patient = stage.person("p")
    await patient.says("满意度评价")
    await patient.says("护士很耐心，5分")
    stage.clock.advance(days=366)
    await sweep(stage)
    [row] = await stage.database.run(lambda session: list(session.exec(select(RatingRow))))
    assert (row.words, row.score) == (b"", 5)


async def test_only_heads_and_supervisors_may_hold(stage: Stage) -> None:
    await a_closed_case(stage)
    clerk = await stage.officer("钱", "纪检办")
    await clerk.says("1号")
    assert "保留证据" not in clerk.buttons
    [case] = await stage.cases()
    await clerk.chooses(f"do:hold:1:{case.version}")
    await clerk.says("我要保留")
    assert (await stage.cases())[0].held_at is None


async def test_the_warning_of_many_cases_is_one_message_and_no_group_gets_it(stage: Stage) -> None:
    head = await stage.officer("赵", "纪检办", Role.HEAD)
    await stage.group("纪检群", "纪检办")
    for number in range(1, 13):
        await stage.person(f"p{number}").says(f"骨科{number}床的王医生收了我{number}千块红包")
        await close(stage, head, number)
    await stage.deliver()
    seen = len(stage.messenger.shown_in("纪检群"))
    await head.looks()
    stage.clock.advance(days=76)
    assert await sweep(stage) == (12, 0)
    [notice] = await head.looks()
    assert "12 件" in notice.text
    assert "另有 2 件" in notice.text
    assert len(stage.messenger.shown_in("纪检群")) == seen
    await head.presses("知道了")
    assert "到期自动销毁" in head.text


async def _age(stage: Stage) -> None:
    stage.clock.advance(days=76)
    await sweep(stage)
    stage.clock.advance(days=14)
    assert (await sweep(stage))[1] == 1
