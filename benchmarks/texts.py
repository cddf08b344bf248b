"""Messages as people send them, written for the benchmarks."""

REPORTS = (
    "医生收了我两千块",
    "手术前一天护士长说要意思一下,我们包了一千五给主刀,他推了两下就收了",
    "骨科的张主任让家属去门口那家店买钢板,说报他名字能便宜,结果比别处贵一倍",
    "我妈在三楼住了六天,结账单上有十二天的护理费,问窗口说是电脑自动出的",
    "药代每天中午在医生办公室送饭,送完就坐那儿看电脑里的处方",
    "昨天下午麻醉师加我微信让我转八百,说是术后镇痛,没有单子也没有发票",
    "没住院的人医保卡放在科里,每个月给两百块,床位全是空的还天天记账",
    "主任说床位紧张,后来给了他两条烟,下午就住进去了",
    "抽血窗口的人态度特别差,问一句就吼,老人耳朵不好被她骂哭了",
    "挂号排了三个小时,轮到我说没号了,旁边黄牛三百块马上就有",
)


def report(number: int) -> str:
    """A report that nobody else sends: the same words from several people are joined to one case."""
    return f"{REPORTS[number % len(REPORTS)]},病床号{number}"
