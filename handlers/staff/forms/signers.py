"""Who has signed, for heads: shares of offices, and the names that are missing; typed /承诺 or pressed."""

from collections.abc import Mapping, Sequence

from handlers.staff.duties.finding import list_row, looks_in, no_such, number_in, occurrence_in, oversees_it
from handlers.triage.sight import Sight
from handlers.turn import Turn
from nlp.normalise import normalise
from storage.duties.book import Proof
from storage.duties.occurrences import Occurrence
from storage.duties.signing import Signer, find_signings, share_of, signed_list
from storage.event_names import EventName
from storage.events import record_event
from storage.messages import Choice, Reply
from storage.refusals import note_refusal
from storage.staff.permits import oversees

_OFFICES, _NAMES = 20, 40
"""On one page; a long list is for paper: lianxin duties signed."""


def on_signers_words(turn: Turn) -> list[Reply] | None:
    """承诺, /承诺 KEY: for heads; None for everybody else, and for words that mean something else."""
    word, _, name = normalise(turn.inbound.text).text.strip().partition(" ")
    slash = word.startswith("/")
    known = word.removeprefix("/").partition("@")[0] in turn.words("forms.words_signers").split()
    if not known or not oversees_it(turn) or (turn.dialogue.flow and not slash):
        return None
    found = find_signings(turn.session, name.strip(), turn.house.duties)
    occurrence = next((one for one in found if _may_look(turn, one)), None)
    if occurrence is None:
        return [turn.reply("forms.no_list", (list_row(turn),))]
    return [_list(turn, occurrence, 0)]


def on_signers(turn: Turn, arguments: Sequence[str]) -> list[Reply]:
    """A button `fill:list:OCCURRENCE:PAGE`."""
    occurrence = occurrence_in(turn, arguments)
    if occurrence is None or occurrence.proof is not Proof.FORM or not _may_look(turn, occurrence):
        note_refusal(turn.session, turn.officer, "action", now=turn.now, wish="signers")
        return no_such(turn)
    return [_list(turn, occurrence, number_in(arguments, 1))]


def _may_look(turn: Turn, occurrence: Occurrence) -> bool:
    return oversees_it(turn) and looks_in(turn, occurrence)


def _list(turn: Turn, occurrence: Occurrence, page: int) -> Reply:
    offices = oversees(turn.officer, turn.house.hospital)
    lists = signed_list(turn.session, occurrence, offices=offices, vault=turn.house.vault)
    record_event(
        turn.session, f"member:{turn.officer.id}", EventName.SIGNERS_READ, now=turn.now,
        occurrence=occurrence.id,
    )  # fmt: skip
    names = list(lists)[page * _OFFICES : (page + 1) * _OFFICES]
    lines = [turn.words("forms.list_title", title=occurrence.title)]
    lines += [_share(turn, office, lists[office]) for office in names] or [turn.words("forms.list_empty")]
    if len(lists) == 1:
        lines += _one_by_one(turn, next(iter(lists.values())))
    return Reply("\n".join(lines), _rows(turn, occurrence, lists, page), edits=turn.inbound.pressed)


def _share(turn: Turn, office: str, signers: Sequence[Signer]) -> str:
    signed, expected = share_of(signers)
    percent = 100 * signed // expected if expected else 100
    return turn.words("forms.share", office=office, signed=signed, expected=expected, percent=percent)


def _one_by_one(turn: Turn, signers: Sequence[Signer]) -> list[str]:
    """Who is missing comes first."""
    sight = Sight.of(turn)
    ordered = sorted(signers, key=lambda one: (one.signed_at is not None, one.excused))
    lines = [
        turn.words(
            f"forms.{_standing(one)}", name=one.name or turn.words("duties.former"),
            at=sight.at(one.signed_at or turn.now),
        )
        for one in ordered[:_NAMES]
    ]  # fmt: skip
    rest = len(ordered) - _NAMES
    return [*lines, *([turn.words("forms.more_names", count=rest)] if rest > 0 else [])]


def _standing(signer: Signer) -> str:
    if signer.signed_at is not None:
        return "signer"
    return "signer_excused" if signer.excused else "signer_missing"


def _rows(
    turn: Turn, occurrence: Occurrence, lists: Mapping[str, object], page: int
) -> tuple[tuple[Choice, ...], ...]:
    turning = [_turn_to(turn, "previous", occurrence, page - 1)] if page else []
    if (page + 1) * _OFFICES < len(lists):
        turning.append(_turn_to(turn, "next", occurrence, page + 1))
    return (*((tuple(turning),) if turning else ()), list_row(turn))


def _turn_to(turn: Turn, name: str, occurrence: Occurrence, page: int) -> Choice:
    return Choice(turn.words(f"desk.{name}"), f"fill:list:{occurrence.id}:{page}")
