"""Names every module that holds tables, so that the metadata is whole wherever this is imported."""

from sqlmodel import SQLModel

from storage import (
    blocks,
    cards,
    cases,
    clocks,
    corrections,
    deposits,
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
from storage.drives import items, phases
from storage.duties import assignments, occurrences, promises, submissions
from storage.duties import cards as duty_cards
from storage.followup import discharges, opt_outs, surveys, tasks, tickets
from storage.followup import tallies as survey_tallies
from storage.hand_ins import rows as hand_ins
from storage.staff import employees, record
from storage.training import knowledge, materials, sittings

MODULES = (
    assignments, blocks, cards, cases, clocks, corrections, deposits, dialogues, discharges, duty_cards,
    employees, entries, errands, events, files, groups, hand_ins, hand_outs, inbox, invites, items,
    knowledge, letters, marks, materials, members, numbered_choices, occurrences, opt_outs, phases,
    promises, ratings, receipts, record, sender_tags, sittings, submissions, subscriptions, survey_tallies,
    surveys, tallies, tasks, tickets,
)  # fmt: skip

METADATA = SQLModel.metadata
