"""我的任务: what is open for somebody, nearest due first, then what they did lately."""

from handlers.staff.duties.finding import me
from handlers.staff.duties.rows import HANDED_IN
from handlers.triage.sight import Sight
from handlers.turn import Turn
from storage.duties.mine import Owing, done_lately, open_for
from storage.duties.receiving import received_lately
from storage.followup.task_lists import open_tasks
from storage.members import Right, may
from storage.messages import Choice, Reply

_PAGE = 8


def duty_list(turn: Turn, page: str = "0", news: str = "", *, edit: bool = True) -> Reply:
    """One page of the list."""
    employee = me(turn)
    if employee is None:
        return turn.reply("duties.not_on_roster", (_ways_on(turn),), edit=edit)
    sight = Sight.of(turn)
    everything = open_for(turn.session, employee, now=turn.now)
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 0
    number = number if number * _PAGE < len(everything) else 0
    here = everything[number * _PAGE : (number + 1) * _PAGE]
    rows = [(Choice(_line(one, sight), f"due:open:{one.occurrence.id}"),) for one in here]
    turning = [Choice(turn.words("desk.previous"), f"due:list:{number - 1}")] if number else []
    if (number + 1) * _PAGE < len(everything):
        turning.append(Choice(turn.words("desk.next"), f"due:list:{number + 1}"))
    lately = done_lately(turn.session, employee, now=turn.now) if not number else []
    given = [(_again(one, sight),) for one in lately if one.occurrence.proof in HANDED_IN]
    title = turn.words("duties.list_title" if everything else "duties.list_empty", count=len(everything))
    text = "\n".join(filter(None, [news, title, *_lately(lately, sight)]))
    menu = (*rows, *given, *((tuple(turning),) if turning else ()), *filter(None, [_ways_on(turn)]))
    return Reply(text, menu, edits=turn.inbound.pressed if edit else None)


def _line(one: Owing, sight: Sight) -> str:
    left = sight.left(one.due_at, short=True)
    return sight.words("duties.line", left=left, title=one.occurrence.title)


def _again(one: Owing, sight: Sight) -> Choice:
    """The way back to what was handed in: to look at it, replace it or take it back."""
    label = sight.words("duties.done_button", title=one.occurrence.title)
    return Choice(label, f"due:open:{one.occurrence.id}")


def _lately(done: list[Owing], sight: Sight) -> list[str]:
    if not done:
        return []
    lines = [
        sight.words(
            "duties.done_line", title=one.occurrence.title, at=sight.at(one.assignment.done_at or sight.now)
        )
        for one in done
    ]
    return ["", sight.words("duties.lately"), *lines]


def _ways_on(turn: Turn) -> tuple[Choice, ...]:
    """Officers find the tasks for patients and their menu here too."""
    if not turn.at_desk:
        return ()
    calls: list[Choice] = []
    if received_lately(turn.session, turn.officer, turn.house.hospital, now=turn.now):
        calls.append(Choice(turn.words("duties.heaps"), "due:heaps"))
    if may(turn.officer, Right.HANDLE) and open_tasks(turn.session, turn.officer, house=turn.house):
        calls.append(Choice(turn.words("tasks.list"), "task:list:0"))
    return (*calls, Choice(turn.words("desk.menu"), "desk"))
