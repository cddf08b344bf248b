"""Says who owes a duty and what counts as done, in the words of the house."""

from handlers.words import Words
from storage.duties.book import Answers, Duty

_NAMED = 3


def who_owes(duty: Duty, words: Words) -> str:
    """All, or offices and groups by name, the first few of many; roles in brackets."""
    owed = duty.owed_by
    everyone = words("plan.every_office" if duty.each is Answers.OFFICE else "plan.everyone")
    names = () if owed.everyone else (*owed.offices, *owed.groups)
    who = words("plan.between").join(names[:_NAMED]) or everyone
    if len(names) > _NAMED:
        who = words("plan.and_more", some=who, count=len(names))
    if not owed.roles:
        return who
    roles = words("plan.between").join(words(f"plan.{role}") for role in owed.roles)
    return words("plan.with_roles", who=who, roles=roles)


def what_counts(duty: Duty, words: Words) -> str:
    """How it is answered."""
    return words(f"plan.proof_{duty.done.value}")
