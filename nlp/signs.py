"""Names what the lists found in a text, as the learned weights know it."""

from nlp.hits import HitIndex
from nlp.intents import ENOUGH, SUSPICION, Decision
from nlp.weighing import Scales

_LENGTHS = (12, 30, 60, 120, 250)


def signs(index: HitIndex, scales: Scales, decision: Decision, text: str) -> list[str]:
    """The signs of a normalised text.

    `said X` and `denied X`: a word of concept or category X stands there; `hints X`, `alleges X`: category X
    weighs enough for a suspicion, for a report; `reads X`: the intent by keywords alone; `length N`: the text
    has N characters or more; `asks`: it ends in a question mark.
    """
    found = [f"said {tag}" for tag in index.by_tag]
    if index.negated:
        denied = {tag for hit in index.negated for tag in index.words[hit[0]].tags}
        found += [f"denied {tag}" for tag in denied]
    for category, weight in scales.scores.items():
        if weight >= SUSPICION:
            found.append(f"{'alleges' if weight >= ENOUGH else 'hints'} {category}")
    found.append(f"reads {decision.intent}")
    found += [f"length {least}" for least in _LENGTHS if len(text) >= least]
    if text.endswith("?"):
        found.append("asks")
    return found
