"""The first page: opens the workspace, or helps to make one in a minute."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QFrame,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QStackedWidget,
    QWidget,
)

from fsdesk.domain.findings import FindingCode, FsdeskError
from ui.files import EXCEL
from ui.page import Page
from ui.theme import SPACE_L, SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import column_of, row_of, scrolling
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.workspace import Workspace
    from ui.files import Files
    from ui.tasks import TaskRunner

_WIDTH = 600
_SAMPLE = "示例工作区"
# The sample's unit: the one with most tasks.
_SAMPLE_UNIT = "scjg"


class StartPage(Page):
    """Says that the workspace is being opened; where there is none, asks whose it shall be."""

    made = Signal(object)  # a callable that makes and opens the workspace, for a worker

    def __init__(self, runner: TaskRunner, files: Files, folder: Path | None) -> None:
        """Show that work is under way."""
        super().__init__("欢迎使用食药安工作台")
        self._runner, self._files = runner, files
        self._folder = folder
        self._stack = QStackedWidget()
        self._stack.addWidget(label("正在打开工作区…", "muted", centred=True))
        self.body.addWidget(self._stack)

    def ask(self, problem: Exception) -> None:
        """Ask for a new workspace; a workspace that can't be opened is explained instead."""
        if isinstance(problem, FsdeskError) and problem.tells(FindingCode.NO_WORKSPACE):
            self._runner.run(_defaults(self._folder), self._show_form)
            return
        words = label(str(problem), "error", centred=True, wrap=True)
        self._stack.addWidget(words)
        self._stack.setCurrentWidget(words)

    def _show_form(self, found: tuple[Plan, Path]) -> None:
        plan, folder = found
        self.form = FirstRun(plan, folder, self._files)
        self.form.made.connect(self.made)
        self.form.sample_wanted.connect(self._make_sample)
        frame = QWidget()
        row_of(
            (self.form, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop),
            margins=-1,
            parent=frame,
        )
        area = scrolling(frame)
        self._stack.addWidget(area)
        self._stack.setCurrentWidget(area)

    def _make_sample(self, folder: Path, office: bool) -> None:  # noqa: FBT001 - a signal's
        """Make the sample beside the workspace that is still to come, or open the one there is."""

        def job() -> object:
            from fsdesk.demo import sample

            return sample.prepare(folder)

        self.form.setEnabled(False)
        self._runner.run(
            job,
            lambda _: self.made.emit(lambda: _open_sample(folder, office=office)),
            title="正在准备示例工作区，约需半分钟",
        )


def _defaults(folder: Path | None) -> Callable[[], tuple[Plan, Path]]:
    def job() -> tuple[Plan, Path]:
        from fsdesk.services.care import setup
        from fsdesk.workspace import default_folder

        year = datetime.now(UTC).astimezone().year
        return setup.read_plan(None, year), folder or default_folder()

    return job


class FirstRun(QFrame):
    """The packet that came, or three choices and one button; or first a look at a sample."""

    made = Signal(object)
    sample_wanted = Signal(object, bool)  # folder, whether as the office

    def __init__(self, plan: Plan, folder: Path, files: Files) -> None:
        """Offer the units of the built-in plan."""
        super().__init__()
        self._folder, self._files = folder, files
        set_role(self, "card")
        self.setFixedWidth(_WIDTH)
        self.setAcceptDrops(True)
        self.office = QRadioButton("区食药安办（汇总端）：下发计划、汇总各单位数据")
        self.unit = QRadioButton("责任单位：填报本单位进展并报送")
        roles = QButtonGroup(self)
        roles.addButton(self.office)
        roles.addButton(self.unit)
        self.office.setChecked(True)
        self.year = QSpinBox()
        self.year.setRange(2000, 2100)
        self.year.setValue(plan.year)
        self.year.setAccessibleName("年度")
        own = plan.directory.reporting_units
        self.units = Choice("责任单位", [(unit.name, unit.code) for unit in own])
        self.packet = QPushButton("打开下发包…")
        self.packet.setToolTip("用区食药安办发来的下发包建立工作区，单位和年度自动填好")
        self.start = button("建立工作区", self._make, "primary")
        self.sample = QPushButton("先用示例试一试")
        self.sample.setToolTip("按所选身份打开一个示例，内容是虚构的，可以随意改动")
        self._place = label(str(folder), "help", wrap=True)
        self._lay_out()
        self.unit.toggled.connect(self.units.setEnabled)
        self.packet.clicked.connect(self._choose_packet)
        self.sample.clicked.connect(self._want_sample)
        self.units.setEnabled(False)

    def _lay_out(self) -> None:
        hint = "打开它（或把文件拖到这里），单位和年度自动填好。"
        line = QFrame()
        set_role(line, "line")
        column_of(
            label("已经收到区食药安办的下发包", "section"),
            row_of((label(hint, "muted", wrap=True), 1), self.packet, spacing=-1),
            line,
            label("没有下发包，请选择身份", "section"),
            self.office,
            self.unit,
            SPACE_S,
            self._fields(),
            label("数据只保存在本机，可随时备份。", "help", wrap=True),
            row_of(self.sample, None, self.start, spacing=-1),
            spacing=SPACE_M,
            margins=SPACE_L,
            parent=self,
        )

    def _fields(self) -> QFormLayout:
        change = button("更改…", self._change_folder, "link")
        fields = QFormLayout()
        fields.setSpacing(SPACE_M)
        fields.addRow("年度", self.year)
        fields.addRow("单位", self.units)
        fields.addRow("保存位置", row_of((self._place, 1), change, spacing=-1))
        return fields

    def _change_folder(self) -> None:
        chosen = self._files.folder("选择工作区的保存位置", "workspace")
        if chosen is not None:
            self._folder = chosen
            self._place.setText(str(chosen))

    def _choose_packet(self) -> None:
        file = self._files.open_one("打开下发包", (EXCEL,), "packets")
        if file is not None:
            self._take_packet(file)

    def _take_packet(self, file: Path) -> None:
        folder = self._folder
        self.made.emit(lambda: _unit_from_packet(folder, file))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a packet."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Make the workspace from the packet that was dropped."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self._take_packet(paths[0])

    def _make(self) -> None:
        folder, year, unit = self._folder, self.year.value(), str(self.units.value)
        if self.office.isChecked():
            self.made.emit(lambda: _office(folder, year))
        else:
            self.made.emit(lambda: _unit(folder, year, unit))

    def _want_sample(self) -> None:
        folder = self._folder.with_name(f"{self._folder.name}-{_SAMPLE}")
        self.sample_wanted.emit(folder, self.office.isChecked())


def _office(folder: Path, year: int) -> Workspace:
    from fsdesk.services.care import setup

    return setup.create_office(folder, setup.read_plan(None, year))


def _unit(folder: Path, year: int, unit: str) -> Workspace:
    from fsdesk.services.care import setup

    return setup.create_unit(folder, setup.read_plan(None, year), unit)


def _unit_from_packet(folder: Path, file: Path) -> Workspace:
    from fsdesk.services.care import setup
    from fsdesk.services.packet import checking

    return setup.create_unit_from_packet(folder, checking.read(file))


def _open_sample(folder: Path, *, office: bool) -> Workspace:
    from fsdesk.demo import sample

    return sample.open_sample(folder, "" if office else _SAMPLE_UNIT)
