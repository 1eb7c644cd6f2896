"""What a unit still has to do: its tasks with what is unfilled and the next date that is due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.records.records import Status
from fsdesk.domain.records.submissions import SubmissionState
from ui.models.rows import RowColumn

if TYPE_CHECKING:
    from datetime import date

    from fsdesk.services.status.unit_forms import DeliverableLine, TaskForm, UnitForm


# A date within so many days is near.
NEAR_DAYS = 30


class DueTask(Struct, frozen=True):
    """One of the unit's own tasks.

    `due` is the nearest date of a deliverable that is not done, `overdue` whether it has passed
    today; `filled` and `expected` count what the period asks for, `opinions` what the office wants
    mended in it and the unit has not answered.
    """

    code: str
    title: str
    filled: int
    expected: int
    due: date | None
    overdue: bool
    opinions: int = 0

    @property
    def name(self) -> str:
        """What it is called in the list, and whether it was returned."""
        said = f"■ {self.opinions} 条退回意见：" if self.opinions else ""
        return f"{said}{self.code} {self.title}"

    @property
    def open(self) -> int:
        """How many things are still to be filled in."""
        return self.expected - self.filled

    @property
    def due_text(self) -> str:
        """The date as all tables write it, and whether it has passed."""
        if self.due is None:
            return "—"
        text = self.due.isoformat()
        return f"{text}（已过）" if self.overdue else text


def due_tasks(form: UnitForm, today: date) -> tuple[DueTask, ...]:
    """Return the tasks that are not filled in or have a date to keep soon, by that date.

    Those in which the office wants something mended come first.
    """
    rows = [_due_task(task, today) for task in form.tasks]
    soon = today + timedelta(days=NEAR_DAYS)
    waiting = [
        row for row in rows if row.open or row.opinions or (row.due is not None and row.due <= soon)
    ]
    waiting.sort(
        key=lambda row: (
            not row.opinions,
            row.due is None,
            row.due.isoformat() if row.due else "",
            row.code,
        )
    )
    return tuple(waiting)


def _due_task(task: TaskForm, today: date) -> DueTask:
    dates = [
        line.deliverable.due
        for line in task.deliverables
        if line.deliverable.due is not None and not _done(line)
    ]
    due = min(dates, default=None)
    return DueTask(
        code=task.task.code,
        title=task.task.title,
        filled=task.filled,
        expected=task.expected,
        due=due,
        overdue=due is not None and due < today,
        opinions=task.unanswered,
    )


def _done(line: DeliverableLine) -> bool:
    status = line.milestone.status
    if status is None and line.previous is not None:
        status = line.previous.status
    return status is Status.DONE


def report_words(form: UnitForm, due: date, today: date) -> str:
    """Say by when the period's report is to be handed in, and how long that is.

    `due`: that day; for a report that was returned, the one by which it is to come again.
    """
    what = f"{form.period.label}报送"
    if form.state in (SubmissionState.SUBMITTED, SubmissionState.ACCEPTED):
        later = f"，之后又有未导出 {form.unexported} 项" if form.unexported else ""
        return f"{what}已导出{later}"
    if form.state is SubmissionState.REOPENED:
        return f"{what}已重新开放，改好后请重新导出"
    if not form.awaited:  # the unit reports quarters, or a quarter's report covers the month
        return f"{form.period.label}不需要单独报送"
    left = (due - today).days
    day = f"{due.month}月{due.day}日截止"
    if form.state is SubmissionState.RETURNED:
        day = f"已退回，{due.month}月{due.day}日前改正并重新导出"
    if left < 0:
        return f"{what}{day}，已逾期 {-left} 天"
    return f"{what}{day}，还有 {left} 天" if left else f"{what}今天截止"


def due_columns() -> tuple[RowColumn[DueTask], ...]:
    """Return the columns of the list."""
    return (
        RowColumn("任务", lambda r: r.name, lambda r: r.code, stretch=True, tip=lambda r: r.name),
        RowColumn("本期已填", lambda r: f"{r.filled}/{r.expected}", lambda r: -r.open, number=True,
                  width=88),
        RowColumn("最近节点", lambda r: r.due_text,
                  lambda r: (r.due is None, r.due), width=120),
    )  # fmt: skip
