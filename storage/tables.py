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
    errands,
    events,
    files,
    groups,
    hand_outs,
    inbox,
    invites,
    letters,
    marks,
    members,
    numbered_choices,
    ratings,
    receipts,
    sender_tags,
    subscriptions,
    tallies,
)
from storage.followup import discharges, opt_outs, surveys, tasks, tickets
from storage.followup import tallies as survey_tallies

MODULES = (
    blocks, cards, cases, clocks, corrections, dialogues, discharges, entries, errands, events, files,
    groups, hand_outs, inbox, invites, letters, marks, members, numbered_choices, opt_outs, ratings,
    receipts, sender_tags, subscriptions, survey_tallies, surveys, tallies, tasks, tickets,
)  # fmt: skip

METADATA = SQLModel.metadata
