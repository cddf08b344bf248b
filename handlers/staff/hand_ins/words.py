"""How a hand-in reads: the amount, the day, how it stands, and the confirmation its giver can keep."""

from datetime import date
from decimal import Decimal

from handlers.triage.sight import Sight
from storage.errors import SealError
from storage.hand_ins.rows import Given, HandIn, HandInState, Settled, open_given, open_settled
from storage.vault import Vault


def yuan_words(yuan: Decimal, sight: Sight) -> str:
    """2,000 元."""
    whole = yuan == yuan.to_integral_value()
    return sight.words("hand_in.totals_yuan", yuan=f"{yuan:,.0f}" if whole else f"{yuan:,.2f}")


def what_words(given: Given, sight: Sight) -> str:
    """What it was in the giver's words, and what it comes to where they do not say just that."""
    if given.yuan is None:
        return given.what
    amount = yuan_words(given.yuan, sight)
    plain = given.what.replace(" ", "").replace(",", "")
    if plain in (amount.replace(" ", "").replace(",", ""), f"{given.yuan:f}"):
        return amount
    return f"{given.what}（{amount}）"


def day_words(day: date, sight: Sight) -> str:
    """11月21日, with the year where it is not this one."""
    key = "plain_day" if day.year == sight.now.year else "plain_day_year"
    return sight.words(f"hand_in.{key}", year=day.year, month=day.month, day=day.day)


def reported_words(row: HandIn, sight: Sight) -> str:
    """The day on which it was reported; of an anonymous one no more is known."""
    return day_words(sight.house.local_day(row.reported_at), sight)


def state_words(row: HandIn, sight: Sight) -> str:
    """How it stands; settled: in which way."""
    if row.state is HandInState.SETTLED and row.way is not None:
        return sight.words(f"hand_in.way_{row.way}")
    return sight.words(f"hand_in.state_{row.state}")


def confirmation_lines(row: HandIn, sight: Sight) -> list[str]:
    """Number, dates, what it was, who received it, how it was settled: never whose it was.

    Raises nothing: what does not open is said to be so.
    """
    given, settled = given_of(row, sight.house.vault), settled_of(row, sight.house.vault)
    what = what_words(given, sight) if given is not None else sight.words("hand_in.unopened")
    what = what or sight.words("hand_in.erased")
    office, who = sight.house.hospital.discipline_office, sight.name(row.received_by)
    receiver = sight.words("hand_in.receiver", office=office, who=who).strip()
    text = sight.words(
        "hand_in.confirmation", number=row.number, day=reported_words(row, sight), what=what,
        received=day_words(row.received_on, sight), state=state_words(row, sight),
        receiver=receiver if row.received_by else sight.words("hand_in.receiver_none"),
    )  # fmt: skip
    lines = text.split("\n")
    if settled is not None and settled.reference and row.way is not None:
        label = sight.words(f"hand_in.reference_{row.way}")
        lines.append(sight.words("hand_in.confirmation_reference", label=label, reference=settled.reference))
    if settled is not None and settled.note:
        lines.append(sight.words("hand_in.confirmation_reason", reason=settled.note))
    if row.state in (HandInState.RECEIVED, HandInState.SETTLED) or row.late:
        lines.append(sight.words(f"hand_in.confirmation_{'late' if row.late else 'in_time'}"))
    return lines


def given_of(row: HandIn, vault: Vault) -> Given | None:
    """What was given up; None where it does not open."""
    try:
        return open_given(row, vault=vault)
    except SealError:
        return None


def settled_of(row: HandIn, vault: Vault) -> Settled | None:
    """How it was settled; None where that does not open."""
    try:
        return open_settled(row, vault=vault)
    except SealError:
        return None
