"""本次修改生效日期: from which day a change of the plan holds, and what it does to past months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec import Struct
from PySide6.QtCore import QDate, QSize, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDialog,
    QDialogButtonBox,
    QRadioButton,
    QWidget,
)

from fsdesk.domain.periods import running_month
from ui.models.rows import RowColumn, RowsModel
from ui.theme import SPACE_L, SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.fields import named, passing
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from fsdesk.domain.periods import Period
    from fsdesk.domain.status.comparison import FigureChange
    from fsdesk.services.status.plan_effects import MonthEffect
    from fsdesk.workspace import Workspace
    from ui.desk import Desk

_SIZE = QSize(1080, 520)


class DayOfEffect(QWidget):
    """Two answers: the whole year, as a correction, or from a day on; at first neither.

    `since` is None for the whole year; `answered` tells whether one of them was chosen.
    """

    changed = Signal()

    def __init__(self, year: int, today: date) -> None:
        """Offer the first day of the running month."""
        super().__init__()
        # Asked anew each time: what held for another change need not hold for this one.
        self.whole = passing(QRadioButton("全年更正"))
        self.whole.setToolTip("作为更正，对全年各月都生效；已结束月份的数据可能改变")
        self.from_day = passing(QRadioButton("自"))
        self.from_day.setToolTip("这一天以前的月份仍按原来的计划计算")
        self.day = passing(named(QDateEdit(), "生效日期"))
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setCalendarPopup(True)
        self.day.setDateRange(QDate(year, 1, 1), QDate(year, 12, 31))
        self.day.setDate(_qt(running_month(year, today).first_day))
        self.whole.clicked.connect(self.changed)
        self.from_day.clicked.connect(self.changed)
        self.day.dateChanged.connect(self._choose_day)
        row_of(
            label("本次修改生效日期", "muted"),
            self.whole,
            self.from_day,
            self.day,
            label("起"),
            None,
            parent=self,
        )

    @property
    def answered(self) -> bool:
        """Whether the user chose."""
        return self.whole.isChecked() or self.from_day.isChecked()

    @property
    def since(self) -> date | None:
        """The day; None for the whole year."""
        if not self.from_day.isChecked():
            return None
        return self.day.date().toPython()  # pyright: ignore[reportReturnType] - a date

    def follow(self, other: DayOfEffect) -> None:
        """Take over what was chosen in another place."""
        self.day.setDate(other.day.date())
        self.whole.setChecked(other.whole.isChecked())
        self.from_day.setChecked(other.from_day.isChecked())

    def _choose_day(self) -> None:
        self.from_day.setChecked(True)
        self.changed.emit()


class Change(Struct, frozen=True):
    """A change of the plan that waits for its day of effect.

    Attributes:
        effects: Tells what it would do to past months from a day on; None is the whole year.
        store: Stores it with that day.
        title: What the status line says meanwhile.
    """

    effects: Callable[[Workspace, date | None], tuple[MonthEffect, ...]]
    store: Callable[[Workspace, date | None], object]
    title: str = ""


class EffectBar(QWidget):
    """Stands above what changes the plan; asks before the first change of past figures."""

    def __init__(self, desk: Desk) -> None:
        """Begin without an answer."""
        super().__init__()
        self._desk = desk
        self.answer = self._new_answer()
        self.answer.changed.connect(self._speak_again)
        self._quiet = False  # what it does to past months was seen, and need not be shown again
        column_of(self.answer, parent=self)

    def give(
        self,
        change: Change,
        done: Callable[[Any], object],
        dropped: Callable[[], object],
        refused: Callable[[], object] = lambda: None,
    ) -> None:
        """Have a change stored; where it alters figures of past months, once they were shown.

        `dropped` is called when the user would rather not, and `refused` when it can't be stored,
        after that was told.
        """
        since, quiet = self.answer.since, self._quiet

        def work(workspace: Workspace) -> tuple[tuple[MonthEffect, ...], object]:
            found = () if quiet else change.effects(workspace, since)
            return found, None if found else change.store(workspace, since)

        def decide(outcome: tuple[tuple[MonthEffect, ...], object]) -> None:
            found, stored = outcome
            if found:
                self._ask(change, found, (done, dropped, failed))
            else:
                done(stored)

        def failed(problem: Exception) -> None:
            self._desk.messages.error(problem, change.title)
            refused()

        self._desk.run(work, decide, failed, title=change.title)

    def _ask(
        self,
        change: Change,
        found: Sequence[MonthEffect],
        ends: tuple[Callable[[Any], object], Callable[[], object], Callable[[Exception], object]],
    ) -> None:
        done, dropped, failed = ends
        answer = self._new_answer()
        answer.follow(self.answer)
        asking = EffectDialog(self._desk, self.window(), change, found, answer)
        agreed = asking.exec() == QDialog.DialogCode.Accepted
        if agreed:
            self.answer.follow(answer)
            self._quiet = asking.quiet.isChecked()
            since = self.answer.since
            self._desk.run(lambda w: change.store(w, since), done, failed, title=change.title)
        else:
            dropped()
        asking.deleteLater()

    def _new_answer(self) -> DayOfEffect:
        workspace = self._desk.workspace
        return DayOfEffect(workspace.identity.year, workspace.clock().astimezone().date())

    def _speak_again(self) -> None:
        self._quiet = False


class _Row(Struct, frozen=True):
    month: Period
    change: FigureChange


class EffectDialog(QDialog):
    """The figures and lights of past months that a change would alter, before and after."""

    def __init__(
        self,
        desk: Desk,
        parent: QWidget,
        change: Change,
        found: Sequence[MonthEffect],
        answer: DayOfEffect,
    ) -> None:
        """Show what was found for the answer; without one, for the whole year."""
        super().__init__(parent)
        self._desk, self._change, self.answer = desk, change, answer
        self.setWindowTitle("对已结束月份的影响")
        self.resize(_SIZE.boundedTo(self.screen().availableSize()))
        self.answer.changed.connect(self._look)
        self.words = label("", wrap=True)
        self.model: RowsModel[_Row] = RowsModel(
            (
                RowColumn("月份", lambda r: r.month.name, lambda r: r.month.order, width=60),
                RowColumn("类别", lambda r: r.change.what.label, width=80),
                RowColumn("名称", lambda r: r.change.name, width=210, tip=lambda r: r.change.name),
                RowColumn(
                    "现在", lambda r: r.change.before, width=310, tip=lambda r: r.change.before
                ),
                RowColumn(
                    "修改后", lambda r: r.change.after, stretch=True, tip=lambda r: r.change.after
                ),
            )
        )
        self.table = ReportTable("plan-effects", self.model, "已结束月份的变化")
        self.quiet = passing(QCheckBox("本次编辑中不再提示"))
        buttons = QDialogButtonBox()
        self.yes = buttons.addButton("保存修改", QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.yes, "primary")
        self.no = buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column_of(
            self.answer,
            self.words,
            (self.table, 1),
            row_of(self.quiet, None, buttons, spacing=SPACE_M),
            spacing=SPACE_S,
            margins=SPACE_L,
            parent=self,
        )
        self._show(found)

    def _look(self) -> None:
        """Find out what another answer leads to; nothing is stored meanwhile."""
        self.yes.setEnabled(False)
        since = self.answer.since
        self._desk.run(lambda w: self._change.effects(w, since), self._show)

    def _show(self, found: Sequence[MonthEffect]) -> None:
        rows = [_Row(e.month, change) for e in found for change in e.changes]
        self.model.set_rows(rows)
        months = "、".join(f"{effect.month.last_month}月" for effect in found)
        told = f"已结束的月份中，{months}的数据将改变，共 {len(rows)} 处。"
        if not found:
            told = "已结束月份的数据都不改变。"
        elif not self.answer.answered:
            told = (
                f"如果对全年更正，{told}请选择：这是对全年的更正，还是从某一天起的变化"
                "（以前的月份仍按原来的计划计算）？"
            )
        self.words.setText(told)
        self.yes.setEnabled(self.answer.answered)


def _qt(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)
