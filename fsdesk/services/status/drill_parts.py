"""What lies under the figure of a unit that is itself made of units (分单位), level by level."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk.domain.ladder.parts import NO_AMOUNT, Amount, PartRow, UnitPart, added
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind
from fsdesk.domain.records.figures import NO_VALUES, comparable
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.status.drill_down import Depth, DrillLevel, DrillLine, FigureRef
from fsdesk.services.status import aggregation
from fsdesk.store.ladder import parts
from fsdesk.store.records import submissions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fsdesk.domain.ladder.parts import PartSheet, Path
    from fsdesk.domain.records.figures import Series
    from fsdesk.domain.status.results import YearStatus
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

ROWS_AT_ONCE = 200
_NOT_REPORTED, _UNITS_APART = "未报", "分单位"
_HEADS = ("下级单位", "数值", "已报期数", "来源")


class _Below(Struct, frozen=True, dict=True):
    """The sheets behind a unit's figure.

    Attributes:
        counted: What counts of the unit's own figure, as it adds up or as the latest of a level.
        sheets: By period's text, what came with its reports.
        is_level: Whether only the latest period counts.
    """

    item: str
    measure_unit: str
    counted: Series
    sheets: Mapping[str, PartSheet]
    is_level: bool

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods that count and of which a sheet says something of the item."""
        return tuple(
            period
            for period in self.counted.periods
            if (sheet := self.sheets.get(str(period))) and self.item in sheet.by_indicator
        )

    @cached_property
    def by_path(self) -> Mapping[Path, Mapping[Period, UnitPart]]:
        """What each unit below contributed, period by period."""
        found: dict[Path, dict[Period, UnitPart]] = {}
        for period in self.periods:
            for part in self.sheets[str(period)].by_indicator[self.item]:
                found.setdefault(part.path, {})[period] = part
        return found

    def name(self, path: Path) -> str:
        """Return what a unit below was called last."""
        for period in reversed(self.periods):
            found = self.sheets[str(period)].name_of.get(path)
            if found:
                return found
        return path[-1] if path else ""

    def children(self, path: Path) -> list[Path]:
        """Return the units just below one, in the order in which they came."""
        depth = len(path) + 1
        return [each for each in self.by_path if len(each) == depth and each[:-1] == path]

    def total(self, path: Path) -> Amount:
        """Return what a unit below contributed in all periods that count."""
        return added(part.amount for part in self.by_path.get(path, {}).values())

    def stated(self, period: Period) -> Amount:
        """Return what the unit itself reported for a period that counts."""
        at, series = self.counted.periods.index(period), self.counted
        sides = (series.values, series.numerators, series.denominators)
        return Amount(*(column[at] if column else None for column in sides))

    def text(self, amount: Amount) -> str:
        return amount.text(self.measure_unit)


def _below(session: Session, workspace: Workspace, year: YearStatus, spot: FigureRef) -> _Below:
    item = source_item(year, spot.item)
    indicator = year.plan.indicators_by_code[item]
    reading = aggregation.year_in(session, workspace, year.plan.year, [year.period])
    counted = reading.contributions(indicator, year.period).get(spot.unit, NO_VALUES)
    if reading.from_ledger(item, spot.unit, year.period):
        counted = NO_VALUES  # its parts say nothing of what a ledger comes to here
    is_level = indicator.aggregation is Aggregation.LEVEL
    unit = "" if indicator.kind is not IndicatorKind.COUNT else indicator.measure_unit
    return _Below(item, unit, counted, parts.sheets(session, spot.unit), is_level)


def source_item(year: YearStatus, item: str) -> str:
    """Return the item that units type: a derived indicator may take another's figures."""
    indicator = year.plan.indicators_by_code.get(item)
    if indicator is not None and indicator.derivation and indicator.derivation.source:
        return indicator.derivation.source
    return item


