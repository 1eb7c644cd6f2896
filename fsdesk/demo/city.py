"""A province's slice: a city with its districts and their units, month by month, all by packets.

Every figure at the city and above is added up a second time from nothing but the units' files.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk import files
from fsdesk.demo.levels import CITY, DISTRICT, FOOD, PROVINCE, YEAR, bureaus, districts, plan_of
from fsdesk.demo.recount import Recount
from fsdesk.domain.findings import reject
from fsdesk.domain.ladder.carrying import Carry
from fsdesk.domain.names import file_name
from fsdesk.domain.periods import MONTHS, months_of
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind
from fsdesk.domain.plan.units import Unit, UnitKind
from fsdesk.domain.records.figures import PER_CENT
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.steps import Progress, run_through
from fsdesk.services.care import setup
from fsdesk.services.ladder import drawing, matching, own_workspace, unit_parts
from fsdesk.services.packet import checking, exchange, importing
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import recording
from fsdesk.store.engine import relax
from fsdesk.workspace import open_workspace

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from fsdesk.demo.levels import Level, Matter
    from fsdesk.demo.recount import Difference
    from fsdesk.domain.periods import Period
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.workspace import Workspace

_NOTE, _CHECK = "说明.txt", "核对.json"
_FOLDERS = ("province", "city", "districts", "units", "packets")
CITY_CODE = "c01"
_LEAST = 0.8  # of a rate that a unit reaches at the worst
_SILENT_ONE_IN = 40  # of the units' reports that don't come


class Size(Struct, frozen=True):
    """How much there is of each; `matters`: what all levels ask for, by `levels` of their own."""

    districts: int = 13
    units: int = 20
    months: int = 3
    matters: tuple[Matter, ...] = FOOD
    levels: tuple[Level, Level, Level] = (DISTRICT, CITY, PROVINCE)


class CityDemo(Struct, frozen=True):
    """What was made.

    Attributes:
        packets: How many reports were sent, at all levels.
        compared: How many figures at the city and above were added up a second time.
        differences: Where that gave something else; nothing, unless the program is wrong.
    """

    districts: int
    units: int
    packets: int
    compared: int
    differences: tuple[Difference, ...]

    @property
    def plain(self) -> dict[str, object]:
        """What was made, as JSON holds it."""
        return {
            "districts": self.districts,
            "units": self.units,
            "packets": self.packets,
            "compared": self.compared,
            "differences": [str(each) for each in self.differences],
        }

    @property
    def recounted(self) -> str:
        """What adding up a second time found, in words."""
        return (
            f"市、省两级 {self.compared} 个数已按各单位的文件另行相加核对，"
            f"{len(self.differences)} 个不一致"
        )


class _Clock:
    def __init__(self) -> None:
        self.now = datetime(YEAR, 1, 4, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move_to(self, period: Period, days_after: int) -> None:
        day = period.last_day + timedelta(days=days_after)
        self.now = datetime.combine(day, time(1), tzinfo=UTC)


class _Node(Struct):
    """An office: its own workspace, that of a unit of the level above, and its units' folders.

    Attributes:
        upper: None at the top.
        units: By code, where each unit's workspace lies: so many would not all stay open.
        below: By code of the unit, the office that it is itself.
    """

    name: str
    own: Workspace
    upper: Workspace | None = None
    units: dict[str, Path] = field(default_factory=dict[str, "Path"])
    below: dict[str, _Node] = field(default_factory=dict[str, "_Node"])


def make_city(out: Path, size: Size | None = None) -> Generator[Progress, None, CityDemo]:
    """Make the slice below a folder; an earlier one there is replaced.

    Raises:
        InputRejectedError: When the folder holds something else.
    """
    size = size or Size()
    _clear(out)
    making = _Making(out, size)
    try:
        yield from making.open_levels()
        for month in months_of(YEAR)[: size.months]:
            yield from making.month(month)
        yield Progress(making.steps, making.steps, "正在按各单位的文件重新相加")
        found = making.check()
    finally:
        making.close()
    made = CityDemo(size.districts, size.districts * size.units, making.packets, *found)
    _tell(out, made)
    yield Progress(making.steps, making.steps, "演示已生成")
    return made


def _clear(out: Path) -> None:
    """Make room: only what an earlier one made is removed."""
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / _CHECK).is_file()):
        raise reject(f"文件夹“{out}”不是空的", "请另选一个空文件夹")
    files.save_text(out / _CHECK, "{}\n")  # marks the folder even when the work is broken off
    for name in _FOLDERS:
        files.discard(out / name)


def _tell(out: Path, made: CityDemo) -> None:
    files.save_text(out / _CHECK, json.dumps(made.plain, ensure_ascii=False, indent=1) + "\n")
    files.save_text(
        out / _NOTE,
        f"一个市、{made.districts} 个区、{made.units} 个单位，{made.packets} 个报送包。\n"
        "province 省级汇总端，city 市级汇总端，districts 各区的两个工作区（本区、市的责任单位），\n"
        "units 各单位的工作区，packets 全部下发包和报送包。\n"
        f"{made.recounted}。\n",
    )


def plans_of(size: Size) -> tuple[Plan, Plan, Plan]:
    """Return the plans of a district, the city and the province."""
    low, mid, top = size.levels
    city = Unit(CITY_CODE, f"本{mid.word}", UnitKind.DISTRICT)
    return (
        plan_of(low, bureaus(low.word, size.units), size.matters, 1),
        plan_of(mid, districts(size.districts), size.matters, size.units),
        plan_of(top, (city,), size.matters, size.units * size.districts),
    )


class _Making:
    def __init__(self, out: Path, size: Size) -> None:
        self.out, self.size, self.packets = out, size, 0
        self.steps = 1 + size.districts * (1 + size.months) + size.months
        self._done = 0
        self._clock = _Clock()
        self._opened: list[Workspace] = []
        self._low, self._mid, self._top = plans = plans_of(size)
        self._recount = Recount(size.matters, plans)

    def close(self) -> None:
        for workspace in self._opened:
            workspace.close()

    def _step(self, words: str) -> Progress:
        self._done += 1
        return Progress(self._done, self.steps, words)

    def _kept(self, workspace: Workspace) -> Workspace:
        relax(workspace.engine)
        self._opened.append(workspace)
        return workspace

    def _office(self, folder: Path, plan: Plan) -> Workspace:
        return self._kept(setup.create_office(folder, plan, clock=self._clock))

    def _issued(self, office: Workspace, name: str) -> Iterator[tuple[str, Path]]:
        folder = self.out / "packets" / "下发" / file_name(name)
        for sent in run_through(exchange.issue_packets(office, months_of(YEAR)[0], folder)):
            yield sent.unit, sent.file

    def _unit(self, folder: Path, file: Path) -> Workspace:
        read = checking.read(file)
        return self._kept(setup.create_unit_from_packet(folder, read, clock=self._clock))

    def open_levels(self) -> Generator[Progress]:
        """Make all workspaces, each unit's from the packet that its office issues."""
        yield self._step("正在建立省、市汇总端")
        self._province = _Node(self._top.issuer, self._office(self.out / "province", self._top))
        city = _Node("city", self._office(self.out / "city" / "own", self._mid))
        ((_, file),) = self._issued(self._province.own, self._top.issuer)
        city.upper = self._unit(self.out / "city" / "upper", file)
        self._link(city)
        unit_parts.choose_carrying(city.upper, Carry(below=True))
        self._province.below[CITY_CODE] = city
        for code, file in self._issued(city.own, self._mid.issuer):
            yield self._step(f"正在建立{self._mid.unit_name(code)}和各单位的工作区")
            city.below[code] = self._district(code, file)

    def _district(self, code: str, file: Path) -> _Node:
        name = self._mid.unit_name(code)
        folder = self.out / "districts" / file_name(name)
        found = _Node(name, self._office(folder / "own", self._low))
        found.upper = self._unit(folder / "upper", file)
        self._link(found)
        for unit, packet in self._issued(found.own, name):
            place = self.out / "units" / file_name(name) / unit
            made = setup.create_unit_from_packet(place, checking.read(packet), clock=self._clock)
            made.close()
            found.units[unit] = place
        return found

    def _link(self, node: _Node) -> None:
        if node.upper is not None:
            own_workspace.choose(node.upper, node.own.folder)
            matching.confirm_proposed(node.upper)

    def month(self, month: Period) -> Generator[Progress]:
        """Let every unit report, each district send its sums on, and the city its own."""
        city = self._province.below[CITY_CODE]
        sent: list[Path] = []
        for code, district in city.below.items():
            yield self._step(f"{month.label}：{district.name}")
            self._clock.move_to(month, 3)
            folder = self.out / "packets" / str(month) / file_name(district.name)
            came = list(self._reports(code, district, month, folder))
            self._take(district.own, came)
            sent.append(self._send_on(district, month, folder.with_suffix(".xlsx")))
        yield self._step(f"{month.label}：全市汇总报送")
        self._take(city.own, sent)
        file = self._send_on(city, month, self.out / "packets" / str(month) / "市.xlsx")
        self._take(self._province.own, [file])

    def _reports(self, code: str, district: _Node, month: Period, folder: Path) -> Iterator[Path]:
        for unit, place in district.units.items():
            luck = random.Random(f"{code}/{unit}/{month}")  # noqa: S311 - believable, not secret
            if luck.randrange(_SILENT_ONE_IN) == 0:
                continue
            file = folder / f"{unit}.xlsx"
            with open_workspace(place, clock=self._clock, copy=False) as workspace:
                relax(workspace.engine)
                recording.save_all(workspace, list(self._figures(unit, month, luck)))
                exchange.export_report(workspace, month, file)
            self.packets += 1
            self._recount.add((code, unit), month, file)
            yield file

    def _figures(
        self, unit: str, month: Period, luck: random.Random
    ) -> Iterator[tuple[RecordKey, DataValue]]:
        for indicator, matter in zip(self._low.indicators, self.size.matters, strict=True):
            key = RecordKey(RecordKind.VALUE, indicator.code, unit, str(month))
            share = (
                matter.target if matter.aggregation is Aggregation.LEVEL else matter.target / MONTHS
            )
            if indicator.kind is IndicatorKind.RATIO:
                below = luck.randint(4, 30)
                above = luck.randint(int(below * matter.target / PER_CENT * _LEAST), below)
                yield key, DataValue(None, float(above), float(below))
            else:
                yield key, DataValue(float(round(share * luck.uniform(0.7, 1.2))))

    def _send_on(self, node: _Node, month: Period, file: Path) -> Path:
        """Fill a level's report from its own aggregate and send it."""
        if node.upper is None:  # pragma: no cover - only the top has none
            raise reject("最上一级没有上级", "")
        self._clock.now += timedelta(days=1)
        drawing.draw(node.upper, month)
        exchange.export_report(node.upper, month, file)
        self.packets += 1
        return file

    def _take(self, office: Workspace, sent: list[Path]) -> None:
        summary = run_through(importing.import_packets(office, sent))
        for each in summary.files:
            if each.result is not Result.IMPORTED:
                raise reject(f"{each.file.name} 没有被接收：{each.message}")

    def check(self) -> tuple[int, tuple[Difference, ...]]:
        """Add all figures up a second time, from the units' files alone."""
        month = months_of(YEAR)[self.size.months - 1]
        city = self._province.below[CITY_CODE]
        found = [*self._recount.of_city(city.own, month)]
        found += self._recount.of_province(self._province.own, month, CITY_CODE)
        return len(found), tuple(each for each in found if not each.agrees)


def slice_of(counted: int, units: int, months: int) -> Size:
    """Return a slice of so many districts, units of each, and months.

    InputRejectedError for less than one of each, or more months than a year has.
    """
    if min(counted, units, months) < 1 or months > MONTHS:
        raise reject("区、单位和月数都至少为 1，月数最多 12", "请重新填写")
    return replace(Size(), districts=counted, units=units, months=months)
