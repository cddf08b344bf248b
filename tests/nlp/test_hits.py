"""Hits are found by tag, in the order of the text, and frames by the tags that are there."""

from nlp.frame_book import Frame, FrameBook, Part
from nlp.hits import HitIndex
from nlp.lexicon import MONEY, Word, lexicon
from nlp.taxonomy import Category

GIFT, STAFF, CASH = range(3)
WORDS = [Word(("gift",)), Word(("staff",)), Word(("money",))]


def frame(*parts: str) -> Frame:
    return Frame(
        Category.RED_ENVELOPE,
        tuple(Part(frozenset(part.split("|")), False) for part in parts),
        frozenset(),
        ordered=False,
        within=10,
        weight=1.0,
        why=" ".join(parts),
    )


def test_hits_of_several_tags_stand_in_the_order_of_the_text() -> None:
    hits = [(GIFT, 0, 1), (STAFF, 2, 4), (CASH, 3, 4), (GIFT, 6, 7)]
    index = HitIndex(hits, WORDS)
    assert index.tagged(frozenset({"money", "gift"})) == [hits[0], hits[2], hits[3]]
    assert index.of(Part(frozenset({"money", "gift"}), None)) == [hits[0], hits[2], hits[3]]
    assert index.tagged(frozenset({"unheard"})) == []


def test_part_takes_what_is_denied_only_where_it_asks_for_it() -> None:
    said, denied = (GIFT, 0, 1), (GIFT, 4, 5)
    index = HitIndex([said, denied], WORDS)
    index.negated.add(denied)
    gift = frozenset({"gift"})
    assert index.of(Part(gift, False)) == [said]
    assert index.of(Part(gift, True)) == [denied]
    assert index.of(Part(gift, None)) == [said, denied]
    assert index.asserted("gift") == [0]
    assert index.starts("gift") == [0, 4]


def test_hits_come_in_the_order_of_the_text_the_longest_first_and_sums_among_them() -> None:
    hits = lexicon().find("给主任两条烟", [(3, 6)])
    assert [(start, -end) for _, start, end in hits] == sorted((start, -end) for _, start, end in hits)
    assert (MONEY, 3, 6) in hits


def test_what_stands_inside_a_masking_word_is_not_found() -> None:
    def terms(text: str) -> set[str]:
        return {text[start:end] for _, start, end in lexicon().find(text)}

    assert "红包" in terms("收红包")
    assert "红包" not in terms("腿上起了红包块")


def test_only_frames_with_something_for_every_part_are_possible_in_the_order_of_the_list() -> None:
    frames = [
        frame("staff", "money|gift"),
        frame("money"),
        frame("staff", "gift", "took"),
        frame("gift", "staff"),
    ]
    book = FrameBook(frames)
    assert book.possible(["gift", "staff"]) == [frames[0], frames[3]]
    assert book.possible(["money", "staff", "other"]) == [frames[0], frames[1]]
    assert book.possible(["took", "gift", "staff"]) == [frames[0], frames[2], frames[3]]
    assert book.possible([]) == []
    assert FrameBook([]).possible(["gift"]) == []
