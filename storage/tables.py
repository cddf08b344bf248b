"""Names every module that holds tables, so that the metadata is whole wherever this is imported."""

from sqlmodel import SQLModel

from storage import (
    blocks,
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
    sender_tags,
    subscriptions,
    tallies,
)

MODULES = (
    blocks, cards, cases, clocks, corrections, dialogues, entries, events, files, groups, inbox, invites,
    letters, marks, members, ratings, receipts, sender_tags, subscriptions, tallies,
)  # fmt: skip

METADATA = SQLModel.metadata
