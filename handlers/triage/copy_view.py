"""What a case shows of others with the same words, and of the case it is handled with."""

from handlers.triage.sight import Sight
from storage.access import may_see
from storage.cases import Case
from storage.copies import copies_of, count_copies
from storage.members import Member
from storage.messages import Choice, Reply


def copies_line(case: Case, sight: Sight) -> str:
    """另有 23 份相同内容; of a copy, that it is one; empty for most cases."""
    if case.same_as is not None:
        return sight.words("card.same_as_another")
    count = count_copies(sight.session, case)
    return sight.words("card.copies", count=count) if count else ""


def same_as_line(case: Case, member: Member, sight: Sight) -> str:
    """The number of the case a copy is handled with, for whoever may know of that one."""
    first = _first(case, member, sight)
    return sight.words("card.same_as", number=first.number) if first else copies_line(case, sight)


def copies_row(case: Case, member: Member, sight: Sight) -> tuple[Choice, ...]:
    """The way to the copies, or from a copy to the case it is handled with."""
    if case.same_as is not None:
        first = _first(case, member, sight)
        label = sight.words("desk.open_first", number=first.number) if first else ""
        return (Choice(label, f"open:{first.id}:list"),) if first else ()
    count = count_copies(sight.session, case)
    return (Choice(sight.words("desk.copies", count=count), f"copies:{case.id}"),) if count else ()


def copies_page(case: Case, page: int, member: Member, sight: Sight) -> Reply:
    """The copies, a button each; a page beyond the end shows the first."""
    found, more = copies_of(sight.session, case, page)
    if page and not found:
        return copies_page(case, 0, member, sight)
    seen = [one for one in found if may_see(sight.session, one, member, sight.house.hospital)]
    rows = [(Choice(_line(one, sight), f"open:{one.id}:list"),) for one in seen]
    turning = [Choice(sight.words("desk.previous"), f"copies:{case.id}:{page - 1}")] if page else []
    turning += [Choice(sight.words("desk.next"), f"copies:{case.id}:{page + 1}")] if more else []
    back = (Choice(sight.words("desk.back_to_case"), f"open:{case.id}"),)
    count = count_copies(sight.session, case)
    text = sight.words("triage.copies", number=case.number, count=count)
    return Reply(text, tuple(row for row in (*rows, tuple(turning), back) if row))


def _line(case: Case, sight: Sight) -> str:
    return sight.words("card.between").join((case.number, sight.at(case.received_at)))


def _first(case: Case, member: Member, sight: Sight) -> Case | None:
    first = sight.session.get(Case, case.same_as) if case.same_as is not None else None
    seen = first is not None and may_see(sight.session, first, member, sight.house.hospital)
    return first if seen else None
