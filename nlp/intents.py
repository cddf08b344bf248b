"""Decides from the weighed evidence what the person wants, and how sure that is."""

from typing import NamedTuple

from nlp.hits import HitIndex
from nlp.places import any_between
from nlp.taxonomy import COMPLAINTS, MISCONDUCT, Category, Intent
from nlp.weighing import Scales

ENOUGH = 0.9
"""Weight from which a category counts as alleged."""
LIKELY = 0.6
"""Weight from which misconduct is the better guess where nothing else explains the text."""
SUSPICION = 0.35
"""Weight of misconduct from which no message is set aside without a person looking."""
SURE = 0.6
"""Confidence below which a person at the service desk reads the message."""
_LONG = 100
"""Characters from which a text has room to name many things in passing."""
_SHORT = 30
_PARTICLES = frozenset({"吗", "么", "呢", "不", "没"})
"""A message that ends in one of these asks, with or without a question mark."""
_HEALTH_ALONE = frozenset(
    {
        Category.UNLICENSED_PRACTICE,
        Category.IMPROPER_MEDICATION,
        Category.ILLEGAL_BIOMEDICAL,
        Category.INSURANCE_FRAUD,
        Category.PRESCRIPTION_DATA,
        Category.OVER_TREATMENT,
    }
)
"""Categories that speak of health care by themselves, whatever else the text names."""
_GIFTS = frozenset({"gift", "envelope", "money", "gave", "red_envelope"})
_NEAR = 20
_COUNTED = (
    *("hospital", "other_sector", "praise", "bad", "sad", "provider", "asking", "ask_weak", "spam"),
    *("chat", "plan", "denial", "policy"),
)
_SAID_ONLY = ("praise", "bad", "denial")


class Signals(NamedTuple):
    """How often the text speaks in each way."""

    hospital: int
    elsewhere: int
    praise: int
    bad: int
    provider: int
    asking: int
    wondering: int
    question_marks: int
    spam: int
    chat: int
    plan: int
    denial: int
    policy: int
    length: int

    @classmethod
    def gather(cls, text: str, index: HitIndex) -> "Signals":
        """Counts the concepts among the hits."""
        count = {tag: len(index.by_tag[tag]) for tag in _COUNTED if tag in index.by_tag}
        # "不满意" is no praise and "没骗人" nothing bad: a denied word counts for neither.
        count |= {tag: len(index.asserted(tag)) for tag in _SAID_ONLY if tag in count}
        if "refuse" in index.by_tag:
            gifts = [start for _, start, _ in index.tagged(_GIFTS)]
            near = [at for at in index.asserted("refuse") if any_between(gifts, at - _NEAR, at + _NEAR)]
            count["refuse"] = len(near)
        return cls(
            hospital=count.get("hospital", 0),
            elsewhere=count.get("other_sector", 0),
            praise=count.get("praise", 0) + count.get("refuse", 0),
            bad=count.get("bad", 0) + count.get("sad", 0),
            provider=count.get("provider", 0),
            asking=count.get("asking", 0),
            wondering=count.get("ask_weak", 0),
            question_marks=text.count("?") + (text.rstrip()[-1:] in _PARTICLES),
            spam=count.get("spam", 0),
            chat=count.get("chat", 0),
            plan=count.get("plan", 0),
            denial=count.get("denial", 0) + count.get("refuse", 0),
            policy=count.get("policy", 0),
            length=len(text),
        )

    @property
    def is_elsewhere(self) -> bool:
        """Whether the text is about schools, building sites, offices … and not about health care."""
        if self.length < _LONG:
            return self.elsewhere > 0 and self.provider <= self.elsewhere - 1
        return self.provider <= self.length // 400 or self.elsewhere > 0.9 * self.provider

    @property
    def is_small_talk(self) -> bool:
        """Whether it is spam or chat that names nothing of a hospital; one kind word in it thanks nobody."""
        idle = self.spam + self.chat
        return idle > 0 and self.provider == 0 and self.praise <= idle


class Decision(NamedTuple):
    """The intent and how sure it is, 0 to 1."""

    intent: Intent
    confidence: float


def decide(signals: Signals, scales: Scales) -> Decision:
    """The intent; confidence under SURE asks for a person."""
    misconduct, complaint = scales.top(MISCONDUCT), scales.top(COMPLAINTS)
    if signals.is_elsewhere and (signals.provider == 0 or misconduct < 1.5):
        return _elsewhere(signals, misconduct, scales.top(_HEALTH_ALONE))
    if misconduct >= ENOUGH:
        return Decision(Intent.REPORT, min(0.95, 0.4 + 0.25 * misconduct))
    if misconduct >= LIKELY and not signals.asking and signals.praise <= signals.bad:
        return Decision(Intent.REPORT, 0.45)
    if _is_question(signals, complaint):
        return _doubt(Intent.INQUIRY, _question_confidence(signals), misconduct)
    if signals.is_small_talk and complaint < ENOUGH:
        return _doubt(Intent.OTHER, 0.75, misconduct)
    if signals.praise > max(signals.bad, complaint):
        return _doubt(Intent.PRAISE, min(0.9, 0.6 + 0.1 * (signals.praise - signals.bad)), misconduct)
    if complaint >= ENOUGH or (complaint >= 0.5 and (signals.bad or signals.provider)):
        return _doubt(Intent.COMPLAINT, min(0.9, 0.4 + 0.25 * complaint + 0.05 * signals.bad), misconduct)
    if signals.praise > signals.bad:
        return Decision(Intent.PRAISE, 0.5)
    if misconduct >= SUSPICION and not signals.asking and not signals.plan:
        return Decision(Intent.REPORT, 0.4)
    if (signals.question_marks or signals.wondering or signals.plan) and signals.length < _LONG:
        return Decision(Intent.INQUIRY, 0.5)
    if signals.hospital and signals.bad:
        return Decision(Intent.COMPLAINT, 0.4)
    return Decision(Intent.OTHER, 0.3 if signals.length > 6 else 0.7)


def _elsewhere(signals: Signals, misconduct: float, health: float) -> Decision:
    """Not health care by its words; where an allegation and a hospital word stand in it, a person looks."""
    if health >= ENOUGH or (misconduct >= ENOUGH and signals.hospital and signals.length < _LONG):
        return Decision(Intent.REPORT if signals.length < _LONG else Intent.OTHER, 0.5)
    if signals.elsewhere and not signals.provider:
        return Decision(Intent.OTHER, 0.8)
    doubtful = misconduct >= SUSPICION or not signals.elsewhere
    return Decision(Intent.OTHER, 0.5 if doubtful else 0.65)


def _question_confidence(signals: Signals) -> float:
    if signals.asking:
        return 0.8
    # "…, what is that if not keeping accounts?" is a question in form only: short ones rarely are.
    return 0.65 if signals.length < _SHORT else 0.55


def _is_question(signals: Signals, complaint: float) -> bool:
    if signals.asking and signals.length < 2 * _LONG:
        return signals.bad <= signals.asking + signals.question_marks and complaint < 1.5
    if signals.bad or signals.praise or complaint >= ENOUGH:
        return False
    asked = signals.question_marks and signals.length < 60
    return bool(signals.wondering and (asked or signals.length < 25))


def _doubt(intent: Intent, confidence: float, misconduct: float) -> Decision:
    return Decision(intent, min(confidence, 0.5) if misconduct >= SUSPICION else confidence)
