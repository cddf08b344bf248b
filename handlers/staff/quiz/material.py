"""Material to read for a duty: its words, a link, a file; with what comes after reading below it."""

from datetime import datetime

from sqlmodel import Session

from handlers.turn import Turn
from handlers.words import Words
from storage.duties.book import Duty, Proof
from storage.duties.occurrences import Occurrence, OccurrenceStage
from storage.errors import SealError
from storage.house import House
from storage.messages import Choice, Reply, StoredFile
from storage.training.materials import material_file


def material_reply(turn: Turn, occurrence: Occurrence) -> list[Reply]:
    """What there is to read for an occurrence, in a message of its own: the duty's card stays where it is."""
    return [material_of(turn.session, occurrence, house=turn.house, words=turn.words, now=turn.now)]


def material_of(
    session: Session, occurrence: Occurrence, *, house: House, words: Words, now: datetime
) -> Reply:
    """The words of the duty, its link and its file; 已阅 or 开始答题 below."""
    duty = house.duties.by_key.get(occurrence.duty)
    if duty is None or not has_material(occurrence, house):
        return Reply(words("quiz.material_none"), _onward(occurrence, words))
    said, files = [words("quiz.material_title", title=occurrence.title)], tuple[StoredFile, ...]()
    if duty.link:
        said.append(words("quiz.material_link", link=duty.link))
    if duty.file:
        key, files = _file(session, duty, house)
        said.append(words(key))
    return Reply("\n".join(said), _onward(occurrence, words), files=files)


def has_material(occurrence: Occurrence, house: House) -> bool:
    """Whether a duty comes with a link or a file."""
    duty = house.duties.by_key.get(occurrence.duty)
    return duty is not None and bool(duty.link or duty.file)


def _file(session: Session, duty: Duty, house: House) -> tuple[str, tuple[StoredFile, ...]]:
    try:
        file = material_file(session, duty.file, vault=house.vault)
    except SealError:  # changed from outside: not what the hospital gave us to hand out
        return "quiz.material_broken", ()
    return ("quiz.material_file", (file,)) if file is not None else ("quiz.material_later", ())


def _onward(occurrence: Occurrence, words: Words) -> tuple[tuple[Choice, ...], ...]:
    if occurrence.stage not in (OccurrenceStage.OPEN, OccurrenceStage.CLOSED):
        return ()
    match occurrence.proof:
        case Proof.READING:
            return ((Choice(words("quiz.read"), f"due:read:{occurrence.id}"),),)
        case Proof.QUIZ:
            return ((Choice(words("quiz.begin"), f"quiz:begin:{occurrence.id}"),),)
    return ()
