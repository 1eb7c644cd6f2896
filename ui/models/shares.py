"""How targets are split over units: a row an indicator, a column a unit, the sum checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor

from fsdesk.domain.plan.indicators import IndicatorKind, TargetShare, number_text
from fsdesk.domain.typed import CellError, read_number
from ui.theme import colours

if TYPE_CHECKING:
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Plan

Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
TARGET, SUM, GAP = "目标", "合计", "差额"
_FIRST = (TARGET, SUM, GAP)


class SharesModel(QAbstractTableModel):
    """Shares that can be typed; `split` tells an indicator's code and its new shares."""

    split = Signal(str, object)
    refused = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin without a plan."""
        super().__init__(parent)
        self._plan: Plan | None = None
        self.indicators: tuple[Indicator, ...] = ()
        self._units: tuple[str, ...] = ()

    def set_plan(self, plan: Plan) -> None:
        """Show a plan's targets."""
        self.beginResetModel()
        self._plan = plan
        self.indicators = tuple(each for each in plan.indicators if each.typed)
        reporting = {unit for each in self.indicators for unit in plan.reporters(each)}
        self._units = tuple(u.code for u in plan.directory.units if u.code in reporting)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOTHING) -> int:
        """Return the number of indicators."""
        return 0 if parent.isValid() else len(self.indicators)

    def columnCount(self, parent: Index = _NOTHING) -> int:
        """Return target, sum, difference, and a column a unit."""
        return 0 if parent.isValid() else len(_FIRST) + len(self._units)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401 - Qt's own signature
        """Return the unit above a column, and the indicator beside a row."""
        if role == Qt.ItemDataRole.TextAlignmentRole and orientation is Qt.Orientation.Horizontal:
            return _RIGHT
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if orientation is Qt.Orientation.Vertical:
            indicator = self.indicators[section]
            return f"{indicator.code}　{indicator.name}"
        if section < len(_FIRST):
            return _FIRST[section]
        return self._plan.directory.name(self._units[section - len(_FIRST)]) if self._plan else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        """Return a share, or what the shares come to."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT
        if not index.isValid() or role not in (
            Qt.ItemDataRole.DisplayRole,
            Qt.ItemDataRole.EditRole,
            Qt.ItemDataRole.ForegroundRole,
            Qt.ItemDataRole.ToolTipRole,
            Qt.ItemDataRole.BackgroundRole,
        ):
            return None
        indicator = self.indicators[index.row()]
        if index.column() >= len(_FIRST):
            return self._share(indicator, self._units[index.column() - len(_FIRST)], role)
        return self._total(indicator, _FIRST[index.column()], role)

    def _share(self, indicator: Indicator, unit: str, role: int) -> object:
        if not self._reports(indicator, unit):
            if role == Qt.ItemDataRole.ToolTipRole:
                return "该单位不填报这个指标"
            return QColor(colours().raised) if role == Qt.ItemDataRole.BackgroundRole else None
        share = indicator.share_of(unit)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return "" if share is None else number_text(share)
        return None

    @staticmethod
    def _total(indicator: Indicator, column: str, role: int) -> object:
        total = sum(share.target for share in indicator.shares)
        adds_up = bool(indicator.shares) and indicator.kind is IndicatorKind.COUNT
        short = adds_up and total < indicator.target
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(colours().red) if short and column != TARGET else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return "分解到各单位的合计少于目标" if short and column != TARGET else None
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if column == TARGET:
            return indicator.target_text
        if not adds_up:
            return ""
        gap = total - indicator.target
        return number_text(total) if column == SUM else _gap_text(gap)

    def _reports(self, indicator: Indicator, unit: str) -> bool:
        return self._plan is not None and unit in self._plan.reporters(indicator)

    def unit_at(self, index: Index) -> str:
        """Return the unit whose share stands in a cell; empty for the columns before."""
        column = index.column() - len(_FIRST)
        return self._units[column] if 0 <= column < len(self._units) else ""

    def holds(self, code: str, unit: str, text: str) -> bool:
        """Tell whether a text is the share that a unit has of an indicator."""
        known = {each.code: each for each in self.indicators}
        if code not in known:
            return False
        try:
            typed = read_number(text, known[code].measure_unit)
        except CellError:
            return False
        return typed == known[code].share_of(unit)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Let shares be typed where the unit reports the indicator."""
        flags = super().flags(index)
        column = index.column() - len(_FIRST)
        if column >= 0 and self._reports(self.indicators[index.row()], self._units[column]):
            return flags | Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: ANN401
        """Take a typed share; an empty one means that the target isn't split to the unit."""
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        indicator, unit = self.indicators[index.row()], self.unit_at(index)
        try:
            typed = read_number(str(value), indicator.measure_unit)
        except CellError as problem:
            self.refused.emit(f"“{value}”：{problem}")
            return False
        if typed == indicator.share_of(unit):
            return False
        self.split.emit(indicator.code, with_share(indicator, unit, typed))
        return True


def with_share(indicator: Indicator, unit: str, target: float | None) -> tuple[TargetShare, ...]:
    """Return an indicator's shares with one unit's changed; None takes it out."""
    shares = {share.unit: share for share in indicator.shares}
    if target is None:
        shares.pop(unit, None)
    else:
        shares[unit] = TargetShare(unit, target)
    return tuple(shares.values())


def _gap_text(gap: float) -> str:
    if not gap:
        return "相等"
    return f"▲ 少 {number_text(-gap)}" if gap < 0 else f"多 {number_text(gap)}"
