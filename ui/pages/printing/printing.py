"""打印: outputs at the left, what comes out at the right; printer, PDF, Excel, Word, pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from msgspec.structs import replace
from PySide6.QtWidgets import QListWidget, QStackedWidget

from fsdesk.domain.output.pages import PRINTER_DOTS, PaperSize
from fsdesk.domain.periods import Period
from fsdesk.services.output import outputs
from fsdesk.services.output.outputs import Form
from fsdesk.services.output.publishing import PutOut
from ui.files import KINDS
from ui.page import Page
from ui.pages.printing.bulletin_panel import BulletinPanel
from ui.pages.printing.card_panel import CardPanel
from ui.pages.printing.chart_panel import ChartPanel
from ui.pages.printing.evidence_pack_panel import EvidencePackPanel
from ui.pages.printing.letter_panel import LetterPanel
from ui.pages.printing.month_set_panel import MonthSetPanel
from ui.pages.printing.poster_panel import PosterPanel
from ui.pages.printing.table_panel import TablePanel
from ui.pages.settings.office_bar import OfficeBar
from ui.pages.status.published_banner import PublishedBanner
from ui.widgets.boxes import splitter
from ui.widgets.later import Later

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtPrintSupport import QPrinter

    from fsdesk.domain.output.pages import PaperPage as Sheet
    from fsdesk.services.output.outputs import Chosen, Output
    from ui.appearance import Theme
    from ui.desk import Desk
    from ui.pages.printing.panel import OutputPanel


_LIST = 132  # logical pixels: the names of the outputs


class PrintingPage(Page):
    """What is printed is what is shown: the same pages."""

    widest = 0

    def __init__(self, desk: Desk, theme: Theme) -> None:
        """Build list, panels and buttons."""
        super().__init__("打印")
        self._desk, self._period = desk, ""
        self.save_other = self.header.add_quiet("存为 Excel", self._save_other, "file-spreadsheet")
        self.save = self.header.add_quiet("存为 PDF", self._save, "file-down")
        self.print = self.header.set_primary("打印", self._print, "printer")
        self._offered = outputs.offered(is_office=desk.is_office)
        self.outputs = QListWidget()
        self.outputs.setAccessibleName("输出")
        self.outputs.addItems([output.title for output in self._offered])
        self._theme = theme
        self._panels: dict[Form, Later[OutputPanel]] = {
            Form.TABLE: Later(lambda: TablePanel(desk)),
            Form.CHART: Later(self._make_chart),
            Form.BULLETIN: Later(lambda: BulletinPanel(desk)),
            Form.POSTER: Later(lambda: PosterPanel(desk)),
            Form.EVIDENCE_PACK: Later(lambda: EvidencePackPanel(desk)),
            Form.SET: Later(lambda: MonthSetPanel(desk)),
            Form.LETTER: Later(lambda: LetterPanel(desk)),
            Form.CARD: Later(lambda: CardPanel(desk)),
        }
        self.banner = PublishedBanner(desk)
        self.banner.switched.connect(lambda: self.refresh(self._period))
        self.banner.revoked.connect(self._written)
        self.office_bar = OfficeBar(desk)
        self.office_bar.wanted.connect(lambda: self.open_requested.emit("settings", None))
        self.stack = QStackedWidget()
        self._lay_out()
        self.outputs.setCurrentRow(0)
        self.outputs.currentRowChanged.connect(lambda _row: self._load())

    def _lay_out(self) -> None:
        self.body.addWidget(self.office_bar)
        self.body.addWidget(self.banner)
        self.outputs.setMinimumWidth(_LIST)
        splitter(self.outputs, (self.stack, 1), sizes=[170, 930], box=self.body)
        for panel in self._panels.values():
            self.stack.addWidget(panel)

    def _make_chart(self) -> ChartPanel:
        made = ChartPanel(self._desk)
        self._theme.changed.connect(made.view.ask_again)
        return made

    @property
    def output(self) -> Output:
        """The output that is shown."""
        return self._offered[self.outputs.currentRow()]

    @property
    def panel(self) -> OutputPanel:
        """Where it is shown."""
        return self._panels[self.output.form].part

    def refresh(self, period: str) -> None:
        """Make the chosen output anew."""
        self._period = period
        self.banner.show_period(period)
        self.office_bar.refresh()
        self._load()

    def show_item(self, item: object) -> None:
        """Choose an output by its form and kind, and what it is about where that follows."""
        form, kind, *about = cast("tuple[str, ...]", item)
        for row, output in enumerate(self._offered):
            if (output.form, output.kind) != (form, kind):
                continue
            for each in about:
                self._panels[output.form].part.want(each)
            if row == self.outputs.currentRow():
                self._load()
            self.outputs.setCurrentRow(row)

    def _load(self) -> None:
        if not self._period:
            return
        output, period = self.output, Period.parse(self._period)
        self.header.set_note(f"截至{period.label}" if output.of_a_period else "")
        self.print.setVisible(output.pages is not None)
        words = (*output.saves, "", "")
        for button, word in zip((self.save, self.save_other), words, strict=False):
            button.setVisible(bool(word))
            button.setText(word)
        self.stack.setCurrentWidget(self._panels[output.form])
        self.panel.use(self.banner.desk)
        self.banner.concern(output.judged)
        self.panel.show_output(output, period)

    # Saving

    def _save(self) -> None:
        self._save_as(self.save.text())

    def _save_other(self) -> None:
        self._save_as(self.save_other.text())

    def _save_as(self, word: str) -> None:
        output, chosen, title = self.output, self.panel.chosen, self.panel.title
        if chosen is None:
            return
        endings = output.saves[word]
        kinds = tuple(KINDS[ending] for ending in endings)
        name = f"{title}-{self._period}" if output.of_a_period else title
        file = self._desk.files.save(f"保存{title}", name + endings[0], kinds, "reports")
        if file is None:
            return
        if not file.suffix:
            file = file.with_suffix(endings[0])
        period = Period.parse(self._period)
        self.banner.desk.run(
            lambda w: output.save(w, period, chosen, file),
            lambda made: self._saved(file, made if isinstance(made, PutOut) else None),
            title=f"正在生成{title}",
        )

    def _saved(self, file: Path, published: PutOut | None) -> None:
        words = "，本期数字已发布" if published else ""
        if published and published.remark:
            words = f"{words}。{published.remark}"
        self._desk.messages.info(
            f"已保存：{file.name}{words}", "打开", lambda: self._desk.files.launch(file)
        )
        if published:
            self._written()

    def _written(self) -> None:
        self.refresh(self._period)
        self.data_changed.emit()

    # Printing

    def _print(self) -> None:
        lay_out, chosen = self.output.pages, self.panel.chosen
        if lay_out is None or chosen is None:
            return
        period, finely = Period.parse(self._period), replace(chosen, dots=PRINTER_DOTS)
        self.banner.desk.run(
            lambda w: lay_out(w, period, finely),
            lambda pages: self._print_pages(pages, self.output, chosen),
            title="正在准备打印",
        )

    def _print_pages(self, pages: Sequence[Sheet], output: Output, chosen: Chosen) -> None:
        from ui.printing import print_pages

        paper = pages[0].paper
        printer = self._printer(paper.size, across=paper.landscape)
        if printer is None:
            return

        def printed(taken: bool) -> None:  # noqa: FBT001 - as it is told
            if not taken:
                self._desk.messages.error("打印机没有响应", "", "请检查打印机后重试，或先存为 PDF")
            elif (note := output.printed) is not None:
                self._desk.run(lambda w: note(w, chosen))

        # Many pages take seconds on an old PC.
        self._desk.runner.beside(lambda: print_pages(printer, pages), printed, title="正在打印")

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
