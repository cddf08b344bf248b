"""POST /api/discharges: for whoever has the token, and for nobody else."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from io import BytesIO
from typing import Any

import pytest
from sqlmodel import select

from bot.followup.endpoint import MOST_BYTES, MOST_ROWS, PATH, WRONG_A_MINUTE, DischargeEndpoint
from storage.database import Database
from storage.errors import StorageFull
from storage.event_names import EventName
from storage.events import Event
from storage.followup.discharges import Discharge
from tests.bot.followup.tables import GOOD, NOW, csv_of, row_with, xlsx_of
from tests.bot.web.site import Site, site
from tests.factories import make_database, make_house

TOKEN = "t" * 16 + "~!" * 16
MINE = {"Authorization": f"Bearer {TOKEN}"}
ONE = {
    "number": "Z1",
    "department": "骨科",
    "ward": "三病区",
    "discharged": "2026-11-20",
    "contact": "13800138000",
    "consent": True,
    "language": "zh",
}


class Place:
    """The endpoint on a site of its own; waiting is only written down."""

    def __init__(self, site: Site, database: Database, waited: list[float]) -> None:
        self.site, self.database, self.waited = site, database, waited

    async def send(
        self,
        body: Any,
        headers: Mapping[str, str] = MINE,
        kind: str = "application/json",
        method: str = "POST",
    ) -> tuple[int, Any]:
        """Status and answer."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"Content-Type": kind, **headers}
        async with self.site.client.request(method, PATH, data=BytesIO(content), headers=told) as response:
            return response.status, await response.json()

    async def numbers(self) -> int:
        """How many discharges there are."""
        return len(await self.database.run(lambda session: session.exec(select(Discharge.id)).all()))


@pytest.fixture
async def place(tmp_path: Any) -> AsyncIterator[Place]:
    database, waited = make_database(tmp_path / "l.db"), list[float]()
    database.start()

    async def pause(seconds: float) -> None:
        waited.append(seconds)

    endpoint = DischargeEndpoint(
        TOKEN, database=database, house=make_house(), clock=lambda: NOW, pause=pause, timer=lambda: 0.0
    )
    async with site(extra_routes=endpoint.routes(), public_url="https://report.example") as served:
        yield Place(served, database, waited)
    await asyncio.to_thread(database.stop)


def counts(answer: Any) -> tuple[int, int, int]:
    return answer["added"], answer["changed"], answer["unchanged"]


async def test_discharges_come_in_once_however_often_they_are_sent(place: Place) -> None:
    status, answer = await place.send({"discharges": [ONE, ONE | {"number": "Z2", "contact": ""}]})
    assert (status, counts(answer), answer["problems"]) == (200, (2, 0, 0), [])
    status, answer = await place.send({"discharges": [ONE]})
    assert (status, counts(answer), await place.numbers()) == (200, (0, 0, 1), 2)
    moved = ONE | {"department": "眼科"}
    assert counts((await place.send({"discharges": [moved]}))[1]) == (0, 1, 0)
    events = select(Event.actor).where(Event.action == EventName.DISCHARGES_IN)
    assert await place.database.run(lambda session: session.exec(events).all()) == ["system"] * 3


async def test_bad_rows_are_told_by_row_field_and_reason_and_the_others_are_in(place: Place) -> None:
    rows = [
        ONE | {"contact": "1380"},
        ONE,
        ONE | {"number": "Z3", "contact": "0571-88880000", "name": "张三"},
    ]
    status, answer = await place.send({"discharges": rows})
    assert (status, counts(answer)) == (200, (2, 0, 0))
    told = [(one["row"], one["field"], one["taken"]) for one in answer["problems"]]
    assert told == [(1, "contact", False), (3, "contact", True)]
    assert "1380" not in str(answer)
    assert "张三" not in str(answer)
    assert any("姓名" in note for note in answer["notes"])


async def test_csv_is_read_like_a_file(place: Place) -> None:
    content = csv_of(GOOD, row_with(number="Z2", day="x")).decode().encode("gb18030")
    status, answer = await place.send(content, kind="text/csv; charset=gb18030")
    assert (status, counts(answer)) == (200, (1, 0, 0))
    assert [(one["row"], one["field"]) for one in answer["problems"]] == [(3, "discharged")]


