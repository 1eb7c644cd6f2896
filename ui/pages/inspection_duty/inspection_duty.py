"""包保督导: done and due by level and street, who is overdue, what is not rectified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from fsdesk.domain.inspection_duty import DutyGroup, DutyLine, DutyState
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import FINE, share_text
from fsdesk.services import inspection_duty
from fsdesk.services.ledger.inspection_duty_rows import SUBJECTS, VISITS
from ui.files import EXCEL
from ui.models.rows import RowColumn, RowsModel
from ui.page import Page
from ui.theme import ROW, ROW_DENSE, SPACE_M, SPACE_XS
from ui.widgets.boxes import boxed, column_of, row_of, scrolling, splitter
from ui.widgets.choice import Choice
from ui.widgets.empty_state import EmptyState
from ui.widgets.label import label
from ui.widgets.search_field import SearchField
from ui.widgets.tables.report_table import ReportTable
from ui.widgets.tile import Tile

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.services.inspection_duty import InspectionDuty
    from ui.desk import Desk

LEVEL, STREET, CADRE = "level", "street", "cadre"
_GROUPS = 5  # four levels and their sum are seen at once
_LINES = 4  # rows that are seen at least; the page scrolls before that
_LIGHTS = {DutyState.DONE: Light.GREEN, DutyState.DUE: Light.YELLOW, DutyState.OVERDUE: Light.RED}


def is_pending(line: DutyLine) -> bool:
    """Tell whether a visit is still to be made."""
    return line.state is not DutyState.DONE


# What the list can be narrowed to; the first is shown at first.
SHOWN: tuple[tuple[str, Callable[[DutyLine], bool]], ...] = (
    ("待督导和逾期", is_pending),
    ("只看逾期", lambda line: line.state is DutyState.OVERDUE),
    ("问题未整改", lambda line: line.open_problems > 0),
    ("全部主体", lambda _line: True),
)


class InspectionDutyPage(Page):
    """Above figures and groups, below the subjects behind them."""

    def __init__(self, desk: Desk) -> None:
        """Build tiles, groups and list."""
        super().__init__("包保督导")
        self._desk, self._period = desk, ""
        self._found: InspectionDuty | None = None
        self.completion, self.overdue = Tile(Measure.DUTY_COMPLETION), Tile(Measure.DUTY_OVERDUE)
        self.cured, self.trained = Tile(Measure.DUTY_CURED), Tile(Measure.DUTY_TRAINED)
        self.by = Choice(
            "分组", [("按分级", LEVEL), ("按街道", STREET), ("按包保干部", CADRE)], kept=True
        )
        self.by.chosen.connect(lambda _by: self._show_groups())
        self.groups: RowsModel[DutyGroup] = RowsModel(_group_columns(), last=self._is_sum)
        self.group_table = ReportTable("duty-groups", self.groups)
        self.group_table.row_chosen.connect(lambda _group: self._show_lines())
        self.which = Choice("列出", SHOWN, kept=True)
        self.which.chosen.connect(lambda _which: self._show_lines())
        self.search = SearchField("查找主体、街道、干部")
        self.search.searched.connect(lambda _text: self._show_lines())
        self.lines: RowsModel[DutyLine] = RowsModel(_line_columns())
        self.line_table = ReportTable("duty-lines", self.lines)
        self.line_table.row_opened.connect(self._open_visits)
        self.empty = EmptyState("users", "还没有主体名录", "")
        self.empty.next_step.connect(self._take_next_step)
        self._connect_tiles()
        self._lay_out()

    def _connect_tiles(self) -> None:
        for tile, place in ((self.completion, 3), (self.overdue, 1), (self.cured, 2)):
            tile.clicked.connect(lambda _checked=False, place=place: self._list(place))
        self.trained.clicked.connect(lambda: self._open("cadre"))
        self.header.set_primary("导出督导清单", self._export, "file-spreadsheet")
        self.header.add_quiet("主体名录", lambda: self._open(SUBJECTS), "table-2")
        self.header.add_quiet("督导记录", lambda: self._open(VISITS), "clipboard-list")

    def _lay_out(self) -> None:
        tiles = row_of(self.completion, self.overdue, self.cured, self.trained, spacing=SPACE_M)
        self._rule = label("", "help", wrap=True)
        bar = self.group_table.horizontalScrollBar().sizeHint().height()  # where it is narrow
        self.group_table.setMinimumHeight(ROW + _GROUPS * ROW_DENSE + SPACE_XS + bar)
        above = row_of(self.by, label("选中一行，下方只列出该组", "help"), None)
        upper = _column(above, self.group_table)
        self._count = label("", "help")
        self._hint = label("双击打开该主体的督导记录", "help")
        above = row_of(self.which, self.search, self._count, None, self._hint)
        lower = _column(above, self.line_table)
        self.line_table.setMinimumHeight(ROW + _LINES * ROW_DENSE + SPACE_XS)
        # What holds others is put into its place first; see `splitter`.
        self.stack, whole = QStackedWidget(), QWidget()
        self.body.addWidget(self.stack, 1)
        self.stack.addWidget(scrolling(whole))
        self.stack.addWidget(self.empty)
        column = column_of(tiles, spacing=SPACE_M, parent=whole)
        splitter(upper, lower, sizes=[220, 330], upright=True, box=column)
        column.addWidget(self._rule)

    def refresh(self, period: str) -> None:
        """Load how it stands with the duty in a period."""
        self._period = period
        self._desk.run(lambda w: inspection_duty.duty(w, Period.parse(period)), self._show)

    def _show(self, found: InspectionDuty) -> None:
        self._found = found
        self.header.set_note(f"截至{found.period.label}")
        if found.missing or not found.subjects:
            self._show_empty(found)
            return
        self.stack.setCurrentIndex(0)
        words = f"规则：{found.rule}（可在“设置”修改）"
        if found.both is not None:
            words += f"\n{Measure.DUTY_COMPLETION.label}：{found.both.text(found.period)}"
        self._rule.setText(words)
        self._show_tiles(found)
        self._show_groups()

    def _show_empty(self, found: InspectionDuty) -> None:
        self.stack.setCurrentIndex(1)
        if not found.missing:
            self.empty.set_texts(
                "还没有主体名录",
                "在“台账”页的“包保主体”中导入 Excel 名录（主体、分级、街道、包保干部、"
                "经营状态），这里就列出应督导、已督导和逾期的主体。",
                "去导入主体名录",
            )
        elif self._desk.is_office:
            titles = "、".join(found.missing)
            self.empty.set_texts("缺少台账", f"这个工作区还没有台账：{titles}。", "添加台账")
        else:
            text = "请导入汇总端最近的下发包，其中带有包保督导的台账。"
            self.empty.set_texts("缺少台账", text, "去导入下发包")

    def _take_next_step(self) -> None:
        found = self._found
        if found is None or not found.missing:
            self._open(SUBJECTS)
        elif self._desk.is_office:
            self._desk.run(inspection_duty.add_ledgers, lambda _: self._added())
        else:
            self.open_requested.emit("exchange", None)

    def _added(self) -> None:
        self._desk.messages.info("已添加台账，重新下发计划后各单位同步更新。")
        self.refresh(self._period)
        self.data_changed.emit()

    def _show_tiles(self, found: InspectionDuty) -> None:
        whole = found.levels[-1]
        year = found.year
        words = f"已督导 {year.made} ÷ 应督导 {year.owed}（已结束的督导周期）"
        ended = words if year.owed else "本年还没有结束的督导周期"
        if found.both is not None:
            ended = "按督导记录；另有填报数，见本页下方"
        self.completion.set_share(share_text(year.share, FINE), ended)
        fine = Light.GREEN if whole.done else Light.GREY
        light = Light.RED if whole.overdue else fine
        pending = whole.owed - whole.done - whole.overdue
        self.overdue.set_values(str(whole.overdue), "家", f"另有待督导 {pending} 家", light)
        words = f"已整改 {_n(whole.rectified)} ÷ 发现 {_n(whole.found)}"
        none = "已有督导记录中没有发现问题" if whole.done else "还没有督导记录"
        self.cured.set_share(share_text(whole.cured, FINE), words if whole.found else none)
        words = f"本年已培训 {found.trained.made} ÷ 包保干部 {found.trained.owed} 人"
        listed = words if found.trained.owed else "还没有“包保干部”名单"
        self.trained.set_share(share_text(found.trained.share, FINE), listed)

    def _show_groups(self) -> None:
        if self._found is None:
            return
        found = self._found
        groups = {LEVEL: found.levels, STREET: found.streets, CADRE: found.cadres}
        self.group_table.show_again(
            groups[self.by.value], lambda row: (self.by.value, row.key), first=False
        )
        self._show_lines()

    def _show_lines(self) -> None:
        if self._found is None:
            return
        wanted, text = self.which.value, self.search.text().strip()
        group: DutyGroup | None = self.group_table.current_row()
        lines = [
            line
            for line in self._found.lines
            if wanted(line)
            and self._in_group(line, group)
            and text in f"{line.subject.name} {line.subject.street} {line.subject.cadre}"
        ]
        self.lines.set_rows(lines)
        where = f"{group.name}，" if group is not None and group.key else ""
        self._count.setText(f"{where}{len(lines)} 家")

    def _is_sum(self, group: DutyGroup) -> bool:
        return group is self.groups.rows[-1]

    def _in_group(self, line: DutyLine, group: DutyGroup | None) -> bool:
        if group is None or self._is_sum(group):
            return True
        subject = line.subject
        keys = {LEVEL: subject.level, STREET: subject.street, CADRE: subject.cadre}
        return group.key == keys[self.by.value]

    def _list(self, place: int) -> None:
        self.which.set_value(SHOWN[place][1])
        self.group_table.clearSelection()
        self.group_table.setCurrentIndex(self.group_table.rootIndex())
        self._show_lines()

    def _open_visits(self, line: DutyLine) -> None:
        """Open the visits to a subject; where there are none yet, its row in the list."""
        ledger = VISITS if line.last_visit is not None else SUBJECTS
        self.open_requested.emit("ledger", (ledger, line.subject.name))

    def _open(self, ledger: str) -> None:
        self.open_requested.emit("ledger", ledger)

    def _export(self) -> None:
        period = Period.parse(self._period)
        file = self._desk.files.save(
            "导出督导清单", f"包保督导清单-{period}.xlsx", (EXCEL,), "duty"
        )
        if file is None:
            return
        everything = self.which.value is SHOWN[-1][1]
        self._desk.run(
            lambda w: inspection_duty.write_list(w, period, file, only_open=not everything),
            lambda count: self._desk.tell_written(f"已导出 {count} 家主体。", file),
            title="正在导出督导清单",
        )


def _n(number: float) -> str:
    return number_text(number)


def _column(above: QHBoxLayout, table: QWidget) -> QWidget:
    return boxed(column_of(above, (table, 1)))


def _light(group: DutyGroup) -> Light:
    if group.overdue:
        return Light.RED
    return Light.GREEN if group.done == group.owed else Light.YELLOW


def _group_columns() -> Sequence[RowColumn[DutyGroup]]:
    def number(title: str, value: Callable[[DutyGroup], float]) -> RowColumn[DutyGroup]:
        return RowColumn(title, lambda r: _n(value(r)), value, number=True, width=76)

    return (
        RowColumn("分组", lambda r: r.name, stretch=True),
        number("应督导", lambda r: r.owed),
        number("已督导", lambda r: r.done),
        RowColumn(Measure.DUTY_WINDOW.label, lambda r: share_text(r.share),
                  lambda r: r.share or 0.0, number=True, width=170, light=_light,
                  pace=lambda r: (r.share, None), measure=Measure.DUTY_WINDOW),
        number("逾期", lambda r: r.overdue),
        number("发现问题", lambda r: r.found),
        number("已整改", lambda r: r.rectified),
        RowColumn(Measure.DUTY_CURED.label, lambda r: share_text(r.cured, FINE),
                  lambda r: -1.0 if r.cured is None else r.cured, number=True, width=96,
                  measure=Measure.DUTY_CURED),
    )  # fmt: skip


def _line_columns() -> Sequence[RowColumn[DutyLine]]:
    def day(line: DutyLine) -> str:
        last = line.last_visit
        return last.isoformat() if last else "本年未督导"

    return (
        RowColumn("情况", lambda r: r.state.label, lambda r: list(DutyState)[::-1].index(r.state),
                  width=84, light=lambda r: _LIGHTS[r.state]),
        RowColumn("主体", lambda r: r.subject.name, stretch=True),
        RowColumn("分级", lambda r: r.subject.level, width=60),
        RowColumn("街道", lambda r: r.subject.street, width=110),
        RowColumn("包保干部", lambda r: r.subject.cadre, width=96),
        RowColumn("说明", lambda r: r.reason, width=210, tip=lambda r: r.reason),
        RowColumn("最近督导", day, lambda r: r.last_visit.isoformat() if r.last_visit else "",
                  width=100),
        RowColumn("未整改", lambda r: _n(r.open_problems) if r.found else "",
                  lambda r: r.open_problems, number=True, width=76),
    )  # fmt: skip
