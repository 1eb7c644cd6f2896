"""One row of the indicator grid: what was, what is typed now, what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import IndicatorKind, number_text
from fsdesk.domain.records.records import DataValue, RecordKey
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.typed import read_number
from fsdesk.services.status.unit_forms import figure_text
from ui.pages.recording.editor import Editor
from ui.theme import SPACE_S, SPACE_XS
from ui.widgets.fields import named
from ui.widgets.label import label
from ui.widgets.lights import LightBadge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.records.records import Content
    from fsdesk.services.status.unit_forms import IndicatorLine
    from ui.pages.recording.editor import Typed

_NONE = "无此项"
_ENTRY = 186
_NARROWEST_NAME, _NARROWEST_NOTE = 150, 72
# The columns of the grid with their least widths in logical pixels and their stretch.
_COLUMNS = (
    ("指标与目标", _NARROWEST_NAME, 3),
    ("上期", 66, 0),
    ("本期数", _ENTRY, 0),
    ("", 76, 0),
    ("年初至今", 78, 0),
    ("完成情况", 76, 0),
    ("备注", _NARROWEST_NOTE, 2),
)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
# Below this the rows fold to two lines.
WIDE = sum(width for _, width, _ in _COLUMNS) + SPACE_S * (len(_COLUMNS) - 1)


def _set_columns(grid: QGridLayout, *, compact: bool) -> None:
    for column, (_, width, stretch) in enumerate(_COLUMNS):
        grid.setColumnMinimumWidth(column, 0 if compact else width)
        grid.setColumnStretch(column, 0 if compact else stretch)
    grid.setColumnStretch(len(_COLUMNS) - 1, 1)


class GridHead(QWidget):
    """The heads of the columns, above the rows."""

    def __init__(self) -> None:
        """Name the columns."""
        super().__init__()
        grid = _grid(self)
        _set_columns(grid, compact=False)
        for column, (name, _, _) in enumerate(_COLUMNS):
            head = label(name, "help")
            if name in ("上期", "年初至今"):
                head.setAlignment(_RIGHT)
            grid.addWidget(head, 0, column)


def _grid(owner: QWidget) -> QGridLayout:
    grid = QGridLayout(owner)
    grid.setContentsMargins(0, 0, 0, SPACE_XS)
    grid.setHorizontalSpacing(SPACE_S)
    grid.setVerticalSpacing(2)
    return grid


class ValueEditor(Editor):
    """Figures of one indicator: one field for a count, two for a ratio."""

    def __init__(self, key: RecordKey, line: IndicatorLine) -> None:
        """Show what is stored."""
        super().__init__(key, line.data)
        self._indicator = line.indicator
        self._line = line
        self._compact = False
        self._ratio = line.indicator.kind is IndicatorKind.RATIO
        data = line.data
        numbers = [data.numerator, data.denominator] if self._ratio else [data.value]
        names = _names(line)
        self.fields = [_number_field(n, name) for n, name in zip(numbers, names, strict=True)]
        self.none = QCheckBox(_NONE)
        self.none.setChecked(data.not_applicable)
        self.note = named(QLineEdit(data.note), f"{line.indicator.name}备注")
        self.note.setPlaceholderText("备注")
        self.note.setMinimumWidth(_NARROWEST_NOTE)
        self.first = self.fields[0]
        self.rare = (self.none, self.note)  # 无此项 can be typed as well
        self.previous, self.to_date = _figure_label(), _figure_label()
        self.badge = LightBadge()
        self.joint = label("", "help", wrap=True)
        self.drawn = label("", "help", wrap=True)
        self._name = self._name_cell()
        self._entry = self._entry_cell(names)
        self._layout = _grid(self)
        self.set_compact(compact=False)
        self.watch(*self.fields, self.none, self.note)
        self.show_sums(line)

    @property
    def unfinished(self) -> bool:
        """Whether one number of a ratio is typed and the cursor stands in either."""
        texts = [field.text().strip() for field in self.fields]
        half = any(texts) and not all(texts) and _NONE not in texts
        return half and any(field.hasFocus() for field in self.fields)

    @property
    def first_empty(self) -> QWidget | None:
        """The first number that is not typed; none is asked for where there is nothing to count."""
        if self.none.isChecked():
            return None
        return next((field for field in self.fields if not field.text().strip()), None)

    @property
    def suspects(self) -> Sequence[QLineEdit]:
        """The numbers, not the note."""
        return self.fields

    def set_compact(self, *, compact: bool) -> None:
        """Put all into one row, or the name above and the sums below."""
        self._compact = compact
        grid, last = self._layout, len(_COLUMNS) - 1
        _set_columns(grid, compact=compact)
        row = (self.previous, self._entry, self.none, self.to_date, self.badge, self.note)
        if compact:
            places = {self._name: (0, 0, last + 1), self._entry: (1, 0, 1), self.none: (1, 1, 1),
                      self.note: (1, 2, last - 1), self.previous: (2, 0, 1),
                      self.to_date: (2, 1, 2), self.badge: (2, 3, 1)}  # fmt: skip
        else:
            places = {part: (0, column, 1) for column, part in enumerate((self._name, *row))}
        for part, (line, column, span) in places.items():
            grid.addWidget(part, line, column, 1, span)
        for figure in (self.previous, self.to_date):
            figure.setAlignment(Qt.AlignmentFlag.AlignLeft if compact else _RIGHT)
        grid.addWidget(self.words, 3, 0, 1, last + 1)
        self.show_sums(self._line)

    def show_sums(self, line: IndicatorLine) -> None:
        """Show last period's figure, the year to date and its light."""
        self._line = line
        before, total = _data_text(line.previous), figure_text(line, Period.parse(self.key.period))
        when = line.since.name if line.since else ""
        self.previous.setText(f"上期（{when}） {before}" if self._compact and when else before)
        self.previous.setToolTip(f"{when}填报的数" if when else "")
        self.to_date.setText(f"年初至今 {total}" if self._compact else total)
        reason = (
            f"{Measure.ATTAINMENT.label} {line.shown.reached}，"
            f"{Measure.PACE.label} {line.shown.pace}"
        )
        self.joint.setText(line.joint)
        self.joint.setVisible(bool(line.joint))
        self.drawn.setText(line.drawn_words)
        self.drawn.setToolTip(line.drawn.origin if line.drawn else "")
        self.drawn.setVisible(bool(line.drawn_words))
        self.badge.setVisible(not line.joint or line.joint_sum is not None)
        if line.joint_sum is not None:
            reason = f"目标由多个单位共同完成，按汇总端的合计亮灯：{line.joint}"
            self.badge.set_light(line.joint_sum.light, line.joint_sum.share, reason)
        else:
            self.badge.set_light(line.light, "—" if line.attainment is None else "", reason)

    def flush(self, *, again: bool = True) -> None:
        """Hand over what is typed; 无此项 typed as a figure means the same as its check."""
        if any(field.text().strip() == _NONE for field in self.fields):
            for field in self.fields:
                field.clear()
            self.none.blockSignals(True)
            self.none.setChecked(True)
            self.none.blockSignals(False)
        super().flush(again=again)

    def typed_of(self, content: Content) -> Typed:
        """Return the figures as they are typed."""
        data = content if isinstance(content, DataValue) else DataValue()
        figures = [data.numerator, data.denominator] if self._ratio else [data.value]
        return (*map(_typed_number, figures), data.not_applicable, data.note)

    def before(self) -> Typed:
        """Return last period's figures; a remark is written anew."""
        previous = self._line.previous
        if previous is None:
            return super().before()
        return (*self.typed_of(previous)[: len(self.fields) + 1], None)

    def content(self) -> DataValue:
        """Return the figures."""
        # The numbers of a ratio are counted: 1 of 2 is no per cent.
        unit = "" if self._ratio else _shown_unit(self._line)
        figures = [self.read(field, lambda text: read_number(text, unit)) for field in self.fields]
        none, note = self.none.isChecked(), self.note.text().strip()
        if self._ratio:
            return DataValue(None, figures[0], figures[1], not_applicable=none, note=note)
        return DataValue(figures[0], not_applicable=none, note=note)

    def _name_cell(self) -> QWidget:
        indicator = self._indicator
        cell = QWidget()
        grid = _grid(cell)
        grid.setContentsMargins(0, 0, 0, 0)
        target = f"目标 {indicator.target_text}"
        share = indicator.share_of(self.key.unit)
        if share is not None:
            target += f"，本单位 {number_text(share)}"
        grid.addWidget(label(f"{indicator.code}　{indicator.name}", wrap=True), 1, 0)
        grid.addWidget(label(target, "help", wrap=True), 2, 0)
        grid.addWidget(self.joint, 3, 0)
        grid.addWidget(self.drawn, 4, 0)
        for row in (0, 5):  # both lines stay together, in the middle
            grid.setRowStretch(row, 1)
        return cell

    def _entry_cell(self, names: Sequence[str]) -> QWidget:
        cell = QWidget()
        cell.setFixedWidth(_ENTRY)
        grid = _grid(cell)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_XS)
        for column, (name, field) in enumerate(zip(names, self.fields, strict=True)):
            grid.addWidget(field, 0, 2 * column)
            if self._ratio:
                caption = label(name, "help", wrap=True)
                grid.addWidget(caption, 1, 2 * column)
                grid.setColumnStretch(2 * column, 1)
        grid.addWidget(label("/" if self._ratio else _shown_unit(self._line), "muted"), 0, 1)
        if not self._ratio:
            grid.setColumnStretch(1, 1)
            if self._line.indicator.numerator_name:
                grid.addWidget(label(names[0], "help"), 1, 0, 1, 2)
        return cell


