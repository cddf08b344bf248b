"""Decides from the weighed evidence what the person wants, and how sure that is."""

from math import exp
from typing import NamedTuple

from nlp.hits import HitIndex
from nlp.places import any_between
from nlp.taxonomy import COMPLAINTS, MISCONDUCT, Intent
from nlp.weighing import Scales

ENOUGH = 0.9
"""Weight from which a category counts as alleged."""
SUSPICION = 0.35
"""Weight of misconduct from which the lists alone set no message aside without a person looking."""
SURE = 0.6
"""Confidence of the lists alone below which a person at the service desk reads the message."""
_LONG = 100
"""Characters from which a text has room to name many things in passing: what it names counts per so many."""
_MOST = 3.0
"""More of the same says nothing new."""
_SILENT = 0.35
"""How sure it is that a message says nothing of which no word is known."""
_HEAVIEST = 2.5
"""Weight of a category that makes an intent no surer."""
_ASKING = ("?", *"吗么呢不没谁哪啥", "哪里", "哪儿", "多少", "多久", "什么", "怎么办")
"""A message that ends in one of these asks, with or without a question mark."""
_GIFTS = frozenset({"gift", "envelope", "money", "gave", "red_envelope"})
_NEAR = 20
_REFUSING = frozenset({"refuse", "declined"})
_SUSPECT = frozenset(
    (
        *("company", "envelope", "percent", "hint", "forge", "insurance", "leak", "sell", "tender", "gave"),
        *("took", "ask", "condition", "usage", "seller", "unqualified", "organ", "retaliate", "expired"),
        *("rigged", "fake_stay", "returns", "rep_act", "lure", "advert", "record", "drugs", "outside"),
        *("test", "benefit", "misuse"),
    )
)
"""What an allegation is made of; a message that names many of these seldom is anything else."""
_COUNTED = {
    "praise": ("praise",),
    "kind": ("kind",),
    "reproach": ("complaint_words",),
    "bad": ("bad", "sad"),
    "asking": ("asking", "question"),
    "wondering": ("ask_weak",),
    "plan": ("plan",),
    "elsewhere": ("other_sector", "place_business"),
    "civil": ("family_planning",),
    "work": ("employment",),
    "office": ("government",),
    "essay": ("essay", "policy"),
    "spam": ("spam",),
    "chat": ("chat",),
    "provider": ("provider",),
    "staff": ("staff",),
    "us": ("us",),
    "cover": ("insurance",),
    "thing": ("gift", "envelope", "money"),
    "harmed": ("worse", "no_good", "did_treat"),
}
"""Which concepts make up a signal."""
_SIGNAL_OF = {tag: name for name, tags in _COUNTED.items() for tag in tags}
_ASSERTED = frozenset({"praise", "bad", "kind", "complaint_words"})
"""Concepts of which a denied word does not count: 不满意 is no praise."""
_INTENTS = (Intent.REPORT, Intent.COMPLAINT, Intent.PRAISE, Intent.INQUIRY, Intent.OTHER)
_SPEAKS_FOR = {
    # for a report, a complaint, praise, an inquiry, something other
    "alleged": (6, -3, -2, -2, 2),
    "always": (6, 0, -4, -1, -2),
    "asking": (-3, -2, -4, 10, -1),
    "bad": (-1, 4, 1, -2, -1),
    "chat": (-3, -3, -2, 0, 8),
    "civil": (2, 1, -3, -9, 7),
    "complained": (0, 7, -1, -5, -1),
    "complaint": (-3, 11, -3, -4, -2),
    "cover": (-4, 2, 1, 6, -5),
    "elsewhere": (-2, -3, -4, -1, 10),
    "ends_asking": (-2, -2, -13, 12, 4),
    "essay": (-4, -3, -5, 2, 10),
    "given_back": (-1, -2, 3, 1, -2),
    "harmed": (1, 3, 4, 0, -7),
    "kind": (-4, -3, 13, 0, -5),
    "long": (0, 4, -2, -7, 5),
    "misconduct": (14, -7, -5, -2, -1),
    "no_provider": (2, 1, -3, -1, 1),
    "nothing": (-10, 1, 1, -1, 3),
    "office": (-2, -2, -4, 2, 6),
    "only_elsewhere": (-2, -1, -2, -1, 6),
    "plan": (3, -7, -1, 5, 0),
    "praise": (-7, -1, 13, -2, -3),
    "provider": (3, 3, 0, -2, -5),
    "refused": (-2, 0, 5, 0, -4),
    "reproach": (0, 6, 1, -9, 1),
    "spam": (-1, -1, -11, 4, 8),
    "staff": (0, -1, 5, -3, -2),
    "suspect": (2, 0, -1, -1, 0),
    "thing": (4, -2, -2, -2, 2),
    "us": (1, 1, 3, -3, -2),
    "wondering": (-3, -1, -5, 8, 1),
    "work": (0, -11, -4, 3, 12),
}
"""What a signal says for each intent, in tenths; found by measuring on labelled messages."""


