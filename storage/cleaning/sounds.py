"""Takes recordings apart into frames of sound and puts only these together again: mp3, aac, amr, wav."""

from collections.abc import Iterator

from storage.errors import FileRefused

# ISO/IEC 11172-3 2.4.2.3 and 13818-3: kilobits a second by layer, and samples a second.
_RATES_1 = {
    1: (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    2: (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    3: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_RATES_2 = {
    1: (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    2: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    3: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
# Bytes of a frame by its type, with the byte that tells the type (RFC 4867 5.3).
_AMR = (13, 14, 16, 18, 20, 21, 27, 32, 6, 0, 0, 0, 0, 0, 0, 1)
_AMR_WIDE = (18, 24, 33, 37, 41, 47, 51, 59, 61, 6, 0, 0, 0, 0, 1, 1)
_MOST_MISSES = 1_000_000
_WAVE_PARTS = (b"fmt ", b"fact")


def clean_mp3(content: bytes) -> bytes:
    """The frames of an MPEG recording, without ID3, APE and Lyrics3; raises FileRefused("damaged")."""
    frames = list(_mpeg_frames(content))
    if not frames:
        raise FileRefused("damaged")
    frames[0] = _forget_encoder(frames[0])
    return b"".join(frames)


def _mpeg_frames(content: bytes) -> Iterator[bytes]:
    at, misses = _after_id3(content, 0), 0
    while (at := content.find(b"\xff", at)) >= 0 and at + 4 <= len(content):
        size = _mpeg_size(content, at)
        after = at + size
        # A frame is believed if another follows it, or nothing does: other bytes look like one by chance.
        if size and (_mpeg_size(content, after) or _is_tail(content, after)):
            yield content[at:after]
            at = _after_id3(content, after)
        else:
            at += 1
            misses += 1
            if misses > _MOST_MISSES:
                raise FileRefused("damaged")


def _after_id3(content: bytes, at: int) -> int:
    """Where the ID3v2 label at this place ends, if one is there (id3.org, ID3v2.4 3.1)."""
    while content[at : at + 3] == b"ID3" and len(content) >= at + 10:
        size = 0
        for digit in content[at + 6 : at + 10]:
            size = size << 7 | digit & 0x7F
        at += 10 + size + (10 if content[at + 5] & 0x10 else 0)
    return at


def _is_tail(content: bytes, at: int) -> bool:
    return at == len(content) or content[at : at + 3] in (b"TAG", b"ID3", b"APE", b"LYR")


def _mpeg_size(content: bytes, at: int) -> int:
    head = content[at : at + 4]
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return 0
    version, layer = head[1] >> 3 & 3, 4 - (head[1] >> 1 & 3)
    rate, frequency, padding = head[2] >> 4, head[2] >> 2 & 3, head[2] >> 1 & 1
    if version == 1 or layer == 4 or rate in (0, 15) or frequency == 3:
        return 0
    kilobits = (_RATES_1 if version == 3 else _RATES_2)[layer][rate]
    hertz = _SAMPLES[version][frequency]
    if layer == 1:
        return (12_000 * kilobits // hertz + padding) * 4
    slots = 72_000 if layer == 3 and version != 3 else 144_000
    return slots * kilobits // hertz + padding


def _forget_encoder(frame: bytes) -> bytes:
    """The first frame may be a table of places (Xing, Info); behind it stands with what it was made."""
    for name in (b"Xing", b"Info"):
        at = frame.find(name, 4, 48)
        if at > 0:
            flags = int.from_bytes(frame[at + 4 : at + 8], "big")
            end = at + 8 + 4 * (flags & 1) + 4 * (flags >> 1 & 1) + 100 * (flags >> 2 & 1)
            end += 4 * (flags >> 3 & 1)
            silence = frame[
                end + 21 : end + 24
            ]  # how much of it at the begin and the end is none of the sound
            return (frame[:end] + b"LAME".ljust(21, b"\0") + silence).ljust(len(frame), b"\0")[: len(frame)]
    return frame


def clean_aac(content: bytes) -> bytes:
    """The ADTS frames of a recording (ISO/IEC 13818-7 6.2); raises FileRefused("damaged")."""
    frames, at = [], _after_id3(content, 0)
    while at + 7 <= len(content):
        if content[at] != 0xFF or content[at + 1] & 0xF6 != 0xF0:
            break
        size = (content[at + 3] & 3) << 11 | content[at + 4] << 3 | content[at + 5] >> 5
        if size < 7 or at + size > len(content):
            break
        frames.append(content[at : at + size])
        at = _after_id3(content, at + size)
    if not frames:
        raise FileRefused("damaged")
    return b"".join(frames)


def clean_amr(content: bytes) -> bytes:
    """The frames of a voice message (RFC 4867 5); raises FileRefused("damaged")."""
    wide = content.startswith(b"#!AMR-WB\n")
    head = b"#!AMR-WB\n" if wide else b"#!AMR\n"
    if not content.startswith(head):
        raise FileRefused("damaged")
    sizes, at = (_AMR_WIDE if wide else _AMR), len(head)
    while at < len(content):
        size = sizes[content[at] >> 3 & 0xF]
        if content[at] & 0x83 or not size or at + size > len(content):
            break
        at += size
    if at == len(head):
        raise FileRefused("damaged")
    return content[:at]


def clean_wav(content: bytes) -> bytes:
    """Format and sound of a recording, without LIST, bext, iXML and id3; raises FileRefused("damaged")."""
    chunks = dict(_wave_chunks(content))
    if len(chunks.get(b"fmt ", b"")) < 14 or not chunks.get(b"data"):
        raise FileRefused("damaged")
    body = b"WAVE"
    for sort in (*_WAVE_PARTS, b"data"):
        if sort in chunks:
            part = chunks[sort][:64] if sort != b"data" else chunks[sort]
            body += sort + len(part).to_bytes(4, "little") + part + b"\0" * (len(part) & 1)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _wave_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    while at + 8 <= len(content):
        sort, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if sort == b"data" and size in (0, 0xFFFFFFFF):  # recorded without knowing when it would end
            size = len(content) - at - 8
        yield sort, content[at + 8 : at + 8 + size]
        at += 8 + size + (size & 1)