def _names(line: IndicatorLine) -> tuple[str, ...]:
    indicator = line.indicator
    if indicator.kind is IndicatorKind.RATIO:
        return (indicator.numerator_name or "分子", indicator.denominator_name or "分母")
    return (indicator.numerator_name or "本期数",)


def _shown_unit(line: IndicatorLine) -> str:
    """Return what is counted: of a derived indicator units type the number above the line."""
    indicator = line.indicator
    return "批次" if indicator.derivation else indicator.measure_unit


def _typed_number(number: float | None) -> str:
    return "" if number is None else number_text(number, 4)


def _number_field(number: float | None, name: str) -> QLineEdit:
    field = named(QLineEdit(_typed_number(number)), name)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    field.setFixedWidth(82)
    field.setToolTip(
        f"{name}：只填本期发生数，不填累计数；没有这类对象可填“无此项”；按 Ctrl+D 填入上期数"
    )
    return field


def _figure_label() -> QLabel:
    made = label("", "muted")
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return made


def _data_text(data: DataValue | None) -> str:
    if data is None:
        return "未报"
    if data.not_applicable:
        return _NONE
    if data.numerator is not None and data.denominator is not None:
        return f"{number_text(data.numerator)}/{number_text(data.denominator)}"
    return "未报" if data.value is None else number_text(data.value)
