"""Health trouble: the ward calls, nothing is ever answered by the bot; danger has its own help."""

import pytest

from storage.followup.surveys import Stage
from storage.followup.tasks import TaskKind, open_sealed
from tests.handlers.followup.conftest import PHONE, Books, Leaves

TROUBLE = "伤口红肿流脓，还发烧"


def test_the_ward_is_asked_to_call_and_the_patient_hears_whom_to_call(
    goes_home: Leaves, books: Books
) -> None:
    patient = goes_home().says(TROUBLE)
    [task] = books.tasks
    assert (task.kind, task.call_wanted) == (TaskKind.CALLBACK, True)
    assert books.task_words() == TROUBLE
    assert open_sealed(task, "phone", vault=patient.desk.house.vault) == PHONE
    for words in ("骨科的护士", "0571-12345678", "120", "机器人不会看病"):
        assert words in patient.text
    assert books.kept_words == []


def test_the_survey_goes_on_gently_or_stops(goes_home: Leaves) -> None:
    patient = goes_home("p").says(TROUBLE)
    assert patient.labels == ["接着答", "就到这里"]
    assert "第 1 题" in patient.presses("接着答").text
    other = goes_home("q").says(TROUBLE).says("好的谢谢")
    assert "保重" in other.text
    other.presses("就到这里")
    assert other.survey.stage is Stage.SENT  # nothing was answered: it stays open, and nobody insists
    third = goes_home("r").says("5分，就是" + TROUBLE).presses("就到这里")
    assert third.survey.stage is Stage.ANSWERED


def test_what_cannot_wait_names_120_first_and_asks_nothing(goes_home: Leaves) -> None:
    patient = goes_home().says("我爸喘不上气，嘴唇发紫，叫不醒了")
    assert patient.text.startswith("请不要等，现在就打 120")
    assert patient.labels == []
    assert "第" not in patient.text


def test_after_illness_nobody_cheers(goes_home: Leaves) -> None:
    patient = goes_home().says("5分，就是" + TROUBLE).presses("接着答").presses("4").presses("4")
    patient.says("医生挺好的")
    assert "高兴" not in patient.text
    assert "肯定" not in patient.text
    assert "我们会认真看" in patient.text


def test_without_a_known_number_one_is_asked_for_at_once(goes_home: Leaves, books: Books) -> None:
    patient = goes_home(phone="").says(TROUBLE)
    assert "留一个方便接的电话" in patient.text
    assert len(books.tasks) == 1
    patient.says("13900002222")
    assert open_sealed(books.tasks[0], "phone", vault=patient.desk.house.vault) == "13900002222"
    assert patient.labels == ["接着答", "就到这里"]


def test_more_trouble_is_added_to_the_same_task(goes_home: Leaves, books: Books) -> None:
    goes_home().says(TROUBLE).says("现在腿也肿了，疼得下不了床")
    assert len(books.tasks) == 1
    assert books.task_words() == f"{TROUBLE}\n现在腿也肿了，疼得下不了床"


@pytest.mark.parametrize(("told", "read"), [
    ("伤口流脓发烧，当初王医生收了我两千红包还缝成这样", "伤口流脓发烧"),
    ("伤口红肿流脓，还发烧。王医生收了我两千块红包", "伤口红肿流脓，还发烧"),
    ("我肚子疼 吐了两次；主任要我去他诊所，收了我三千块", "我肚子疼，吐了两次"),
    ("王医生收了我两千块红包，护士不管，现在伤口发炎了", "现在伤口发炎了"),
])  # fmt: skip
def test_the_nurse_reads_of_health_and_nothing_that_blames_somebody(
    goes_home: Leaves, books: Books, told: str, read: str
) -> None:
    """Without any words the ward would know that somebody was blamed."""
    patient = goes_home().says(told)
    assert books.task_words() == read
    assert "120" in patient.text
    assert "就这样交上去" in patient.labels


def test_a_ward_without_a_line_sends_to_the_doctor(goes_home: Leaves) -> None:
    patient = goes_home(ward="二病区").says(TROUBLE)
    assert "联系您的主管医生" in patient.text


def test_despair_gets_its_own_help_and_a_call(goes_home: Leaves, books: Books) -> None:
    patient = goes_home().says("活着没意思，我攒了一瓶药，今晚就吃了")
    assert "12356" in patient.text
    assert "会有人给您打过去" in patient.text
    assert "第 1 题" not in patient.text
    assert [task.kind for task in books.tasks] == [TaskKind.CALLBACK]
    assert len(books.cases) == 1
    assert patient.survey.stage is Stage.SENT


@pytest.mark.parametrize("said", ["护士再这样我拿刀砍死她", "他打我，把我推倒在地上，现在还拦着门"])
def test_violence_keeps_its_own_help_and_makes_no_task_for_the_ward(
    goes_home: Leaves, books: Books, said: str
) -> None:
    patient = goes_home().says(said)
    assert "110" in patient.text or "120" in patient.text
    assert not books.tasks
