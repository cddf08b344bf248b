"""Codes let one person in once; members and groups are found, moved and known by their hashes."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage.errors import CodeError
from storage.groups import active_groups, bind_group, move_group
from storage.identity import chat_hash, sender_hash
from storage.invites import INVITE_LASTS, check_invite, invite, use_invite
from storage.members import (
    Member,
    Role,
    active_members,
    add_member,
    everybody_of,
    find_member,
    forget_member,
    is_forgotten,
    is_head_or_supervisor,
    members_of,
    name_of,
    supervisors,
)
from storage.roster import staff_version
from storage.vault import Vault


@pytest.fixture
def join(session: Session, vault: Vault, now: datetime) -> Any:
    """Lets somebody in: `join("anna", office=…)`."""

    def add(sender: str, **changes: Any) -> Member:
        plain: dict[str, Any] = {
            "channel": "web", "address": f"chat-{sender}", "name": "王芳", "office": "药剂科",
            "role": Role.OFFICER, "now": now,
        }  # fmt: skip
        return add_member(session, sender=sender, vault=vault, **(plain | changes))

    return add


def test_code_works_once(session: Session, vault: Vault, now: datetime) -> None:
    code = invite(session, "药剂科", vault=vault, now=now, role=Role.HEAD, name="王芳")
    found, name = use_invite(session, code, for_group=False, vault=vault, now=now)
    assert (found.office, found.role, name) == ("药剂科", Role.HEAD, "王芳")
    with pytest.raises(CodeError):
        use_invite(session, code, for_group=False, vault=vault, now=now)


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: f" {code}\n"])
def test_code_may_be_typed_loosely(session: Session, vault: Vault, now: datetime, typed: Any) -> None:
    code = typed(invite(session, "药剂科", vault=vault, now=now))
    assert use_invite(session, code, for_group=False, vault=vault, now=now)[1] == ""


def test_code_expires(session: Session, vault: Vault, now: datetime) -> None:
    code = invite(session, "药剂科", vault=vault, now=now)
    with pytest.raises(CodeError):
        use_invite(session, code, for_group=False, vault=vault, now=now + INVITE_LASTS)
    last = now + INVITE_LASTS - timedelta(seconds=1)
    assert use_invite(session, code, for_group=False, vault=vault, now=last)


@pytest.mark.parametrize("for_group", [True, False])
def test_code_of_the_other_kind_is_refused_and_stays_good(
    session: Session, vault: Vault, now: datetime, for_group: bool
) -> None:
    code = invite(session, "药剂科", vault=vault, now=now, for_group=for_group)
    with pytest.raises(CodeError):
        use_invite(session, code, for_group=not for_group, vault=vault, now=now)
    assert use_invite(session, code, for_group=for_group, vault=vault, now=now)


def test_looking_at_a_code_does_not_use_it(session: Session, vault: Vault, now: datetime) -> None:
    code = invite(session, "药剂科", vault=vault, now=now, name="王芳")
    for _ in range(2):
        assert check_invite(session, code, for_group=False, vault=vault, now=now)[1] == "王芳"
    use_invite(session, code, for_group=False, vault=vault, now=now)
    with pytest.raises(CodeError):
        check_invite(session, code, for_group=False, vault=vault, now=now)


def test_neither_code_nor_name_nor_address_stands_in_clear(
    session: Session, vault: Vault, now: datetime, join: Any
) -> None:
    code = invite(session, "药剂科", vault=vault, now=now, name="李雷")
    join("anna")
    bind_group(session, channel="telegram", address="-1004711", office="药剂科", vault=vault, now=now)
    session.flush()
    rows = [str(tuple(row)) for name in ("invites", "members", "groups")
            for row in session.execute(text(f"SELECT * FROM {name}"))]  # noqa: S608  # fmt: skip
    assert not [word for word in (code, "李雷", "王芳", "chat-anna", "4711") for row in rows if word in row]


def test_member_is_found_by_the_hash(session: Session, vault: Vault, join: Any) -> None:
    anna = join("anna")
    found = find_member(session, "anna")
    assert found is not None
    assert found.id == anna.id
    assert name_of(found, vault=vault) == "王芳"
    assert find_member(session, "bert") is None


def test_who_joins_again_is_moved_and_not_doubled(
    session: Session, vault: Vault, now: datetime, join: Any
) -> None:
    anna = join("anna")
    anna.active = False
    session.flush()
    assert find_member(session, "anna") is None
    again = join("anna", office="医务科", role=Role.HEAD, name="王大芳", now=now + timedelta(days=1))
    assert (again.id, again.office, again.role, again.active) == (anna.id, "医务科", Role.HEAD, True)
    assert name_of(again, vault=vault) == "王大芳"
    assert len(active_members(session)) == 1


def test_only_who_may_handle_cases_counts_for_an_office(session: Session, join: Any) -> None:
    anna = join("anna", role=Role.HEAD)
    join("bert", role=Role.ADMINISTRATOR)
    join("carl", role=Role.STAFF)
    assert members_of(session, "药剂科") == [anna]
    assert len(everybody_of(session, "药剂科")) == 3
    assert is_head_or_supervisor(anna)
    anna.active = False
    assert not is_head_or_supervisor(anna)


def test_who_left_is_forgotten_without_a_trace_of_name_and_address(
    session: Session, vault: Vault, join: Any
) -> None:
    anna = join("anna")
    with pytest.raises(ValueError, match="who is in"):
        forget_member(session, anna)
    anna.active = False
    forget_member(session, anna)
    assert (anna.name, anna.address, name_of(anna, vault=vault)) == (b"", b"", "")
    assert is_forgotten(anna)
    assert find_member(session, "anna", active_only=False) is None
    assert join("anna").id != anna.id


def test_supervisors_are_the_active_ones(session: Session, join: Any) -> None:
    anna, bert = join("anna", role=Role.SUPERVISOR), join("bert", role=Role.SUPERVISOR)
    join("carl")
    bert.active = False
    session.flush()
    assert supervisors(session) == [anna]


def test_version_of_the_staff_changes_with_every_change(session: Session, now: datetime, join: Any) -> None:
    seen = [staff_version(session)]
    anna = join("anna")
    seen.append(staff_version(session))
    join("anna", now=now + timedelta(hours=1), office="医务科")
    seen.append(staff_version(session))
    anna.active, anna.changed_at = False, now + timedelta(hours=2)
    session.flush()
    seen.append(staff_version(session))
    assert len(set(seen)) == 4


def test_group_serves_one_office(session: Session, vault: Vault, now: datetime) -> None:
    for office in ("药剂科", "医务科"):
        bind_group(session, channel="telegram", address="-100", office=office, vault=vault, now=now)
    assert [group.office for group in active_groups(session)] == ["医务科"]


def test_group_that_moved_keeps_its_office(session: Session, vault: Vault, now: datetime) -> None:
    bind_group(session, channel="telegram", address="-1", office="药剂科", vault=vault, now=now)
    for _ in range(2):  # messengers say it twice
        assert move_group(session, channel="telegram", before="-1", after="-100", vault=vault)
    (group,) = active_groups(session)
    assert (group.office, group.chat) == ("药剂科", chat_hash(vault, "telegram", "-100"))
    assert not move_group(session, channel="telegram", before="-5", after="-6", vault=vault)


def test_people_and_chats_of_different_channels_are_different(vault: Vault) -> None:
    hashes = {
        sender_hash(vault, "web", "1"), sender_hash(vault, "telegram", "1"),
        chat_hash(vault, "web", "1"), chat_hash(vault, "telegram", "1"),
    }  # fmt: skip
    assert len(hashes) == 4
