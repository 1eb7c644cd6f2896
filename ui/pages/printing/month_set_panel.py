"""The month's outputs in one folder (本月一套): what goes in, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from fsdesk.domain.status.lights import Light
from fsdesk.services.care import other_years
from fsdesk.services.output import month_set
from fsdesk.services.output.outputs import Chosen
from ui.models.rows import RowColumn, RowsModel
from ui.pages.printing.panel import OutputPanel
from ui.theme import SPACE_L, SPACE_M, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from pathlib import Path

    from fsdesk.services.output.month_set import SetLine, WrittenSet
    from fsdesk.services.output.outputs import Saved
    from fsdesk.workspace import Workspace
    from ui.desk import Desk

_WORDS = (
    "把本期常用的材料一次生成到一个新文件夹，按编号排列，并附清单。"
    "有一份生成不了时，其余照常生成，原因写在清单中；中途取消则不留下任何文件。"
)


class MonthSetPanel(OutputPanel):
    """Makes the set; what came of each file stands below."""

    def __init__(self, desk: Desk) -> None:
        """Build the buttons and the list."""
        super().__init__(desk)
        self._folder: Path | None = None
        self.make = QPushButton("生成本月一套")
        set_role(self.make, "primary")
        self.make.clicked.connect(self._make)
        self.open = button("打开文件夹", self._reveal, icon="folder-open")
        self.note = label("", "muted", wrap=True)
        self.rows: RowsModel[SetLine] = RowsModel(_COLUMNS)
        self.table = ReportTable("month-set", self.rows, "本月一套的文件")
        column_of(
            label("本月一套", "section"),
            label(_WORDS, "muted", wrap=True),
            row_of(self.make, self.open, None, spacing=-1),
            self.note,
            (self.table, 1),
            spacing=SPACE_M,
            margins=SPACE_L,
            parent=self,
        )

    def _load(self) -> None:
        """Show what will go into the folder."""
        self._folder = None
        self.open.setEnabled(False)
        known = month_set.contents(office=self._desk.is_office)
        names = [f"{number:02}-{kind.title}" for number, (kind, _) in enumerate(known, start=1)]
        words = "、".join(names)
        self.note.setText(f"{self._period.label}：{words}（同比图在有上一年度数据时生成）")
        self.rows.set_rows(())

    def _make(self) -> None:
        parent = self._desk.files.folder("把本月一套放到哪个文件夹中", "reports")
        if parent is None:
            return
        output, period = self._output, self._period
        out = month_set.free_folder(parent, period)
        self.make.setEnabled(False)

        def job(workspace: Workspace) -> Saved:
            earlier = other_years.workspace_of(workspace, period.year - 1)
            return output.save(workspace, period, Chosen(earlier=earlier), out)

        self._desk.run(
            job,
            self._made,
            self._failed,
            title="正在生成本月一套",
        )

    def _made(self, made: WrittenSet) -> None:
        self.make.setEnabled(True)
        self._folder = made.folder
        self.open.setEnabled(True)
        self.rows.set_rows(made.lines)
        words = f"已生成{len(made.written)}个文件到“{made.folder.name}”"
        words += f"，{len(made.missing)}个没有生成，原因见下表" if made.missing else ""
        self.note.setText(words)
        self._desk.messages.info(words, "打开文件夹", self._reveal)

    def _failed(self, problem: Exception) -> None:
        self.make.setEnabled(True)
        self._desk.messages.error(problem)

    def _reveal(self) -> None:
        if self._folder is not None:
            self._desk.files.launch(self._folder)


def _result(line: SetLine) -> str:
    return f"没有生成：{line.why}" if line.why else "已生成"


_COLUMNS: tuple[RowColumn[SetLine], ...] = (
    RowColumn("文件", lambda line: line.name, width=260),
    RowColumn(
        "结果", _result, light=lambda line: Light.RED if line.why else Light.GREEN,
        tip=_result, stretch=True,
    ),
)  # fmt: skip
