"""第一次使用: the packet that came, or a choice of role; nothing is chosen beforehand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QFrame,
    QRadioButton,
    QSpinBox,
)

from fsdesk.domain.findings import reject
from ui.files import ALL
from ui.theme import SPACE_L, SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.field_values import ValueField
from ui.widgets.fields import line_edit
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label
from ui.workspaces.refusal import Refusal
from ui.workspaces.unmade import UnmadeDrafts

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from fsdesk.domain.drafts import FieldValue
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.steps import Steps
    from fsdesk.workspace import Workspace
    from ui.files import Files
    from ui.workspaces.start_page import NewWorkspace, SharedPlace

_ABOUT = (
    "选择身份后，可以建立工作区，也可以先用示例试一试。选错了可以重新选择。"
    "数据只保存在本机，可随时备份。"
)
_ABOUT_SHARED = "选择身份后建立。数据保存在服务器上；保存位置只放本机用过的文件。"
_PACKET = "下发包 (*.xlsx *.fsdesk *.zip)"
# The sample's unit: the one with most tasks.
_SAMPLE_UNIT = "scjg"


class FirstRun(QFrame):
    """The packet that came, or three choices and one button; or first a look at a sample."""

    made = Signal(object)
    sample_wanted = Signal(bool)  # whether as the office
    folder_dropped = Signal(object)
    shared_wanted = Signal()  # the office's database on a server

    def __init__(self, plan: Plan, folder: Path, files: Files, wanted: NewWorkspace) -> None:
        """Offer the units of the built-in plan."""
        super().__init__()
        self.wanted = wanted
        self.taken: Path | None = None
        self.folder, self._files = folder, files
        set_role(self, "card")
        self.setAcceptDrops(True)
        role = "" if wanted.packet else "primary"
        self.packet = button("打开下发包…", self._choose_packet, role)
        self.given = button("用它建立工作区", self._take_given, "primary")
        self.packet.setToolTip("用汇总端发来的下发包建立工作区，单位和年度自动填好")
        self.office = QRadioButton("汇总端：下发计划、汇总各单位数据")
        self.unit = QRadioButton("责任单位：填报本单位进展并报送")
        roles = QButtonGroup(self)
        roles.addButton(self.office)
        roles.addButton(self.unit)
        self.year = QSpinBox()
        self.year.setRange(2000, 2100)
        self.year.setValue(plan.year)
        self.year.setAccessibleName("年度")
        own = plan.directory.reporting_units
        entries = [("请选择单位", ""), *((unit.name, unit.code) for unit in own)]
        self.units = Choice("责任单位", entries)
        self.district = line_edit(
            "所在地区", "如 某市某区、某市，用在红头、落款和表格；可以以后再填"
        )
        self.start = button("建立工作区", self._make)
        self.sample = button("先用示例试一试", self._want_sample)
        self.sample.setToolTip("按所选身份打开一个示例，内容是虚构的，可以随意改动")
        self.shared = button("连接办公室的共享数据库…", self.shared_wanted.emit)
        self.problem = Refusal()
        self.problem.say(wanted.note)
        self._place = label(str(folder), "help", wrap=True)
        self._lay_out()
        self.problem.setVisible(bool(wanted.note))
        roles.buttonToggled.connect(lambda *_: self._offer())
        self.units.currentIndexChanged.connect(lambda _: self._offer())
        self._keep(plan.year)
        self._offer()

    def _keep(self, year: int) -> None:
        """Go on with what was filled in before the program ended, and no workspace was made."""
        self._chosen = ValueField(self, "保存位置")
        self._kept = KeptFields(UnmadeDrafts(), self, quiet=True)
        stored: dict[str, FieldValue] = {
            "office": False,
            "unit": False,
            "year": year,
            "units": self.units.itemText(0),
            "district": "",
        }
        for name, field in (
            ("office", self.office),
            ("unit", self.unit),
            ("year", self.year),
            ("units", self.units),
            ("district", self.district),
        ):
            self._kept.add(name, field)
        if self.wanted.folder is None:  # else it is no choice of the user's
            self._kept.add("folder", self._chosen)
            stored["folder"] = str(self.folder)
        self._kept.show("first-run", stored)
        if self._chosen.text():
            self.folder = Path(self._chosen.text())
            self._place.setText(str(self.folder))

    def refuse(self, problem: Exception) -> None:
        """Say why no workspace was made; what was chosen stays."""
        self.problem.tell(problem)
        self.setEnabled(True)
        self.packet.setFocus()

    def _lay_out(self) -> None:
        hint = "打开它（或把文件拖到这里），单位和年度自动填好。"
        file = self.wanted.packet
        name = f"随程序打开的文件：{file.name}。如果是下发包，单位和年度自动填好。" if file else ""
        given = boxed(row_of((label(name, wrap=True), 1), self.given, spacing=-1))
        line = QFrame()
        set_role(line, "line")
        place = self.wanted.shared
        self.about_place = label(_words_of(place) if place else "", "muted", wrap=True)
        way = label("数据放在办公室的服务器上、几个人同时录入的，从这里连接。", "muted", wrap=True)
        # What is shown before it has a parent would be a window of its own.
        for part in (self.shared, self.sample, way) if place else (self.about_place,):
            part.hide()
        if file is None:
            given.hide()
        column_of(
            self.problem,
            self.about_place,
            given,
            label("已经收到汇总端的下发包", "section"),
            row_of((label(hint, "muted", wrap=True), 1), self.packet, spacing=-1),
            row_of((way, 1), self.shared, spacing=-1),
            line,
            label("没有下发包，请选择身份", "section"),
            self.office,
            self.unit,
            SPACE_S,
            self._fields(),
            label(_ABOUT_SHARED if place else _ABOUT, "help", wrap=True),
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
        fields.addRow("所在地区", self.district)
        # A box of its own: a form gives the rows of a layout in it too little height.
        fields.addRow("保存位置", boxed(row_of((self._place, 1), change, spacing=-1)))
        return fields

    def _offer(self) -> None:
        """Enable what can be done with what was chosen."""
        chosen = self.office.isChecked() or self.unit.isChecked()
        self.units.setEnabled(self.unit.isChecked())
        self.district.setEnabled(self.office.isChecked())
        self.sample.setEnabled(chosen)
        self.start.setEnabled(chosen and (self.office.isChecked() or bool(self.units.value)))

    def _change_folder(self) -> None:
        chosen = self._files.folder("选择工作区的保存位置", "workspace")
        if chosen is not None:
            self.folder = _place_in(chosen)
            self._place.setText(str(self.folder))
            self._chosen.set_text(str(self.folder))

    def _choose_packet(self) -> None:
        file = self._files.open_one("打开下发包", (_PACKET, ALL), "packets")
        if file is not None:
            self._take_packet(file)

    def _take_given(self) -> None:
        if self.wanted.packet is not None:
            self._take_packet(self.wanted.packet)

    def _take_packet(self, file: Path) -> None:
        folder, place = self.folder, self.wanted.shared
        self.taken = file
        self.problem.hide()
        self.made.emit(lambda: _made_at(place, lambda at: _unit_from_packet(folder, file, at)))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a packet, or the folder of a workspace."""
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Make the workspace from the packet that was dropped, or open the one in the folder."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if not paths:
            return
        event.acceptProposedAction()
        if len(paths) > 1:
            self.refuse(reject("一次拖入了多个文件", "请只拖入汇总端发给本单位的下发包"))
        elif paths[0].is_dir():
            self.folder_dropped.emit(paths[0])
        else:
            self._take_packet(paths[0])

    def _make(self) -> None:
        folder, year, unit = self.folder, self.year.value(), str(self.units.value)
        district, place = self.district.text().strip(), self.wanted.shared
        self.taken = None
        self.problem.hide()
        if self.office.isChecked():
            self.made.emit(lambda: _made_at(place, lambda at: _office(folder, year, district, at)))
        else:
            self.made.emit(lambda: _made_at(place, lambda at: _unit(folder, year, unit, at)))

    def _want_sample(self) -> None:
        self.sample_wanted.emit(self.office.isChecked())


