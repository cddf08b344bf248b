"""lianxin duties files and signed: what was handed in and signed, for paper, told in the trail."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from python_calamine import CalamineWorkbook
from sqlmodel import Session, select

from bot.data_folder import DataFolder
from bot.duties.signers_paper import PER_PAGE
from storage.duties.assignments import Assignment
from storage.duties.handing_in import submit
from storage.duties.promises import begin_promise, sign
from storage.events import Event
from storage.files import FileStore
from storage.messages import StoredFile
from storage.vault import Vault
from tests.bot.cli.conftest import Command
from tests.duties import give_out, make_book, make_employee
from tests.factories import MONDAY
from tests.handlers.staff.people import ESSAY, PLEDGE, PROMISE

BOOK = make_book(ESSAY | {"done": "file"}, PROMISE, forms=[PLEDGE])


def keep(folder: DataFolder, vault: Vault) -> StoredFile:
    stored = FileStore(folder.files, vault, folder.house.hospital.files).keep_own(b"%PDF", "文件.pdf", "x/y")
    return replace(stored, ours=False)


@pytest.fixture
def handed_in(folder: DataFolder) -> None:
    house = replace(folder.house, duties=BOOK)
    files = [keep(folder, folder.vault) for _ in range(2)]

    def fill(session: Session) -> None:
        people = [make_employee(session, house, name, "药剂科")[0] for name in ("安娜", "=伯特")]
        occurrence = give_out(session, house, "essay", people=people)
        rows = session.exec(select(Assignment).order_by(Assignment.id)).all()  # type: ignore[arg-type]
        for one, file, who in zip(rows, files, people, strict=True):
            submit(session, one, by=who, words="=1+1", files=[file], house=house, now=MONDAY)
        assert occurrence.id

    folder.database.run_now(fill)


@pytest.fixture
def signed(folder: DataFolder) -> None:
    house = replace(folder.house, duties=BOOK)

    def fill(session: Session) -> None:
        names = [f"员工{number}" for number in range(PER_PAGE + 1)]
        people = [make_employee(session, house, name, "药剂科")[0] for name in names]
        people.append(make_employee(session, house, "骨科的", "骨科")[0])
        occurrence = give_out(session, house, "promise", people=people)
        promise, _ = begin_promise(
            session, occurrence.id or 0, people[0], house.duties.forms[0], vault=folder.vault, now=MONDAY
        )
        assert sign(session, promise, "员工0", vault=folder.vault, now=MONDAY)

    folder.database.run_now(fill)


def trail(folder: DataFolder) -> list[tuple[str, dict[str, object]]]:
    rows = folder.database.run_now(lambda session: list(session.exec(select(Event.action, Event.detail))))
    return [(action, json.loads(detail)) for action, detail in rows]


def test_files_and_a_table_of_whose_they_are(
    lianxin: Command, data: Path, folder: DataFolder, handed_in: None, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    ended = lianxin("duties", "files", "essay", "--out", out, "--data", data)
    assert (ended.code, ended.out) == (
        0,
        f"2 submissions with 2 files are in {out}; index.xlsx says whose they are.\n",
    )
    names = sorted(path.name for path in out.iterdir())
    assert names == ["index.xlsx", "药剂科-1-1-文件.pdf", "药剂科-2-1-文件.pdf"]
    assert (out / names[1]).read_bytes() == b"%PDF"
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o600}
    rows = CalamineWorkbook.from_path(out / "index.xlsx").get_sheet_by_index(0).to_python()
    assert rows[1][:2] == ["药剂科", "安娜"]
    assert rows[2][1] == "'=伯特"
    assert rows[1][3] == "'=1+1"
    assert trail(folder)[-1] == ("submissions_taken_out", {"files": 2, "occurrence": 1})


def test_nothing_is_overwritten_and_nothing_half_stays(
    lianxin: Command, data: Path, handed_in: None, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "药剂科-2-1-文件.pdf").write_bytes(b"mine")
    ended = lianxin("duties", "files", "essay", "--out", out, "--data", data)
    assert ended.code == 1
    assert "exists already" in ended.err
    assert [path.name for path in out.iterdir()] == ["药剂科-2-1-文件.pdf"]


@pytest.mark.parametrize("key", ["nothing", "9", "--period=2020-01 essay"])
def test_what_was_never_given_out_is_one_line(
    lianxin: Command, data: Path, handed_in: None, tmp_path: Path, key: str
) -> None:
    ended = lianxin("duties", "files", *key.split(), "--out", tmp_path / "out", "--data", data)
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "nothing was given out" in ended.err


def test_the_list_of_signers_as_a_table(
    lianxin: Command, data: Path, folder: DataFolder, signed: None, tmp_path: Path
) -> None:
    out = tmp_path / "signed.xlsx"
    ended = lianxin("duties", "signed", "promise", "--out", out, "--data", data)
    assert (ended.code, ended.out) == (0, f"{out}: 1 of {PER_PAGE + 2} have signed, in 2 offices.\n")
    assert CalamineWorkbook.from_path(out).sheet_names == ["名单", "各科"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert trail(folder)[-1] == ("signers_exported", {"occurrence": 1})


def test_on_paper_each_office_begins_a_page(
    lianxin: Command, data: Path, signed: None, tmp_path: Path
) -> None:
    out = tmp_path / "signed.pdf"
    assert lianxin("duties", "signed", "promise", "--out", out, "--data", data).code == 0
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 3
    one = ("duties", "signed", "promise", "--office", "骨科", "--out", out, "--force", "--data", data)
    assert lianxin(*one).code == 0
    with pikepdf.open(out) as pdf:
        assert len(pdf.pages) == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--out", "x.doc"), "ends in .xlsx or .pdf"),
        (("--out", "x.pdf", "--office", "火箭科"), "there is no office or department 火箭科"),
        (("--out", "no/such/x.pdf"), "No such file"),
    ],
)
def test_mistakes_are_one_line(
    lianxin: Command, data: Path, signed: None, more: tuple[str, ...], words: str
) -> None:
    ended = lianxin("duties", "signed", "promise", *more, "--data", data)
    assert ended.code in (1, 2)
    assert words in ended.err
    assert ended.err.count("\n") == 1


def test_what_is_not_signed_has_no_such_list(
    lianxin: Command, data: Path, handed_in: None, tmp_path: Path
) -> None:
    ended = lianxin("duties", "signed", "essay", "--out", tmp_path / "x.pdf", "--data", data)
    assert "nothing was given out yet for essay" in ended.err
