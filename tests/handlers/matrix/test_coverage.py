"""Role × office × everything of coverage that can be pressed or typed, against the table of who sees what."""

import pytest
from sqlmodel import Session

from handlers.staff.coverage.asked import token
from storage.members import Role
from tests.duties import make_employee
from tests.handlers.staff.coverage.ward import Ward, furnish

_SEES = """
                药剂科  设备科  纪检办
officer         -       -       -
head            own     own     all
supervisor      own     own     all
administrator   all     all     all
staff           -       -       -
"""
"""`own` the figures and names of one's office, `all` those of the house; a supervisor always sees all."""
VERBS = ("", ":who", ":who:{id}", ":who:.0", ":table", ":pick:0", ":nudge:{id}")
WORDS = ("覆盖率", "/覆盖率", "覆盖率 {office}", "覆盖率 专题学习", "覆盖率 本季度")
OFFICES = ("药剂科", "设备科", "纪检办")
SECRETS = {"药剂科": ("钱进", "周全", "药剂科："), "设备科": ("吴外", "设备科：")}
"""What tells of an office: names of those who are missing, and a line of figures."""


def sees(role: Role, office: str) -> set[str]:
    """The offices that somebody of a role and office may see."""
    row = next(line.split()[1:] for line in _SEES.splitlines() if line.startswith(role.value))
    what = "all" if role is Role.SUPERVISOR else row[OFFICES.index(office)]
    return {"all": set(OFFICES), "own": {office}, "-": set()}[what]


@pytest.fixture
def ward(session: Session) -> Ward:
    ward = furnish(session)
    for role in Role:
        for office in OFFICES:
            make_employee(session, ward.desk.house, f"{role.value}{office}", office, role)
    return ward


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("office", OFFICES)
def test_nothing_tells_of_an_office_that_somebody_may_not_see(ward: Ward, role: Role, office: str) -> None:
    caller = ward.caller(f"{role.value}{office}")
    seen = sees(role, office)
    hidden = [one for place, secrets in SECRETS.items() if place not in seen for one in secrets]
    for asked in ("all", *map(token, OFFICES)):
        for verb in VERBS:
            said = caller.chooses(f"coverage:2025-11:{asked}:all{verb.format(id=ward.study.id)}").text
            assert not [one for one in hidden if one in said], (asked, verb)
    for text in WORDS:
        for other in OFFICES:
            said = caller.says(text.format(office=other)).text
            assert not [one for one in hidden if one in said], (text, other)
    reminded = {
        place for place, one in (("药剂科", "钱进"), ("设备科", "吴外")) if ward.people[one].remind_at
    }
    assert reminded == seen & {"药剂科", "设备科"}


@pytest.mark.parametrize(("role", "office"), [(Role.HEAD, "药剂科"), (Role.SUPERVISOR, "纪检办")])
def test_what_the_table_allows_is_shown(ward: Ward, role: Role, office: str) -> None:
    caller = ward.caller(f"{role.value}{office}")
    assert "钱进" in caller.chooses(f"coverage:2025-11:{token('药剂科')}:all:who:{ward.study.id}").text