def parts_line(
    session: Session, workspace: Workspace, year: YearStatus, spot: FigureRef
) -> DrillLine | None:
    """Return the line that opens a unit's figure to the units below it; None where none came."""
    if spot.unit not in parts.units_with_sheets(session):
        return None
    below = _below(session, workspace, year, spot)
    children = below.children(())
    if not children:
        return None
    total = added(below.total(path) for path in children)
    cells = (_UNITS_APART, below.text(total), _state(below), f"{len(children)} 个下级单位", "")
    to = FigureRef(Depth.PARTS, spot.item, spot.unit)
    return DrillLine(cells, None, to, values=_values(total))


def _values(amount: Amount) -> tuple[float | None]:
    return (comparable(DataValue(amount.value, amount.numerator, amount.denominator)),)


def _state(below: _Below) -> str:
    gaps = _gaps(below)
    lacking = [each for each in below.counted.periods if each not in below.periods]
    if gaps:
        return f"{len(gaps)} 期与报送数不一致"
    return f"{len(lacking)} 期没有分单位的数" if lacking else "与报送数一致"


def _gaps(below: _Below) -> list[str]:
    """Say of each period in which the units below don't come to what was reported."""
    found: list[str] = []
    for period in below.periods:
        summed = added(below.by_path[path].get(period, _NONE).amount for path in below.children(()))
        stated = below.stated(period)
        if not stated.near(summed):
            found.append(
                f"{period.label}报送 {below.text(stated)}，分单位合计 {below.text(summed)}"
            )
    return found


_NONE = UnitPart(("",), "", NO_AMOUNT, 0, 0)


def parts_level(workspace: Workspace, year: YearStatus, spot: FigureRef) -> DrillLevel:
    """Return the units below one, each with what it contributed to the figure."""
    with workspace.reading() as session:
        below = _below(session, workspace, year, spot)
    lines = [_unit_line(below, spot, path) for path in below.children(spot.path)]
    if spot.path:
        to = _spot(spot, Depth.PART, spot.path)
        lines.append(DrillLine(("本单位各期填报", "", "", ""), None, to))
    name = below.name(spot.path) or _UNITS_APART
    return _level(spot, below, (name, _words(year, below, spot)), lines)


def _unit_line(below: _Below, spot: FigureRef, path: Path) -> DrillLine:
    held = below.by_path[path]
    reported = [part for part in held.values() if part.reported]
    amount = below.total(path)
    text = below.text(amount) if not amount.empty else "无此项" if reported else _NOT_REPORTED
    origin = next((part.origin for part in reversed(list(held.values())) if part.origin), "")
    deeper = Depth.PARTS if below.children(path) else Depth.PART
    cells = (below.name(path), text, f"{len(reported)}/{len(below.periods)}", origin)
    return DrillLine(cells, None, _spot(spot, deeper, path), values=_values(amount))


def _spot(spot: FigureRef, depth: Depth, path: Path, period: str = "") -> FigureRef:
    return FigureRef(depth, spot.item, spot.unit, period, path=path)


def _words(year: YearStatus, below: _Below, spot: FigureRef) -> tuple[str, ...]:
    over = "只取最近一期" if below.is_level else "各期相加"
    children = below.children(spot.path)
    summed = added(below.total(path) for path in children)
    words = [f"下级单位 {len(children)} 个，合计 {below.text(summed)}（{over}）。"]
    if spot.path:
        own = below.total(spot.path)
        same = "一致" if own.near(summed) else "不一致，请与该单位核对"
        words.append(f"{below.name(spot.path)}的数为 {below.text(own)}，与合计{same}。")
        return tuple(words)
    unit = year.plan.directory.name(spot.unit)
    stated = added(below.stated(period) for period in below.counted.periods)
    words.append(f"{unit}报送 {below.text(stated)}，{_state(below)}。")
    words += [f"{each}。" for each in _gaps(below)]
    lacking = [each.label for each in below.counted.periods if each not in below.periods]
    if lacking:
        words.append(f"{'、'.join(lacking)}的报送没有分单位的数。")
    sources = dict.fromkeys(below.sheets[str(period)].source for period in below.periods)
    if any(sources):
        words.append(f"分单位的数取自：{'；'.join(filter(None, sources))}。")
    return tuple(words)


