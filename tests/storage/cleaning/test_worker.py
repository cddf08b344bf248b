"""Random bytes in the worker: whatever comes, it answers with a clean file or a reason, and lives on."""

import random
from collections.abc import Callable, Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.errors import FileRefused
from storage.workshop import Workshop
from tests.storage import documents, samples
from tests.storage.recordings import recording

_REASONS = {"empty", "type", "damaged", "too_large", "locked"}
_MAKERS: list[Callable[[], bytes]] = [
    samples.talkative_jpeg, samples.talkative_png, samples.heic, samples.compound, documents.pdf,
    documents.docx, documents.xlsx,
    lambda: samples.picture("GIF", save_all=True), lambda: samples.picture("WEBP", exif=samples.exif()),
    lambda: samples.picture("TIFF"), lambda: samples.picture("BMP"),
    lambda: recording("mp4", "aac", "libx264"), lambda: recording("mov", "pcm_s16le", "mpeg4"),
    lambda: recording("mp4", "aac", movflags="empty_moov+frag_every_frame"),
    lambda: recording("mp3", "libmp3lame"), lambda: recording("adts", "aac"),
    lambda: recording("amr", "libopencore_amrnb", rate=8000),
    lambda: recording("wav", "pcm_s16le"), lambda: recording("ogg", "libopus", rate=48000),
    lambda: recording("ogg", "vorbis", rate=48000),
    lambda: recording("webm", "libopus", "libvpx", rate=48000),
]  # fmt: skip
_NUMBERS = [b"\0", b"\xff", b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\1", b"\x80" * 8]


@pytest.fixture(scope="module")
def workshop() -> Iterator[Workshop]:
    workshop = Workshop()
    yield workshop
    workshop.close()


def changed(content: bytes, chance: random.Random) -> bytes:
    """The content with a few places overwritten, taken out, doubled, moved, or cut off."""
    for _ in range(chance.randint(1, 6)):
        start = min(chance.randrange(len(content) + 1), chance.randrange(len(content) + 1))
        stop = start + chance.choice([1, 4, 8, 64, 1000])
        piece = content[start:stop]
        match chance.randrange(6):
            case 0:
                content = content[:start] + chance.choice(_NUMBERS) + content[start:][1:]
            case 1:
                content = content[:start] + chance.randbytes(len(piece)) + content[stop:]
            case 2:
                content = content[:start] + content[stop:]
            case 3:
                content = content[:stop] + piece * chance.randint(1, 50) + content[stop:]
            case 4:
                content = content[:start] + piece[::-1] + content[stop:]
            case _:
                content = content[: max(start, 16)]
    return content


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(which=st.integers(0, len(_MAKERS) - 1), seed=st.integers(0, 1 << 32))
def test_a_file_with_changed_bytes_is_clean_or_refused(workshop: Workshop, which: int, seed: int) -> None:
    workshop.clean(b"hello")
    before = workshop.pid
    try:
        assert workshop.clean(changed(_MAKERS[which](), random.Random(seed))).content
    except FileRefused as refusal:
        assert refusal.reason in _REASONS  # noqa: PT017 (either answer is right)
    assert workshop.pid == before


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(head=st.sampled_from(range(len(_MAKERS))), tail=st.binary(max_size=400), size=st.integers(4, 40))
def test_a_true_beginning_with_nonsense_behind_is_clean_or_refused(
    workshop: Workshop, head: int, tail: bytes, size: int
) -> None:
    try:
        assert workshop.clean(_MAKERS[head]()[:size] + tail).content
    except FileRefused as refusal:
        assert refusal.reason in _REASONS  # noqa: PT017 (either answer is right)
