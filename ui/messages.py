"""The one door to the user: passing news, warnings, errors and questions; tests patch it."""

from __future__ import annotations

import logging
import re
import traceback
from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton, QWidget

from fsdesk.domain.findings import is_away
from ui import icons
from ui.theme import set_role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fsdesk.domain.findings import Finding
    from ui.widgets.frame.banner import BannerArea

_LOG = logging.getLogger("fsdesk.window")
_MOST_SHOWN = 8  # findings in a dialog; all of them go with 复制详情
_PICTURE = 28
# A run of letters without a place to break it, and a mark that gives one and is not seen.
_LONG_WORD, _BREAK = re.compile(r"[!-~]{16}(?=[!-~])"), "\u200b"
# What a returned report is told under: gone once none waits to be mended.
RETURNED = "returned"


class Report(Struct, frozen=True):
    """An error: what happened, where or doing what, what to do; details for a technician.

    `fault` is its identity, by which the handbook tells more; empty where it has none.
    """

    what: str
    where: str
    remedy: str
    details: str
    fault: str = ""


def report_of(
    problem: Exception | str, where: str = "", remedy: str = "", logs: Path | None = None
) -> Report:
    """Put an error into plain words: one of the core explains itself by its findings.

    `where` is what was being done, in Chinese; the remedy is used when the problem tells none. Of
    what nobody foresaw a report goes into the folder of `logs`.
    """
    if isinstance(problem, str):
        return Report(problem, where, remedy, "\n".join(filter(None, (problem, where, remedy))))
    # The database comes along with it, and the first window can't wait for that.
    from fsdesk import unforeseen

    details = "".join(traceback.format_exception(problem))
    return _report_of_findings(unforeseen.told(problem, logs), (where, remedy), details)


def told(problem: Exception) -> str:
    """Say on a page what `Messages.error` says in a dialog: place, what happened, what to do."""
    said = report_of(problem)
    parts = (f"{said.where}：{said.what}" if said.where else said.what, said.remedy)
    return "\n".join(part if part.endswith("。") else f"{part}。" for part in parts if part)


def _report_of_findings(
    findings: Sequence[Finding], otherwise: tuple[str, str], details: str
) -> Report:
    """Put findings together; `otherwise` says where and what to do if they don't."""
    where, remedy = otherwise
    lines = [str(finding) for finding in findings]
    if len(findings) == 1:
        only = findings[0]
        place, advice = str(only.place) or where, only.remedy or remedy
        return Report(only.message, place, advice, f"{lines[0]}\n{details}", only.code)
    shown = [f"· {line}" for line in lines[:_MOST_SHOWN]]
    rest = len(lines) - len(shown)
    more = [f"另有 {rest} 条，点“复制详情”可取得全部。"] if rest else []
    what = "\n".join([f"发现 {len(lines)} 个问题：", *shown, *more])
    return Report(what, where, "", "\n".join([*lines, details]), findings[0].code)


