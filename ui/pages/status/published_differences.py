"""与发布时的不同: line by line what is another figure now than was published, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QWidget

from ui.models.rows import RowColumn, RowsModel
from ui.theme import SPACE_L, SPACE_M
from ui.widgets.boxes import column_of, row_of, splitter
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import named, passing
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.status.published import PublishedDifference
    from fsdesk.services.output.published_papers import PublishedPaper

_SIZE = QSize(1060, 560)


class DifferencesDialog(QDialog):
    """A line for each figure; the chosen one says below what it comes from."""

    revoke_wanted = Signal()
    # A paper as it was published is to be opened, or saved.
    open_wanted = Signal(object)
    save_wanted = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        told: str,
        differences: Sequence[PublishedDifference],
        papers: Sequence[PublishedPaper] = (),
    ) -> None:
        """Show what differs from what was published, and offer the papers that were."""
        super().__init__(parent)
        self.setWindowTitle("与发布时的不同")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_SIZE.boundedTo(self.screen().availableSize()))
        self.model: RowsModel[PublishedDifference] = RowsModel(_columns())
        self.table = ReportTable("published-differences", self.model, "与发布时的不同")
        self.table.row_chosen.connect(self._explain)
        self.causes = named(QPlainTextEdit(), "原因")
        self.causes.setReadOnly(True)
        self.causes.setPlaceholderText("选中一行，这里说明是什么修改引起的")
        self.papers = passing(Choice("留存的原件", [(each.words, each) for each in papers]))
        self.open_paper = button("打开原件", lambda: self.open_wanted.emit(self.papers.value))
        self.save_paper = button("另存原件", lambda: self.save_wanted.emit(self.papers.value))
        for part in (self.papers, self.open_paper, self.save_paper):
            part.setEnabled(bool(papers))
        self.revoke = button("撤销发布", self._revoke, tip="以后查看本期以最新数据为准")
        self.shut = button("关闭", self.accept, "primary")
        count = f"现在有 {len(differences)} 处不同。" if differences else "现在的数据与发布时相同。"
        column_of(
            label(f"{told}，{count}", wrap=True),
            (splitter((self.table, 3), (self.causes, 1), upright=True), 1),
            row_of(
                label("发布时留存的原件" if papers else "发布时没有留存原件", "muted"),
                (self.papers, 1),
                self.open_paper,
                self.save_paper,
            ),
            row_of(self.revoke, None, self.shut),
            spacing=SPACE_M,
            margins=SPACE_L,
            parent=self,
        )
        self.model.set_rows(differences)
        self.table.choose_first()

    def _explain(self, row: PublishedDifference) -> None:
        self.causes.setPlainText("\n".join(row.causes))

    def _revoke(self) -> None:
        self.accept()
        self.revoke_wanted.emit()


def _columns() -> tuple[RowColumn[PublishedDifference], ...]:
    return (
        RowColumn("类别", lambda row: row.what, width=76),
        RowColumn("名称", lambda row: row.name, width=230, tip=lambda row: row.name),
        RowColumn("发布时", lambda row: row.published, width=250, tip=lambda row: row.published),
        RowColumn("现在", lambda row: row.now, width=250, tip=lambda row: row.now),
        RowColumn("原因", lambda row: "；".join(row.causes), stretch=True,
                  tip=lambda row: "\n".join(row.causes)),
    )  # fmt: skip
