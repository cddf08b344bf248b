"""How fast messages are read: against plain jieba, by the number of terms, and how dear the start is."""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import jieba

from benchmarks.own_messages import FOLDER, messages, records
from nlp.own_lists import OwnTerm, OwnWords
from nlp.reading import Reader
from nlp.taxonomy import Category

_ROUNDS = 3
_TERMS = (4_000, 40_000)
_LONG = 100_000
_START = """
import time
started = time.perf_counter()
from nlp.reading import Reader
Reader.load().read("医生收了我两千块")
print(time.perf_counter() - started)
print(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
"""


def texts(data: Path | None) -> list[str]:
    """The texts of DATA/real_messages.jsonl, or the project's own messages."""
    if data is not None:
        return [row["text"] for row in records(data / "real_messages.jsonl")]
    return [one.text for name in ("chat", "letters") for one in messages(name, FOLDER)]


def against_jieba(some: Sequence[str]) -> tuple[float, float, float]:
    """Characters a second of the reader, of its word lists alone, and of jieba.lcut.

    On one core, in processor time, the best of a few rounds; the three take turns, so that a slow moment of
    the machine meets them all.
    """
    jieba.initialize()
    runs = (Reader.load().read, Reader.by_keywords().read, jieba.lcut)
    for run in runs:
        run(some[0])
    rounds = [[_seconds(run, some) for run in runs] for _ in range(_ROUNDS)]
    size = sum(map(len, some))
    reader, keywords, plain = (size / min(one[at] for one in rounds) for at in range(len(runs)))
    return reader, keywords, plain


def by_terms(some: Sequence[str]) -> tuple[float, float]:
    """Seconds for the texts with 4,000 and with 40,000 own terms on top of the shipped lists."""
    few, many = (Reader.with_words(OwnWords(terms=_made_up(count))) for count in _TERMS)
    times = [(_seconds(few.read, some), _seconds(many.read, some)) for _ in range(_ROUNDS)]
    return min(one for one, _ in times), min(other for _, other in times)


def long_text(some: Sequence[str]) -> float:
    """Seconds for one text of 100,000 characters, made of others."""
    long = "\n".join(some)
    while len(long) < _LONG:
        long += long
    return _seconds(Reader.load().read, [long[:_LONG]])


def start() -> tuple[float, float]:
    """Seconds until the first message is read in a fresh process, and its resident memory in MB."""
    done = subprocess.run([sys.executable, "-c", _START], capture_output=True, text=True, check=True)
    seconds, kilobytes = map(float, done.stdout.split())
    return seconds, kilobytes / 1024


def _seconds(read: Callable[[str], object], some: Sequence[str]) -> float:
    started = time.process_time()
    for text in some:
        read(text)
    return time.process_time() - started


def _made_up(count: int) -> tuple[OwnTerm, ...]:
    """Terms of three to five frequent characters, which begin everywhere in a text and end nowhere."""
    rng = random.Random(count)
    often = "的一是不了人我在有他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可"
    words = {"".join(rng.choices(often, k=rng.randint(3, 5))) for _ in range(2 * count)}
    categories = list(Category)
    return tuple(OwnTerm(word, rng.choice(categories), 0.3) for word in sorted(words)[:count])
