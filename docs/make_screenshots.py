"""Takes the handbook's pictures from the real window over the demo year.

Run `python docs/make_screenshots.py` from the checkout. `--sets FOLDER` takes every page of both
roles in light and dark, on a screen of 1366×768 as it is and at 150 %, for looking at;
`tests/ui/test_every_page.py` looks at the same by machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(ROOT))

from openpyxl import Workbook  # noqa: E402 - the paths come first
from PySide6.QtCore import QEventLoop, QSettings, QTimer  # noqa: E402 - the platform comes first
from PySide6.QtGui import QPainter  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from fsdesk.demo.city import make_city, slice_of  # noqa: E402
from fsdesk.demo.demo import make_demo  # noqa: E402
from fsdesk.domain.records.records import DataValue  # noqa: E402
from fsdesk.domain.status.drill_down import Depth, FigureRef  # noqa: E402
from fsdesk.domain.steps import run_through  # noqa: E402
from fsdesk.services.care.known import PLACE  # noqa: E402
from fsdesk.services.records import recording  # noqa: E402
from fsdesk.workspace import open_workspace  # noqa: E402
from ui.app import Program  # noqa: E402
from ui.appearance import Mode  # noqa: E402
from ui.pages.status.published_differences import DifferencesDialog  # noqa: E402

SCREEN = (1366, 728)  # 1366×768 less the task bar
SCALE_VARIABLE = "QT_SCALE_FACTOR"
SIZE = tuple(round(side / float(os.environ.get(SCALE_VARIABLE, "1"))) for side in SCREEN)
PERIOD = "2026-09"
# The month that the demo year published and corrected.
PUBLISHED = "2026-06"
REST_MS = 400
TASK = "T04-1"
# The last month of the slice of three levels, in which a unit corrects what was sent on.
CLIMBED, CORRECTED = "2026-03", ("I101", "u03", 31.0)
# What is opened in a page.
OPENED = dict.fromkeys(("plan", "plan-editing", "recording"), TASK) | {
    "drill": FigureRef(Depth.INDICATOR, "I04-3")
}
# A further tab of a page: the picture's name and the tab.
MORE = {"exchange": ("office-review", "review"), "supervision": ("office-register", "register")}
# The first 约谈通知书 of the demo year.
LETTER = "interview/2026/1"
DOCUMENT = ROOT / "tests" / "documents" / "official" / "corpus" / "nested_2026.txt"


def settle(program: Program) -> None:
    """Let work and drawing come to an end."""
    for _ in range(2):
        while program.runner.busy:
            _pause(30)
        _pause(REST_MS)


def _pause(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def take(program: Program, out: Path, name: str) -> None:
    """Save the window as a picture, without what it told of the page before."""
    settle(program)
    if program.window.current_key != "ledger":
        for banner in program.window.banners.banners:
            banner.dismiss()
        _pause(REST_MS)  # what is below takes the room
    program.window.grab().save(str(out / f"{name}.png"))


def open_program(
    application: QApplication, folder: Path, mode: Mode, period: str = PERIOD
) -> Program:
    """Start the program on a workspace, at the period of the pictures."""
    program = Program(application, folder, None)
    program.theme.set_mode(mode)
    program.window.resize(*SIZE)
    program.window.show()
    program.open()
    settle(program)
    program.window.top_bar.set_period((2026,), period)
    program.window.period_changed.emit(period)
    return program


def take_outputs(office: Program, out: Path) -> None:
    """Take the outputs that the handbook shows: a chart with its numbers, bulletin, letter."""
    page = office.window.page("printing")
    outputs = (
        ("chart", "heat"),
        ("bulletin", "bulletin"),
        ("poster", "poster"),
        ("letter", LETTER),
    )
    for form, kind in outputs:
        page.show_item((form, kind))
        settle(office)
        if form == "chart":
            spots = page.panel.view.drawing.spots
            page.panel.view.opened.emit(next(spot for _, spot in spots if "滞后" in spot.words))
        take(office, out, f"office-{form}")


def take_published(office: Program, out: Path) -> None:
    """Take what differs from a published month, with its causes."""
    page = office.window.page("aggregate")
    page.refresh(PUBLISHED)
    settle(office)
    page.banner.look.click()
    settle(office)
    (dialog,) = page.banner.findChildren(DifferencesDialog)
    dialog.grab().save(str(out / "office-published.png"))
    dialog.shut.click()


def foreign_list(folder: Path) -> Path:
    """Write a list as a sampling system might export it."""
    book = Workbook()
    sheet = book.active
    sheet.append(["2026年抽检结果导出"])
    sheet.append(
        ["序号", "责任单位", "抽样单号", "受检单位", "食品名称", "种类", "采样日期", "结果"]
    )
    shops = ("滨江大药房", "江南菜市场", "长河农贸市场", "浦沿食品有限公司")
    goods = (("阿莫西林胶囊", "药品"), ("青菜", "农产品"), ("鲫鱼", "农产品"), ("糕点", "食品"))
    for number in range(1, 61):
        name, kind = goods[number % 4]
        result = "问题样品" if number % 13 == 0 else "待复检" if number % 17 == 0 else "合格"
        day = f"2026-{number % 9 + 1:02d}-{number % 27 + 1:02d}"
        row = ["区市场监管局", f"XC2026{number:04d}", shops[number % 4], name, kind, day, result]
        sheet.append([number, *row])
    file = folder / "抽检系统导出.xlsx"
    book.save(file)
    return file


def take_ledgers(office: Program, out: Path) -> None:
    """Take a foreign list being imported, the grid with what it brought, and the settings."""
    page = office.window.page("ledger")
    page.show_item("sampling")
    settle(office)
    page.open_list(foreign_list(Path.cwd()))
    settle(office)
    page.importing.pick_column("种类", "类别")
    settle(office)
    page.importing.pick_column("结果", "检验结论")
    take(office, out, "office-ledger-import")
    page.importing.take.click()
    settle(office)
    grid = page.panel
    index = grid.model.index(2, [c.title for c in grid.model.columns].index("抽样日期"))
    grid.model.setData(index, "上个月")
    take(office, out, "office-ledger")
    grid.steps.undo()
    settle(office)
    page.edit_declaration()
    take(office, out, "office-ledger-declaring")
    page.declaring.closed.emit()


def take_all(application: QApplication, demo: Path, out: Path, mode: Mode) -> None:
    """Take every page of the office's and of a unit's window, and the first run."""
    office = open_program(application, demo / "office", mode)
    for key in [key for key in office.window.keys if key not in ("start", "recording")]:
        office.window.open(key, OPENED.get(key))
        office.window.page(key).refresh(PERIOD)
        settle(office)
        if key == "plan-document":
            office.window.page(key).read(DOCUMENT)
        if key == "exchange":
            page = office.window.page(key)
            page.check(sorted((demo / "packets" / "2026-09").glob("*.xlsx"))[:6])
        if key == "ledger":
            take_ledgers(office, out)
            continue
        take(office, out, f"office-{key}")
        if key in MORE:
            name, part = MORE[key]
            page = office.window.page(key)
            page.tabs.setCurrentWidget(getattr(page, part))
            take(office, out, name)
        if key == "printing":
            take_outputs(office, out)
        if key == "aggregate":
            take_published(office, out)
    office.window.close()
    take_unit(application, demo, out, mode)
    take_ladder(application, out, mode)
    take_first_run(application, demo, out, mode)
    take_help(application, demo, out, mode)


def take_unit(application: QApplication, demo: Path, out: Path, mode: Mode) -> None:
    """Take what a unit works with."""
    unit = open_program(application, demo / "units" / "区市场监管局", mode)
    for key in ("overview", "recording", "supervision"):
        unit.window.open(key, TASK if key == "recording" else None)
        unit.window.page(key).refresh(PERIOD)
        take(unit, out, f"unit-{key}")
    unit.window.close()


def take_ladder(application: QApplication, out: Path, mode: Mode) -> None:
    """Take a district that fills the city's form, after one of its units corrected a figure."""
    folder = Path("逐级演示")
    run_through(make_city(folder, slice_of(2, 6, 3)))
    item, unit, value = CORRECTED
    district = folder / "districts" / "东江区"
    with open_workspace(district / "own") as own:
        recording.record_value(own, item, CLIMBED, DataValue(value), unit)
    upper = open_program(application, district / "upper", mode, CLIMBED)
    upper.window.open("ladder")
    upper.window.page("ladder").refresh(CLIMBED)
    settle(upper)
    page = upper.window.page("ladder")
    page.figures.table.choose_rows(lambda line: line.correction)
    page.whose.setText(page.whose.text().replace(f"{Path.cwd()}{os.sep}", ""))
    take(upper, out, "unit-ladder")
    upper.window.close()


