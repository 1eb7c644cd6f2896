"""台账设置: the office edits a ledger's name, columns and formulas; stored with 保存 only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QTabWidget,
    QWidget,
)

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.declarations import choices_from_text
from fsdesk.domain.ledger.formulas import Feed
from fsdesk.domain.ledger.ledger import ColumnType, Ledger, LedgerColumn
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.services.ledger import ledger_declarations
from ui.models.rows import RowColumn, RowsModel
from ui.pages.ledger.formula_forms import FeedForm
from ui.theme import SPACE_S
from ui.widgets.boxes import boxed, column_of, row_of, scrolling
from ui.widgets.buttons import button, button_row
from ui.widgets.choice import Choice
from ui.widgets.field_values import ValueField
from ui.widgets.fields import Keeping, keeping, line_edit
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label
from ui.widgets.later import Later
from ui.widgets.tables.open_cells import OpenCellDelegate
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.services.ledger.ledger_declarations import LedgerDesk
    from ui.desk import Desk
    from ui.widgets.tables.cells import Index

_TITLE, _TYPE, _CHOICES, _KEY, _PERSONAL, _USED = range(6)
_HEADS = ("列名", "类型", "选项（用顿号隔开）", "识别列", "个人信息", "已有数据")
_WIDTHS = (170, 110, 300, 70, 80, 90)
_ROW_HEIGHT = 38
_FEEDS_HEIGHT = 104


class ColumnTable(QTableWidget):
    """The columns of a ledger, one a line; `edited` tells of every change by the user."""

    edited = Signal()

    def __init__(self) -> None:
        """Make it empty."""
        super().__init__(0, len(_HEADS))
        self.setAccessibleName("台账的列")
        self.setTabKeyNavigation(False)  # Tab leaves it; while one types, it goes on
        self.setHorizontalHeaderLabels(list(_HEADS))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        head = self.horizontalHeader()
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(_CHOICES, QHeaderView.ResizeMode.Stretch)
        for at, width in enumerate(_WIDTHS):
            self.setColumnWidth(at, width)
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.kinds: list[Choice] = []
        self._base: list[LedgerColumn] = []
        self._used: list[int] = []
        self.typing: tuple[int, int, str] | None = None  # row, column and text of an open cell
        self.setItemDelegate(OpenCellDelegate(self, _TypedColumn(self)))
        self.itemChanged.connect(self.edited)

    def fill(self, columns: list[tuple[LedgerColumn, bool, int]]) -> None:
        """Show columns, whether each is part of the key, and how many rows hold something."""
        self.setRowCount(0)
        self._base, self._used, self.kinds, self.typing = [], [], [], None
        for column, key, used in columns:
            self.add(column, key=key, used=used)

    def add(self, column: LedgerColumn, *, key: bool = False, used: int = 0) -> None:
        """Add a column at the end."""
        with QSignalBlocker(self):
            self._add_row(column, key=key, used=used)

    def _add_row(self, column: LedgerColumn, *, key: bool, used: int) -> None:
        row = self.rowCount()
        self.insertRow(row)
        self._base.append(column)
        self._used.append(used)
        name = QTableWidgetItem(column.title)
        if used:
            # Rows are held by the names of their columns.
            name.setFlags(name.flags() & ~Qt.ItemFlag.ItemIsEditable)
            name.setToolTip("已有数据的列不能改名；可以另外新加一列")
        self.setItem(row, _TITLE, name)
        entries = [(kind.label, kind) for kind in ColumnType]
        kinds = keeping(Choice(f"“{column.title}”的类型", entries), Keeping.STORED)
        kinds.set_value(column.type)
        kinds.chosen.connect(lambda _kind: self.edited.emit())
        # A widget around it: the table would shrink a field of its own to its text.
        around = boxed(row_of(kinds))
        self.setCellWidget(row, _TYPE, around)
        self.kinds.insert(row, kinds)
        self.setItem(row, _CHOICES, QTableWidgetItem("、".join(column.choices)))
        for at, on in ((_KEY, key), (_PERSONAL, column.personal)):
            box = QTableWidgetItem()
            box.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable)
            box.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.setItem(row, at, box)
        count = QTableWidgetItem(f"{used:,} 行" if used else "")
        count.setFlags(Qt.ItemFlag.ItemIsEnabled)
        self.setItem(row, _USED, count)

    def read(self) -> list[tuple[LedgerColumn, bool, int]]:
        """Return the columns as they are filled in; what is not shown of them stays."""
        return [self._column(row) for row in range(self.rowCount())]

    def _column(self, row: int) -> tuple[LedgerColumn, bool, int]:
        # Qt hands words of a list of words back as plain text.
        kind = ColumnType(self.kinds[row].value)
        choices = choices_from_text(self._text(row, _CHOICES)) if kind is ColumnType.CHOICE else ()
        base = self._base[row]
        column = replace(
            base,
            title=self._text(row, _TITLE).strip(),
            type=kind,
            choices=choices,
            personal=self._checked(row, _PERSONAL),
            words=tuple(pair for pair in base.words if pair[1] in choices),
        )
        return column, self._checked(row, _KEY), self._used[row]

    def _text(self, row: int, column: int) -> str:
        if self.typing is not None and self.typing[:2] == (row, column):
            return self.typing[2]
        item = self.item(row, column)
        return item.text() if item else ""

    def _checked(self, row: int, column: int) -> bool:
        item = self.item(row, column)
        return item is not None and item.checkState() is Qt.CheckState.Checked


class _TypedColumn:
    """The open cell of the columns: all of them are a draft until 保存, and it is part of it."""

    def __init__(self, table: ColumnTable) -> None:
        self._table = table

    def get(self, index: Index) -> str | None:
        """Return nothing: what was typed stands in the columns already."""
        del index

    def put(self, index: Index, text: str) -> None:
        """Let the columns be read with what stands in the editor."""
        self._table.typing = index.row(), index.column(), text
        self._table.edited.emit()

    def hand_over(self, index: Index) -> None:
        """Let them be read as they stand in the table."""
        self.end(index)

    def end(self, index: Index) -> None:
        """Let them be read as they stand in the table."""
        if self._table.typing is not None and self._table.typing[:2] == (
            index.row(),
            index.column(),
        ):
            self._table.typing = None
            self._table.edited.emit()


class LedgerDeclaring(QWidget):
    """Edits one declaration; `saved` gives it, `closed` when it was left."""

    saved = Signal(object)  # Ledger
    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        """Begin without a ledger."""
        super().__init__()
        self._desk = desk
        self._opened: LedgerDesk | None = None
        self.heading = label("", "section")
        self.name = line_edit("台账名称")
        self.columns = ColumnTable()
        self.columns.edited.connect(self._keep_columns)
        self.by_unit = QCheckBox("各单位的识别列互不相干，相同的分别计数")
        self.by_unit.setToolTip(
            "不勾选：几个单位登记了识别列相同的记录，算同一件事，只计入一个单位，并列为数据质量问题"
        )
        self.sealed = QCheckBox("报送时密封：只有收件单位能打开")
        self.sealed.setToolTip(
            "记录涉及个人信息的台账建议勾选：报送包、下发包和反馈包里看不到这个台账的内容，"
            "汇总端（或本单位）导入时自动打开"
        )
        self.retired = label("", "muted", wrap=True)
        self.feeds: RowsModel[Feed] = RowsModel(self._feed_columns())
        self.feeds_table = ReportTable("ledger-feeds", name="供指标计算的公式")
        self.feeds_table.setFixedHeight(_FEEDS_HEIGHT)
        self.feeds_table.show_rows(self.feeds)
        self.feeds_table.row_chosen.connect(self._show_feed)
        self._form = Later(lambda: FeedForm(desk.drafts))
        self._filled, self._fed = ValueField(self, "台账的列"), ValueField(self, "供指标计算的公式")
        self.kept = KeptFields(desk.drafts, self)
        for name, field in (
            ("name", self.name), ("by_unit", self.by_unit), ("sealed", self.sealed),
            ("columns", self._filled), ("feeds", self._fed),
        ):  # fmt: skip
            self.kept.add(name, field)
        self.kept.note.given_up.connect(self._put_lists)
        self.kept.note.stored_wanted.connect(lambda _name: self._put_lists())
        self.save = button("保存", self._save, "primary", "save")
        self.again = button("恢复停用的列", self._bring_back, icon="rotate-ccw")
        self.tabs = QTabWidget()
        self._lay_out()

    def _lay_out(self) -> None:
        back = button("返回台账", self.closed.emit, icon="chevron-left")
        self.name.setFixedWidth(220)
        bar = row_of(back, self.heading, None, label("台账名称", "muted"), self.name, self.save)
        # What holds others is put into its place first; see `splitter`.
        column_of(bar, self.kept.note, (self.tabs, 1), parent=self)
        columns, feeds = QWidget(), QWidget()
        self.tabs.addTab(columns, "列")
        self.tabs.addTab(feeds, "供指标计算")
        self._fill_columns(columns)
        self._fill_feeds(feeds)

    def _fill_columns(self, tab: QWidget) -> None:
        buttons = row_of(
            self.retired,
            self.again,
            button("上移", lambda: self._move(-1)),
            button("下移", lambda: self._move(1)),
            button("停用列", self._retire, icon="x"),
            button("添加列", self._add, icon="plus"),
        )
        buttons.setStretchFactor(self.retired, 1)
        column_of(
            label("程序靠识别列认出同一条记录；个人信息列在屏幕上遮盖，导出时默认不带。", "muted"),
            (self.columns, 1),
            self.by_unit,
            self.sealed,
            buttons,
            margins=(0, SPACE_S, 0, 0),
            parent=tab,
        )

    def _fill_feeds(self, tab: QWidget) -> None:
        inside = QWidget()
        column_of(scrolling(inside), parent=tab)
        buttons = button_row(
            button("删除公式", self._drop_feed, icon="trash-2"),
            button("替换选中的公式", lambda: self._put_feed(new=False), icon="check"),
            button("作为新公式添加", lambda: self._put_feed(new=True), icon="plus"),
        )
        column_of(
            self.feeds_table,
            self._form,
            buttons,
            (None, 1),
            margins=(0, SPACE_S, SPACE_S, 0),
            parent=inside,
        )

    @property
    def form(self) -> FeedForm:
        """The fields of a formula."""
        return self._form.part

    # Opening and storing

    def open(self, code: str) -> None:
        """Edit a ledger; without a code begin a new one."""
        self._desk.run(lambda w: ledger_declarations.open_desk(w, code), self._show)

    def _show(self, opened: LedgerDesk) -> None:
        self._opened = opened
        ledger = opened.ledger
        self.heading.setText(f"“{ledger.title}”的设置" if ledger else "新建台账")
        columns = [(LedgerColumn("名称"), True, 0)]
        if ledger:
            used = opened.used
            columns = [(c, c.title in ledger.key, used.get(c.title, 0)) for c in ledger.columns]
        self.kept.show(
            f"ledger/declaring/{ledger.code if ledger else 'new'}",
            {
                "name": ledger.title if ledger else "",
                "by_unit": ledger is not None and ledger.keyed_by_unit,
                "sealed": opened.sealed,
                "columns": _columns_text(columns),
                "feeds": _text(ledger.feeds if ledger else ()),
            },
        )
        self._put_lists()
        names = "、".join(f"{title}（{opened.used[title]:,} 行）" for title in opened.retired)
        self.retired.setText(f"已停用，数据还在：{names}" if names else "")
        self.again.setVisible(bool(names))
        self._offer(None)
        self.tabs.setCurrentIndex(0)
        self.name.setFocus()

    def _put_lists(self) -> None:
        """Show columns and formulas as they were left, or as they are stored."""
        used = self._opened.used if self._opened else {}
        kept = from_plain(list[tuple[LedgerColumn, bool]], json.loads(self._filled.text()))
        self.columns.fill([(column, key, used.get(column.title, 0)) for column, key in kept])
        self.feeds.set_rows(from_plain(tuple[Feed, ...], json.loads(self._fed.text())))

    def _keep_columns(self) -> None:
        self._filled.set_text(_columns_text(self.columns.read()))

    def _set_feeds(self, feeds: Sequence[Feed]) -> None:
        self.feeds.set_rows(feeds)
        self._fed.set_text(_text(tuple(feeds)))

    def _ledger(self) -> Ledger:
        """Return the declaration as it is filled in."""
        read = self.columns.read()
        base = self._opened.ledger if self._opened else None
        titles = {column.title for column, _, _ in read}
        key = tuple(column.title for column, is_key, _ in read if is_key)
        if base is not None and set(key) == set(base.key):
            key = base.key
        return Ledger(
            base.code if base else "",
            self.name.text().strip(),
            tuple(column for column, _, _ in read),
            key,
            self.feeds.rows,
            # What is examined of a column that was retired is examined no more.
            tuple(r for r in base.rules if {r.column, r.other or r.column} <= titles)
            if base
            else (),
            self.by_unit.isChecked(),
        )

    def _save(self) -> None:
        ledger, sealed = self._ledger(), self.sealed.isChecked()
        stored = self.kept.handed_over()
        self._desk.run(
            lambda w: ledger_declarations.save(w, ledger, sealed=sealed),
            lambda saved: self._tell(saved, stored),
            title="正在保存台账设置",
        )

    def _tell(self, ledger: Ledger, stored: Callable[[], None]) -> None:
        stored()
        words = f"“{ledger.title}”的设置已保存，重新下发计划后各单位同步更新。"
        self._desk.messages.info(words)
        self.saved.emit(ledger)

    # Columns

    def _add(self) -> None:
        self.columns.add(LedgerColumn(""))
        self._keep_columns()
        row = self.columns.rowCount() - 1
        self.columns.setCurrentCell(row, _TITLE)
        item = self.columns.item(row, _TITLE)
        if item is not None:
            self.columns.editItem(item)

    def _retire(self) -> None:
        row = self.columns.currentRow()
        if row < 0:
            return
        column, key, used = self.columns.read()[row]
        if key:
            self._desk.messages.warn("识别列不能停用，请先改选别的识别列。")
            return
        if used:
            words = f"“{column.title}”已有 {used:,} 行数据：停用后不再显示，数据保留，可以恢复。"
            self._desk.messages.info(words)
        kept = self.columns.read()
        self.columns.fill(kept[:row] + kept[row + 1 :])
        self._keep_columns()

    def _bring_back(self) -> None:
        if self._opened is None:
            return
        there = {column.title for column, _, _ in self.columns.read()}
        for title in self._opened.retired:
            if title not in there:
                number = title in self._opened.numbers
                kind = ColumnType.NUMBER if number else ColumnType.TEXT
                self.columns.add(LedgerColumn(title, kind), used=self._opened.used[title])
        self._keep_columns()

    def _move(self, by: int) -> None:
        row, read = self.columns.currentRow(), self.columns.read()
        if row < 0 or not 0 <= row + by < len(read):
            return
        read.insert(row + by, read.pop(row))
        self.columns.fill(read)
        self._keep_columns()
        self.columns.setCurrentCell(row + by, _TITLE)

    # Formulas

    def _offer(self, feed: Feed | None) -> None:
        plan = self._opened.plan if self._opened else None
        columns = [column for column, _, _ in self.columns.read() if column.title]
        indicators, thing = plan.indicators if plan else (), self.kept.thing
        self._form.bring(lambda form: form.offer(indicators, columns, feed, thing))

    def _show_feed(self, feed: object) -> None:
        self._offer(feed)  # pyright: ignore[reportArgumentType] - the rows are formulas

    def _put_feed(self, *, new: bool) -> None:
        try:
            feed = self.form.feed()
        except InputRejectedError as problem:
            self._desk.messages.error(problem)
            return
        chosen = self.feeds_table.current_row()
        rows = list(self.feeds.rows)
        if new or chosen is None:
            rows.append(feed)
        else:
            rows[rows.index(chosen)] = feed
        self._set_feeds(rows)
        self.form.kept.handed_over()()

    def _drop_feed(self) -> None:
        chosen = self.feeds_table.current_row()
        if chosen is not None:
            self._set_feeds([feed for feed in self.feeds.rows if feed is not chosen])

    def _feed_columns(self) -> tuple[RowColumn[Feed], ...]:
        def name(feed: Feed) -> str:
            plan = self._opened.plan if self._opened else None
            known = plan.indicators_by_code.get(feed.indicator) if plan else None
            return f"{feed.indicator} {known.name}" if known else feed.indicator

        return (
            RowColumn("指标", name, width=230, tip=name),
            RowColumn("公式", lambda feed: feed.text, stretch=True, tip=lambda feed: feed.text),
            RowColumn("汇总时", lambda feed: "以台账为准" if feed.counts else "供核对", width=96),
        )


def _columns_text(columns: Sequence[tuple[LedgerColumn, bool, int]]) -> str:
    return _text([(column, key) for column, key, _used in columns])


def _text(things: object) -> str:
    """Return columns or formulas as one text, by which they are kept."""
    return json.dumps(to_plain(things), ensure_ascii=False)
