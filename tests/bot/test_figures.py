"""What is counted for those who run it: never who, never what."""

from bot.figures import Figures
from storage.errors import DeliveryError
from tests.stage import Stage


async def test_counts_letters_by_state_and_open_cases_without_names(stage: Stage) -> None:
    figures = Figures()
    await stage.person("p", "messenger").says("医生收了我两千块")
    stage.messenger.failures.append(DeliveryError("blocked", permanent=True))
    await stage.database.run(figures.read_tables)
    text = figures.text().decode()
    assert 'lianxin_letters{state="pending"} 3.0' in text
    assert "lianxin_open_cases 1.0" in text
    await stage.deliver()
    await stage.database.run(figures.read_tables)
    text = figures.text().decode()
    assert 'lianxin_letters{state="dead"} 2.0' in text
    assert not any(word in text for word in ("两千", "纪检", 'channel="p"'))
