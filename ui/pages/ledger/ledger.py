"""台账: the ledgers at the left, the rows of one as a grid at the right."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtWidgets import QStackedWidget, QWidget

from fsdesk.domain.packet.handover import HandedOver, ThingKind
from fsdesk.services.ledger import ledger_files
from fsdesk.services.plan import planning
from fsdesk.services.status import handover
from ui import remember
from ui.files import EXCEL
from ui.models.rows import RowColumn, RowsModel
from ui.page import Page
from ui.pages.handover_note import HandoverNote
from ui.pages.ledger.declarations import LedgerDeclaring
from ui.pages.ledger.list_import import LedgerImport
from ui.pages.ledger.panel import LedgerPanel
from ui.theme import SPACE_S
from ui.widgets.boxes import boxed, column_of, splitter
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.services.ledger.ledger_files import ListResult
    from ui.desk import Desk

_LAST = "ledgers/last"
_MOST_NAMED = 6
_NARROWEST = 190
WITHOUT, WITH = "不带个人信息", "带上个人信息"


class _Listed(Struct, frozen=True):
    """A ledger in the list."""

    ledger: Ledger
    count: int
    feeds: tuple[str, ...]


class LedgerPage(Page):
    """The chosen ledger is remembered; others may open one by its code."""

    widest = 0

    def __init__(self, desk: Desk) -> None:
        """Begin without ledgers."""
        super().__init__("台账")
        self._desk = desk
        self._names: Mapping[str, str] = {}
        self._chosen: Ledger | None = None
        self._wanted = ""
        self.rows: RowsModel[_Listed] = RowsModel(_columns())
        self.table = ReportTable("ledgers", self.rows, "台账列表")
        self.table.row_chosen.connect(self._choose)
        self.feeds = label("", "help", wrap=True)
        self._stands = HandedOver()
        self.handover = HandoverNote()
        self.handover.export_wanted.connect(self.export_requested)
        self.panel = LedgerPanel(desk)
        self.panel.stored.connect(self._after_storing)
        self.stack = QStackedWidget()
        self.buttons = [self.header.set_primary("导入", self._import, "upload")]
        for verb, action, icon in (
            ("模板", self._template, "file-down"),
            ("导出", self._export, "download"),
            ("台账设置", self.edit_declaration, "settings"),
            ("新建台账", lambda: self.edit_declaration(new=True), "plus"),
        )[: 4 if desk.is_office else 2]:
            self.buttons.append(self.header.add_quiet(verb, action, icon))
        self.stack.currentChanged.connect(self._show_buttons)
        self.setAcceptDrops(True)
        self._lay_out()

    def _lay_out(self) -> None:
        left = QWidget()
        left.setMinimumWidth(_NARROWEST)
        column_of((self.table, 1), self.feeds, margins=(0, 0, SPACE_S, 0), parent=left)
        right = boxed(column_of(self.handover, (self.stack, 1), margins=(SPACE_S, 0, 0, 0)))
        splitter(left, (right, 1), sizes=[230, 870], box=self.body)
        self.stack.addWidget(self.panel)

    # Made when they are first wanted, since half of the page's widgets are theirs

    @cached_property
    def importing(self) -> LedgerImport:
        """What a list would change."""
        made = LedgerImport(self._desk)
        made.closed.connect(lambda: self.stack.setCurrentWidget(self.panel))
        made.taken.connect(self._after_import)
        self.stack.addWidget(made)
        return made

    @cached_property
    def declaring(self) -> LedgerDeclaring:
        """The settings of a ledger."""
        made = LedgerDeclaring(self._desk)
        made.closed.connect(lambda: self.stack.setCurrentWidget(self.panel))
        made.saved.connect(self._after_declaring)
        self.stack.addWidget(made)
        return made

    # Showing

    def refresh(self, period: str) -> None:
        """Load the ledgers; the period makes no difference."""
        del period
        self._desk.run(
            lambda w: (planning.ledgers(w), planning.current_plan(w), handover.handed_over(w)),
            self._show,
        )

    def may_leave(self) -> bool:
        """Store what was typed last; what can't be stored is kept in its cell."""
        self.panel.steps.wait()
        return True

    def show_item(self, item: object) -> None:
        """Open a ledger by its code, or with it a row by its id, or words that are looked for."""
        code, row = item if isinstance(item, tuple) else (item, "")
        self._wanted = str(row)
        remember.store(_LAST, str(code))
        # The list may still be on its way; it is shown with the ledger that was opened last.
        self._chosen = None
        self._select(str(code))
        if self._chosen is None:  # it was selected already
            self._choose(self.table.current_row())

    def _show(self, found: tuple[tuple[tuple[Ledger, int], ...], Plan, HandedOver]) -> None:
        listed, plan, self._stands = found
        self._names = {unit.code: unit.name for unit in plan.units_in_year.values()}
        known = plan.indicators_by_code
        before, self._chosen = self._chosen, None
        self.rows.set_rows(
            [
                _Listed(
                    ledger,
                    count,
                    tuple(known[f.indicator].name for f in ledger.feeds if f.indicator in known),
                )
                for ledger, count in listed
            ]
        )
        last = before.code if before else remember.recall(_LAST)
        self._select(last)

    def _select(self, code: str) -> None:
        rows = self.rows.rows
        if rows:
            self.table.choose_row(next((it for it in rows if it.ledger.code == code), rows[0]))

    def _choose(self, row: object) -> None:
        if not isinstance(row, _Listed):
            return
        if self._chosen is not None and self._chosen.code == row.ledger.code:
            return
        self.stack.setCurrentWidget(self.panel)
        self._chosen = row.ledger
        remember.store(_LAST, row.ledger.code)
        self.feeds.setText(_feeds_text(row))
        self.feeds.setToolTip("、".join(row.feeds))
        self.header.set_note(row.ledger.title)
        self._show_handover()
        self.panel.show_ledger(row.ledger, self._names, self._wanted)
        self._wanted = ""

    def _after_storing(self) -> None:
        workspace = self._desk.workspace
        self._desk.runner.beside(
            lambda: (planning.ledgers(workspace), handover.handed_over(workspace)), self._count
        )
        self.data_changed.emit()

    def _show_handover(self) -> None:
        """Say how far the rows of the chosen ledger have come on their way to the office."""
        code = self._chosen.code if self._chosen is not None else ""
        self.handover.show_thing(self._stands.of(ThingKind.LEDGER, code))

    def _count(self, found: tuple[tuple[tuple[Ledger, int], ...], HandedOver]) -> None:
        """Show the new numbers of rows; the choice stays."""
        listed, self._stands = found
        self._show_handover()
        feeds = {row.ledger.code: row.feeds for row in self.rows.rows}
        chosen = self._chosen
        self.rows.set_rows([_Listed(x, count, feeds.get(x.code, ())) for x, count in listed])
        if chosen is not None:
            self._select(chosen.code)

    # Files

    def _import(self) -> None:
        if self._chosen is not None and self.importing.choose(self._chosen, self._names):
            self.stack.setCurrentWidget(self.importing)

    def open_list(self, file: Path) -> None:
        """Show what a list would change in the chosen ledger."""
        if self._chosen is not None:
            self.importing.open(self._chosen, self._names, file)
            self.stack.setCurrentWidget(self.importing)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file."""
        if self._chosen is not None and len(event.mimeData().urls()) == 1:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Show what a dropped file would change in the chosen ledger."""
        path = Path(event.mimeData().urls()[0].toLocalFile())
        if self._chosen is not None and path.is_file():
            event.acceptProposedAction()
            self.open_list(path)

    def edit_declaration(self, *, new: bool = False) -> None:
        """Edit the chosen ledger's declaration, or begin a new ledger."""
        if self._chosen is not None or new:
            self.declaring.open("" if new or self._chosen is None else self._chosen.code)
            self.stack.setCurrentWidget(self.declaring)

    def _after_declaring(self, ledger: Ledger) -> None:
        self.stack.setCurrentWidget(self.panel)
        self._chosen = ledger
        self.refresh("")
        self.data_changed.emit()

    def _show_buttons(self) -> None:
        """Leave one primary button: that of what is open."""
        for button in self.buttons:
            button.setVisible(self.stack.currentWidget() is self.panel)

    def _after_import(self, result: ListResult) -> None:
        if self._chosen is not None and result.ledger.columns != self._chosen.columns:
            self._chosen = result.ledger
            self.panel.show_ledger(result.ledger, self._names)
        self.panel.steps.note(result.changes)
        rows = len({each.row for each in result.rejected})
        done = f"新增 {result.added:,} 行，更新 {result.updated:,} 行，未变 {result.unchanged:,} 行"
        words = f"导入完成：{done}"
        if rows:
            self._desk.messages.warn(f"{words}，未导入 {rows:,} 行。")
        else:
            self._desk.messages.info(f"{words}。", "撤销", self.panel.steps.undo)

    def _template(self) -> None:
        if self._chosen is None:
            return
        name = self._chosen.title
        file = self._desk.files.save("保存模板", f"{name}模板.xlsx", (EXCEL,), "ledgers")
        if file is not None:
            self._desk.run(
                lambda w: ledger_files.write_template(w, name, file),
                lambda _none: self._desk.tell_written(f"已保存“{name}”的空白模板。", file),
                title="正在写模板",
            )

    def _export(self) -> None:
        """Write the rows that the filters show, in their order."""
        ledger = self._chosen
        if ledger is None:
            return
        named = [column.title for column in ledger.columns if column.personal]
        answer = WITHOUT
        if named:
            question = "导出的文件带上涉及个人信息的列吗？"
            detail = f"这些列是：{'、'.join(named)}。对外提供时请不要带上。"
            answer = self._desk.messages.ask(question, detail, (WITHOUT, WITH))
        file = self._desk.files.save("导出台账", f"{ledger.title}.xlsx", (EXCEL,), "ledgers")
        if answer is None or file is None:
            return
        view = self.panel.shown
        self._desk.run(
            lambda w: ledger_files.export_ledger(
                w, ledger.code, file, view, personal=answer == WITH
            ),
            lambda count: self._desk.tell_written(f"已导出 {count} 行。", file),
            title="正在导出",
        )


def _feeds_text(row: _Listed) -> str:
    if not row.feeds:
        return "这个台账目前不供指标计算。"
    more = f"等 {len(row.feeds)} 个指标" if len(row.feeds) > _MOST_NAMED else ""
    return f"供指标计算：{'、'.join(row.feeds[:_MOST_NAMED])}{more}"


def _columns() -> tuple[RowColumn[_Listed], ...]:
    return (
        RowColumn("台账", lambda r: r.ledger.title, stretch=True, tip=lambda r: r.ledger.title),
        RowColumn("行数", lambda r: f"{r.count:,}", lambda r: r.count, number=True, width=76),
    )
