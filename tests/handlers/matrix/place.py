"""One hospital with a member of every role in every relation to seven cases, one for each state."""

from dataclasses import dataclass

from sqlmodel import Session, select

from handlers.turn import Desk
from storage.cases import Case, Cause, LeftOutPerson, Outcome
from storage.files import attach_files
from storage.hospital import Hospital
from storage.members import Member, Role
from storage.messages import StoredFile
from storage.triage import accept_case, close_case, reopen_case, start_investigation
from storage.withdrawal import withdraw_case
from tests.factories import MONDAY, make_member, open_a_case
from tests.handlers.matrix.expected import RELATIONS, STATES

MARK = "标记甲乙丙丁"
"""Stands in every text, note and answer of the cases: whoever must not know of them never reads it."""
_OFFICES = {
    "lead": "药剂科", "supporting": "医务科", "discipline": "纪检办", "other": "人事科",
    "left_out_office": "设备科", "left_out_person": "药剂科", "recused": "药剂科",
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """`members` by role and relation, `cases` by state, the uid of one file of each case."""

    session: Session
    desk: Desk
    members: dict[tuple[Role, str], Member]
    cases: dict[str, Case]
    files: dict[str, str]

    @property
    def hospital(self) -> Hospital:
        """The hospital's decisions."""
        return self.desk.house.hospital


def name_of(role: Role, relation: str) -> str:
    """How a member of the matrix is called: also their sender and chat."""
    return f"{role.value} {relation}"


def furnish(session: Session, desk: Desk) -> Place:
    """Members, cases, a file each, and somebody who handles those that were accepted."""
    keeper = make_member(session, desk.house, "经办", "药剂科")
    make_member(session, desk.house, "同事", "设备科")
    members = {
        (role, relation): make_member(session, desk.house, name_of(role, relation), office, role)
        for role in Role
        for relation, office in _OFFICES.items()
    }
    cases = {state: _case(session, desk, state, members, keeper) for state in STATES}
    files = {}
    for state, case in cases.items():
        stored = StoredFile(f"{state:0<32}", "照片.jpg", "image/jpeg", 10)
        attach_files(session, [stored], case_id=case.id or 0, entry_id=1, vault=desk.house.vault, now=MONDAY)
        files[state] = stored.uid
    session.commit()
    return Place(session, desk, members, cases, files)


def _case(
    session: Session, desk: Desk, state: str, members: dict[tuple[Role, str], Member], keeper: Member
) -> Case:
    left_out = [member.id for (_, relation), member in members.items() if relation == "left_out_person"]
    case = open_a_case(
        session, desk.house, f"{MARK}，药房收回扣五千元", lead="药剂科", supporting=["医务科"],
        left_out_offices=["设备科"], left_out_people=left_out, sealed=state == "sealed", now=MONDAY,
    )  # fmt: skip
    for (_, relation), member in members.items():
        if relation == "recused":
            assert case.id is not None
            assert member.id is not None
            session.add(LeftOutPerson(case_id=case.id, member_id=member.id, cause=Cause.RECUSED))
    house, now = desk.house, MONDAY
    if state in ("accepted", "investigating", "closed", "reopened", "withdrawn"):
        accept_case(session, case, keeper, house=house, now=now)
    if state in ("investigating", "closed", "reopened"):
        start_investigation(session, case, keeper, house=house, now=now)
    if state in ("closed", "reopened"):
        close_case(session, case, keeper, Outcome.UNSUBSTANTIATED, MARK, MARK, house=house, now=now)
    if state == "reopened":
        reopen_case(session, case, keeper, MARK, house=house, now=now)
    if state == "withdrawn":
        withdraw_case(session, case, house=house, now=now)
    session.flush()
    return case


def everybody(place: Place) -> list[tuple[Role, str]]:
    """Every role in every relation."""
    return [(role, relation) for role in Role for relation in RELATIONS]


def count_rows(session: Session) -> int:
    """How many cases there are."""
    return len(session.exec(select(Case.id)).all())
