"""Writes anew how the pictures and sounds of a track are coded, with what a decoder needs and no more."""

from collections.abc import Callable
from typing import Final

from storage.cleaning.boxes import boxes, make_box, number
from storage.cleaning.film_units import hevc_settings

_PICTURES: Final = {
    b"avc1", b"avc3", b"hvc1", b"hev1", b"mp4v", b"s263", b"h263", b"H263", b"vp08", b"vp09", b"av01",
    b"jpeg", b"mjpa", b"mjpb",
}  # fmt: skip
_SOUNDS: Final = {
    b"mp4a", b"samr", b"sawb", b"Opus", b"alac", b"fLaC", b"ac-3", b"ec-3", b".mp3", b"sowt", b"twos",
    b"lpcm", b"ipcm", b"ulaw", b"alaw", b"in24", b"in32", b"fl32", b"raw ",
}  # fmt: skip
_PICTURE_HEAD, _SOUND_HEAD = 78, 28
_SOUND_MORE: Final = {0: 0, 1: 16, 2: 36}


def _whole(body: bytes) -> bytes:
    return body


def _without_maker(body: bytes) -> bytes:
    return bytes(5) + body[5:]  # four letters of the maker, and a version (3GPP TS 26.244 6.7)


def _first_block(body: bytes) -> bytes:
    return body[:4] + bytes([0x80]) + body[5:42]  # STREAMINFO alone, told to be the last one


def _colours(body: bytes) -> bytes:
    return body[:11] if body[:4] in (b"nclx", b"nclc") else b""  # profiles name devices


_SETTINGS: Final[dict[bytes, Callable[[bytes], bytes]]] = {
    b"avcC": _whole, b"hvcC": hevc_settings, b"av1C": _whole, b"vpcC": _whole, b"esds": _whole,
    b"pasp": _whole, b"clap": _whole, b"fiel": _whole, b"colr": _colours, b"d263": _without_maker,
    b"damr": _without_maker, b"dOps": _whole, b"alac": _whole, b"dfLa": _first_block, b"dac3": _whole,
    b"dec3": _whole, b"chan": _whole, b"pcmC": _whole, b"frma": _whole, b"enda": _whole,
}  # fmt: skip


def clean_entries(body: memoryview, handler: bytes) -> tuple[bytes, bytes] | None:
    """The stsd box written anew, and the sort of its first entry; None where a coding is not known.

    ISO/IEC 14496-12 8.5.2 and, for sound in QuickTime films, the sound sample descriptions 1 and 2.
    """
    entries = list(boxes(body[8:]))
    known = _PICTURES if handler == b"vide" else _SOUNDS
    if not entries or number(body, 4) != len(entries) or any(entry.sort not in known for entry in entries):
        return None
    write = _picture if handler == b"vide" else _sound
    written = [make_box(entry.sort, write(entry.body)) for entry in entries]
    head = bytes([body[0], 0, 0, 0]) + len(written).to_bytes(4, "big")
    return make_box(b"stsd", head, *written), entries[0].sort


def _picture(body: memoryview) -> bytes:
    number(body, 0, _PICTURE_HEAD)
    head = bytes(6) + body[6:8] + bytes(16) + body[24:42] + bytes(32) + body[74:_PICTURE_HEAD]
    return head + _settings(body[_PICTURE_HEAD:])


def _sound(body: memoryview) -> bytes:
    number(body, 0, _SOUND_HEAD)
    end = _SOUND_HEAD + _SOUND_MORE.get(number(body, 8, 2), 0)
    return bytes(6) + body[6:10] + bytes(6) + body[16:end] + _settings(body[end:])


def _settings(body: memoryview) -> bytes:
    kept = []
    for box in boxes(body):
        if box.sort == b"wave":  # QuickTime wraps the settings of a sound, and ends them
            kept.append(make_box(b"wave", _settings(box.body), make_box(bytes(4))))
        elif box.sort in _SETTINGS:
            cleaned = _SETTINGS[box.sort](bytes(box.body))
            if cleaned:
                kept.append(make_box(box.sort, cleaned))
    return b"".join(kept)


def unit_width(body: memoryview, sort: bytes) -> tuple[int, bool] | None:
    """Bytes of the lengths before the units of a picture, and whether it is H.265; None for other codings."""
    if sort not in (b"avc1", b"avc3", b"hvc1", b"hev1"):
        return None
    for entry in boxes(body[8:]):
        for box in boxes(entry.body[_PICTURE_HEAD:]):
            if box.sort == b"avcC":
                return (number(box.body, 4, 1) & 3) + 1, False
            if box.sort == b"hvcC":
                return (number(box.body, 21, 1) & 3) + 1, True
    return None
