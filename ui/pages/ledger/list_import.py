"""导入: what the headers of a foreign list mean, what it would change, and then 导入."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QPushButton, QScrollArea, QWidget

from fsdesk.domain.plain import to_plain
from fsdesk.services.ledger import ledger_files
from fsdesk.services.ledger.ledger_files import UNIT, Choices, ListOptions
from ui import icons
from ui.files import ALL, EXCEL
from ui.models.rows import RowColumn, RowsModel
from ui.theme import SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import boxed, column_of, row_of, splitter
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.field_values import ValueField
from ui.widgets.fields import Keeping, keeping, named
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.services.ledger.ledger_files import HeaderCell, ListLook, ListResult, Rejected
    from ui.desk import Desk

LISTS = "表格和清单 (*.xlsx *.xls *.et *.ods *.csv *.txt *.tsv)"
_LEFT_OUT = "（不导入）"
_NEW, _NOTE = "\0new", "\0note"  # no titles of columns
_EXTRA = {_NEW: "作为新列", _NOTE: "并入备注"}
_NO_CHOICE = "（不对应）"
_CHOICE_WIDTH = 150
_ALL_SHEETS = "\0all"  # no name of a sheet
_TAKE, _SKIP = "take", "skip"
_MOST_WORDS = 40
_SAMPLE = 26
_TOLD_HEIGHT = 110


class LedgerImport(QWidget):
    """One file for one ledger; `closed` when it was taken or given up."""

    closed = Signal()
    taken = Signal(object)  # ListResult

    def __init__(self, desk: Desk) -> None:
        """Begin without a file."""
        super().__init__()
        self._desk = desk
        self._look: ListLook | None = None
        self._file: Path | None = None
        self._ledger: Ledger | None = None
        self.heading = label("", "section")
        self.unit = Choice("表中没有写单位的记录记到哪个单位")
        self.unit.chosen.connect(lambda _unit: self._read())
        self.unit_row = QWidget()
        self.sheets = Choice("读取哪些工作表")
        self.hidden = Choice(
            "筛选或隐藏的行是否读取", [("（请选择）", ""), ("一并读取", _TAKE), ("不读取", _SKIP)]
        )
        self.alike = Choice("编号很像的行", [("先核对，不导入", ""), ("按新记录导入", _TAKE)])
        for choice in (self.sheets, self.hidden, self.alike):
            choice.chosen.connect(lambda _value: self._read())
        self._picked = ValueField(self, "表头和说法的对应")
        self.kept = KeptFields(desk.drafts, self, quiet=True)
        for name, field in (
            ("unit", self.unit), ("sheets", self.sheets), ("hidden", self.hidden),
            ("alike", self.alike), ("choices", self._picked),
        ):  # fmt: skip
            self.kept.add(name, field)
        self.extra = label("", wrap=True)
        self.extra_new = button(_EXTRA[_NEW], partial(self._take_extra, _NEW), "link")
        self.extra_note = button(_EXTRA[_NOTE], partial(self._take_extra, _NOTE), "link")
        self.told = named(QPlainTextEdit(), "没有读取的内容")
        self.told.setReadOnly(True)
        self.told.setMaximumHeight(_TOLD_HEIGHT)
        self.columns: dict[str, Choice] = {}
        self.words: dict[tuple[str, str], Choice] = {}
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self.counts = label("", wrap=True)
        self.problem = label("", "error", wrap=True)
        self.rejected: RowsModel[Rejected] = RowsModel(_columns())
        self.table = ReportTable("list-rejected", self.rejected, "不能导入的行")
        self.back = button("返回台账", self.closed.emit, icon="chevron-left")
        self.save = button("另存不合格的行…", self._save)
        self.take = QPushButton("导入")
        icons.put(self.take, "check", "on_accent")
        set_role(self.take, "primary")
        self.take.clicked.connect(self._take)
        self._lay_out()

    def _lay_out(self) -> None:
        row_of(
            label("表中没有写单位的，记到：", "muted"),
            self.unit,
            (None, 1),
            spacing=-1,
            parent=self.unit_row,
        )
        self._questions = [
            boxed(row_of(label(words, "muted"), choice, (None, 1), spacing=-1))
            for words, choice in (
                ("工作表：", self.sheets),
                ("筛选或隐藏的行：", self.hidden),
                ("与已有编号很像的行：", self.alike),
            )
        ]
        self._extra_row = boxed(
            column_of(self.extra, row_of(self.extra_new, self.extra_note, (None, 1)))
        )
        right = QWidget()
        column_of(
            self.counts,
            self.problem,
            self.unit_row,
            *self._questions,
            self._extra_row,
            self.told,
            label("不能导入的行", "section"),
            (self.table, 1),
            margins=(SPACE_M, 0, 0, 0),
            parent=right,
        )
        split = splitter(self._area, right, sizes=[440, 440])
        column_of(
            row_of(self.back, self.heading, (None, 1), self.save, self.take),
            (split, 1),
            spacing=SPACE_M,
            parent=self,
        )

    # Reading

    def choose(self, ledger: Ledger, names: Mapping[str, str]) -> bool:
        """Ask for a file and read it; tell whether one was chosen."""
        title = f"导入到“{ledger.title}”"
        file = self._desk.files.open_one(title, (LISTS, ALL), "lists")
        if file is not None:
            self.open(ledger, names, file)
        return file is not None

    def open(self, ledger: Ledger, names: Mapping[str, str], file: Path) -> None:
        """Read a file as rows of a ledger."""
        self.kept.leave()
        self._ledger, self._file, self._look = ledger, file, None
        self.unit.set_entries([(name, code) for code, name in names.items()])
        self.unit.set_value(self._desk.unit)
        self.unit_row.setVisible(self._desk.is_office)
        self.sheets.set_entries([])
        self.hidden.set_value("")
        self.alike.set_value("")
        stored = {
            "unit": self.unit.currentText(),
            "sheets": "",
            "hidden": self.hidden.currentText(),
            "alike": self.alike.currentText(),
            "choices": "",
        }
        self.kept.show(f"ledger/import/{ledger.code}/{file.name}", stored)
        self.heading.setText(f"导入到“{ledger.title}”：{file.name}")
        self.counts.setText("正在读取文件……")
        self.problem.setText("")
        self.rejected.set_rows(())
        self._area.setWidget(QWidget())
        self._enable()
        self._read()

    def _read(self) -> None:
        ledger, file, before = self._ledger, self._file, self._look
        if ledger is None or file is None:
            return
        options = self._options()
        self._desk.run(
            lambda w: ledger_files.look_at_list(w, ledger.code, file, options, before),
            self._show,
            self._refuse,
            title="正在读取清单",
        )

    def _options(self) -> ListOptions:
        sheet, hidden = self.sheets.value or "", self.hidden.value
        return ListOptions(
            unit=self.unit.value or "",
            sheets=(sheet,) if sheet not in ("", _ALL_SHEETS) else (),
            every_sheet=sheet == _ALL_SHEETS,
            hidden_rows=hidden == _TAKE if hidden else None,
            alike_are_new=self.alike.value == _TAKE,
        )

    def _ask(self, look: ListLook) -> None:
        """Show the questions that this file raises, with names of sheets and their rows."""
        if not self.sheets.count():
            named = [(str(each), each.sheet.name) for each in look.offers]
            listed = sum(each.is_list for each in look.offers)
            together = [("像清单的全部合并读取", _ALL_SHEETS)] if listed > 1 else []
            self.sheets.set_entries([("（请选择）", ""), *together, *named])
            self.kept.show_again()
            if self.sheets.value:  # it was chosen before the program ended
                self._read()
        asked = (
            len(look.offers) > 1,
            look.has_hidden_rows,
            bool(self.alike.value) or (look.preview is not None and look.preview.alike > 0),
        )
        for row, wanted in zip(self._questions, asked, strict=True):
            row.setVisible(wanted)
        extra = look.preview.extra if look.preview else ()
        offered = self._extras(look.ledger)
        self._extra_row.setVisible(bool(extra and offered))
        self.extra.setText(f"台账没有的列：{'、'.join(extra)}")
        self.extra_new.setVisible(_NEW in offered)
        self.extra_note.setVisible(_NOTE in offered)

    def _refuse(self, problem: Exception) -> None:
        self._desk.messages.error(problem, self._file.name if self._file else "")
        self.closed.emit()

    def _show(self, look: ListLook) -> None:
        words_before = set(self.words)
        first = self._look is None
        self._look = look
        unknown = self._unknown_words(look)
        if first or unknown != words_before:
            self._fill(look, unknown)
        else:
            self._choose_columns(look)
        preview = look.preview
        self._ask(look)
        findings = preview.findings if preview else ()
        self.told.setPlainText("\n".join(map(str, findings)))
        self.told.setVisible(bool(findings))
        self.problem.setText(look.problem)
        self.problem.setVisible(bool(look.problem))
        self.counts.setVisible(preview is not None)
        if preview is not None:
            rows = len({(each.sheet, each.row) for each in preview.rejected})
            passed = f"；合计、备注等 {preview.passed_over} 行不读取" if preview.passed_over else ""
            read = "、".join(str(sheet) for sheet in preview.sheets)
            self.counts.setText(
                f"将新增 {preview.added:,} 行，更新 {preview.updated:,} 行，"
                f"未变 {preview.unchanged:,} 行，不能导入 {rows:,} 行{passed}。读取的是：{read}。"
            )
        self.rejected.set_rows(preview.rejected if preview else ())
        self._enable()
        if first and self._picked.text():  # chosen before the program ended
            kept = json.loads(self._picked.text())
            new, notes = tuple(kept["new"]), tuple(kept["notes"])
            self._again(Choices(kept["columns"], kept["words"], new, notes))

    def _enable(self) -> None:
        preview = self._look.preview if self._look else None
        self.take.setEnabled(preview is not None and bool(preview.entries))
        self.save.setEnabled(preview is not None and bool(preview.rejected))

    # What headers and words mean

    @staticmethod
    def _unknown_words(look: ListLook) -> set[tuple[str, str]]:
        """Return words that name no choice, with those that were given one before."""
        found = look.preview.unknown_words if look.preview else {}
        unknown = {(title, word) for title, words in found.items() for word in words}
        given = {(title, word) for title, words in look.choices.words.items() for word in words}
        return set(sorted(unknown)[:_MOST_WORDS]) | given

    def _fill(self, look: ListLook, unknown: set[tuple[str, str]]) -> None:
        content = QWidget()
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, SPACE_S, 0)
        grid.setSpacing(SPACE_S)
        grid.setColumnStretch(2, 1)
        grid.addWidget(label("表头的对应", "section"), 0, 0, 1, 3)
        for at, text in enumerate(("表中的列", "台账的列", "内容示例")):
            grid.addWidget(label(text, "help"), 1, at)
        self.columns, self.words = {}, {}
        row = 2
        for cell in look.header.cells:
            self._add_column(grid, row, look, cell)
            row += 1
        if unknown:
            grid.addWidget(label("说法的对应", "section"), row, 0, 1, 3)
            row += 1
        for title, word in sorted(unknown):
            self._add_word(grid, row, look, (title, word))
            row += 1
        grid.setRowStretch(row, 1)
        self._area.setWidget(content)
        self._choose_columns(look)

    def _add_column(self, grid: QGridLayout, row: int, look: ListLook, cell: HeaderCell) -> None:
        titles = [column.title for column in look.ledger.columns]
        own = [UNIT] if UNIT not in titles else []
        extra = self._extras(look.ledger) if not cell.title or cell.text in look.choices.new else ()
        entries = [(_LEFT_OUT, ""), *((_EXTRA[each], each) for each in extra)]
        entries += [(title, title) for title in (*own, *titles) if title not in look.choices.new]
        choice = keeping(Choice(f"“{cell.text}”对应的列", entries), Keeping.STORED)
        choice.setFixedWidth(_CHOICE_WIDTH)
        choice.chosen.connect(partial(self.pick_column, cell.text))
        self.columns[cell.text] = choice
        name = label(cell.text, wrap=True)
        grid.addWidget(name, row, 0)
        grid.addWidget(choice, row, 1)
        sample = "、".join(text[:_SAMPLE] for text in look.samples(cell.place))
        grid.addWidget(label(sample, "muted", wrap=True), row, 2)

    def _add_word(self, grid: QGridLayout, row: int, look: ListLook, key: tuple[str, str]) -> None:
        title, word = key
        column = look.ledger.column(title)
        choices = column.choices if column else ()
        entries = [(_NO_CHOICE, ""), *((c, c) for c in choices)]
        choice = keeping(Choice(f"“{word}”对应的选项", entries), Keeping.STORED)
        choice.setFixedWidth(_CHOICE_WIDTH)
        choice.set_value(look.choices.words.get(title, {}).get(word, ""))
        choice.chosen.connect(partial(self._choose_word, key))
        self.words[key] = choice
        grid.addWidget(label(f"{title}：{word}", wrap=True), row, 0)
        grid.addWidget(choice, row, 1)

    def _choose_columns(self, look: ListLook) -> None:
        for cell in look.header.cells:
            value = _NOTE if cell.text in look.choices.notes else cell.title
            value = _NEW if cell.text in look.choices.new else value
            self.columns[cell.text].set_value(value)

    def _extras(self, ledger: Ledger) -> tuple[str, ...]:
        """Return what can be made of columns that a ledger doesn't have.

        The office declares ledgers; a unit can only add to the note, where there is one.
        """
        if self._desk.is_office:
            return _NEW, _NOTE
        return (_NOTE,) if ledger.note_column else ()

    def _take_extra(self, what: str) -> None:
        """Take all columns that the ledger doesn't have in one way."""
        if self._look is not None and self._look.preview is not None:
            extra = self._look.preview.extra
            self._again(self._look.choices.with_extra(extra, as_new=what == _NEW))

    def pick_column(self, header: str, title: str) -> None:
        """Take a choice; another header that named the same column gives it up."""
        if self._look is None:
            return
        choices = self._look.choices.without((header,))
        if title in _EXTRA:
            self._again(choices.with_extra((header,), as_new=title == _NEW))
            return
        columns = dict(choices.columns)
        if title:
            for cell in self._look.header.cells:
                doubtful = self._look.header.doubtful.get(title, ())
                if cell.text != header and (cell.title == title or cell.text in doubtful):
                    columns[cell.text] = ""
        columns[header] = title
        self._again(replace(choices, columns=columns))

    def _choose_word(self, key: tuple[str, str], choice: str) -> None:
        if self._look is None:
            return
        title, word = key
        words = {t: dict(given) for t, given in self._look.choices.words.items()}
        words.setdefault(title, {})[word] = choice
        if not choice:
            del words[title][word]
        self._again(replace(self._look.choices, words=words))

    def _again(self, choices: Choices) -> None:
        if self._look is not None:
            self._look = replace(self._look, choices=choices)
            self._picked.set_text(json.dumps(to_plain(choices), ensure_ascii=False))
            self._read()

    # Taking

    def _take(self) -> None:
        look = self._look
        if look is None or look.preview is None:
            return
        preview = look.preview
        self.take.setEnabled(False)
        self._desk.run(lambda w: ledger_files.take_list(w, preview), self._tell, title="正在导入")

    def _tell(self, result: ListResult) -> None:
        self.kept.give_up()  # they are remembered for lists of this form
        self.taken.emit(result)
        self.closed.emit()

    def _save(self) -> None:
        look, file = self._look, self._file
        if look is None or file is None:
            return
        name = f"{file.stem}（未导入的行）.xlsx"
        out = self._desk.files.save("另存不合格的行", name, (EXCEL,), "lists")
        if out is not None:
            self._desk.runner.run(
                lambda: ledger_files.save_rejected(look, out),
                lambda count: self._desk.tell_written(
                    f"已另存 {count} 行，每行写明原因，改好后可以再导入。", out
                ),
            )


def _columns() -> tuple[RowColumn[Rejected], ...]:
    return (
        RowColumn("行号", lambda r: str(r.row), lambda r: r.row, number=True, width=56),
        RowColumn("列", lambda r: r.column, width=92),
        RowColumn("内容", lambda r: r.value, width=92, tip=lambda r: r.value),
        RowColumn("原因", lambda r: r.message, stretch=True, tip=lambda r: r.message),
    )
