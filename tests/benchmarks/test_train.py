"""Training learns from labelled messages what tells them apart."""

from rich.progress import Progress

from benchmarks.own_messages import Message
from benchmarks.train import Corpus, learn
from nlp.reading import Reader
from nlp.scoring import Scorer
from nlp.weights import LABELS

GIFTS = [f"主任收了{thing}就有了床位" for thing in ("两条烟", "一箱酒", "购物卡", "海参", "茶叶", "金条")]
THANKS = [f"谢谢{who}，照顾得真好" for who in ("护士", "医生", "护工", "主任", "大家", "你们")]
CHAT = [
    *(Message(text, "report", ("red_envelope",), urgent=False) for text in GIFTS),
    *(Message(text, "praise", (), urgent=False) for text in THANKS),
]
LETTERS = [
    Message(
        f"尊敬的领导：我反映{place}停车难的问题，盼复，此致敬礼",
        "complaint",
        ("process_environment",),
        urgent=False,
    )
    for place in ("门诊楼", "住院部", "急诊", "体检中心")
]


def test_what_was_learned_tells_new_messages_apart() -> None:
    reader = Reader.by_keywords()
    with Progress(disable=True) as progress:
        scorer = Scorer(learn(Corpus(CHAT, LETTERS, reader), progress))

    def odds(text: str) -> dict[str, float]:
        glance, look = reader.signs(text)
        scores = scorer.score(scorer.weigh(text), glance + look)
        return dict(zip(LABELS, scores.odds, strict=True))

    given, thanked = odds("主任收了土鸡就有了床位"), odds("谢谢保洁，照顾得真好")
    assert given["red_envelope"] > thanked["red_envelope"]
    assert thanked["praise"] > given["praise"]
    letter, chat = (
        scorer.score(scorer.weigh(text), ()).letter for text in ("尊敬的领导：此致敬礼", "谢谢护士")
    )
    assert letter > chat
