"""Decides which offices get a report, and keeps it from those it speaks about."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from nlp.taxonomy import Category, Intent
from storage.hospital import Hospital, Route
from storage.naming import Named, Person, read_names

__all__ = ["Person", "Routing", "route"]

_CATEGORIES = {category.value: category for category in Category}
_SEALED = tuple(category.value for category in Category if category.sealed)


@dataclass(frozen=True, slots=True)
class Routing:
    """Where a report goes.

    `left_out_offices` and `left_out_people` (ids) may not come to the case later either, by transfer or
    assignment. A sealed case is for supervisors alone: `lead` is then the discipline office in name
    only, and supervisors who belong to a left-out office or are left out themselves do not see it.
    `why` holds reasons such as category:kickback, intent:praise, unsure, no_route:kickback,
    office_named:药剂科, person_named:7, perhaps_named:7, head_of:药剂科, nobody_left:药剂科,
    lead_left_out:药剂科, leader_named, sealed:coverup_retaliation, sealed:discipline; no word of the text.
    """

    lead: str
    supporting: tuple[str, ...] = ()
    left_out_offices: tuple[str, ...] = ()
    left_out_people: tuple[int, ...] = ()
    sealed: bool = False
    why: tuple[str, ...] = ()


def route(
    hospital: Hospital,
    *,
    categories: Sequence[str],
    intent: str,
    unsure: bool,
    text: str,
    people: Sequence[Person],
) -> Routing:
    """The offices for a report with these ranked `categories`; `people` is everybody who is in.

    The first category gives the lead, all of them the supporters. Nobody the text speaks about is on
    the case: an accused lead is replaced by the discipline office; if that office, one of its officers
    or a leader is accused, the case is sealed.

    - An officer named in full, or by surname and title behind the own office, is left out. The officer's
      office stays unless it has nobody else or the officer is its head.
    - An officer who only shares a surname and title with somebody named (王主任) is left out as long as
      the office keeps somebody else. If not, the officer stays, unless the title is one that only heads
      of offices bear (王科长): then the office is left out.
    - Somebody who handles no cases (staff, administrator) is left out just as well: they may be given
      another role later. An office is kept by those who handle cases alone.
    - Praise and plain inquiries accuse nobody.
    """
    lead, supporting, why = _by_subject(hospital, categories, intent, unsure=unsure)
    if not categories and not unsure and intent in (Intent.PRAISE, Intent.INQUIRY):
        return Routing(lead, why=tuple(why))
    named = read_names(hospital, people, text)
    left_people, emptied = _leave_out_people(named, people, why)
    left = {*named.offices, *emptied}
    why += [f"office_named:{office}" for office in _in_order(hospital, named.offices)]
    sealed = _seals(hospital, categories, named, left, people, why)
    if lead in left and not sealed:
        why.append(f"lead_left_out:{lead}")
    if sealed or lead in left:
        lead = hospital.discipline_office
    return Routing(
        lead=lead,
        supporting=() if sealed else tuple(o for o in _once(supporting) if o not in left and o != lead),
        left_out_offices=_in_order(hospital, left),
        left_out_people=tuple(sorted(left_people)),
        sealed=sealed,
        why=tuple(why),
    )


def _by_subject(
    hospital: Hospital, categories: Sequence[str], intent: str, *, unsure: bool
) -> tuple[str, list[str], list[str]]:
    if intent == Intent.PRAISE and not unsure:
        return hospital.praise_office, [], ["intent:praise"]
    if not categories:
        return hospital.service_desk, [], ["unsure"] if unsure else [f"intent:{intent}"]
    why: list[str] = []
    routes = [_route_of(hospital, code, why) for code in categories]
    others = [route.lead for route in routes[1:]]
    return routes[0].lead, [office for route in routes for office in route.supporting] + others, why


def _route_of(hospital: Hospital, code: str, why: list[str]) -> Route:
    """The hospital's own row, else the default as far as its offices exist, else the discipline office."""
    why.append(f"category:{code}")
    if code in hospital.routing:
        return hospital.routing[code]
    names = {office.name for office in hospital.offices}
    category = _CATEGORIES.get(code)
    if category is None or category.facts.lead not in names:
        why.append(f"no_route:{code}")
        complaint = category is not None and not category.is_misconduct
        return Route(lead=hospital.service_desk if complaint else hospital.discipline_office)
    supporting = tuple(office for office in category.facts.supporting if office in names)
    return Route(lead=category.facts.lead, supporting=supporting)


def _leave_out_people(named: Named, people: Sequence[Person], why: list[str]) -> tuple[set[int], set[str]]:
    """The ids to leave out and the offices that thereby have nobody to trust with the case."""
    if not named.people and not named.possible:
        return set(), set()
    out = set(named.people)
    emptied: set[str] = set()
    touched: dict[str, list[Person]]
    why += [f"person_named:{one}" for one in sorted(out)]
    called = named.people | named.possible
    touched = {person.office: [] for person in people if person.id in called}
    for person in people:
        if person.office in touched:
            touched[person.office].append(person)
    for office, members in touched.items():
        if any(person.head and person.id in named.people for person in members):
            emptied.add(office)
            why.append(f"head_of:{office}")
        out |= {person.id for person in members if not person.handles} & named.possible
        rest = {person.id for person in members if person.handles} - out
        perhaps = rest & named.possible
        if rest == perhaps and not perhaps & named.likely:
            perhaps = set()
        why += [f"perhaps_named:{one}" for one in sorted(perhaps)]
        out |= perhaps
        if rest == perhaps and office not in emptied and any(person.handles for person in members):
            emptied.add(office)
            why.append(f"nobody_left:{office}")
    return out, emptied


def _seals(
    hospital: Hospital,
    categories: Iterable[str],
    named: Named,
    left: set[str],
    people: Sequence[Person],
    why: list[str],
) -> bool:
    before = len(why)
    why += [f"sealed:{code}" for code in _SEALED if code in categories]
    if named.leader:
        why.append("leader_named")
    discipline = any(
        person.id in named.people and person.office == hospital.discipline_office for person in people
    )
    if hospital.discipline_office in left or discipline:
        why.append("sealed:discipline")
    return len(why) > before


def _in_order(hospital: Hospital, names: AbstractSet[str]) -> tuple[str, ...]:
    """These offices in the order of the hospital's list."""
    return tuple(office.name for office in hospital.offices if office.name in names) if names else ()


def _once(names: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(names)