def _place_in(chosen: Path) -> Path:
    """Return where a new workspace goes: the folder, or one in it where other things lie there."""
    from fsdesk.workspace import is_workspace

    try:
        is_empty = not chosen.exists() or not any(chosen.iterdir())
    except OSError:  # why it can't be used is told when the workspace is made
        return chosen
    return chosen if is_empty or is_workspace(chosen) else chosen / "食药安工作台"


def _words_of(place: SharedPlace) -> str:
    wanted = place.database
    return f"新的工作区放在 {wanted.server} 的数据库 {wanted.database}（模式 {wanted.schema}）。"


# In a worker


def _made_at(place: SharedPlace | None, make: Callable[[str | None], Workspace]) -> Workspace:
    """Make a workspace in its folder, or on a server, and keep the password that led there."""
    if place is None:
        return make(None)
    from fsdesk.services.care import joining

    made = make(joining.address_of(place.database))
    joining.keep_for(made, place.database, place.password)
    return made


def _office(folder: Path, year: int, district: str, database: str | None) -> Workspace:
    from fsdesk.services.care import setup

    return setup.create_office(folder, setup.read_plan(None, year), database, district=district)


def _unit(folder: Path, year: int, unit: str, database: str | None) -> Workspace:
    from fsdesk.services.care import setup

    return setup.create_unit(folder, setup.read_plan(None, year), unit, database)


def _unit_from_packet(folder: Path, file: Path, database: str | None) -> Workspace:
    from fsdesk.services.care import next_year

    return next_year.unit_from_packet(folder, file, database)


def prepare_sample(folder: Path) -> Steps[Path]:
    """Make the sample in a folder, unless it is there."""
    from fsdesk.demo import sample

    return sample.prepare(folder)


def open_sample(folder: Path, *, office: bool) -> Workspace:
    """Open the sample that was made in a folder, as the office or as a unit."""
    from fsdesk.demo import sample

    return sample.open_sample(folder, "" if office else _SAMPLE_UNIT)
