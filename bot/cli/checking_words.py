"""What `lianxin check` advises about the word lists."""

from typing import TYPE_CHECKING

from sqlmodel import Session

from bot.config_text import say
from bot.word_file import FILE
from nlp.list_checks import Finding, check_shipped
from nlp.own_checks import check_own
from storage.hospital import Hospital
from storage.members import active_members, name_of, opens
from storage.mentions import plain_name
from storage.vault import Vault

if TYPE_CHECKING:
    from bot.data_folder import DataFolder

_OF_OWN = {"two_weights": "own_weight", "two_categories": "own_category"}


def about_words(folder: "DataFolder") -> list[str]:
    """Words that stand somewhere twice, contradict each other or are never found, a line each."""
    own = folder.words
    return [
        *(_told(one, one.kind) for one in check_shipped()),
        *(_told(one, _OF_OWN.get(one.kind, one.kind)) for one in check_own(own, FILE)),
        *(_told(one, one.kind) for one in _nobodies(folder)),
    ]


def _told(finding: Finding, kind: str) -> str:
    message = say("lists", kind, {"word": finding.word, "other": finding.other})
    return f"{finding.file}, line {finding.line}: {message}"


def _nobodies(folder: "DataFolder") -> list[Finding]:
    """Names that mean somebody whom no list knows."""
    hospital, words = folder.house.hospital, folder.words
    known = _known(hospital) | folder.database.run_now(lambda session: _staff(session, folder.vault))
    return [
        Finding(FILE, words.lines.get(("name", one.word, ""), 0), "nobody", one.word, one.means)
        for one in words.names
        if one.means and plain_name(one.means) not in known
    ]


def _known(hospital: Hospital) -> set[str]:
    offices = {name for one in hospital.offices for name in (one.name, *one.aliases)}
    leaders = {name for one in hospital.leaders for name in (one.name, one.title)}
    return set(map(plain_name, offices | leaders))


def _staff(session: Session, vault: Vault) -> set[str]:
    able = (member for member in active_members(session) if opens(member, vault=vault))
    return {plain_name(name_of(member, vault=vault)) for member in able}
