"""Which files of the last import are taken back: a list with check boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from fsdesk.domain.clock import clock_text
from ui.theme import SPACE_M
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.fields import named
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.services.packet.taken_files import TakenFile, TakenFiles

_SIZE = (820, 460)
_HEADS = ("单位", "种类", "报告期", "生成时间", "更新", "说明")
_WIDTHS = (190, 84, 90, 140, 56)
_PLACE = Qt.ItemDataRole.UserRole


class UndoDialog(QDialog):
    """Asks which files go; `chosen` holds their places, None for the whole import."""

    def __init__(self, found: TakenFiles, plan: Plan, parent: QWidget) -> None:
        """List the files of an import; nothing is chosen yet."""
        super().__init__(parent)
        self.setWindowTitle("撤销接收")
        self.resize(*_SIZE)
        self._files = {each.place: each for each in found.files}
        self.chosen: frozenset[int] | None = frozenset()
        count = len(found.files)
        at, who = clock_text(found.batch.at), found.batch.who
        self.list = named(QTreeWidget(), "上次接收的文件")
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels(_HEADS)
        self.list.header().setSectionResizeMode(len(_WIDTHS), QHeaderView.ResizeMode.Stretch)
        for column, width in enumerate(_WIDTHS):
            self.list.setColumnWidth(column, width)
        self.list.addTopLevelItems([_item(each, plan) for each in found.files])
        self.list.itemChanged.connect(self._take_along)
        self.some = button("撤销所选", self._take_some, "primary")
        self.all = button(f"撤销整批（{count} 个文件）", self._take_all, "danger")
        cancel = button("取消", self.reject)
        words = (
            "接收前的数据会恢复，文件可以重新接收。已在其上改过、审核过的文件不能单独撤销；"
            "撤销整批时，接收以后又改过或已审核接收的内容保持不变。"
        )
        column_of(
            label(f"{at} 由{who}接收了 {count} 个文件。勾选要撤销的：", wrap=True),
            (self.list, 1),
            label(words, "help", wrap=True),
            row_of(self.all, (None, 1), cancel, self.some),
            margins=SPACE_M,
            parent=self,
        )
        self._count()

    @property
    def _checked(self) -> frozenset[int]:
        found = (self.list.topLevelItem(row) for row in range(self.list.topLevelItemCount()))
        on = Qt.CheckState.Checked
        return frozenset(it.data(0, _PLACE) for it in found if it and it.checkState(0) is on)

    def _take_along(self, item: QTreeWidgetItem) -> None:
        """Check what rests on a file with it; uncheck what it rests on."""
        place, on = item.data(0, _PLACE), item.checkState(0) is Qt.CheckState.Checked
        others = self._files[place].under
        if not on:
            others = tuple(each.place for each in self._files.values() if place in each.under)
        for row in range(self.list.topLevelItemCount()):
            other = self.list.topLevelItem(row)
            if other is not None and other.data(0, _PLACE) in others:
                other.setCheckState(0, item.checkState(0))
        self._count()

    def _count(self) -> None:
        count = len(self._checked)
        self.some.setText(f"撤销所选的 {count} 个文件" if count else "撤销所选")
        self.some.setEnabled(bool(count))

    def _take_some(self) -> None:
        self.chosen = self._checked
        self.accept()

    def _take_all(self) -> None:
        self.chosen = None
        self.accept()


def _item(file: TakenFile, plan: Plan) -> QTreeWidgetItem:
    note = file.note
    why = f"不能单独撤销：{file.built_upon}" if file.built_upon else ""
    if not why and file.under:
        why = f"其后 {len(file.under)} 个文件是在它的基础上接收的，要一并撤销"
    about = (
        (plan.unit_name(note.unit), note.kind.label, note.period, clock_text(note.made_at))
        if note
        else ("本批全部文件（由旧版程序接收）", "", "", "")
    )
    item = QTreeWidgetItem([*about, str(file.records), why])
    item.setData(0, _PLACE, file.place)
    item.setCheckState(0, Qt.CheckState.Unchecked)
    item.setToolTip(len(_WIDTHS), why)
    if file.built_upon:
        item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
    return item