class Signals(NamedTuple):
    """How strongly a text speaks in each way, by the names of the rows of _SPEAKS_FOR."""

    strengths: dict[str, float]
    speaks: bool
    """Whether any word of the lists stands in it that tells an intent."""

    @classmethod
    def gather(cls, text: str, index: HitIndex) -> "Signals":
        """What the words of the text say about what the person wants."""
        share = min(1.0, _LONG / max(1, len(text)))
        found: dict[str, float] = {}
        for tag, hits in index.by_tag.items():
            if tag in _SIGNAL_OF:
                name = _SIGNAL_OF[tag]
                count = len(index.asserted(tag)) if tag in _ASSERTED else len(hits)
                found[name] = found.get(name, 0.0) + share * count
        if refusals := [start for tag in _REFUSING if tag in index.by_tag for start in index.asserted(tag)]:
            gifts = [start for _, start, _ in index.tagged(_GIFTS)]
            found["refused"] = share * len(refusals)
            found["given_back"] = share * sum(any_between(gifts, at - _NEAR, at + _NEAR) for at in refusals)
        strengths = {name: min(_MOST, count) for name, count in found.items()}
        suspects = len(_SUSPECT & index.by_tag.keys())
        strengths["suspect"] = share * suspects
        strengths["ends_asking"] = text.rstrip(" .。!~").endswith(_ASKING)
        strengths["no_provider"] = "provider" not in index.by_tag
        strengths["only_elsewhere"] = "elsewhere" in found and "provider" not in index.by_tag
        strengths["long"] = len(text) >= _LONG
        strengths["always"] = 1
        return cls(strengths, bool(found or suspects or strengths["ends_asking"]))


class Decision(NamedTuple):
    """The likeliest intent and how sure it is; `chances` of all intents, 0 to 1, by the word lists alone."""

    intent: Intent
    confidence: float
    chances: dict[Intent, float]


def decide(signals: Signals, scales: Scales) -> Decision:
    """The intent that most speaks for; confidence under SURE asks for a person."""
    if not signals.speaks and not scales.scores:
        return Decision(Intent.OTHER, _SILENT, dict.fromkeys(_INTENTS, 1 / len(_INTENTS)))
    misconduct = scales.top(MISCONDUCT)
    report = complaint = praise = inquiry = other = 0.0
    for name, strength in (signals.strengths | _weighed(scales)).items():
        if strength and name in _SPEAKS_FOR:
            tenths = _SPEAKS_FOR[name]
            report += tenths[0] * strength
            complaint += tenths[1] * strength
            praise += tenths[2] * strength
            inquiry += tenths[3] * strength
            other += tenths[4] * strength
    shares = [exp(one / 10) for one in (report, complaint, praise, inquiry, other)]
    whole = sum(shares)
    chances = {intent: share / whole for intent, share in zip(_INTENTS, shares, strict=True)}
    intent = max(_INTENTS, key=lambda one: chances[one])
    confidence = min(0.95, chances[intent])
    if intent is not Intent.REPORT and misconduct >= SUSPICION:
        confidence = min(confidence, 0.5)
    return Decision(intent, confidence, chances)


def _weighed(scales: Scales) -> dict[str, float]:
    """What the scales say, as signals."""
    misconduct, complaint = scales.top(MISCONDUCT), scales.top(COMPLAINTS)
    return {
        "misconduct": min(_HEAVIEST, misconduct),
        "alleged": misconduct >= ENOUGH,
        "nothing": misconduct < SUSPICION,
        "complaint": min(_HEAVIEST, complaint),
        "complained": complaint >= ENOUGH,
    }
