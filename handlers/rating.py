"""Satisfaction: a digit, a word or a sentence; a clue may become a report tied to nothing."""

from handlers.blocked import held_back
from handlers.menu import main_rows
from handlers.opening import open_report
from handlers.turn import Turn
from nlp.crisis import crisis_in
from nlp.rating import Rating, rate
from storage.messages import Choice, Reply
from storage.ratings import record_rating

_STARS = "★"


def on_rating(turn: Turn) -> list[Reply]:
    """满意度评价: five large buttons, or words."""
    turn.dialogue.clear()
    turn.dialogue.flow = "rating"
    rows = [(Choice(turn.words(f"rating.score_{score}"), f"score:{score}"),) for score in range(5, 0, -1)]
    return [turn.reply("rating.ask", [*rows, (turn.button("back", "back"),)])]


def on_score(turn: Turn, argument: str) -> list[Reply]:
    """A score was pressed."""
    if turn.dialogue.flow != "rating" or argument not in {"1", "2", "3", "4", "5"}:
        return [turn.reply("menu.old_button", main_rows(turn))]
    if "score" in turn.dialogue.data:
        return [turn.reply("rating.already", ((turn.button("back", "back"),),))]
    score = int(argument)
    polarity = "positive" if score > 3 else "neutral" if score == 3 else "negative"
    _record(turn, score, polarity, "")
    turn.dialogue.data["score"] = score
    key = "rating.thanks_good" if score > 3 else "rating.thanks_fair" if score == 3 else "rating.thanks_bad"
    return [turn.reply(key, ((turn.button("enough", "back"),),))]


def on_words(turn: Turn) -> list[Reply]:
    """A rating in words, or words after a score."""
    text = turn.inbound.text
    if turn.inbound.files:
        return open_report(turn, text, insists=True)
    held = held_back(turn, text)
    if held is not None:
        return held
    reading = rate(text, turn.desk.reader)
    score = turn.dialogue.data.get("score", reading.score)
    _record(turn, None if "score" in turn.dialogue.data else reading.score, reading.polarity.value, text)
    turn.dialogue.data = {"score": score, "text": text}
    if crisis_in(text) is not None:  # a person sees it, without being asked whether they want that
        return open_report(turn, text)
    return _fitting_words(turn, reading)


def on_report_clue(turn: Turn) -> list[Reply]:
    """The person agrees to have the words looked into; the case is tied to no rating."""
    text = str(turn.dialogue.data.get("text", ""))
    if turn.dialogue.flow != "rating" or not text:
        return [turn.reply("menu.old_button", main_rows(turn))]
    return open_report(turn, text, insists=True)


def _fitting_words(turn: Turn, reading: Rating) -> list[Reply]:
    offer = (turn.button("look_into", "rating.report"),)
    done = (turn.button("enough", "back"),)
    if reading.needs_care or reading.urgent:
        return [turn.reply("rating.care", (offer, done), emergency=turn.house.hospital.emergency_line)]
    if reading.categories:
        return [turn.reply("rating.clue", (offer, done))]
    match reading.polarity.value:
        case "positive":
            return [turn.reply("rating.words_good", (done,))]
        case "negative":
            return [turn.reply("rating.words_bad", (offer, done))]
    return [turn.reply("rating.words_fair", (done,))]


def _record(turn: Turn, score: int | None, polarity: str, words: str) -> None:
    record_rating(
        turn.session, score=score, polarity=polarity, words=words, vault=turn.house.vault, now=turn.now
    )
