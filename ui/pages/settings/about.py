"""关于: version, what is new, whose work is in the program; updates without a network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPlainTextEdit, QTabWidget

from fsdesk import __version__
from fsdesk.services.care import about, updating
from ui.files import ALL
from ui.help.diagnosis import Diagnosis
from ui.page import Page
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.domain.packet.updates import Update
    from ui.desk import Desk

_UPDATE = "更新包 (*.fsupdate)"
_INSTALLERS = "安装程序 (*.exe *.deb)"


class AboutPage(Page):
    """Texts to read."""

    def __init__(self, desk: Desk) -> None:
        """Build the tabs."""
        super().__init__("关于食药安工作台")
        self._desk = desk
        self._since = ""
        self.diagnosis = Diagnosis(self, desk.runner, desk.messages, desk.files)
        self.header.set_note(f"{__version__} 版")
        self.header.add_quiet("打开更新包…", self._choose_update, "folder-open")
        if desk.is_office:
            self.header.add_quiet("生成更新包…", self._make_update, "package-check")
        self.header.add_quiet("诊断包…", self._diagnose, "clipboard-list")
        self.header.set_primary("完成", lambda: self.open_requested.emit("settings", None), "check")
        self.changes, self.licences = _reading("更新内容"), _reading("第三方软件和许可")
        self.tabs = QTabWidget()
        for text in (self.changes, self.licences):
            self.tabs.addTab(text, text.accessibleName())
        self.materials = label("", "help", wrap=True)
        self.body.addWidget(self.tabs, 1)
        self.body.addWidget(self.materials)

    def refresh(self, period: str) -> None:
        """Load the texts; the period makes no difference."""
        del period
        self._desk.runner.beside(
            lambda: (self._changes(), about.licences(), about.bill_of_materials()), self._show
        )

    def _show(self, texts: tuple[str, str, str]) -> None:
        changes, licences, materials = texts
        self.changes.setPlainText(changes)
        self.licences.setPlainText(licences)
        self.materials.setText(f"软件物料清单：{materials}" if materials else "")
        self.materials.setVisible(bool(materials))

    def _changes(self) -> str:
        return about.changes_since(self._since) if self._since else about.changes()

    def show_item(self, item: object) -> None:
        """Check an update packet from outside, or show what is new since a version."""
        if isinstance(item, Path):
            self.check(item)
        elif isinstance(item, str):
            self._since = item
            self.header.set_note(f"{__version__} 版，以下是 {item} 版以来的变化")
            self.tabs.setCurrentWidget(self.changes)
            self.refresh("")

    def _diagnose(self) -> None:
        self.diagnosis.collect(self._desk.workspace.folder, self._desk.workspace)

    # Updates

    def _choose_update(self) -> None:
        file = self._desk.files.open_one("打开更新包", (_UPDATE, ALL), "updates")
        if file is not None:
            self.check(file)

    def check(self, file: Path) -> None:
        """Hold an update packet against the office's key, then offer to run its installer."""
        self._desk.run(lambda w: updating.take_update(w, file), self._offer, title="正在核对更新包")

    def _offer(self, taken: tuple[Update, Path]) -> None:
        update, installer = taken
        question = f"签名有效。现在更新到 {update.version} 版吗？"
        first = "新版本第一次打开时先自动备份"
        if self._desk.workspace.is_on_server:
            first = "数据在服务器上，由第一台打开新版本的电脑升级，请先备份"
        detail = f"程序将关闭并打开安装程序。数据保留不动，{first}。"
        if self._desk.messages.ask(question, detail, ("关闭程序并更新",)) is None:
            return
        if not self._desk.files.start(installer):
            self._desk.messages.warn(
                "没有能打开安装程序，请在文件夹中双击它。",
                "打开所在文件夹",
                lambda: self._desk.files.reveal(installer),
            )
        else:  # a program that runs can't be replaced on Windows, and would mix versions elsewhere
            self.window().close()

    def _make_update(self) -> None:
        installers = self._desk.files.open_many(
            "选择新版本的安装程序", (_INSTALLERS, ALL), "updates"
        )
        if not installers:
            return
        file = self._desk.files.save("更新包保存到", "更新包.fsupdate", (_UPDATE,), "updates")
        if file is None:
            return
        self._desk.run(
            lambda w: updating.write_update(w, installers, file),
            lambda update: self._desk.tell_written(
                f"已生成 {update.version} 版更新包，请发给各单位。", file
            ),
            title="正在生成更新包",
        )


def _reading(name: str) -> QPlainTextEdit:
    text = QPlainTextEdit()
    text.setReadOnly(True)
    text.setAccessibleName(name)
    return text
