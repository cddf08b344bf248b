"""Counts how replies to the question how the stay was are read."""

from collections import Counter

from benchmarks.measuring import Counts, Row
from nlp.rating import rate

_FIELDS = ("score", "polarity", "opt_out", "needs_care", "urgent")
_FLAGS = ("opt_out", "needs_care", "urgent")


def print_ratings(name: str, rows: list[Row], worst: int) -> None:
    """Reads satisfaction replies and writes the figures."""
    right: Counter[str] = Counter()
    flags = {field: Counts() for field in _FLAGS}
    micro, mistakes = Counts(), []
    for row in rows:
        rating = rate(row["text"])
        read = {key: getattr(rating, key) for key in _FIELDS}
        for key in _FIELDS:
            right[key] += read[key] == row[key]
        for key, counts in flags.items():
            counts.add(row[key], read[key])
        gold, found = set(row["categories"]), {category.value for category in rating.categories}
        for code in gold | found:
            micro.add(code in gold, code in found)
        wrong = [f"{key} {row[key]}->{read[key]}" for key in _FIELDS if read[key] != row[key]]
        if gold != found:
            wrong.append(f"{','.join(sorted(gold))}->{','.join(sorted(found))}")
        if wrong:
            mistakes.append((len(wrong), f"{'; '.join(wrong)}\n      {row['text'][:110]!r}"))
    print(f"\n{name}: {len(rows)} replies")
    for key in _FIELDS:
        print(f"{key:<12} accuracy {right[key] / len(rows):.3f}  {flags.get(key, '')}")
    print(f"categories   {micro}")
    for _, line in sorted(mistakes, key=lambda mistake: -mistake[0])[:worst]:
        print("  -", line)
