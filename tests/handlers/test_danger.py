"""Words of danger in the middle of what staff write for their work."""

import pytest
from sqlmodel import Session, select

from handlers.turn import Desk
from storage.cases import Case
from storage.duties.submissions import Submission, open_sealed
from tests.duties import give_out
from tests.handlers.staff.people import Ward


@pytest.fixture
def ward(session: Session, desk: Desk) -> Ward:
    return Ward(session, desk)


def test_who_writes_of_ending_their_life_gets_help_and_nothing_of_it_stays_under_their_name(
    session: Session, ward: Ward
) -> None:
    anna, _ = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "report", offices=["药剂科"])
    anna.chooses(f"due:submit:{occurrence.id}").says("我撑不下去了，不想活了")
    assert "12356" in anna.text
    assert len(session.exec(select(Case)).all()) == 1
    kept = session.exec(select(Submission)).all()
    assert all("不想活" not in open_sealed(one, "words", vault=ward.house.vault) for one in kept)


def test_report_of_work_may_tell_of_threats_of_others(session: Session, ward: Ward) -> None:
    anna, _ = ward.joins("安娜")
    occurrence = give_out(session, ward.house, "report", offices=["药剂科"])
    anna.chooses(f"due:submit:{occurrence.id}").says("本周有病人家属扬言要砍死医生，已报保卫科")
    assert session.exec(select(Case)).all() == []
    [kept] = session.exec(select(Submission)).all()
    assert "扬言" in open_sealed(kept, "words", vault=ward.house.vault)
