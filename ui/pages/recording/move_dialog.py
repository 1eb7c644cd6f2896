"""移到其他月份: shows what would be moved and what stands in the way, before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QListWidget, QListWidgetItem, QWidget

from fsdesk.domain.periods import Period
from fsdesk.domain.records.checks import item_name
from fsdesk.services.records import moving
from ui.pages.wording import record_text
from ui.theme import SPACE_L, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.choice import Choice
from ui.widgets.fields import named, passing
from ui.widgets.frame.top_bar import period_entries
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.services.records.moving import MovableRecord, MovePreview
    from fsdesk.services.status.unit_forms import UnitForm
    from ui.desk import Desk

_CODE = Qt.ItemDataRole.UserRole
_WIDTH, _HEIGHT = 680, 460
_RULE = (
    "勾选的内容移到所选报告期，原报告期的这些内容清空；佐证材料一起移动，审核意见留在原处。"
    "移动后可用“撤销”一步退回。"
)


class MoveDialog(QDialog):
    """Asks to which period what was typed is moved, and which of it."""

    def __init__(self, parent: QWidget, desk: Desk, form: UnitForm) -> None:
        """Begin with the period that is owed, or the one before the form's own."""
        super().__init__(parent)
        self._desk, self._unit, self._source = desk, form.unit, form.period
        self._preview: MovePreview | None = None
        self.setWindowTitle("移到其他月份")
        self.resize(_WIDTH, _HEIGHT)
        entries = [(w, p) for w, p in period_entries(form.period.year) if p != str(form.period)]
        self.periods = passing(Choice("移到", entries))
        near = form.owed_before.period if form.owed_before else form.period.previous()
        self.periods.set_value(str(near) if near else entries[0][1])
        self.periods.chosen.connect(lambda _period: self._look())
        self.listed = named(QListWidget(), "要移动的内容")
        self.listed.setWordWrap(True)
        self.listed.itemChanged.connect(lambda _line: self._offer())
        self.refused = label("", "error", wrap=True)
        buttons = QDialogButtonBox()
        self.move_them = buttons.addButton("移动", QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.move_them, "primary")
        buttons.addButton("取消", QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column_of(
            row_of(label(f"把{form.period.label}填报的内容移到"), self.periods, None),
            (self.listed, 1),
            self.refused,
            label(_RULE, "help", wrap=True),
            buttons,
            margins=SPACE_L,
            parent=self,
        )
        self._look()

    @property
    def target(self) -> Period:
        """The period that is chosen."""
        return Period.parse(self.periods.value)

    @property
    def items(self) -> frozenset[str]:
        """The codes of what is ticked."""
        lines = (self.listed.item(row) for row in range(self.listed.count()))
        return frozenset(
            str(line.data(_CODE)) for line in lines if line.checkState() is Qt.CheckState.Checked
        )

    def _look(self) -> None:
        unit, source, target = self._unit, self._source, self.target
        self._desk.run(lambda w: moving.preview_move(w, unit, source, target), self._show)

    def _show(self, found: MovePreview) -> None:
        if found.target != self.target:  # another was chosen meanwhile
            return
        self._preview = found
        self.listed.blockSignals(True)
        self.listed.clear()
        for each in found.found:
            self.listed.addItem(_line(found, each))
        self.listed.blockSignals(False)
        self.refused.setText(f"■ {found.refused}" if found.refused else "")
        self.refused.setVisible(found.refused is not None)
        self._offer()

    def _offer(self) -> None:
        open_to = self._preview is not None and self._preview.refused is None
        self.move_them.setEnabled(open_to and bool(self.items))


def _line(found: MovePreview, each: MovableRecord) -> QListWidgetItem:
    """Return a line with a tick, or with why it stays."""
    text = f"{item_name(found.plan, each.key)}：{record_text(found.plan, each.key, each.content)}"
    if each.files:
        text += f"（附件 {each.files} 件）"
    if each.there:
        text += f"（{found.target.name}已有相同内容）"
    line = QListWidgetItem(f"▲ {text}——{each.stays}" if each.stays else text)
    line.setData(_CODE, each.key.item)
    line.setCheckState(Qt.CheckState.Unchecked if each.stays else Qt.CheckState.Checked)
    if each.stays:
        line.setFlags(Qt.ItemFlag.ItemIsSelectable)
    return line
