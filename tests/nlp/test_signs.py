"""Signs name what the lists found."""

from nlp.reading import Reader


def test_signs_tell_what_is_said_and_alleged() -> None:
    glance, look = map(set, Reader.by_keywords().signs("主任收了我家两千块红包"))
    assert {"said staff", "said money", "said red_envelope"} <= glance
    assert {"alleges red_envelope", "reads report"} <= look
    assert not glance & look


def test_what_is_denied_is_a_sign_of_its_own() -> None:
    _, look = Reader.by_keywords().signs("医生没收红包")
    assert "denied red_envelope" in look
    assert "alleges red_envelope" not in look


def test_question_and_length_are_signs() -> None:
    short, _ = Reader.by_keywords().signs("几点上班？")
    long, _ = Reader.by_keywords().signs("请问几点上班" * 20)
    assert "asks" in short
    assert "asks" not in long
    assert "length 60" in long
    assert "length 12" not in short