def take_help(application: QApplication, demo: Path, out: Path, mode: Mode) -> None:
    """Take the search with something found, and the tour."""
    office = open_program(application, demo / "office", mode)
    office.companion.start_tour()
    office.companion.tour.step()
    take(office, out, "office-tour")
    office.companion.tour.end()
    palette = office.companion.finder.palette
    office.companion.finder.start()
    settle(office)
    palette.field.setText("spcj")
    settle(office)
    picture = office.window.grab()
    painter = QPainter(picture)
    painter.drawPixmap(office.window.mapFromGlobal(palette.pos()), palette.grab())
    painter.end()
    picture.save(str(out / "office-search.png"))
    palette.reject()
    office.window.close()


def take_every(application: QApplication, demo: Path, out: Path, mode: Mode) -> None:
    """Take every page of both roles, with what is opened in it."""
    folders = {"office": demo / "office", "unit": demo / "units" / "区市场监管局"}
    for role, folder in folders.items():
        program = open_program(application, folder, mode)
        for key in [key for key in program.window.keys if key != "start"]:
            program.window.open(key, OPENED.get(key))
            program.window.page(key).refresh(PERIOD)
            take(program, out, f"{role}-{key}")
        program.window.close()
    take_first_run(application, demo, out, mode)


def take_sets(folder: Path) -> None:
    """Take every page in both colours and sizes; Qt takes a scale only at its start."""
    for mode in (Mode.LIGHT, Mode.DARK):
        for scale in ("1", "1.5"):
            out = folder / f"{mode.value}-{scale}"
            subprocess.run(  # noqa: S603 - this script itself
                [sys.executable, __file__, "--every", "--mode", mode.value, "--out", str(out)],
                env={**os.environ, SCALE_VARIABLE: scale},
                check=True,
            )


def take_first_run(application: QApplication, demo: Path, out: Path, mode: Mode) -> None:
    """Take the window as it is before there is a workspace."""
    first = Program(application, demo / "nobody", None)
    first.theme.set_mode(mode)
    first.window.resize(*SIZE)
    first.window.show()
    first.open()
    take(first, out, "first-run")
    first.window.close()


def main() -> None:
    """Make the demo, then the pictures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--mode", type=Mode, default=Mode.LIGHT)
    parser.add_argument("--every", action="store_true")
    parser.add_argument("--sets", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    options = parser.parse_args()
    if options.sets:
        take_sets(options.sets.resolve())
        return
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, scratch)
        os.environ[PLACE] = str(Path(scratch, "known.json"))
        # Short relative paths, so that no folder of this PC stands in a picture.
        out = options.out.resolve()
        os.chdir(scratch)
        demo = Path("食药安演示")
        run_through(make_demo(demo))
        taking = take_every if options.every else take_all
        taking(QApplication(["", "-style", "Fusion"]), demo, out, options.mode)
        os.chdir(ROOT)


if __name__ == "__main__":
    main()
