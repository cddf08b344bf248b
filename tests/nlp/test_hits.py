"""Hits are found by tag, in the order of the text, and frames by the tags that are there."""

from nlp.frame_book import Frame, FrameBook, Part
from nlp.hits import HitIndex
from nlp.lexicon import Entry, Hit, sort_hits
from nlp.taxonomy import Category


def hit(tag: str, start: int, end: int, *, negated: bool = False) -> Hit:
    return Hit(start, end, Entry("x" * (end - start), "concept", (tag,)), negated)


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
    hits = [hit("gift", 0, 1), hit("staff", 2, 4), hit("money", 3, 4), hit("gift", 6, 7)]
    index = HitIndex(hits)
    assert index.tagged(frozenset({"money", "gift"})) == [hits[0], hits[2], hits[3]]
    assert index.of(Part(frozenset({"money", "gift"}), None)) == [hits[0], hits[2], hits[3]]
    assert index.tagged(frozenset({"unheard"})) == []


def test_part_takes_what_is_denied_only_where_it_asks_for_it() -> None:
    said, denied = hit("took", 0, 1), hit("took", 4, 5, negated=True)
    index = HitIndex([said, denied])
    took = frozenset({"took"})
    assert index.of(Part(took, False)) == [said]
    assert index.of(Part(took, True)) == [denied]
    assert index.of(Part(took, None)) == [said, denied]
    assert index.asserted("took") == [0]


def test_longest_of_the_hits_that_start_together_comes_first() -> None:
    short, long, later = hit("a", 1, 2), hit("b", 1, 4), hit("c", 2, 3)
    equal = hit("d", 1, 4)
    hits = [later, short, long, equal]
    sort_hits(hits)
    assert hits == [long, equal, short, later]


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
