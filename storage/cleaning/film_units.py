"""Takes notes out of the pictures of a film: cameras write place and device between the slices."""

from typing import Final

# ITU-T H.264 table 7-1 and H.265 table 7-1.
_AVC_NOTE, _HEVC_NOTES = 6, (39, 40)
# Notes a decoder can use: times, where one can begin, how two pictures lie in one, brightness (H.264 D.1).
_HARMLESS: Final = {0, 1, 6, 45, 47, 129, 132, 137, 144, 147}


def without_notes(sample: bytes, *, hevc: bool, width: int) -> bytes:
    """The sample without its free notes; `width` is the size of a length in bytes (ISO/IEC 14496-15 4.3)."""
    kept, at = [], 0
    while at + width < len(sample):
        stop = at + width + int.from_bytes(sample[at : at + width], "big")
        if stop > len(sample) or stop == at + width:
            break
        if _is_wanted(sample[at + width : stop], hevc):
            kept.append(sample[at:stop])
        at = stop
    return b"".join(kept)


def _is_wanted(unit: bytes, hevc: bool) -> bool:
    if hevc:
        sort, head = unit[0] >> 1 & 0x3F, 2
        if sort >= 48 or sort == 38:
            return False
        return sort not in _HEVC_NOTES or _is_harmless(unit[head:])
    sort, head = unit[0] & 0x1F, 1
    if sort >= 24 or sort in (0, 12):
        return False
    return sort != _AVC_NOTE or _is_harmless(unit[head:])


def _is_harmless(notes: bytes) -> bool:
    at = 0
    while at < len(notes) and notes[at] != 0x80:
        sort, at = _value(notes, at)
        size, at = _value(notes, at)
        at += size
        if sort not in _HARMLESS:
            return False
    return True


def _value(notes: bytes, at: int) -> tuple[int, int]:
    value = 0
    while at < len(notes) and notes[at] == 0xFF:
        value, at = value + 255, at + 1
    return (value + notes[at], at + 1) if at < len(notes) else (value, at)


def hevc_settings(body: bytes) -> bytes:
    """The hvcC box without notes among its parameter sets (ISO/IEC 14496-15 8.3.3)."""
    kept, at = [], 23
    for _ in range(body[22] if len(body) > 22 else 0):
        stop = at + 3
        for _ in range(int.from_bytes(body[at + 1 : at + 3], "big")):
            stop += 2 + int.from_bytes(body[stop : stop + 2], "big")
        if stop > len(body):
            break
        if body[at] & 0x3F not in _HEVC_NOTES:
            kept.append(body[at:stop])
        at = stop
    return body[:22] + bytes([len(kept)]) + b"".join(kept)
