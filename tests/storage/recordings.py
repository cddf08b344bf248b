"""Short films and recordings with a mark in every label, made on the spot."""

import math
from array import array
from fractions import Fraction
from functools import cache
from io import BytesIO
from typing import Any

import av

from tests.storage.samples import MARK

_LABELS = (
    "title", "artist", "comment", "location", "make", "model", "encoder",
    "com.apple.quicktime.location.ISO6709",
)  # fmt: skip


@cache
def recording(
    form: str, sound: str | None = None, pictures: str | None = None, *, rate: int = 16000, **options: str
) -> bytes:
    """One second, in the container `form` of FFmpeg with these coders; `options` are the container's."""
    out = BytesIO()
    with av.open(out, "w", format=form, options=options) as film:
        for label in _LABELS:
            film.metadata[label] = MARK.decode()
        film.metadata["creation_time"] = "2024-01-02T03:04:05Z"
        streams = []
        if pictures:
            seen: Any = film.add_stream(pictures, rate=10, options={"strict": "-2"})
            seen.width, seen.height, seen.pix_fmt = 64, 48, "yuv420p"
            streams.append((seen, _draw))
        if sound:
            heard: Any = film.add_stream(sound, rate=rate, options={"strict": "-2"})
            heard.layout = "stereo" if sound == "vorbis" else "mono"
            streams.append((heard, _hum))
        for stream, _ in streams:
            stream.metadata.update({"title": MARK.decode(), "handler_name": MARK.decode(), "language": "chi"})
        for stream, fill in streams:
            fill(film, stream)
    return out.getvalue()


def _draw(film: Any, stream: Any) -> None:
    for number in range(10):
        frame = av.VideoFrame(64, 48, "rgb24")
        frame.planes[0].update(bytes([number * 20]) * frame.planes[0].buffer_size)
        frame = frame.reformat(format="yuv420p")
        frame.pts, frame.time_base = number, Fraction(1, 10)
        film.mux(stream.encode(frame))
    film.mux(stream.encode(None))


def _hum(film: Any, stream: Any) -> None:
    context = stream.codec_context
    size = context.frame_size or 1024
    tune = av.AudioResampler(context.format.name, context.layout.name, context.rate, frame_size=size)
    waves = array("h", [int(8000 * math.sin(at / 20)) for at in range(context.rate)])
    frame = av.AudioFrame("s16", "mono", len(waves))
    frame.planes[0].update(waves.tobytes())
    frame.rate, frame.pts, frame.time_base = context.rate, 0, Fraction(1, context.rate)
    for piece in [*tune.resample(frame), *tune.resample(None)]:
        film.mux(stream.encode(piece))
    film.mux(stream.encode(None))


def played(content: bytes) -> list[tuple[str, str, int]]:
    """For each track: its sort, its coding, and how many pictures or samples of sound come out."""
    with av.open(BytesIO(content), "r") as film:
        counts = [0] * len(film.streams)
        for packet in film.demux():
            for frame in packet.decode():
                counts[packet.stream.index] += getattr(frame, "samples", 1)
        return [
            (stream.type, stream.codec_context.name, count)
            for stream, count in zip(film.streams, counts, strict=True)
        ]


def labels(content: bytes) -> str:
    """All that a player could show beside pictures and sound."""
    with av.open(BytesIO(content)) as film:
        return f"{film.metadata} {[stream.metadata for stream in film.streams]} {film.chapters()}"
