"""Signs name what the lists found."""

from nlp.reading import Reader


def test_signs_tell_what_is_said_denied_and_alleged() -> None:
    signs = set(Reader.by_keywords().signs("医生没收红包，主任收了两条烟"))
    assert {"said staff", "denied red_envelope", "alleges red_envelope", "reads report"} <= signs


def test_question_and_length_are_signs() -> None:
    short, long = Reader.by_keywords().signs("几点上班？"), Reader.by_keywords().signs("请问几点上班" * 20)
    assert "asks" in short
    assert "asks" not in long
    assert "length 60" in long
    assert "length 12" not in short
