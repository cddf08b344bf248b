"""Codes are made for offices that exist; members and groups are listed and switched."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from bot.data_folder import DataFolder
from storage.access import may_see
from storage.cases import Case
from storage.errands import ErrandKind, ask_for, count_errands
from storage.files import known_files
from storage.groups import EVERYONE, Group, bind_group
from storage.hand_outs import hand_out
from storage.identity import chat_hash
from storage.invites import use_invite
from storage.members import Member, Role, active_members, add_member
from storage.messages import Reply, StoredFile
from storage.outbox import post_reply, shown_after
from storage.trail_check import check_trail
from storage.triage import accept_case
from tests.bot.cli.conftest import Command
from tests.factories import MONDAY, make_member, open_a_case

NOW = datetime(2025, 3, 3, 1, 30, tzinfo=UTC)


def code_in(text: str) -> str:
    found = re.search(r"[A-Z2-9]{5}-[A-Z2-9]{5}", text)
    assert found
    return found[0]


def join(folder: DataFolder, name: str = "王芳", role: Role = Role.OFFICER) -> int:
    def work(session: Session) -> int:
        member = add_member(
            session, sender=f"hash-{name}", channel="web", address="chat", name=name, office="药剂科",
            role=role, vault=folder.vault, now=NOW,
        )  # fmt: skip
        return member.id or 0

    return folder.database.run_now(work)


def test_code_opens_the_door_once(lianxin: Command, data: Path, folder: DataFolder) -> None:
    ended = lianxin("invite", "--office", "药剂科", "--role", "head", "--name", " 王芳 ", "--data", data)
    assert ended.code == 0
    assert "/join" in ended.out
    now = datetime.now(UTC)

    def use(session: Session) -> tuple[str, Role, str]:
        code = code_in(ended.out).lower()
        invite, name = use_invite(session, code, for_group=False, vault=folder.vault, now=now)
        return invite.office, invite.role, name

    assert folder.database.run_now(use) == ("药剂科", Role.HEAD, "王芳")


def test_without_options_it_is_an_officer_of_discipline(lianxin: Command, data: Path) -> None:
    ended = lianxin("invite", "--data", data)
    assert ended.out.startswith("纪检办, officer")


def test_other_names_of_an_office_are_understood(lianxin: Command, data: Path, folder: DataFolder) -> None:
    named = next(office for office in folder.house.hospital.offices if office.aliases)
    ended = lianxin("invite", "--office", named.aliases[0], "--data", data)
    assert ended.out.startswith(named.name)


def test_a_clinical_department_is_a_place_to_belong_to(
    lianxin: Command, data: Path, folder: DataFolder
) -> None:
    ended = lianxin("invite", "--office", "骨科", "--role", "head", "--data", data)
    assert ended.out.startswith("骨科, head")
    assert lianxin("invite", "--office", "骨科", "--group", "--data", data).out.startswith("骨科: ")
    file = data / "hospital.toml"
    file.write_text(
        file.read_text("utf-8") + '\n[[followup.wards]]\ndepartment = "康复科"\n', encoding="utf-8"
    )
    assert lianxin("invite", "--office", "康复科", "--data", data).out.startswith("康复科, officer")


@pytest.mark.parametrize("role", ["supervisor", "administrator"])
def test_who_oversees_the_house_belongs_to_an_office(lianxin: Command, data: Path, role: str) -> None:
    ended = lianxin("invite", "--office", "骨科", "--role", role, "--data", data)
    assert ended.code == 1
    assert f"骨科 is a clinical department; {role} belongs to an office" in ended.err
    assert "/join" not in ended.out


def test_group_gets_a_code_of_its_own_kind(lianxin: Command, data: Path, folder: DataFolder) -> None:
    ended = lianxin("invite", "--group", "--office", "药剂科", "--data", data)
    assert "/bind" in ended.out
    now = datetime.now(UTC)
    code = code_in(ended.out)
    assert folder.database.run_now(
        lambda session: use_invite(session, code, for_group=True, vault=folder.vault, now=now)[0].for_group
    )


def test_a_group_of_the_whole_house_belongs_to_no_office(
    lianxin: Command, data: Path, folder: DataFolder
) -> None:
    ended = lianxin("invite", "--group", "--everyone", "--data", data)
    assert ended.out.startswith("全院: ")
    now, code = datetime.now(UTC), code_in(ended.out)
    office = folder.database.run_now(
        lambda session: use_invite(session, code, for_group=True, vault=folder.vault, now=now)[0].office
    )
    assert office == EVERYONE


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--office", "药剂"), 1, "did you mean 药剂科?"),
        (("--office", "宇航部"), 1, "choose one of 纪检办、"),
        (("--role", "boss"), 1, "officer, head, supervisor, administrator"),
        (("--name", "王" * 31), 1, "at most 30 characters"),
        (("--group", "--role", "head"), 2, "neither role nor name"),
        (("--group", "--name", "王芳"), 2, "neither role nor name"),
        (("--everyone",), 2, "goes with --group"),
        (("--everyone", "--group", "--office", "药剂科"), 2, "without --office"),
    ],
)
def test_wrong_invitation_is_one_line(
    lianxin: Command, data: Path, options: tuple[str, ...], code: int, told: str
) -> None:
    ended = lianxin("invite", *options, "--data", data)
    assert (ended.code, ended.out) == (code, "")
    assert told in ended.err
    assert ended.err.count("\n") == 1


def test_invitation_is_refused_where_the_hospital_file_is_wrong(lianxin: Command, data: Path) -> None:
    (data / "hospital.toml").write_text("name = 3\n", "utf-8")
    ended = lianxin("invite", "--data", data)
    assert ended.code == 1
    assert "hospital.toml" in ended.err
    assert ended.err.count("\n") == 1


def test_members_are_listed_with_their_names(lianxin: Command, data: Path, folder: DataFolder) -> None:
    assert "Nobody has joined yet" in lianxin("members", "--data", data).out
    join(folder)
    told = lianxin("members", "--data", data).out
    assert "王芳" in told
    assert "officer" in told
    assert "2025-03-03" in told


def test_member_goes_and_comes_back_and_the_trail_knows(
    lianxin: Command, data: Path, folder: DataFolder
) -> None:
    number = join(folder)
    assert lianxin("members", "off", str(number), "--data", data).out == f"Member {number} is off.\n"
    assert folder.database.run_now(lambda session: len(active_members(session))) == 0
    assert " off " in lianxin("members", "--data", data).out
    assert lianxin("members", "on", number, "--data", data).out == f"Member {number} is on.\n"
    assert folder.database.run_now(lambda session: len(active_members(session))) == 1
    check_trail(folder.database.run_now)
    changed = folder.database.run_now(lambda session: session.get_one(Member, number).changed_at)
    assert changed > NOW


def test_unknown_member_or_group_is_one_line(lianxin: Command, data: Path) -> None:
    for command in ("members", "groups"):
        ended = lianxin(command, "off", "9", "--data", data)
        assert (ended.code, ended.err.count("\n")) == (1, 1)
        assert f"see: lianxin {command}" in ended.err


def test_groups_are_listed_and_unbound(lianxin: Command, data: Path, folder: DataFolder) -> None:
    assert "No group is bound yet" in lianxin("groups", "--data", data).out

    def bind(session: Session) -> int:
        group = bind_group(
            session, channel="telegram", address="-100", office="药剂科", vault=folder.vault, now=NOW
        )
        return group.id or 0

    number = folder.database.run_now(bind)
    assert "药剂科" in lianxin("groups", "--data", data).out
    assert lianxin("groups", "off", number, "--data", data).code == 0
    assert not folder.database.run_now(lambda session: session.get_one(Group, number).active)


def test_who_is_taken_off_leaves_no_case_behind(lianxin: Command, data: Path, folder: DataFolder) -> None:
    def accepted(session: Session) -> tuple[int, int]:
        member = make_member(session, folder.house)
        case = open_a_case(session, folder.house)
        accept_case(session, case, member, house=folder.house, now=MONDAY)
        return member.id or 0, case.id or 0

    number, case_id = folder.database.run_now(accepted)
    assert "1 open cases of theirs wait" in lianxin("members", "off", str(number), "--data", data).out
    case = folder.database.run_now(lambda session: session.get_one(Case, case_id))
    assert case.assignee_id is None


def test_who_is_taken_off_leaves_the_cases_to_a_colleague(
    lianxin: Command, data: Path, folder: DataFolder
) -> None:
    def take(session: Session) -> tuple[int, int, int]:
        anna, bert = (make_member(session, folder.house, name, "药剂科") for name in ("王芳", "李强"))
        it = make_member(session, folder.house, "吴工", "药剂科", Role.ADMINISTRATOR)
        case = open_a_case(session, folder.house, lead="药剂科")
        accept_case(session, case, anna, house=folder.house, now=MONDAY)
        return anna.id or 0, bert.id or 0, it.id or 0

    anna, bert, it = folder.database.run_now(take)
    for wrong in (it, anna, 99):
        assert lianxin("members", "off", str(anna), "--to", str(wrong), "--data", data).code == 1
    ended = lianxin("members", "off", str(anna), "--to", str(bert), "--data", data)
    assert ended.out == f"Member {anna} is off.\n1 open cases of theirs went to member {bert}.\n"
    assert folder.database.run_now(lambda session: session.get(Case, 1).assignee_id) == bert  # type: ignore[union-attr]


def test_who_comes_back_does_not_see_what_named_them_meanwhile(
    lianxin: Command, data: Path, folder: DataFolder
) -> None:
    def named(session: Session) -> tuple[int, int]:
        make_member(session, folder.house, "李静", "药剂科")
        member = make_member(session, folder.house, "王卫东", "药剂科")
        member.active = False
        case = open_a_case(session, folder.house, "王卫东收了我两千块", lead="药剂科")
        return member.id or 0, case.id or 0

    number, case_id = folder.database.run_now(named)
    assert lianxin("members", "on", number, "--data", data).code == 0

    def sees(session: Session) -> bool:
        case, member = session.get_one(Case, case_id), session.get_one(Member, number)
        return may_see(session, case, member, folder.house.hospital)

    assert not folder.database.run_now(sees)


def test_who_is_taken_off_fetches_nothing_more_of_what_they_were_shown(
    lianxin: Command, data: Path, folder: DataFolder
) -> None:
    chats = {name: chat_hash(folder.vault, "web", name) for name in ("王芳", "周洁")}

    def shown(session: Session) -> int:
        number = make_member(session, folder.house, "王芳").id or 0
        make_member(session, folder.house, "周洁")
        for name in chats:
            post_reply(
                session, Reply("骨科医生收了我两千块"), channel="web", address=name, shown=True,
                vault=folder.vault, now=MONDAY,
            )  # fmt: skip
        return number

    assert lianxin("members", "off", folder.database.run_now(shown), "--data", data).code == 0

    def left(session: Session) -> dict[str, int]:
        return {name: len(shown_after(session, chat, 0)) for name, chat in chats.items()}

    assert folder.database.run_now(left) == {"王芳": 0, "周洁": 1}


def test_nothing_is_made_any_more_for_who_is_taken_off_and_their_files_belong_to_nobody(
    lianxin: Command, data: Path, folder: DataFolder
) -> None:
    number = join(folder, role=Role.HEAD)
    file = StoredFile("a" * 32, "x.png", "image/png", 1, ours=True)

    def give(session: Session) -> None:
        hand_out(session, file, number, vault=folder.vault, now=NOW)
        ask_for(session, ErrandKind.PICTURE, number, now=NOW, department="骨科", month="2025-02")

    folder.database.run_now(give)
    assert lianxin("members", "off", str(number), "--data", data).code == 0
    assert folder.database.run_now(known_files) == set()
    assert folder.database.run_now(count_errands) == 0
