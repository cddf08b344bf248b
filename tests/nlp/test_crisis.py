"""Words of danger to life are heard in any voice, and idioms are not."""

from nlp.crisis import CrisisKind, crisis_in


def test_the_evidence_stands_where_it_was_written() -> None:
    text = "医生您好。我想自 殺。"
    crisis = crisis_in(text)
    assert crisis is not None
    assert crisis.kind is CrisisKind.SELF_HARM
    assert [text[one.start : one.end] for one in crisis.evidence] == ["自 殺"]
