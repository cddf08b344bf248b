"""Finds the number that a challenge asks for, as the page does."""

from itertools import count

from bot.gate import WorkAsked, solves


def proof_of(challenge: str, bits: int) -> str:
    """The proof for this challenge."""
    answer = next(str(number) for number in count() if solves(challenge, str(number), bits))
    return f"{challenge}.{answer}"


def proof_for(asked: WorkAsked) -> str:
    """The proof for what was asked."""
    return proof_of(asked.challenge, asked.bits)
