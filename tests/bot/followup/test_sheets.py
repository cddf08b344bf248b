"""A sheet leads where it should, is read by a phone, and tells nothing of who it is for."""

import io
import subprocess
import sys
from datetime import date
from typing import cast

import pikepdf
import pytest
import zxingcpp
from PIL import Image, ImageChops

from bot.followup.lettering import balanced, breadth, fitting, font, font_file, lines_of
from bot.followup.paper import Paper
from bot.followup.sheets import DPI, PAPER, Drawer, Sheet, Ways, spaced, words

CODE = "483920571164"
PAGE = "https://report.hospital.example"
BOTH = Ways(PAGE, "ExampleHospitalBot")
SHEET = Sheet(CODE, (date(2026, 11, 26), date(2026, 12, 23)), "ZY0012345")
NAME = "示例市第一人民医院"


def codes_in(picture: Image.Image) -> list[str]:
    """What a phone reads in the picture, from left to right."""
    found = zxingcpp.read_barcodes(picture.convert("L"))
    return [one.text for one in sorted(found, key=lambda one: one.position.top_left.x)]


def draw(ways: Ways = BOTH, sheet: Sheet = SHEET, name: str = NAME) -> Image.Image:
    return Drawer(name, ways).draw(sheet)


@pytest.mark.parametrize(
    ("ways", "links"),
    [
        (BOTH, [f"{PAGE}/f#{CODE}", f"https://t.me/ExampleHospitalBot?start={CODE}"]),
        (Ways(PAGE), [f"{PAGE}/f#{CODE}"]),
        (Ways(bot="ExampleHospitalBot"), [f"https://t.me/ExampleHospitalBot?start={CODE}"]),
        (Ways("http://192.168.1.20:8080"), [f"http://192.168.1.20:8080/f#{CODE}"]),
    ],
)
def test_the_codes_lead_to_the_page_and_to_the_bot(ways: Ways, links: list[str]) -> None:
    drawer = Drawer(NAME, ways)
    page = drawer.draw(SHEET)
    assert codes_in(page) == codes_in(drawer.card(page)) == links


def test_a_crumpled_photo_of_it_is_still_read() -> None:
    page = draw().convert("L")
    small = page.resize((page.width // 3, page.height // 3)).rotate(11, fillcolor=255, expand=True)
    small.paste(255, (0, 0, 40, 40))
    jpeg = io.BytesIO()
    small.save(jpeg, "JPEG", quality=40)
    assert len(codes_in(Image.open(jpeg))) == 2


def test_the_code_is_only_behind_the_sign_that_keeps_it_from_servers() -> None:
    address, sign, code = Ways(PAGE).links(CODE)[0][1].partition("#")
    assert (address, sign, code) == (f"{PAGE}/f", "#", CODE)


def test_each_part_of_a_sheet_is_drawn() -> None:
    base = draw()
    for other in (
        draw(sheet=Sheet("111111111111", SHEET.days, SHEET.number)),
        draw(sheet=Sheet(CODE, (date(2026, 11, 27),), SHEET.number)),
        draw(sheet=Sheet(CODE, (), SHEET.number)),
        draw(sheet=Sheet(CODE, SHEET.days, "ZY9")),
        draw(name="示例市第二人民医院"),
    ):
        assert ImageChops.difference(base.convert("L"), other.convert("L")).getbbox() is not None


def test_the_words_are_in_the_font_and_not_boxes() -> None:
    said = "".join(words().values()) + NAME + "0123456789〇龘镕堃喆"
    drawn = font(40)
    box = bytes(drawn.getmask("\U000f0000"))
    for sign in set(said) - set(" \n{}"):
        assert bytes(drawn.getmask(sign)) != box, sign
    assert len({bytes(drawn.getmask(sign)) for sign in "住得怎么样哪里要改进"}) == 10


def test_nothing_leaves_its_room_whatever_the_hospital_is_called() -> None:
    page = draw(name="示例大学医学院附属中西医结合肿瘤与血液病医院（东院区）" * 2).convert("L")
    for box in ((0, 0, 60, PAPER[1]), (PAPER[0] - 60, 0, PAPER[0], PAPER[1])):
        assert page.crop(box).getextrema() == (255, 255)


def test_a_script_in_a_name_is_only_letters() -> None:
    assert codes_in(draw(name="<script>alert(1)</script>", sheet=Sheet(CODE, (), "../../etc"))) == codes_in(
        draw()
    )


def test_lines_break_where_they_may() -> None:
    text = "不想收到消息，随时回复“退订”，就不再问您。请打开 report.hospital.example/plain 这个网页。"
    for room in range(240, 1600, 40):
        for line in lines_of(text, 48, room):
            assert line[0] not in "，。”"
            assert line[-1] != "“"
            assert breadth(line, 48) <= room + 96  # a sign that clings may stand out a little
    assert all(len(line) > 3 for line in balanced(text, 48, 1000))
    assert balanced("一\n二", 48, 1000) == ["一", "二"]
    assert fitting("长" * 60, 84, 600) < 20


def test_the_pdf_holds_the_pages_as_they_were_drawn() -> None:
    paper, pages = Paper(DPI), [draw(), draw(Ways(PAGE))]
    for page in pages:
        paper.add(page)
    with pikepdf.open(io.BytesIO(paper.finish())) as pdf:
        assert len(pdf.pages) == 2
        for shown, page in zip(pdf.pages, pages, strict=True):
            assert [round(float(side)) for side in shown.MediaBox] == [0, 0, 420, 595]  # A5 in points
            (image,) = shown.Resources.XObject.values()
            picture = pikepdf.PdfImage(cast(pikepdf.Stream, image)).as_pil_image()
            assert picture.convert("RGB").tobytes() == page.convert("RGB").tobytes()


def test_the_digits_are_read_in_groups() -> None:
    assert spaced(CODE) == "4839 2057 1164"


def test_the_font_is_found_without_what_else_its_package_loads() -> None:
    assert font_file().is_file()
    look = (
        "import sys; from bot.followup.sheets import Drawer; from bot.followup.lettering import font_file; \
font_file(); sys.exit('matplotlib' in sys.modules or 'zhplot' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", look], check=False).returncode == 0
