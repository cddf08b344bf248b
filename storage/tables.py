"""Names every module that holds tables, so that the metadata is whole wherever this is imported."""

from sqlmodel import SQLModel

from storage import (
    cards,
    cases,
    clocks,
    corrections,
    dialogues,
    entries,
    events,
    files,
    groups,
    inbox,
    invites,
    letters,
    marks,
    members,
    ratings,
    receipts,
    subscriptions,
)

MODULES = (
    cards, cases, clocks, corrections, dialogues, entries, events, files, groups, inbox, invites, letters,
    marks, members, ratings, receipts, subscriptions,
)  # fmt: skip

METADATA = SQLModel.metadata
