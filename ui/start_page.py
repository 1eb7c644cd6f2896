"""The first page: opens the workspace, or helps to make one in a minute."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fsdesk.domain.findings import FsdeskError
from ui.files import EXCEL
from ui.page import Page
from ui.theme import SPACE_L, SPACE_M, SPACE_S, set_role
from ui.widgets.choice import Choice
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fsdesk.domain.plan import Plan
    from fsdesk.workspace import Workspace
    from ui.files import Files
    from ui.tasks import TaskRunner

_WIDTH = 560


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
        if isinstance(problem, FsdeskError) and "还没有工作区" in str(problem):
            self._runner.run(_defaults(self._folder), self._show_form)
            return
        words = label(str(problem), "error", centred=True, wrap=True)
        self._stack.addWidget(words)
        self._stack.setCurrentWidget(words)

    def _show_form(self, found: tuple[Plan, Path]) -> None:
        plan, folder = found
        self.form = FirstRun(plan, folder, self._files)
        self.form.made.connect(self.made)
        frame = QWidget()
        row = QHBoxLayout(frame)
        row.addWidget(self.form, 0, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self._stack.addWidget(frame)
        self._stack.setCurrentWidget(frame)


def _defaults(folder: Path | None) -> Callable[[], tuple[Plan, Path]]:
    def job() -> tuple[Plan, Path]:
        from fsdesk.documents.plan_file import load_builtin_plan
        from fsdesk.workspace import default_folder

        year = datetime.now(UTC).astimezone().year
        return load_builtin_plan(year), folder or default_folder()

    return job


class FirstRun(QFrame):
    """Three choices and one button."""

    made = Signal(object)

    def __init__(self, plan: Plan, folder: Path, files: Files) -> None:
        """Offer the units of the built-in plan."""
        super().__init__()
        self._folder, self._files = folder, files
        set_role(self, "card")
        self.setFixedWidth(_WIDTH)
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
        self.start = QPushButton("建立工作区")
        set_role(self.start, "primary")
        self._place = label(str(folder), "help", wrap=True)
        self._lay_out()
        self.unit.toggled.connect(self._choose_role)
        self.packet.clicked.connect(self._from_packet)
        self.start.clicked.connect(self._make)
        self._choose_role(False)

    def _lay_out(self) -> None:
        change = QPushButton("更改…")
        set_role(change, "link")
        change.clicked.connect(self._change_folder)
        place = QHBoxLayout()
        place.addWidget(self._place, 1)
        place.addWidget(change)
        fields = QFormLayout()
        fields.setSpacing(SPACE_M)
        fields.addRow("年度", self.year)
        fields.addRow("单位", self.units)
        fields.addRow("保存位置", place)
        buttons = QHBoxLayout()
        buttons.addWidget(self.packet)
        buttons.addStretch()
        buttons.addWidget(self.start)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_L, SPACE_L, SPACE_L, SPACE_L)
        column.setSpacing(SPACE_M)
        column.addWidget(label("第一次使用，请选择", "section"))
        column.addWidget(self.office)
        column.addWidget(self.unit)
        column.addSpacing(SPACE_S)
        column.addLayout(fields)
        hint: QLabel = label(
            "责任单位如已收到区食药安办的下发包，直接打开它即可。数据只保存在本机，可随时备份。",
            "help",
            wrap=True,
        )
        column.addWidget(hint)
        column.addLayout(buttons)

    def _choose_role(self, is_unit: bool) -> None:  # noqa: FBT001 - Qt's own signature
        self.units.setEnabled(is_unit)
        self.packet.setEnabled(is_unit)

    def _change_folder(self) -> None:
        chosen = self._files.folder("选择工作区的保存位置", "workspace")
        if chosen is not None:
            self._folder = chosen
            self._place.setText(str(chosen))

    def _from_packet(self) -> None:
        file = self._files.open_one("打开下发包", (EXCEL,), "packets")
        if file is not None:
            folder = self._folder
            self.made.emit(lambda: _unit_from_packet(folder, file))

    def _make(self) -> None:
        folder, year, unit = self._folder, self.year.value(), str(self.units.value)
        if self.office.isChecked():
            self.made.emit(lambda: _office(folder, year))
        else:
            self.made.emit(lambda: _unit(folder, year, unit))


def _office(folder: Path, year: int) -> Workspace:
    from fsdesk.services import setup

    return setup.create_office(folder, setup.read_plan(None, year))


def _unit(folder: Path, year: int, unit: str) -> Workspace:
    from fsdesk.services import setup

    return setup.create_unit(folder, setup.read_plan(None, year), unit)


def _unit_from_packet(folder: Path, file: Path) -> Workspace:
    from fsdesk.services import incoming, setup

    return setup.create_unit_from_packet(folder, incoming.read(file))
