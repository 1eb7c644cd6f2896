"""Keys: whose signatures count, and the end of a fingerprint that was heard on the telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fsdesk.domain.clock import clock_text
from fsdesk.domain.packet.signing import KeyState
from fsdesk.domain.status.lights import Light
from fsdesk.services.packet import signing
from fsdesk.services.packet.signing import KnownKey
from ui.models.rows import RowColumn, RowsModel
from ui.theme import SPACE_S
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.fields import line_edit, passing
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.domain.packet.signing import Signer
    from ui.desk import Desk

_LIGHTS = {
    KeyState.WAITING: Light.YELLOW,
    KeyState.OWN: Light.GREEN,
    KeyState.COMPARED: Light.GREEN,
    KeyState.REVOKED: Light.GREY,
}
_HEARD_WIDTH = 180
_HOW = (
    "首次收到的密钥先登记，但还不能确认是不是对方的。请打电话，请对方打开“交换”页的“密钥”，"
    "念出本机指纹的后 4 位，填在下面。号码请用通讯录里的，不要用文件里写的。"
)


class KeysPanel(QWidget):
    """All registered keys, and one place to enter what was heard."""

    changed = Signal()  # a key was compared, or counts no longer

    def __init__(self, desk: Desk) -> None:
        """Begin empty."""
        super().__init__()
        self._desk = desk
        self.own = label("", wrap=True)
        self.keys: RowsModel[KnownKey] = RowsModel(_columns())
        self.table = ReportTable("exchange-keys", self.keys, single=True)
        self.table.row_chosen.connect(self._choose)
        self.heard = passing(line_edit("对方在电话里说的指纹后 4 位", "听到的后 4 位"))
        self._heard_of = ""  # whose key it is
        self.heard.setMaximumWidth(_HEARD_WIDTH)
        self.heard.textChanged.connect(self._allow)
        self.heard.returnPressed.connect(self._compare)
        self.compare = button("核对", self._compare)
        self.revoke = button("作废…", self._ask_revoke, "link")
        self.about = label("", "muted", wrap=True)
        row = row_of((self.about, 1), self.heard, self.compare, self.revoke, spacing=-1)
        how = label(_HOW, "muted", wrap=True)
        inside = boxed(column_of(self.own, how, (self.table, 1), row, spacing=-1))
        column_of(inside, margins=(0, SPACE_S, 0, 0), parent=self)
        self._allow()

    def show_keys(self, found: Sequence[KnownKey]) -> None:
        """Show the registered keys."""
        own = next((key.signer for key in found if key.state is KeyState.OWN), None)
        self.own.setText(
            f"本机密钥指纹：{own.fingerprint}。对方来电核对时，请念后 4 位：{own.spoken}"
            if own
            else ""
        )
        self.table.show_again(found, lambda row: row.signer.public_key)
        self._allow()

    def _choose(self, row: KnownKey) -> None:
        if row.signer.public_key != self._heard_of:  # what was typed is of another one
            self.heard.clear()
        self._heard_of = row.signer.public_key
        self._allow()

    def _chosen(self) -> KnownKey | None:
        row = self.table.current_row()
        return row if isinstance(row, KnownKey) else None

    def _allow(self) -> None:
        """Let be done what can be done with the chosen key."""
        key = self._chosen()
        waits = key is not None and key.state is KeyState.WAITING
        self.heard.setEnabled(waits)
        self.compare.setEnabled(waits and bool(self.heard.text().strip()))
        own_or_gone = {KeyState.OWN, KeyState.REVOKED}
        self.revoke.setEnabled(key is not None and key.state not in own_or_gone)
        self.about.setText(f"核对：{key.unit_name}" if key is not None and waits else "")

    def _compare(self) -> None:
        key, heard = self._chosen(), self.heard.text()
        if key is None or not self.compare.isEnabled():
            return
        self._desk.run(
            lambda w: signing.compared(w, key.signer.fingerprint, heard),
            lambda _signer: self._done(f"已确认：这把密钥是{key.unit_name}的。"),
        )

    def _ask_revoke(self) -> None:
        key = self._chosen()
        if key is None:
            return
        verb = self._desk.messages.ask(
            f"作废{key.unit_name}的这把密钥吗？",
            "作废以后，用它签名的文件不再接收；已接收的内容不变。"
            "确是换了电脑、密钥丢失或被冒用的，请先与对方核实。",
            ("作废",),
            danger=True,
        )
        if verb is not None:
            self._desk.run(
                lambda w: signing.revoke(w, key.signer.fingerprint),
                lambda signer: self._done(_revoked(signer)),
            )

    def _done(self, words: str) -> None:
        self.heard.clear()
        self._desk.messages.info(words)
        self.changed.emit()


def _revoked(signer: Signer) -> str:
    return f"已作废密钥 {signer.fingerprint}。"


def _columns() -> tuple[RowColumn[KnownKey], ...]:
    def checked(key: KnownKey) -> str:
        return f"{clock_text(key.compared_at)} {key.signer.added_by}" if key.compared_at else ""

    def added(key: KnownKey) -> str:
        return clock_text(key.signer.added_at) if key.signer.added_at else ""

    return (
        RowColumn("状态", lambda k: k.state.label, width=150, light=lambda k: _LIGHTS[k.state]),
        RowColumn("单位", lambda k: k.unit_name, width=150),
        RowColumn("密钥指纹", lambda k: k.shown, stretch=True, tip=lambda k: k.shown),
        RowColumn("登记时间", added, width=126),
        RowColumn("来自", lambda k: k.came_by, width=150, tip=lambda k: k.came_by),
        RowColumn("核对", checked, width=190, tip=checked),
    )
