import time
import zlib
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Encryption, Name, Pdf

from storage.cleaning.pdf import clean_pdf
from storage.errors import FileRefused
from tests.storage import documents
from tests.storage.leaks import leaks
from tests.storage.samples import MARK


def test_a_pdf_shows_its_pages_and_tells_nothing() -> None:
    talkative = documents.pdf()
    assert len(leaks(talkative)) >= 2
    cleaned = clean_pdf(talkative)
    assert leaks(cleaned) == []
    with pikepdf.open(BytesIO(cleaned)) as pdf:
        page = pdf.pages[0]
        contents = page.Contents if isinstance(page.Contents, Array) else [page.Contents]
        assert documents.SAID.encode() in b"".join(part.read_bytes() for part in contents)
        photo = page.Resources.XObject.Im0
        assert isinstance(photo, pikepdf.Stream)
        assert pikepdf.PdfImage(photo).as_pil_image().size == (40, 20)
        assert "/AA" in page.Resources.Font
        assert not {"/Annots", "/AA", "/Thumb", "/PieceInfo", "/Metadata"} & set(page.obj.keys())
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}
        assert "/Info" not in pdf.trailer


def test_what_was_filled_in_stays_on_the_page() -> None:
    with pikepdf.open(BytesIO(clean_pdf(documents.pdf()))) as pdf:
        forms = [thing for thing in pdf.objects if isinstance(thing, pikepdf.Stream) and "/BBox" in thing]
        assert any(b"FILLED IN" in form.read_bytes() for form in forms)


def test_nothing_runs_opens_or_leads_out() -> None:
    cleaned = clean_pdf(documents.pdf())
    with pikepdf.open(BytesIO(cleaned)) as pdf:
        out = BytesIO()
        pdf.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    for word in (b"JavaScript", b"/JS", b"OpenAction", b"/Launch", b"/URI", b"EmbeddedFile", b"/AcroForm"):
        assert word not in out.getvalue()


@pytest.mark.parametrize(
    "saving",
    [
        {"linearize": True},
        {"object_stream_mode": pikepdf.ObjectStreamMode.generate},
        {"encryption": Encryption(owner="o", user="")},
    ],
    ids=["linearized", "packed", "locked for others"],
)
def test_other_ways_of_writing_tell_nothing_either(saving: dict[str, object]) -> None:
    assert leaks(clean_pdf(documents.pdf(**saving))) == []


def test_former_states_and_what_stands_around_are_gone() -> None:
    former = documents.updated_pdf()
    assert b"former" in former
    for talkative in (former, former + MARK, documents.pdf() + b"PK\x03\x04" + MARK):
        assert leaks(clean_pdf(talkative)) == []


def test_a_pdf_with_a_password_is_locked() -> None:
    with pytest.raises(FileRefused, match="locked"):
        clean_pdf(documents.pdf(encryption=Encryption(owner="o", user="u")))


def test_a_photo_within_another_packing_is_stripped_too() -> None:
    with pikepdf.open(BytesIO(documents.pdf())) as pdf:
        photo = pdf.pages[0].Resources.XObject.Im0
        photo.write(zlib.compress(photo.read_raw_bytes()), filter=Array([Name.FlateDecode, Name.DCTDecode]))
        out = BytesIO()
        pdf.save(out)
    assert leaks(clean_pdf(out.getvalue())) == []


COUNT = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj "
    b"2 0 obj<</Type/Pages/Count 99999999/Kids[2 0 R]>>endobj"
)


def nested(depth: int) -> bytes:
    inner = b"[" * depth + b"]" * depth
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/X "
        + inner
        + b">>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )


def page_in_itself() -> bytes:
    pdf = Pdf.new()
    pdf.add_blank_page()
    pdf.Root.Pages.Kids.append(pdf.Root.Pages)
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def packed_photo() -> bytes:
    pdf = Pdf.new()
    pdf.add_blank_page()
    photo = pdf.make_stream(b"", Type=Name.XObject, Subtype=Name.Image, Width=9, Height=9)
    photo.write(zlib.compress(bytes(200 << 20), 1), filter=Array([Name.FlateDecode, Name.DCTDecode]))
    pdf.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=photo))
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "bomb",
    [
        nested(400), nested(100_000), b"%PDF-1.7", b"%PDF-1.4\n" + b"1 0 obj\n" * 100_000,
        b"%PDF-1.4\n" + b"%" * 1_000_000, page_in_itself(), packed_photo(),
        COUNT,
    ],
    ids=["nested", "deep", "bare", "begun", "comments", "circle", "photo", "count"],
)  # fmt: skip
def test_bombs_are_refused_in_time(bomb: bytes) -> None:
    began = time.perf_counter()
    with pytest.raises(FileRefused):
        clean_pdf(bomb)
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize("part", range(1, 16))
def test_a_pdf_cut_off_is_repaired_or_refused(part: int) -> None:
    talkative = documents.pdf()
    try:
        assert leaks(clean_pdf(talkative[: len(talkative) * part // 16])) == []
    except FileRefused:
        return