class Messages(QObject):
    """Tells and asks the user.

    News and warnings appear inside the window and block nothing. Dialogs are kept for errors and
    for choices that can't be undone.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        """Make the door; `attach` gives it a window."""
        super().__init__(parent)
        self.logs: Path | None = None  # where reports of what nobody foresaw go
        self.explain: Callable[[str], object] | None = None  # opens the handbook at a fault
        # Tells of a server that is away in its own way, and whether it did; see `OtherDesks`.
        self.away: Callable[[str], bool] = lambda _undone: False
        self._window: QWidget | None = None
        self._banners: BannerArea | None = None
        self._page: Callable[[], str] = str

    def attach(self, window: QWidget, banners: BannerArea, page: Callable[[], str] = str) -> None:
        """Show everything in this window from now on; `page` names the page that is shown."""
        self._window, self._banners, self._page = window, banners, page

    def info(
        self,
        text: str,
        verb: str = "",
        action: Callable[[], object] | None = None,
        *,
        cause: str = "",
        stays: bool = False,
    ) -> None:
        """Tell what was done, in one sentence; it disappears by itself, unless it stays till read.

        The verb is the word of a button, such as ``打开所在文件夹`` or ``撤销``. `cause` names what
        it is told of, by default the page that is shown: a later message of the same cause takes
        its place.
        """
        _LOG.info("%s", text)
        if self._banners is not None:
            self._banners.show_notice(text, verb, action, cause or self._page(), stays=stays)

    def warn(
        self,
        text: str,
        verb: str = "",
        action: Callable[[], object] | None = None,
        *,
        cause: str = "",
    ) -> None:
        """Tell what needs attention; it stays until it is closed, or its cause is gone.

        `cause` is as in `info`; see `settle`.
        """
        _LOG.warning("%s", text)
        if self._banners is not None:
            self._banners.show_warning(text, verb, action, cause or self._page())

    def settle(self, cause: str) -> None:
        """Take back what was told of a cause, since that is gone."""
        if self._banners is not None:
            self._banners.settle(cause)

    def error(
        self,
        problem: Exception | str,
        where: str = "",
        remedy: str = "",
    ) -> None:
        """Tell what failed, where, and what to do, with 复制详情; returns at once.

        See `report_of`. That a server is away is told once and for all that fails meanwhile.
        """
        if isinstance(problem, Exception) and is_away(problem) and self.away(where):
            return
        said = report_of(problem, where, remedy, self.logs)
        _LOG.error("%s %s\n%s", said.where, said.what, said.details)
        box = self._box("circle-alert", "red", said.what)
        box.setInformativeText(_breakable(_second_part(said)))
        copy = box.addButton("复制详情", QMessageBox.ButtonRole.ActionRole)
        # Clicking a button closes a message box unless its own slot takes the place of Qt's.
        copy.clicked.disconnect()
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(said.details))
        if said.fault and (explain := self.explain) is not None:
            more = box.addButton("看说明", QMessageBox.ButtonRole.ActionRole)
            more.clicked.connect(lambda: explain(said.fault))
        close = box.addButton("关闭", QMessageBox.ButtonRole.RejectRole)
        _prefer(box, close)
        box.open()

    def ask(
        self,
        question: str,
        detail: str = "",
        verbs: Sequence[str] = ("继续",),
        *,
        danger: bool = False,
    ) -> str | None:
        """Ask for a choice that can't be undone; returns the chosen verb, None for 取消.

        Enter means the first verb, or 取消, which is always there, where danger says that something
        is lost for good. The detail tells what each answer leads to.
        """
        box = self._box("triangle-alert", "yellow" if danger else "accent", question)
        box.setInformativeText(_breakable(detail))
        role = QMessageBox.ButtonRole.AcceptRole
        buttons = {verb: box.addButton(verb, role) for verb in verbs}
        cancel = box.addButton("取消", QMessageBox.ButtonRole.RejectRole)
        first = buttons[verbs[0]]
        set_role(first, "danger" if danger else "primary")
        _prefer(box, cancel if danger else first)
        box.setEscapeButton(cancel)
        box.exec()
        chosen = next((verb for verb, it in buttons.items() if it is box.clickedButton()), None)
        box.deleteLater()
        return chosen

    def confirm(self, question: str, verb: str, detail: str = "") -> bool:
        """Ask before something is lost for good; True when the user chose the verb."""
        return self.ask(question, detail, (verb,), danger=True) is not None

    def _box(self, picture: str, tone: str, text: str) -> QMessageBox:
        box = QMessageBox(self._window)
        box.setWindowTitle("食药安工作台")
        box.setIconPixmap(icons.pixmap(picture, tone, _PICTURE, box.devicePixelRatioF()))
        for symbol in box.findChildren(QLabel, "qt_msgboxex_icon_label"):
            icons.put(symbol, picture, tone, _PICTURE)
        box.setText(_breakable(text))
        # Qt wraps by itself only what is wider than it finds good, and the style widens that.
        for words in box.findChildren(QLabel, "qt_msgbox_label"):
            words.setWordWrap(True)
        box.setOption(QMessageBox.Option.DontUseNativeDialog)
        return box


def _breakable(text: str) -> str:
    """Let long names of files be broken anywhere, where a line ends."""
    return _LONG_WORD.sub(f"\\g<0>{_BREAK}", text)


def _second_part(report: Report) -> str:
    parts = [f"位置：{report.where}" if report.where else "", report.remedy]
    return "\n".join(part for part in parts if part)


def _prefer(box: QMessageBox, button: QPushButton) -> None:
    box.setDefaultButton(button)
    button.setFocus()
