"""上交统计: month totals without names, for heads of the discipline office and supervisors."""

from collections.abc import Sequence

from handlers.staff.hand_ins.views import button
from handlers.triage.sight import Sight
from handlers.turn import Turn
from handlers.words import Words
from storage.followup.months import earlier, is_month, month_of
from storage.hand_ins.figures import LEAST, MonthTotals, month_totals
from storage.hospital import Hospital
from storage.members import Member, Right, Role, may
from storage.messages import Reply
from storage.refusals import note_refusal


def sees_totals(member: Member, hospital: Hospital) -> bool:
    """Whether somebody may see the totals."""
    leads = member.role is Role.HEAD and member.office == hospital.discipline_office
    return member.active and (leads or may(member, Right.EVERY_CASE))


def on_totals(turn: Turn, arguments: Sequence[str] = ()) -> list[Reply]:
    """The totals of a month, this one unless another is named."""
    hospital = turn.house.hospital
    if not sees_totals(turn.officer, hospital):
        note_refusal(turn.session, turn.officer, "action", now=turn.now, wish="hand_in_totals")
        said = turn.words("hand_in.totals_not_yours", office=hospital.discipline_office)
        return [Reply("" if turn.inbound.in_group else said, toast=said)]
    if turn.inbound.in_group:
        return [Reply("", toast=turn.words("hand_in.only_private"))]
    this = month_of(turn.now, hospital.timezone)
    asked = arguments[0] if arguments else this
    month = asked if is_month(asked) and asked <= this else this
    found = month_totals(turn.session, month, house=turn.house, now=turn.now)
    sight = Sight.of(turn)
    row = [button(sight, "earlier_month", f"totals:{earlier(month, 1)}")]
    row += [button(sight, "later_month", f"totals:{earlier(month, -1)}")] if month < this else []
    said = totals_text(found, turn.words, hospital=hospital.name, this_month=month == this)
    return [Reply(said, (tuple(row),), edits=turn.inbound.pressed)]


def totals_text(found: MonthTotals, words: Words, *, hospital: str, this_month: bool) -> str:
    """The totals line by line."""
    lines = [
        words("hand_in.totals_title", hospital=hospital, month=found.month),
        words("hand_in.totals_count", count=count_words(found.count, words)),
        words("hand_in.totals_sum", sum=sum_words(found, words, this_month=this_month)),
        words("hand_in.totals_things", count=count_words(found.things, words)),
        words("hand_in.totals_late", count=count_words(found.late, words)),
    ]
    for way, count in found.by_way.items():
        shown = words("hand_in.totals_hidden") if count is None else str(count)
        lines.append(words("hand_in.totals_way", way=words(f"hand_in.way_{way}"), count=shown))
    return "\n".join([*lines, words("hand_in.totals_foot", least=LEAST)])


def count_words(count: int | None, words: Words) -> str:
    """A count, or that it is too small to be told."""
    return words("hand_in.totals_few", least=LEAST) if count is None else str(count)


def sum_words(found: MonthTotals, words: Words, *, this_month: bool) -> str:
    """What it came to, or why that is not told."""
    if found.yuan is None:
        return words("hand_in.totals_later" if this_month else "hand_in.totals_hidden")
    return words("hand_in.totals_yuan", yuan=f"{found.yuan:,.2f}".removesuffix(".00"))
