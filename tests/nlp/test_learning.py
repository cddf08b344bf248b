"""What corrections teach: phrases that tell, with their counts, and nothing a single case holds."""

import pytest

from nlp.evidence import Evidence
from nlp.learning import Learner, Lesson, known_words
from nlp.own_lists import OwnTerm, OwnWords
from nlp.reading import Reader, Verdict
from nlp.taxonomy import Category, Intent

WAITING, ENVELOPE = ("process_environment",), ("red_envelope",)
LESSONS = [
    Lesson(1, "主任说要喝凉茶，喝凉茶的先安排床位，梧桐叶子落了", WAITING, ENVELOPE),
    Lesson(2, "护士告诉我喝凉茶的都先安排，我没喝", ("other",), ENVELOPE),
    Lesson(3, "等了很久，病友说喝凉茶才行，窗口还关了", WAITING, ENVELOPE),
    Lesson(4, "窗口关了没有人", ("service_attitude",), WAITING),
]


def learner(lessons: list[Lesson] = LESSONS, **how: object) -> Learner:
    return Learner(lessons, Reader.load(), **how)  # type: ignore[arg-type]


def test_a_phrase_is_told_with_its_counts_the_most_telling_first() -> None:
    taught = learner()
    taught.add("等了三个小时，窗口没有人", WAITING)
    taught.add("要喝凉茶，不要插队", ("process_environment",))
    found = {one.phrase: one for one in taught.findings()}
    assert next(iter(found)) == "喝凉茶"
    rules = found["喝凉茶"]
    assert (rules.code, rules.corrected, rules.elsewhere) == ("red_envelope", 3, 1)
    assert rules.said == ("process_environment", "other")


def test_what_one_case_alone_holds_is_never_told() -> None:
    one = [Lesson(7, "梧桐叶子 梧桐叶子 梧桐叶子", WAITING, ENVELOPE)]
    assert learner(one).findings() == []
    assert "梧桐叶子" not in {found.phrase for found in learner().findings()}


def test_least_asks_for_more_cases() -> None:
    assert {found.corrected for found in learner(least=3).findings()} == {3}
    assert learner(least=4).findings() == []


def test_what_the_lists_know_is_not_told_again() -> None:
    own = OwnWords(terms=(OwnTerm("喝凉茶", Category.RED_ENVELOPE),))
    assert "喝凉茶" in known_words(own)
    assert "喝凉茶" not in {found.phrase for found in learner(own=own).findings()}
    assert {"红包", "回扣"} <= known_words()


def test_names_are_never_told() -> None:
    assert not [one for one in learner(names=frozenset({"喝凉茶"})).findings() if "喝凉茶" in one.phrase]


def test_what_stands_everywhere_tells_nothing() -> None:
    taught = learner()
    for _ in range(20):
        taught.add("喝凉茶的人先安排", WAITING)
    assert "喝凉茶" not in {found.phrase for found in taught.findings()}


def test_what_is_common_elsewhere_is_not_told() -> None:
    taught = learner()
    for number in range(500):
        taught.add("喝凉茶" if number < 16 else "停车太贵", WAITING)
    assert "喝凉茶" not in {found.phrase for found in taught.findings()}


def test_a_right_category_that_stays_teaches_nothing_about_it() -> None:
    kept = [Lesson(n, "喝凉茶先安排", (*ENVELOPE, *WAITING), ENVELOPE) for n in (1, 2, 3)]
    assert learner(kept).findings() == []


class Sees:
    """A reader that sees evidence for red envelopes in one word."""

    def read(self, text: str) -> Verdict:
        start = text.index("紅包樹")
        piece = Evidence("紅包樹", Category.RED_ENVELOPE, start, start + 3, "key word")
        return Verdict(Intent.REPORT, (Category.RED_ENVELOPE,), evidence=(piece,))


@pytest.mark.parametrize(("upheld", "told"), [(1, True), (3, False)])
def test_evidence_officers_struck_is_a_false_alarm(upheld: int, told: bool) -> None:
    lessons = [Lesson(n, f"大厅的紅包樹很好看{n}", ENVELOPE, ("praise",)) for n in (1, 2)]
    taught = Learner(lessons, Sees())  # type: ignore[arg-type]
    for _ in range(upheld):
        taught.add("在红包树下收了钱", ENVELOPE)
    alarms = [(one.term, one.code, one.struck, one.upheld, one.meant) for one in taught.false_alarms()]
    assert alarms == ([("红包树", "red_envelope", 2, upheld, ("praise",))] if told else [])


def test_false_alarms_name_nobody() -> None:
    class Names:
        def read(self, text: str) -> Verdict:
            return Verdict(Intent.REPORT, evidence=(Evidence(text[:6], Category.RED_ENVELOPE, 0, 6, ""),))

    for name in ("张建国收了", "骨科李主任", "收一万三千"):
        lessons = [Lesson(n, f"{name}好处的事没有", ENVELOPE, ("praise",)) for n in (1, 2)]
        assert Learner(lessons, Names()).false_alarms() == []  # type: ignore[arg-type]


def test_nothing_to_learn_from_is_no_error() -> None:
    empty = learner([])
    empty.add("随便说说", ("other",))
    assert empty.findings() == []
    assert empty.false_alarms() == []
