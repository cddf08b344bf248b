"""What the words next to a rating say of it."""

from nlp.marks import mark


def test_a_thing_before_a_rating_is_what_it_is_about() -> None:
    assert mark(2, 2, 4, before="食堂", after="").aspect


def test_a_thing_the_points_go_to_is_what_they_are_about() -> None:
    assert mark(5, 0, 2, before="", after="给医生").aspect


def test_the_whole_stay_is_no_single_thing() -> None:
    found = mark(4, 4, 6, before="医疗总体", after="")
    assert found.overall
    assert not found.aspect


def test_another_time_is_elsewhere_and_never_counts() -> None:
    found = mark(5, 3, 5, before="上次打", after="")
    assert found.elsewhere
    assert found.past
