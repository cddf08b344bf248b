import struct
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from storage.cleaning.sounds import clean_aac, clean_amr, clean_mp3, clean_wav
from storage.errors import FileRefused
from tests.storage.leaks import leaks
from tests.storage.recordings import played, recording
from tests.storage.samples import MARK

ID3 = b"ID3\x04\x00\x00\x00\x00\x00\x14" + MARK + b"\xff\xfb\x90\x00\x00"
CLEAN: dict[str, Callable[[bytes], bytes]] = {
    "mp3": clean_mp3,
    "aac": clean_aac,
    "amr": clean_amr,
    "wav": clean_wav,
}


def sound(sort: str) -> bytes:
    match sort:
        case "mp3":
            return recording("mp3", "libmp3lame")
        case "aac":
            return recording("adts", "aac")
        case "amr":
            return recording("amr", "libopencore_amrnb", rate=8000)
    return recording("wav", "pcm_s16le")


def chunk(sort: bytes, body: bytes) -> bytes:
    return sort + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


@pytest.mark.parametrize(
    ("sort", "before", "behind"),
    [
        ("mp3", b"", b""),
        ("mp3", ID3, b"APETAGEX" + MARK + b"TAG" + MARK.ljust(125)),
        ("mp3", b"", b"LYRICSBEGIN" + MARK + b"LYRICS200"),
        ("aac", ID3, b"TAG" + MARK.ljust(125)),
        ("amr", b"", b"\xff" + MARK),
        ("wav", b"", b""),
        ("wav", b"", chunk(b"bext", MARK) + chunk(b"id3 ", ID3) + chunk(b"iXML", MARK) + MARK),
    ],
)
def test_sound_without_labels(sort: str, before: bytes, behind: bytes) -> None:
    clean, plain = CLEAN[sort], sound(sort)
    talkative = before + plain + behind
    assert MARK in talkative
    cleaned = clean(talkative)
    assert leaks(cleaned) == []
    assert sort == "aac" or b"Lav" not in cleaned  # there it stands within the sound
    assert played(cleaned) == played(plain)
    assert clean(cleaned) == cleaned


def test_a_recording_that_does_not_know_its_length_is_kept() -> None:
    wav = sound("wav")
    at = wav.index(b"data")
    streamed = wav[: at + 4] + b"\xff\xff\xff\xff" + wav[at + 8 :]
    assert played(clean_wav(streamed)) == played(wav)


@pytest.mark.parametrize("clean", CLEAN.values())
@pytest.mark.parametrize(
    "content",
    [b"", b"ID3", b"#!AMR\n", b"#!AMR_MC1.0\n" + bytes(90), b"RIFF\0\0\0\0WAVE", bytes(5000), MARK * 40],
)
def test_what_is_no_sound_is_refused(clean: Callable[[bytes], bytes], content: bytes) -> None:
    with pytest.raises(FileRefused, match="damaged"):
        clean(content)


@pytest.mark.parametrize("byte", [b"\xff", b"\xff\xfb\x90\x00", b"\xff\xfb", b"\x00"])
def test_bytes_that_look_like_frames_take_no_time(byte: bytes) -> None:
    began = time.perf_counter()
    for clean in (clean_mp3, clean_aac):
        with suppress(FileRefused):
            clean(byte * (4_000_000 // len(byte)))
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize("part", range(1, 16))
def test_a_recording_cut_off_plays_as_far_as_it_goes_or_is_refused(part: int) -> None:
    for sort, clean in CLEAN.items():
        whole = sound(sort)
        with suppress(FileRefused):
            assert clean(whole[: len(whole) * part // 16])
