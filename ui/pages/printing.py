"""打印: outputs at the left, the true pages at the right; printer, PDF, Excel, Word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import (
    QLabel,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fsdesk.domain.periods import Period
from fsdesk.services import aggregation, charts, letters, reporting
from ui import remember
from ui.page import Page
from ui.pages.letters import LetterPanel
from ui.theme import SPACE_M, set_role
from ui.widgets.image_view import ImageView
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fsdesk.domain.results import YearStatus
    from fsdesk.domain.supervision import Letter
    from fsdesk.reports.pages import Page as PaperPage
    from ui.desk import Desk

_CHOICE = Qt.ItemDataRole.UserRole
_PREVIEW_WIDTH = 860
_LETTER = ("letter", "reminder")


class PrintingPage(Page):
    """What is printed is what is shown: the same pages."""

    def __init__(self, desk: Desk) -> None:
        """Build list, preview and buttons."""
        super().__init__("打印")
        self._desk, self._period = desk, ""
        self.pages: tuple[PaperPage, ...] = ()
        self.word = self.header.add_quiet("存为 Excel", self._save_sheet, "file-spreadsheet")
        self.pdf = self.header.add_quiet("存为 PDF", self._save_pdf, "file-down")
        self.print = self.header.set_primary("打印", self._print, "printer")
        self.outputs = QListWidget()
        self.outputs.setAccessibleName("输出")
        for kind, title in reporting.TABLES.items():
            self._offer(title, ("table", kind))
        for kind, title in charts.CHARTS.items():
            self._offer(title, ("chart", kind))
        if desk.is_office:
            self._offer("提醒敦促函", _LETTER)
        self._paper = QVBoxLayout()
        self._paper.setSpacing(SPACE_M)
        self.chart = ImageView("图")
        self.chart.wanted.connect(self._draw)
        self.letters = LetterPanel()
        self.letters.wanted.connect(self._save_letter)
        self.stack = QStackedWidget()
        self._lay_out()
        self.outputs.setCurrentRow(0)
        self.outputs.currentItemChanged.connect(lambda *_: self._load())

    def _lay_out(self) -> None:
        frame = QWidget()
        frame.setLayout(self._paper)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(frame)
        for widget in (area, self.chart, self.letters):
            self.stack.addWidget(widget)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.outputs)
        split.addWidget(self.stack)
        split.setStretchFactor(1, 1)
        split.setSizes([200, 900])
        remember.keep_splitter(split, "printing")
        self.body.addWidget(split, 1)

    def _offer(self, title: str, choice: tuple[str, str]) -> None:
        item = QListWidgetItem(title)
        item.setData(_CHOICE, choice)
        self.outputs.addItem(item)

    @property
    def choice(self) -> tuple[str, str]:
        """Kind of output and which."""
        form, kind = self.outputs.currentItem().data(_CHOICE)
        return str(form), str(kind)

    def refresh(self, period: str) -> None:
        """Make the chosen output anew."""
        self._period = period
        self._load()

    def _load(self) -> None:
        if not self._period:
            return
        form, kind = self.choice
        is_table = form == "table"
        self.print.setEnabled(is_table)
        self.word.setEnabled(is_table)
        self.pdf.setEnabled(form != "letter")
        workspace, period = self._desk.workspace, Period.parse(self._period)
        self.header.set_note(f"截至{period.label}")
        if is_table:
            self._desk.runner.run(
                lambda: reporting.table_pages(workspace, kind, period), self._show_pages
            )
            self.stack.setCurrentIndex(0)
        elif form == "chart":
            self.stack.setCurrentWidget(self.chart)
            self.chart.ask_again()
        else:
            self._desk.runner.run(
                lambda: (aggregation.status(workspace, period), letters.register(workspace)),
                self._show_letters,
            )
            self.stack.setCurrentWidget(self.letters)

    def _show_pages(self, pages: tuple[PaperPage, ...]) -> None:
        from ui.printing import page_image

        self.pages = pages
        while self._paper.count():
            old = self._paper.takeAt(0).widget()
            if old is not None:
                old.deleteLater()
        ratio = self.devicePixelRatioF()
        self._paper.addWidget(label(f"共 {len(pages)} 页", "help", centred=True))
        for page in pages:
            sheet = QLabel()
            sheet.setPixmap(QPixmap.fromImage(page_image(page, _PREVIEW_WIDTH, ratio)))
            set_role(sheet, "sheet")
            self._paper.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        self._paper.addStretch()

    def _draw(self, size: QSize, ratio: float) -> None:
        form, kind = self.choice
        if form != "chart" or not self._period:
            return
        workspace, period = self._desk.workspace, Period.parse(self._period)
        self._desk.runner.beside(
            lambda: reporting.chart_png(
                workspace, kind, period, (size.width(), size.height()), ratio
            ),
            self.chart.show_png,
        )

    def _show_letters(self, found: tuple[YearStatus, tuple[Letter, ...]]) -> None:
        self.letters.show_units(*found)

    # Saving and printing

    def _save_pdf(self) -> None:
        form, kind = self.choice
        title = {**reporting.TABLES, **charts.CHARTS}[kind]
        if form == "chart":
            title = charts.CHARTS[kind]
            self._save(title, "图 (*.pdf *.png *.svg)", ".pdf", self._chart_job(kind))
        else:
            self._save(reporting.TABLES[kind], "PDF 文件 (*.pdf)", ".pdf", self._table_job(kind))

    def _save_sheet(self) -> None:
        _form, kind = self.choice
        title = reporting.TABLES[kind]
        self._save(title, "Excel 工作簿 (*.xlsx)", ".xlsx", self._table_job(kind))

    def _table_job(self, kind: str) -> Callable[[Path], object]:
        workspace, period = self._desk.workspace, Period.parse(self._period)
        return lambda file: reporting.write_table(workspace, kind, period, file)

    def _chart_job(self, kind: str) -> Callable[[Path], object]:
        workspace, period = self._desk.workspace, Period.parse(self._period)
        return lambda file: reporting.write_chart(workspace, kind, period, file)

    def _save(self, title: str, kinds: str, ending: str, write: Callable[[Path], object]) -> None:
        name = f"{title}-{self._period}{ending}"
        file = self._desk.files.save(f"保存{title}", name, (kinds,), "reports")
        if file is None:
            return
        if not file.suffix:
            file = file.with_suffix(ending)
        self._desk.runner.run(
            lambda: write(file), lambda _: self._saved(file), title=f"正在生成{title}"
        )

    def _save_letter(self, unit: str, name: str) -> None:
        workspace, period = self._desk.workspace, Period.parse(self._period)

        def write(file: Path) -> None:
            letters.draft_reminder(workspace, unit, period, file)

        self._save(f"提醒敦促函-{name}", "Word 文档 (*.docx)", ".docx", write)

    def _saved(self, file: Path) -> None:
        self._desk.messages.info(
            f"已保存：{file.name}", "打开", lambda: self._desk.files.launch(file)
        )
        if self.choice == _LETTER:
            self._load()

    def _print(self) -> None:
        from PySide6.QtGui import QPageLayout, QPageSize
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        from ui.printing import print_pages

        if not self.pages:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        printer.setFullPage(True)
        if QPrintDialog(printer, self).exec() and not print_pages(printer, self.pages):
            self._desk.messages.error("打印机没有响应", "", "请检查打印机后重试，或先存为 PDF")