def part_level(workspace: Workspace, year: YearStatus, spot: FigureRef) -> DrillLevel:
    """Return what a unit below reported period by period, with the rows that were carried."""
    with workspace.reading() as session:
        below = _below(session, workspace, year, spot)
        packets = _packets(session, spot.unit)
    lines: list[DrillLine] = []
    for period in below.periods:
        part = below.by_path[spot.path].get(period)
        if part is None:
            continue
        rows = _rows(below, period, spot.path)
        text = below.text(part.amount) if part.reported else _NOT_REPORTED
        text = "无此项" if part.reported and part.amount.empty else text
        to = _spot(spot, Depth.PART_ROWS, spot.path, str(period)) if rows else None
        kept = f"台账 {len(rows)} 条" if rows else "未带台账"
        file = packets.get(str(period)) if not rows else None
        cells = (period.label, text, kept, part.origin)
        path = workspace.packets / file if file else None
        lines.append(DrillLine(cells, None, to, path, _values(part.amount)))
    name = below.name(spot.path)
    over = "只取最近一期" if below.is_level else "各期相加"
    words = (f"{name}的数随{year.plan.directory.name(spot.unit)}的报送包送来，{over}。",)
    heads = ("报告期", "数值", "台账明细", "来源")
    return _level(spot, below, (name, words), lines, heads)


def _packets(session: Session, unit: str) -> Mapping[str, str]:
    """Return by period the file of the packet that a unit's sheet came with."""
    files = {note.id: note.file for note in submissions.packets(session, unit)}
    came = parts.packets_of(session, unit)
    return {period: files[packet] for period, packet in came.items() if packet in files}


def _rows(below: _Below, period: Period, path: Path) -> list[PartRow]:
    sheet = below.sheets[str(period)]
    return [row for row in sheet.rows if row.path == path and row.indicator == below.item]


def part_rows_level(workspace: Workspace, year: YearStatus, spot: FigureRef) -> DrillLevel:
    """Return the ledger rows that were carried behind what a unit below reported of a period."""
    with workspace.reading() as session:
        below = _below(session, workspace, year, spot)
    period = Period.parse(spot.period)
    rows = _rows(below, period, spot.path)
    heads = tuple(dict.fromkeys(title for row in rows for title, _ in row.cells))
    page = rows[spot.start : spot.start + ROWS_AT_ONCE]
    lines = [DrillLine(tuple(dict(row.cells).get(title, "") for title in heads)) for row in page]
    titles = "、".join(dict.fromkeys(row.ledger for row in rows))
    words = (
        f"{below.name(spot.path)}{period.label}的台账“{titles}”，共 {len(rows)} 条。",
        "个人信息和备注没有随报送包带上。",
    )
    rest = max(len(rows) - spot.start - len(page), 0)
    return _level(spot, below, (period.label, words), lines, heads, rest)


def _level(
    spot: FigureRef,
    below: _Below,
    told: tuple[str, tuple[str, ...]],
    lines: Iterable[DrillLine],
    heads: Sequence[str] = _HEADS,
    more: int = 0,
) -> DrillLevel:
    title, words = told
    numbers = (1,) if spot.depth is not Depth.PART_ROWS else ()
    return DrillLevel(
        spot, title, words, tuple(heads), tuple(lines), numbers, more, _way(below, spot)
    )


def _way(below: _Below, spot: FigureRef) -> tuple[tuple[FigureRef, str], ...]:
    """Return the levels between the unit's figure and this one, each with its name."""
    if spot.depth is Depth.PARTS and not spot.path:
        return ()
    way = [(_spot(spot, Depth.PARTS, ()), _UNITS_APART)]
    last = len(spot.path) if spot.depth is Depth.PART_ROWS else len(spot.path) - 1
    for depth in range(1, last + 1):
        path = spot.path[:depth]
        kind = Depth.PARTS if below.children(path) else Depth.PART
        way.append((_spot(spot, kind, path), below.name(path)))
    return tuple(way)
