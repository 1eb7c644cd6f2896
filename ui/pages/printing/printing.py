"""打印: outputs at the left, what comes out at the right; printer, PDF, Excel, Word, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSplitter, QStackedWidget

from fsdesk.domain.periods import Period
from fsdesk.reports.paper.pages import PaperSize
from fsdesk.services.output import charts, reporting
from ui.files import EXCEL, PDF, WORD
from ui.page import Page
from ui.pages.printing.bulletin_panel import BulletinPanel
from ui.pages.printing.chart_panel import ChartPanel
from ui.pages.printing.evidence_pack_panel import InspectionPanel
from ui.pages.printing.letter_panel import LetterPanel
from ui.pages.printing.poster_panel import PosterPanel
from ui.pages.printing.table_panel import TablePanel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtPrintSupport import QPrinter

    from fsdesk.reports.paper.pages import Page as Sheet
    from ui.appearance import Theme
    from ui.desk import Desk

_CHOICE = Qt.ItemDataRole.UserRole
_LETTER = ("letter", "letter")
_PICTURES = ("PNG 图片 (*.png)", "SVG 矢量图 (*.svg)", PDF)
# What the button in the middle says for each form of output.
_SAVE_WORDS = {
    "table": "存为 PDF",
    "chart": "保存图",
    "poster": "保存",
    "bulletin": "生成 Word 文档",
    "letter": "保存",
}


class PrintingPage(Page):
    """What is printed is what is shown: the same pages."""

    def __init__(self, desk: Desk, theme: Theme) -> None:
        """Build list, panels and buttons."""
        super().__init__("打印")
        self._desk, self._period = desk, ""
        self.word = self.header.add_quiet("存为 Excel", self._save_sheet, "file-spreadsheet")
        self.pdf = self.header.add_quiet("存为 PDF", self._save, "file-down")
        self.print = self.header.set_primary("打印", self._print, "printer")
        self.outputs = QListWidget()
        self.outputs.setAccessibleName("输出")
        self.tables = TablePanel(desk)
        self.chart = ChartPanel(desk)
        self.bulletin = BulletinPanel(desk)
        self.poster = PosterPanel(desk)
        self.inspection = InspectionPanel(desk)
        self.letters = LetterPanel(desk)
        theme.changed.connect(self.chart.view.ask_again)
        self.stack = QStackedWidget()
        self._offer_all()
        self._lay_out()
        self.outputs.setCurrentRow(0)
        self.outputs.currentItemChanged.connect(lambda *_: self._load())

    def _lay_out(self) -> None:
        for panel in (self.tables, self.chart, self.bulletin, self.poster, self.inspection,
                      self.letters):  # fmt: skip
            self.stack.addWidget(panel)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.outputs)
        split.addWidget(self.stack)
        split.setStretchFactor(1, 1)
        split.setSizes([170, 930])
        self.body.addWidget(split, 1)

    def _offer_all(self) -> None:
        for kind, title in reporting.TABLES.items():
            self._offer(title, ("table", kind))
        for kind, title in reporting.OFFICE_TABLES.items() if self._desk.is_office else ():
            self._offer(title, ("table", kind))
        self._offer("台账明细", ("table", reporting.LEDGER))
        for kind, title in charts.CHARTS.items():
            self._offer(title, ("chart", kind))
        self._offer("一图读懂", ("poster", "poster"))
        if self._desk.is_office:
            self._offer("工作通报", ("bulletin", "bulletin"))
        self._offer("迎检台账", ("inspection", "inspection"))
        self._offer("督办函件" if self._desk.is_office else "来函", _LETTER)

    def _offer(self, title: str, choice: tuple[str, str]) -> None:
        item = QListWidgetItem(title)
        item.setData(_CHOICE, choice)
        self.outputs.addItem(item)

    @property
    def choice(self) -> tuple[str, str]:
        """Form of output and which."""
        form, kind = self.outputs.currentItem().data(_CHOICE)
        return str(form), str(kind)

    def refresh(self, period: str) -> None:
        """Make the chosen output anew."""
        self._period = period
        self._load()

    def show_item(self, item: object) -> None:
        """Choose an output by its form and kind; of letters, one by its key."""
        form, kind = cast("tuple[str, str]", item)
        if form == _LETTER[0]:
            self.letters.want(kind)
            item = _LETTER
        for row in range(self.outputs.count()):
            if tuple(self.outputs.item(row).data(_CHOICE)) != item:
                continue
            if row == self.outputs.currentRow():
                self._load()
            self.outputs.setCurrentRow(row)

    def _load(self) -> None:
        if not self._period:
            return
        form, kind = self.choice
        self.header.set_note(f"截至{Period.parse(self._period).label}")
        self.print.setVisible(form in ("table", "poster", "letter"))
        self.word.setVisible(form == "table")
        self.pdf.setVisible(form in _SAVE_WORDS)
        self.pdf.setText(_SAVE_WORDS.get(form, ""))
        show: dict[str, Callable[[], object]] = {
            "table": lambda: self.tables.show_output(kind, self._period),
            "chart": lambda: self.chart.show_output(kind, self._period),
            "poster": lambda: self.poster.show_output(self._period),
            "bulletin": lambda: self.bulletin.show_output(self._period),
            "inspection": lambda: self.inspection.show_output(self._period),
            "letter": self.letters.show_output,
        }
        panels = dict(zip(show, (self.tables, self.chart, self.poster, self.bulletin,
                                 self.inspection, self.letters), strict=True))  # fmt: skip
        self.stack.setCurrentWidget(panels[form])
        show[form]()

    # Saving

    def _save(self) -> None:
        form, _kind = self.choice
        title = self.outputs.currentItem().text()
        if form == "chart":
            self._save_as(title, _PICTURES, ".png", self.chart.writer())
        elif form == "poster":
            self._save_as(title, (PDF, "PNG 图片 (*.png)"), ".pdf", self.poster.writer())
        elif form == "bulletin":
            self._save_as(title, (WORD,), ".docx", self.bulletin.writer())
        elif form == "table":
            self._save_as(title, (PDF,), ".pdf", self.tables.writer())
        elif self.letters.key:
            self._save_as(self.letters.title, (PDF, WORD), ".pdf", self.letters.writer())

    def _save_sheet(self) -> None:
        title = self.outputs.currentItem().text()
        self._save_as(title, (EXCEL,), ".xlsx", self.tables.writer())

    def _save_as(
        self, title: str, kinds: tuple[str, ...], ending: str, write: Callable[[Path], object]
    ) -> None:
        name = f"{title}-{self._period}{ending}"
        file = self._desk.files.save(f"保存{title}", name, kinds, "reports")
        if file is None:
            return
        if not file.suffix:
            file = file.with_suffix(ending)
        self._desk.runner.run(
            lambda: write(file), lambda _: self._saved(file), title=f"正在生成{title}"
        )

    def _saved(self, file: Path) -> None:
        self._desk.messages.info(
            f"已保存：{file.name}", "打开", lambda: self._desk.files.launch(file)
        )

    # Printing

    def _print(self) -> None:
        form, _kind = self.choice
        if form == "poster":
            self._desk.runner.run(self.poster.picture, self._print_poster, title="正在准备打印")
        elif form == "letter":
            self._print_pages(self.letters.pages, PaperSize.A4, across=False)
        else:
            wanted = self.tables.wanted
            self._print_pages(self.tables.pages, wanted.size, across=wanted.landscape)

    def _print_pages(self, pages: Sequence[Sheet], size: PaperSize, *, across: bool) -> None:
        from ui.printing import print_pages

        printer = self._printer(size, across=across) if pages else None
        if printer is not None and not print_pages(printer, pages):
            self._no_answer()

    def _print_poster(self, png: bytes) -> None:
        from ui.printing import print_picture

        printer = self._printer(self.poster.size_of_paper, across=False)
        if printer is not None and not print_picture(printer, png):
            self._no_answer()

    def _printer(self, size: PaperSize, *, across: bool) -> QPrinter | None:
        """Ask for a printer, its paper set; None when the user cancelled."""
        from PySide6.QtGui import QPageLayout, QPageSize
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        known = {PaperSize.A4: QPageSize.PageSizeId.A4, PaperSize.A3: QPageSize.PageSizeId.A3}
        ways = QPageLayout.Orientation
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(known[size]))
        printer.setPageOrientation(ways.Landscape if across else ways.Portrait)
        printer.setFullPage(True)
        return printer if QPrintDialog(printer, self).exec() else None

    def _no_answer(self) -> None:
        self._desk.messages.error("打印机没有响应", "", "请检查打印机后重试，或先存为 PDF")
