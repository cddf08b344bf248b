"""Who gets a file, by role and relation to its case; and what every route asks of whoever comes."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from aiohttp import ClientSession, web
from sqlmodel import Session

from bot.reading_room import ReadingRoom
from bot.web.app import make_app, make_runner
from storage.database import Database
from storage.files import FileStore
from storage.members import Role
from tests.bot.web.fake import FakeDesk, fake_channel
from tests.factories import MONDAY, make_database, make_desk
from tests.handlers.matrix.expected import STATES, sight
from tests.handlers.matrix.place import Place, furnish, name_of

EVERYBODY, SESSION, VISIT, THIS_MACHINE = "everybody", "session", "visit", "this machine"
ROUTES = {
    ("GET", "/"): EVERYBODY,
    ("GET", "/f"): EVERYBODY,
    ("GET", "/favicon.ico"): EVERYBODY,
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/metrics"): THIS_MACHINE,
    ("POST", "/api/chat/sessions"): EVERYBODY,
    ("POST", "/api/chat/messages"): SESSION,
    ("GET", "/api/chat/messages"): SESSION,
    ("GET", "/api/chat/files/{uid}"): SESSION,
    ("GET", "/plain"): EVERYBODY,
    ("GET", "/plain/leave"): EVERYBODY,
    ("GET", "/tips"): EVERYBODY,
    ("POST", "/plain/say"): VISIT,
    ("GET", "/plain/talk"): VISIT,
}
"""What a route asks for: nothing, the session or signed visit of its sender, to be called from this machine.

A messenger's webhook comes on top where one is set; its secret is tested with it.
"""
_STATIC = "/static/"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    database = make_database(tmp_path_factory.mktemp("matrix") / "lianxin.db")
    with database.engine.connect() as connection, Session(bind=connection) as session:
        yield furnish(session, make_desk())
    database.stop()


def test_only_who_may_see_a_case_gets_its_files(place: Place) -> None:
    room = ReadingRoom(
        database=cast(Database, None),
        house=place.desk.house,
        files=cast(FileStore, None),
        clock=lambda: MONDAY + timedelta(hours=1),
    )
    for role, relation in place.members:
        for state in STATES:
            found = room._authorised(place.session, name_of(role, relation), place.files[state])
            assert (found is not None) == (sight(role, relation, state) != "-"), (role, relation, state)
    assert room._authorised(place.session, "a stranger", place.files["received"]) is None
    assert room._authorised(place.session, name_of(Role.OFFICER, "lead"), "nothing") is None


async def health() -> list[str]:
    return []


def routes_of(app: web.Application) -> set[tuple[str, str]]:
    return {
        (route.method, route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.method != "HEAD"
    }


def application() -> tuple[FakeDesk, Any, web.Application]:
    desk = FakeDesk()
    channel = fake_channel(desk)
    return desk, channel, make_app(channel, hospital_name="仁爱", health=health, metrics=lambda: b"")


def test_every_route_stands_in_the_table() -> None:
    _, _, app = application()
    found = {one for one in routes_of(app) if not one[1].startswith(_STATIC)}
    assert found == set(ROUTES)


async def test_a_route_for_a_session_answers_nobody_without_one() -> None:
    desk, channel, app = application()
    await channel.start(desk.receive)
    runner = make_runner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with ClientSession(f"http://127.0.0.1:{runner.addresses[0][1]}") as client:
            for (method, path), who in ROUTES.items():
                if who == VISIT:
                    forged = {"Cookie": "visit=forged; __Host-visit=forged"}
                    data = {"text": "x", "slip": "forged", "visit": "forged"} if method == "POST" else None
                    async with client.request(method, path, headers=forged, data=data) as response:
                        assert response.status != 500
                if who != SESSION:
                    continue
                for header in ({}, {"Authorization": "Bearer forged"}, {"Authorization": "Basic eDp5"}):
                    async with client.request(method, path.format(uid="pic1"), headers=header) as response:
                        assert response.status == 401, (method, path, header)
                        assert "pic1" not in await response.text()
    finally:
        await runner.cleanup()
    assert desk.inbounds == []
