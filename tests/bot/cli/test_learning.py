"""What officers corrected comes back as words worth adding; nothing changes by itself."""

from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.cli.lessons import learned
from bot.data_folder import DataFolder
from bot.hospital_file import write_samples
from nlp.own_rows import read_words
from nlp.taxonomy import Category, Intent
from storage.corrections import Meaning
from storage.events import Event
from storage.recategorising import correct_category
from tests.bot.cli.conftest import Command
from tests.factories import MONDAY, make_member, open_a_case
from tests.stage import Stage

HINTS = ("病房里喝凉茶的先安排", "护工说要喝凉茶，不然先等着", "大家都喝凉茶，我爸没喝")


def correct(folder: DataFolder, *texts: str, sealed: bool = False) -> None:
    def work(session: Session) -> None:
        member = make_member(session, folder.house)
        for text in texts:
            case = open_a_case(session, folder.house, text, sealed=sealed, categories=[Category.CARE_QUALITY])
            correct_category(
                session, case, member, Meaning(Intent.REPORT, (Category.RED_ENVELOPE,)),
                said=Meaning(Intent.COMPLAINT, (Category.CARE_QUALITY,)), lists="abc", people=(),
                house=folder.house, now=MONDAY,
            )  # fmt: skip

    folder.database.run_now(work)


def others(folder: DataFolder, *texts: str) -> None:
    def work(session: Session) -> None:
        for text in texts:
            open_a_case(session, folder.house, text, categories=[Category.PROCESS_ENVIRONMENT])

    folder.database.run_now(work)


def test_a_phrase_is_shown_with_its_counts(lianxin: Command, data: Path, folder: DataFolder) -> None:
    correct(folder, *HINTS)
    others(folder, "停车太贵", "排队的人也喝凉茶", "食堂太贵")
    ended = lianxin("learn", "--data", data)
    assert ended.code == 0
    line = next(line for line in ended.out.splitlines() if line.startswith("喝凉茶"))
    assert line.split() == ["喝凉茶", "红包礼金", "3", "1", "医疗质量与纠纷"]
    assert "3 corrected cases of 6" in ended.out
    assert ended.err == ""


def test_phrases_of_one_case_are_not_shown(lianxin: Command, data: Path, folder: DataFolder) -> None:
    correct(folder, HINTS[0], "表示表示才给换药")
    ended = lianxin("learn", "--data", data)
    assert "No word stands in enough corrected cases yet" in ended.out
    assert "表示表示" not in ended.out


def test_least_asks_for_more(lianxin: Command, data: Path, folder: DataFolder) -> None:
    correct(folder, *HINTS)
    assert "喝凉茶" in lianxin("learn", "--least", "3", "--data", data).out
    assert "喝凉茶" not in lianxin("learn", "--least", "4", "--data", data).out


def test_rows_are_ready_for_the_hospitals_own_words(
    lianxin: Command, data: Path, folder: DataFolder, tmp_path: Path
) -> None:
    correct(folder, *HINTS)
    out = tmp_path / "new.csv"
    before = (data / "words.csv").read_bytes()
    assert lianxin("learn", "--out", out, "--data", data).code == 0
    words, wrong = read_words(out.read_text("utf-8-sig"))
    assert wrong == []
    assert ("喝凉茶", Category.RED_ENVELOPE, 0.5) in [tuple(term) for term in words.terms]
    assert out.stat().st_mode & 0o077 == 0
    assert (data / "words.csv").read_bytes() == before


def test_words_the_hospital_added_are_not_told_again(
    lianxin: Command, data: Path, folder: DataFolder
) -> None:
    correct(folder, *HINTS)
    (data / "words.csv").write_text("类型,词语,分类\n线索词,喝凉茶,红包礼金\n", "utf-8")
    ended = lianxin("learn", "--data", data)
    assert not [line for line in ended.out.splitlines() if line.startswith("喝凉茶 ")]


def test_an_existing_file_is_not_written_over(lianxin: Command, data: Path, tmp_path: Path) -> None:
    out = tmp_path / "mine.csv"
    out.write_text("mine")
    ended = lianxin("learn", "--out", out, "--data", data)
    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "exists already" in ended.err
    assert out.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_one_line(lianxin: Command, data: Path, tmp_path: Path) -> None:
    ended = lianxin("learn", "--out", tmp_path / "none" / "new.csv", "--data", data)
    assert (ended.code, ended.err.count("\n")) == (1, 1)
    assert "cannot be written" in ended.err


def test_the_trail_tells_that_cases_were_opened(lianxin: Command, data: Path, folder: DataFolder) -> None:
    lianxin("learn", "--data", data)
    last = folder.database.run_now(
        lambda session: session.exec(select(Event).order_by(col(Event.id).desc())).first()
    )
    assert last is not None
    assert (last.actor, last.action) == ("console", "learned")


@pytest.mark.parametrize(("options", "told"), [((), False), (("--sealed",), True)])
def test_sealed_cases_teach_only_when_asked(
    lianxin: Command, data: Path, folder: DataFolder, options: tuple[str, ...], told: bool
) -> None:
    correct(folder, *HINTS, sealed=True)
    assert ("喝凉茶" in lianxin("learn", *options, "--data", data).out) == told


async def test_story_from_a_press_to_the_list(tmp_path: Path) -> None:
    """Three people hint at the same, an officer corrects each, the phrase is told and nothing else."""
    async with Stage(tmp_path) as stage:
        officer = await stage.officer("王芳", "投诉办")
        discipline = await stage.officer("李强")
        for number, text in enumerate(HINTS, 1):
            person = stage.person(f"patient {number}")
            await person.says("/start")
            await person.presses("我要反映问题")
            await person.says(text)
            one = officer if (await stage.cases())[-1].lead_office == "投诉办" else discipline
            await one.says(f"{number}号")
            await one.presses("改分类")
            if any(button.startswith("都不是") for button in one.buttons):
                await one.presses("都不是")
            await one.presses("统方")
            assert "类别已改为“统方”" in one.text
        assert {case.categories for case in await stage.cases()} == {"prescription_data"}
        write_samples(tmp_path)
        folder = DataFolder(tmp_path, tmp_path / "keys", stage.database.engine, stage.house.vault)
        found = learned(folder, least=2, sealed=False, now=stage.clock())
        assert "喝凉茶" in {one.phrase for one in found.findings if one.code == "prescription_data"}
    assert "喝凉茶".encode() not in everything_in(tmp_path)


def everything_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.glob("lianxin.db*"))
