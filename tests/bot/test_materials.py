"""Material is taken from its folder once, handed to whoever works here, and to nobody else."""

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from bot.materials import FOLDER, Shelf, named, unreadable
from storage.deposits import Deposit, count_moved_deposits
from storage.duties.book import DutyBook
from storage.errors import NoSuchCase, SealError
from storage.events import Event
from storage.files import known_files
from storage.training.materials import Material, material_file
from tests.duties import make_book
from tests.stage import Stage
from tests.storage.documents import docx, pdf
from tests.storage.samples import talkative_jpeg


def book(*files: str) -> DutyBook:
    return make_book(*({"key": f"read{number}", "file": name} for number, name in enumerate(files)))


def shelf(stage: Stage, *files: str) -> Shelf:
    house = replace(stage.house, duties=book(*files))
    return Shelf(stage.folder, database=stage.database, house=house, files=stage.files, clock=stage.clock)


def put(stage: Stage, name: str, content: bytes) -> None:
    (stage.folder / FOLDER).mkdir(exist_ok=True)
    (stage.folder / FOLDER / name).write_bytes(content)


def uid_of(session: Session, stage: Stage, name: str) -> str:
    file = material_file(session, name, vault=stage.house.vault)
    assert file is not None
    return file.uid


async def uid(stage: Stage, name: str) -> str:
    return await stage.database.run(lambda session: uid_of(session, stage, name))


async def test_a_file_is_cleaned_sealed_and_kept_once(stage: Stage) -> None:
    put(stage, "准则.jpg", talkative_jpeg())
    assert await shelf(stage, "准则.jpg").put_out() == 1
    assert await shelf(stage, "准则.jpg").put_out() == 0
    kept = await stage.room.read_file(await uid(stage, "准则.jpg"))
    assert kept.startswith(b"\xff\xd8")
    assert kept != talkative_jpeg()
    on_disk = b"".join(path.read_bytes() for path in (stage.folder / "files").rglob("*") if path.is_file())
    assert kept not in on_disk


async def test_the_same_content_under_two_names_is_one_file(stage: Stage) -> None:
    put(stage, "a.pdf", pdf())
    (stage.folder / FOLDER / "b.pdf").write_bytes((stage.folder / FOLDER / "a.pdf").read_bytes())
    assert await shelf(stage, "a.pdf", "b.pdf").put_out() == 1
    assert await uid(stage, "a.pdf") == await uid(stage, "b.pdf")


async def test_changed_content_takes_the_place_and_the_old_file_goes(stage: Stage) -> None:
    put(stage, "a.pdf", pdf())
    await shelf(stage, "a.pdf").put_out()
    old = await uid(stage, "a.pdf")
    put(stage, "a.pdf", docx())
    assert await shelf(stage, "a.pdf").put_out() == 1
    assert await uid(stage, "a.pdf") != old
    assert await stage.database.run(known_files) == {await uid(stage, "a.pdf")}
    assert await shelf(stage).put_out() == 0
    assert await stage.database.run(known_files) == set()
    assert await stage.database.run(lambda session: session.exec(select(Material)).all()) == []


@pytest.mark.parametrize(
    ("content", "why"), [(b"", "empty"), (b"MZ\x90\x00program", "type"), (b"\x00" * 50, "type")]
)
async def test_what_is_no_material_is_not_kept_and_told(stage: Stage, content: bytes, why: str) -> None:
    put(stage, "a.pdf", content)
    assert await shelf(stage, "a.pdf", "missing.pdf").put_out() == 0
    rules = stage.house.hospital.files
    assert unreadable(stage.folder, ["a.pdf"], rules) == {"a.pdf": why}
    assert set(unreadable(stage.folder, ["missing.pdf"], rules)) == {"missing.pdf"}


async def test_too_large_a_file_is_not_read(stage: Stage) -> None:
    path = stage.folder / FOLDER / "a.pdf"
    path.parent.mkdir()
    with path.open("wb") as file:
        file.truncate(stage.house.hospital.files.max_mb * 2**20 + 1)
    assert unreadable(stage.folder, ["a.pdf"], stage.house.hospital.files) == {"a.pdf": "too_large"}


def test_a_name_never_leads_out_of_the_folder() -> None:
    names = ("../keys", "/etc/passwd", "sub/a.pdf", "..", "a.pdf")
    duties = [{"key": f"d{n}", "file": name} for n, name in enumerate(names)]
    assert named(make_book(*duties)) == ["a.pdf"]


def test_a_duty_without_material_names_no_file() -> None:
    assert named(make_book({"key": "a"})) == []


async def test_everybody_who_works_here_may_fetch_it_and_nobody_else(stage: Stage) -> None:
    put(stage, "a.pdf", pdf())
    await shelf(stage, "a.pdf").put_out()
    wanted = await uid(stage, "a.pdf")
    clerk = await stage.officer("钱伟", "药剂科")
    file, content = await stage.room.open_file(clerk.name, wanted)
    assert file.media_type == "application/pdf"
    assert content.startswith(b"%PDF")
    for stranger in ("p", "nobody"):
        with pytest.raises(NoSuchCase):
            await stage.room.open_file(stranger, wanted)
    events = await stage.database.run(lambda session: [one.action for one in session.exec(select(Event))])
    assert "file_read" not in events


async def test_what_was_handed_in_cannot_be_passed_off_as_material(stage: Stage) -> None:
    """Somebody who writes into the tables names another's proof as material: it does not open."""
    put(stage, "a.pdf", pdf())
    await shelf(stage, "a.pdf").put_out()
    clerk = await stage.officer("钱伟", "药剂科")
    wanted = await uid(stage, "a.pdf")

    def move(session: Session) -> None:
        row = session.get(Deposit, wanted)
        assert row is not None
        row.matter = "submission:7"
        session.add(row)
        session.flush()
        row.matter = "material:2"
        session.add(Material(name="b.pdf", digest="x", number=2))
        session.add(row)

    await stage.database.run(move)
    with pytest.raises(SealError):
        await stage.room.open_file(clerk.name, wanted)
    moved = await stage.database.run(lambda session: count_moved_deposits(session, vault=stage.house.vault))
    assert moved == 1
