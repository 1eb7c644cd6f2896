"""Brings help to the window: Ctrl+K, F1, the tour, and reminders of what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSystemTrayIcon, QWidget

from ui import icons, remember
from ui.finder import Finder
from ui.help.tour import Tour, TourNote, tour_wanted
from ui.widgets.measures import measure_at_hand
from ui.widgets.page_header import PageHeader

if TYPE_CHECKING:
    from fsdesk.workspace import Workspace
    from ui.appearance import Theme
    from ui.help.handbook import Handbook
    from ui.main_window import MainWindow
    from ui.messages import Messages
    from ui.tasks import TaskRunner

# From so many days before a report is due it is told once a day.
_DAYS = 3
_REMINDED = "reminded"
_DUE = "due"  # the cause of what is told


class Companion(QObject):
    """Knows the frame, and no page."""

    def __init__(self, window: MainWindow, runner: TaskRunner, messages: Messages) -> None:
        """Give the window its keys and buttons for help."""
        super().__init__(window)
        self._window, self._messages = window, messages
        self.finder = Finder(window, runner)
        self.book: Handbook | None = None
        self._office, self._called = True, ""
        self.tour: Tour | None = None
        self._tray: QSystemTrayIcon | None = None
        QShortcut(QKeySequence("F1"), window).activated.connect(self.open_handbook)
        tool = window.top_bar.add_tool("book-open", "用户手册（F1）")
        tool.clicked.connect(self.open_handbook)
        messages.explain = self.open_for

    def use(self, workspace: Workspace, theme: Theme, called: str) -> None:
        """Help with an opened workspace, by its role; `called`: its coordinating office."""
        whose = workspace.identity.is_office, called
        if whose != (self._office, self._called) and self.book is not None:
            self.book.close()
            self.book = None
        self._office, self._called = whose
        self.finder.add_command("换成浅色或深色", theme.toggle, "外观")
        self.finder.add_command("用户手册", self.open_handbook, "按 F1 打开到当前页面的说明")
        self.finder.add_command("使用引导", self.start_tour, "再看一遍界面介绍")
        if not workspace.identity.is_office:
            self.finder.add_command(
                "检查并导出报送包", lambda: self._window.open("recording", "export"), "填报"
            )
        self.finder.use(workspace)

    # The handbook

    def open_handbook(self) -> None:
        """Open the handbook where it explains the figure or fault at hand, else the page shown."""
        figure = measure_at_hand()  # before the handbook takes the focus
        here = next(s for s in self._window.specs if s.key == self._window.current_key)
        fault = self._window.page(here.key).fault
        if fault and not figure:
            self.open_for(fault)
            return
        self._handbook().open_at(figure.label if figure else here.help or here.title)

    def open_for(self, fault: str) -> None:
        """Open the handbook where it says what to do about a fault, by its identity."""
        self._handbook().open_for(fault)

    def _handbook(self) -> Handbook:
        from ui.help.handbook import Handbook

        if self.book is None:
            self.book = Handbook(office=self._office, called=self._called)
            self.book.page_wanted.connect(self._go_to)
            self._window.closing.connect(self.book.close)
        return self.book

    def _go_to(self, page: str) -> None:
        """Open a page that the handbook names, where this role has it."""
        if any(spec.key == page for spec in self._window.specs):
            self._window.open(page, enter=True)
            self._window.activateWindow()
        else:
            self._messages.warn("这一页要先打开工作区才能看。")

    # The tour

    def offer_tour(self) -> None:
        """Show the tour to who has not seen it, once the first page is there."""
        if tour_wanted():
            QTimer.singleShot(0, self, self.start_tour)

    def start_tour(self) -> None:
        """Show the tour."""
        if self.tour is not None:
            return
        self.tour = Tour(self._window, self._marks())
        self.tour.ended.connect(self._forget_tour)
        self.tour.start()

    def _forget_tour(self) -> None:
        self.tour = None

    def _marks(self) -> tuple[TourNote, ...]:
        window = self._window
        return (
            TourNote("从这里换页", "按工作顺序从上到下排列；也可按 Ctrl+1 至 Ctrl+9。右侧的红色数字"
                     "表示有几件事等待处理。", lambda: window.navigation),
            TourNote("报告期", "在这里选择年度和月份，所有页面都按所选报告期显示。",
                     lambda: window.top_bar.period_field),
            TourNote("这一页最主要的操作", "每页右上角有一个蓝色按钮，是这一页最主要的操作。",
                     self._primary),
            TourNote("查找", "按 Ctrl+K，输入文字或拼音首字母，可直接到任务、单位、指标和台账。",
                     lambda: self.finder.tool),
            TourNote("随时自动保存", "不需要点保存。这里显示何时已保存、几项未导出、"
                     "离截止还有几天。按 F1 打开用户手册。", lambda: window.status),
        )  # fmt: skip

    def _primary(self) -> QWidget | None:
        headers = self._window.findChildren(PageHeader)
        return next((head.primary for head in headers if head.isVisible() and head.primary), None)

    # Reminders

    def remind(self, what: str, days: int | None, today: str) -> None:
        """Tell once a day that a report is due soon or late, here and in the tray.

        `what` is such as ``2026年3月报送``; days are below 0 when it is late, None without one.
        """
        if days is None or days > _DAYS:
            self._messages.settle(_DUE)
            return
        if remember.recall(_REMINDED) == f"{today} {what}":
            return
        remember.store(_REMINDED, f"{today} {what}")
        if days > 0:
            text = f"{what}还有 {days} 天截止。"
        else:
            text = f"{what}今天截止。" if days == 0 else f"{what}已逾期 {-days} 天。"
        self._messages.warn(text, cause=_DUE)
        if QSystemTrayIcon.isSystemTrayAvailable():
            if self._tray is None:
                self._tray = QSystemTrayIcon(icons.application_icon(), self)
                self._tray.activated.connect(lambda _reason: self._window.activateWindow())
                self._tray.show()
            self._tray.showMessage("食药安工作台", text)