async def test_nothing_to_do_is_fine(place: Place) -> None:
    assert (await place.send({"discharges": []}))[0] == 200


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "malformed"),
        (b"[" * 100_000, "application/json", 400, "malformed"),
        (b'{"discharges": [{"number": ' + b"1" * 5000 + b"}]}", "application/json", 400, "malformed"),
        (b"[]", "application/json", 400, "malformed"),
        (b'{"discharges": {}}', "application/json", 400, "malformed"),
        (b'{"discharges": [1]}', "application/json", 400, "malformed"),
        (b'{"discharges": [{"number": "Z1"}]}', "application/json", 422, "no_table"),
        (b"a,b\n1,2\n", "text/csv", 422, "no_table"),
        (b"\xff\xff\xff", "text/csv", 422, "no_table"),
        (xlsx_of([GOOD]), "text/csv", 415, "wrong_type"),
        (b"{}", "text/plain", 415, "wrong_type"),
        (b" " * (MOST_BYTES + 1), "application/json", 413, "too_large"),
        (csv_of(*[row_with(number=n) for n in range(MOST_ROWS + 1)]), "text/csv", 413, "too_many_rows"),
        (
            json.dumps({"discharges": [{}] * (MOST_ROWS + 1)}).encode(),
            "application/json",
            413,
            "too_many_rows",
        ),
        (
            json.dumps({"discharges": [{f"k{n}": 1 for n in range(300)}]}).encode(),
            "application/json",
            422,
            "no_table",
        ),
    ],
)
async def test_what_is_not_taken_is_told_shortly(
    place: Place, body: bytes, kind: str, status: int, code: str
) -> None:
    said, answer = await place.send(body, kind=kind)
    assert (said, answer["error"]["code"], await place.numbers()) == (status, code, 0)


async def test_packed_bodies_are_not_unpacked(place: Place) -> None:
    assert (await place.send(b"x", MINE | {"Content-Encoding": "gzip"}))[0] == 415


WRONG = [
    {},
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": f"Bearer {TOKEN}x"},
    {"Authorization": f"Bearer {TOKEN[:-1]}"},
    {"Authorization": TOKEN},
    {"Authorization": f"Basic {TOKEN}"},
    {"Authorization": f"Bearer {TOKEN.upper()}"},
    {"Authorization": "Bearer 口令"},
    {"Authorization": "Bearer " + "x" * 5000},
]


@pytest.mark.parametrize("headers", WRONG)
async def test_without_the_token_nothing_is_read_and_the_answer_takes_its_time(
    place: Place, headers: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    status, answer = await place.send({"discharges": [ONE]}, headers)
    assert (status, answer["error"]["code"], await place.numbers()) == (401, "wrong_token", 0)
    assert place.waited == [1.0]
    assert "tttt" not in str(answer) + capsys.readouterr().out


async def test_guessing_is_turned_away_and_the_right_token_still_passes(place: Place) -> None:
    for _ in range(WRONG_A_MINUTE):
        assert (await place.send({}, {"Authorization": "Bearer x"}))[0] == 401
    assert (await place.send({}, {"Authorization": "Bearer x"}))[0] == 429
    assert (await place.send({"discharges": [ONE]}))[0] == 200


async def test_a_page_of_another_site_cannot_hand_anything_in(place: Place) -> None:
    assert (await place.send({"discharges": [ONE]}, MINE | {"Origin": "https://evil.example"}))[0] == 403


@pytest.mark.parametrize(
    ("host", "status"),
    [("report.example", 200), ("10.0.0.5:8080", 200), ("localhost", 200), ("evil.example", 421)],
)
async def test_it_is_found_by_the_public_name_or_an_address_in_digits(
    place: Place, host: str, status: int
) -> None:
    assert (await place.send({"discharges": [ONE]}, MINE | {"Host": host}))[0] == status


async def test_other_methods_are_refused_and_say_nothing(place: Place) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS"):
        assert (await place.send(b"", method=method))[0] == 405


async def test_a_full_disk_is_told_and_may_come_again(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise StorageFull("full")

    with monkeypatch.context() as broken:
        broken.setattr("bot.followup.importing.put_discharges", full)
        assert (await place.send({"discharges": [ONE]}))[0] == 503
    assert counts((await place.send({"discharges": [ONE]}))[1]) == (1, 0, 0)


async def test_five_thousand_rows_are_taken_at_once_and_two_calls_one_after_the_other(place: Place) -> None:
    many = {"discharges": [ONE | {"number": f"Z{n}"} for n in range(MOST_ROWS)]}
    answers = await asyncio.gather(place.send(many), place.send(many))
    assert sorted(counts(answer) for _, answer in answers) == [(0, 0, MOST_ROWS), (MOST_ROWS, 0, 0)]


async def test_too_many_who_wait_are_asked_to_come_later(place: Place) -> None:
    many = {"discharges": [ONE | {"number": f"Z{n}"} for n in range(2000)]}
    statuses = [status for status, _ in await asyncio.gather(*(place.send(many) for _ in range(12)))]
    assert set(statuses) <= {200, 429}
    assert await place.numbers() == 2000


async def test_without_a_token_there_is_no_such_route() -> None:
    async with site() as served, served.client.post(PATH, json={"discharges": []}, headers=MINE) as response:
        assert response.status == 404
