"""How a reply is cut for reading."""

from nlp.replies import Reply, stripped


def test_blanks_between_words_part_clauses() -> None:
    assert Reply.of("满意 退订").clauses == ["满意", "退订"]


def test_blanks_between_english_words_do_not() -> None:
    assert Reply.of("very satisfied, thanks a lot").clauses == ["very satisfied,", "thanks a lot"]


def test_sentences_hold_their_clauses() -> None:
    assert Reply.of("住得好。腿疼，晚上睡不着").sentences == [["住得好。"], ["腿疼,", "晚上睡不着"]]


def test_a_point_inside_a_number_parts_nothing() -> None:
    assert Reply.of("体温38.5").clauses == ["体温38.5"]


def test_digits_in_circles_and_other_scripts_are_digits() -> None:
    assert Reply.of("❺").text == "5"
    assert Reply.of("٤").text == "4"


def test_the_bare_reply_has_no_signs_and_pictures() -> None:
    assert Reply.of("【满 意】👍！").bare == "满 意"
    assert Reply.of("【满 意】👍！").joined == "满意"
    assert stripped("👍好,") == "好"


def test_places_point_at_the_clauses() -> None:
    reply = Reply.of("好，好，好")
    assert [reply.text[at : at + 1] for at, _ in reply.placed] == ["好", "好", "好"]
