"""Decides from the weighed evidence what the person wants, and how sure that is."""

from dataclasses import dataclass

from nlp.lexicon import Hit
from nlp.taxonomy import COMPLAINTS, MISCONDUCT, Intent
from nlp.weighing import Scales

ENOUGH = 0.9
"""Weight from which a category counts as alleged."""
SUSPICION = 0.35
"""Weight of misconduct from which no message is set aside without a person looking."""
SURE = 0.6
"""Confidence below which a person at the service desk reads the message."""


@dataclass(frozen=True, slots=True)
class Signals:
    """How often the text speaks in each way."""

    hospital: int
    elsewhere: int
    praise: int
    bad: int
    asking: int
    question_marks: int
    spam: int
    chat: int
    denial: int
    policy: int
    length: int

    @classmethod
    def gather(cls, text: str, hits: list[Hit]) -> "Signals":
        """Counts the concepts among the hits."""
        count: dict[str, int] = {}
        for hit in hits:
            for tag in hit.entry.tags:
                # "不满意" is no praise and "没骗人" nothing bad: a denied word counts for neither.
                if not (hit.negated and tag in ("praise", "bad")):
                    count[tag] = count.get(tag, 0) + 1
        return cls(
            hospital=count.get("hospital", 0),
            elsewhere=count.get("other_sector", 0),
            praise=count.get("praise", 0) + count.get("refuse", 0),
            bad=count.get("bad", 0) + count.get("sad", 0),
            asking=count.get("asking", 0),
            question_marks=text.count("?") + (1 if text.rstrip()[-1:] in ("吗", "么", "呢", "不", "没") else 0),
            spam=count.get("spam", 0),
            chat=count.get("chat", 0),
            denial=count.get("denial", 0) + count.get("refuse", 0),
            policy=count.get("policy", 0),
            length=len(text),
        )

    @property
    def is_elsewhere(self) -> bool:
        """Whether the text is about schools, building sites, offices … and not about health care."""
        return self.elsewhere > 0 and self.hospital * (1 if self.length < 120 else 2) <= self.elsewhere


@dataclass(frozen=True, slots=True)
class Decision:
    """The intent and how sure it is, 0 to 1."""

    intent: Intent
    confidence: float


def decide(signals: Signals, scales: Scales) -> Decision:
    """The intent; confidence under SURE asks for a person."""
    misconduct, complaint = scales.top(MISCONDUCT), scales.top(COMPLAINTS)
    if signals.is_elsewhere and (signals.hospital == 0 or misconduct < 1.5):
        return Decision(Intent.OTHER, 0.8 if signals.hospital == 0 else 0.65)
    if misconduct >= ENOUGH:
        return Decision(Intent.REPORT, min(0.95, 0.4 + 0.25 * misconduct))
    if _is_question(signals) and complaint < 1.5:
        return _doubt(Intent.INQUIRY, 0.8 if signals.hospital or signals.length < 40 else 0.65, misconduct)
    if signals.spam + signals.chat > 0 and signals.hospital == 0 and complaint < ENOUGH and signals.praise == 0:
        return _doubt(Intent.OTHER, 0.75, misconduct)
    if signals.praise > max(signals.bad, 2 * complaint) or (signals.praise and not signals.bad and not complaint):
        return _doubt(Intent.PRAISE, min(0.9, 0.6 + 0.1 * (signals.praise - signals.bad)), misconduct)
    if complaint >= 0.5:
        return _doubt(Intent.COMPLAINT, min(0.9, 0.4 + 0.25 * complaint + 0.05 * signals.bad), misconduct)
    if signals.praise > signals.bad:
        return Decision(Intent.PRAISE, 0.5)
    if signals.question_marks and not signals.bad and signals.hospital:
        return Decision(Intent.INQUIRY, 0.5)
    if signals.hospital and (signals.bad or misconduct >= SUSPICION):
        return Decision(Intent.REPORT if misconduct >= SUSPICION else Intent.COMPLAINT, 0.4)
    return Decision(Intent.OTHER, 0.3 if signals.length > 6 else 0.7)


def _is_question(signals: Signals) -> bool:
    return signals.asking > 0 and (signals.bad <= signals.asking + signals.question_marks)


def _doubt(intent: Intent, confidence: float, misconduct: float) -> Decision:
    return Decision(intent, min(confidence, 0.5) if misconduct >= SUSPICION else confidence)
