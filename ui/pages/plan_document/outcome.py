"""What taking the draft will do, item by item, before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from ui import icons
from ui.models.rows import RowColumn, RowsModel
from ui.theme import SPACE_M, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import label
from ui.widgets.search_field import SearchField
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fsdesk.domain.plan.changes import PlanChange, PlanDifference

_KEPT = "取消的任务、指标和事项已填的数据仍然保留，可以在“编辑计划”中恢复。"


class OutcomeRow(Struct, frozen=True):
    """One change as a row: an item that comes or goes, or one field that differs."""

    word: str
    change: PlanChange
    field: str = ""
    before: str = ""
    after: str = ""


class ChangeList(QWidget):
    """A list of changes over two buttons; nothing is done before `taken`."""

    taken = Signal()
    back = Signal()

    def __init__(self, above: QWidget) -> None:
        """Begin without changes; what is given stands above the list."""
        super().__init__()
        self.heading = label("", "section", wrap=True)
        self.words = label("", "muted", wrap=True)
        self.search = SearchField("查找变化")
        self.model: RowsModel[OutcomeRow] = RowsModel(
            (
                RowColumn("变化", lambda r: r.word, width=64),
                RowColumn("类别", lambda r: r.change.kind, width=72),
                RowColumn("编码", lambda r: r.change.code, width=92),
                RowColumn(
                    "名称", lambda r: r.change.title, width=260, tip=lambda r: r.change.title
                ),
                RowColumn("内容", lambda r: r.field, width=110),
                RowColumn("现在", lambda r: r.before, width=200, tip=lambda r: r.before),
                RowColumn("确认后", lambda r: r.after, stretch=True, tip=lambda r: r.after),
            )
        )
        self.table = ReportTable("plan-outcome", name="将要发生的变化")
        self.table.show_rows(self.model)
        self.search.searched.connect(self.model.set_wanted)
        self.confirm = QPushButton("确认更新")
        set_role(self.confirm, "primary")
        icons.put(self.confirm, "check", "on_accent")
        self.confirm.clicked.connect(self.taken)
        self.go_back = button("返回核对", self.back.emit, icon="chevron-left")
        self._lay_out(above)

    def _lay_out(self, above: QWidget) -> None:
        column_of(
            above,
            row_of((self.heading, 1), self.search, spacing=SPACE_M),
            (self.table, 1),
            row_of(self.go_back, (self.words, 1), self.confirm),
            parent=self,
        )

    def show_difference(
        self, difference: PlanDifference, what: str, verb: str, doubts: int
    ) -> None:
        """Show all that would change; the doubts are places that nobody has looked at.

        `what` would be done begins a sentence; the verb is the word of the button that does it.
        """
        self.heading.setText(f"{what}：{counts(difference)}")
        left = f"还有 {doubts} 处没有核对。" if doubts else ""
        self.words.setText(left + (_KEPT if difference.removed else ""))
        self.confirm.setText(verb)
        self.model.set_rows(list(_lines(difference)))


def counts(difference: PlanDifference) -> str:
    """Say how many items come, change and go."""
    return (
        f"新增 {len(difference.added)} 项，修改 {len(difference.changed)} 项，"
        f"取消 {len(difference.removed)} 项"
    )


def _lines(difference: PlanDifference) -> Iterator[OutcomeRow]:
    for change in difference.removed:
        yield OutcomeRow("取消", change)
    for change in difference.added:
        yield OutcomeRow("新增", change)
    for change in difference.changed:
        for at, field in enumerate(change.fields):
            yield OutcomeRow("" if at else "修改", change, field.field, field.before, field.after)
