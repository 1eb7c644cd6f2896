"""Where a unit's figure comes from: its periods, packets and proofs, the rows of its ledger."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.clock import clock_text
from fsdesk.domain.ledger.conditions import CellCheck, Condition, View
from fsdesk.domain.ledger.formulas import DaySpan, LedgerMeasure, MonthSpan, RowOperation
from fsdesk.domain.ledger.ledger import ColumnType, natural_key, plain_value
from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import Aggregation, number_text
from fsdesk.domain.records.figures import NO_VALUES, Mark, comparable
from fsdesk.domain.records.records import DataValue, Milestone, RecordKey, RecordKind
from fsdesk.domain.records.submissions import Direction, left_out_months
from fsdesk.domain.status.drill_down import (
    Depth,
    DrillLevel,
    DrillLine,
    FigureRef,
    figure_text,
    span_text,
    value_text,
)
from fsdesk.services.ledger.inspection_duty_rows import VISIT_DAY
from fsdesk.services.ledger.ledger_figures import (
    OfUnit,
    answering,
    compared,
    row_count,
    sources,
)
from fsdesk.services.status import aggregation
from fsdesk.services.status.drill_parts import parts_line, source_item
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import attachments, records, submissions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fsdesk.domain.ledger.ledger import Ledger, LedgerEntry, LedgerValue
    from fsdesk.domain.packet.exchanged import PacketNote
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.status.results import YearStatus
    from fsdesk.domain.status.year import Year
    from fsdesk.services.ledger.ledger_figures import FigureSource, RowCount
    from fsdesk.store.records.records import Held
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

ROWS_AT_ONCE = 200
_MONTH = len("2026-03")


def figure_level(workspace: Workspace, year: YearStatus, spot: FigureRef) -> DrillLevel:
    """Return the periods that a unit has reported an item for, and the ledger beside them."""
    indicator = year.plan.indicators_by_code.get(source_item(year, spot.item))
    with workspace.reading() as session:
        reading = aggregation.year_in(session, workspace, year.plan.year, [year.period])
        held = _reported(session, year, spot)
        for other in reading.carried_on(source_item(year, spot.item), spot.unit, year.period):
            held += _reported(session, year, replace(spot, unit=other))
        counting = _Counting(reading, year.period, spot, submissions.left_out(session))
        lines = [_period_line(session, year, item, counting.text(item)) for item in held]
        below = parts_line(session, workspace, year, spot) if indicator is not None else None
        lines += [below] if below is not None else []
    name = year.plan.directory.name(spot.unit)
    if indicator is None:
        words: tuple[str, ...] = (f"{name}历次填报，以最近一期为准。",)
    else:
        words = _figure_words(year, spot, indicator)
        lines += _ledger_lines(workspace, year, spot)
    heads = ("报告期", "填报内容", "是否计入", "来源", "佐证材料")
    numbers = (1,) if indicator is not None else ()
    return DrillLevel(spot, f"{name}", words, heads, tuple(lines), numbers)


def _figure_words(year: YearStatus, spot: FigureRef, indicator: Indicator) -> tuple[str, ...]:
    result = next(each for each in year.indicators if each.indicator.code == spot.item)
    part = next(each for each in result.by_unit if each.unit == spot.unit)
    name = year.plan.directory.name(spot.unit)
    over = (
        "各期数值相加"
        if indicator.aggregation is Aggregation.CUMULATIVE
        else "只取最近一期，以前各期不相加"
    )
    share = f"，分解目标 {result.indicator.text_of(part.target)}" if part.target is not None else ""
    figure = figure_text(part.figure, result.indicator.measure_unit, year.period)
    return (
        f"{name}的{result.indicator.name}：{figure}{share}。",
        f"算法：{over}；既报了季度又报了月份的，以月份为准。",
    )


def _reported(session: Session, year: YearStatus, spot: FigureRef) -> list[Held]:
    item = source_item(year, spot.item)
    is_indicator = item in year.plan.indicators_by_code
    kinds = [RecordKind.VALUE if is_indicator else RecordKind.MILESTONE]
    found = [
        held
        for held in records.held(session, unit=spot.unit, kinds=kinds)
        if held.record.key.item == item
        and not held.record.empty
        and Period.parse(held.record.key.period).within(year.period)
    ]
    return sorted(found, key=lambda held: Period.parse(held.record.key.period).order)


def _period_line(session: Session, year: YearStatus, held: Held, counts: str) -> DrillLine:
    key = held.record.key
    packet = packet_of(session, held)
    proofs = [a for a in attachments.attachments(session, key.unit, key.period) if a.record == key]
    of = "" if key.unit in year.units_by_code else f"（{year.plan.unit_name(key.unit)}）"
    cells = (
        f"{Period.parse(key.period).label}{of}",
        _content_text(year, held),
        counts,
        f"报送包 {packet.id}" if packet else "在本机填报",
        f"{len(proofs)} 件" if proofs else "",
    )
    content = held.record.content
    values = (comparable(content),) if isinstance(content, DataValue) else ()
    to = FigureRef(Depth.RECORD, key.item, key.unit, key.period)
    return DrillLine(cells, None, to, values=values)


def _content_text(year: YearStatus, held: Held) -> str:
    content, key = held.record.content, held.record.key
    if isinstance(content, DataValue):
        indicator = year.plan.indicators_by_code[key.item]
        return value_text(content, indicator.measure_unit)
    if isinstance(content, Milestone) and content.status is not None:
        done = f"（{content.done_on.isoformat()}）" if content.done_on else ""
        return f"{content.status.label}{done}"
    return ""


class _Counting:
    """Says of each record under a figure whether it is part of it, and why not."""

    def __init__(
        self,
        reading: Year,
        period: Period,
        spot: FigureRef,
        left_out: Mapping[tuple[str, str], str],
    ) -> None:
        self._reading, self._period, self._unit = reading, period, spot.unit
        self._left_out = left_out
        indicator = reading.plan.at(period).indicators_by_code.get(spot.item)
        self._counted: set[tuple[Period, bool]] = set()
        if indicator is not None:
            values = reading.contributions(indicator, period).get(spot.unit, NO_VALUES)
            self._counted = {
                (each, Mark.INHERITED in marks)
                for each, marks in zip(values.periods, values.each_marks, strict=True)
            }

    def text(self, held: Held) -> str:
        """Return the words for one record; none for a deliverable that counts."""
        key = held.record.key
        period = Period.parse(key.period)
        if not self._reading.known.counts(key.unit, period):
            why = aggregation.why_left_out(self._left_out, key.unit, period)
            return f"不计入：{why or '报送已退回'}"
        if key.kind is not RecordKind.VALUE:
            return ""
        if self._reading.from_ledger(key.item, key.unit, self._period):
            return "不计入：以台账为准"
        counts = (period, key.unit != self._unit) in self._counted
        return "计入" if counts else "不重复计入"


def packet_of(session: Session, held: Held) -> PacketNote | None:
    """Return the packet that a record came in; None when it was typed here.

    All that a packet brings is written at the moment that its note holds.
    """
    key = held.record.key
    for note in submissions.packets(session, key.unit, key.period):
        if note.direction is Direction.RECEIVED and note.handled_at == held.recorded_at:
            return note
    return None


def record_level(workspace: Workspace, year: YearStatus, spot: FigureRef) -> DrillLevel:
    """Return who recorded something when, the packet that it came in, and what proves it."""
    is_indicator = spot.item in year.plan.indicators_by_code
    kind = RecordKind.VALUE if is_indicator else RecordKind.MILESTONE
    key = RecordKey(kind, spot.item, spot.unit, spot.period)
    with workspace.reading() as session:
        held = next(item for item in records.versions_of(session, key) if item.leading)
        packet = packet_of(session, held)
        proofs = [
            a for a in attachments.attachments(session, key.unit, key.period) if a.record == key
        ]
        text = _content_text(year, held)
    note = held.record.content.note if isinstance(held.record.content, DataValue) else ""
    lines = [
        DrillLine(("填报内容", text)),
        DrillLine(("记录时间", clock_text(held.recorded_at))),
        DrillLine(("记录人", held.recorded_by)),
    ]
    if note:
        lines.insert(1, DrillLine(("备注", note)))
    lines += _packet_lines(workspace, packet)
    lines += [
        DrillLine(("佐证材料", proof.name), file=workspace.attachments / proof.digest)
        for proof in proofs
    ]
    words = (
        f"{year.plan.directory.name(spot.unit)}，{Period.parse(spot.period).label}。",
        "双击报送包或佐证材料可以打开。" if packet or proofs else "没有佐证材料。",
    )
    return DrillLevel(spot, Period.parse(spot.period).label, words, ("项目", "内容"), tuple(lines))


def _packet_lines(workspace: Workspace, packet: PacketNote | None) -> list[DrillLine]:
    if packet is None:
        return [DrillLine(("来源", "在本机填报"))]
    return [
        DrillLine(("来源", f"报送包 {packet.id}"), file=workspace.packets / packet.file),
        DrillLine(("报送包制作时间", clock_text(packet.made_at))),
        DrillLine(("接收时间", clock_text(packet.handled_at))),
    ]


# The ledger


class LedgerSide(Struct, frozen=True):
    """Rows above or below the line.

    Attributes:
        once: Whether a key that rows of several units have counts once.
    """

    word: str
    measure: LedgerMeasure
    ledger: str
    once: bool = True


_VISITED = LedgerMeasure(day=VISIT_DAY, span=DaySpan.WITHIN)


def sides_of(source: FigureSource) -> tuple[LedgerSide, ...]:
    """Return what lies above and below the line of a figure, above first."""
    feed, code = source.feed, source.ledger.code
    if feed.visits:
        # However often a subject was visited, it counts once.
        visits = LedgerSide("督导记录", _VISITED, feed.visits, once=False)
        return (visits, LedgerSide("主体名录", feed.numerator, code))
    if feed.denominator is None:
        return (LedgerSide("台账", feed.numerator, code),)
    return (LedgerSide("分子", feed.numerator, code), LedgerSide("分母", feed.denominator, code))


def _ledger_lines(workspace: Workspace, year: YearStatus, spot: FigureRef) -> Iterator[DrillLine]:
    item = source_item(year, spot.item)
    source = sources(workspace).get(item)
    if source is None:
        return
    for line in compared(workspace, year.period):
        if (line.indicator.code, line.unit) == (item, spot.unit):
            differs = "与填报数不一致" if line.differs else "与填报数一致"
            shown = figure_text(line.computed, line.indicator.measure_unit, year.period)
            state = differs if line.typed.reported else "未填报"
            cells = ("台账合计", shown, state, source.text, "")
            yield DrillLine(cells, values=(line.computed.value,))
    with workspace.reading() as session:
        ours = _of_unit(session, year, spot)
        for number, side in enumerate(sides_of(source)):
            count = ledgers.count(session, side.ledger, _view(year, spot.unit, side.measure))
            title = ledger_of(session, side.ledger).title
            told = ""
            if side.once:
                rows = row_count(session, side.ledger, side.measure, ours)
                told = _row_words(count, rows)
            cells = (f"台账明细：{side.word}", f"{count} 条", told, title, "")
            to = FigureRef(Depth.ROWS, spot.item, spot.unit, below=bool(number))
            yield DrillLine(cells, None, to if count else None, values=(count,))


def _of_unit(session: Session, year: YearStatus, spot: FigureRef) -> OfUnit:
    out = left_out_months(submissions.left_out(session), year.plan.year)
    months = out.get(spot.unit, frozenset())
    span = MonthSpan(year.plan.year, 1, year.period.last_month, months)
    return OfUnit(spot.unit, span, answering(year.plan, [source_item(year, spot.item)]))


def _row_words(count: int, rows: RowCount) -> str:
    """Say how many of a unit's rows do not count, or are another unit's too."""
    words = [f"{count - rows.counted} 条不计入"] if count > rows.counted else []
    words += [f"{rows.doubled} 条与其他单位重复登记"] if rows.doubled else []
    return f"其中 {'，'.join(words)}" if words else ""


class _RowState:
    """Says of each row whether it counts, and why not."""

    def __init__(self, session: Session, year: YearStatus, side: LedgerSide, ours: OfUnit) -> None:
        self._ledger = ledger_of(session, side.ledger)
        found = ledgers.doubles(session, side.ledger, ours.answering) if side.once else ()
        self._doubles = {double.key: double for double in found}
        self._year, self._measure, self._ours = year, side.measure, ours

    def text(self, entry: LedgerEntry) -> str:
        double = self._doubles.get(natural_key(self._ledger, entry.values))
        name = self._year.plan.unit_name
        if double is not None and double.unit != entry.unit:
            return f"不重复计入：{name(double.unit)}也登记了，只计入该单位"
        reach, day = self._measure.reach, entry.values.get(self._measure.day)
        month = {day.isoformat()[:_MONTH]: 1.0} if isinstance(day, date) else {"": 1.0}
        if not self._ours.months.total(reach, month):
            return "不计入：该月的数据不计入汇总"
        if double is not None:
            return f"计入，{'、'.join(map(name, double.others))}也登记了，不再计"
        return "计入"


def _view(year: YearStatus, unit: str, measure: LedgerMeasure) -> View:
    """Return the rows that count for a measure from the year's beginning to the period's end."""
    days: list[Condition] = []
    if measure.day and measure.span is not DaySpan.ALWAYS:
        days.append(Condition(measure.day, CellCheck.AT_MOST, (year.period.last_day.isoformat(),)))
        if measure.span is DaySpan.WITHIN:
            first = f"{year.period.year}-01-01"
            days.append(Condition(measure.day, CellCheck.AT_LEAST, (first,)))
    return View(unit=unit, conditions=(*measure.where, *days))


def ledger_of(session: Session, code: str) -> Ledger:
    """Return a ledger by its code."""
    return next(each for each in ledgers.load_ledgers(session) if each.code == code)


def rows_level(workspace: Workspace, year: YearStatus, spot: FigureRef) -> DrillLevel:
    """Return some of the ledger rows that make a unit's figure, and where each came from."""
    source = sources(workspace)[source_item(year, spot.item)]
    side = sides_of(source)[spot.below]
    view = _view(year, spot.unit, side.measure)
    with workspace.reading() as session:
        ledger = ledger_of(session, side.ledger)
        total = ledgers.count(session, side.ledger, view)
        page = tuple(
            ledgers.entries(session, side.ledger, view, offset=spot.start, limit=ROWS_AT_ONCE)
        )
        origins = ledgers.origins(session, side.ledger, [entry.id for entry in page])
        files = {note.id: note.file for note in submissions.packets(session, spot.unit)}
        state = _RowState(session, year, side, _of_unit(session, year, spot))
    shown = [column for column in ledger.columns if not column.personal]
    numbers = tuple(n for n, c in enumerate(shown) if c.type is ColumnType.NUMBER)
    lines: list[DrillLine] = []
    for entry in page:
        origin = origins[entry.id]
        file = files.get(origin.packet) if origin.packet else None
        where = f"报送包 {origin.packet}" if origin.packet else f"{origin.who}登记"
        cells = (*cell_texts(entry, [column.title for column in shown]), state.text(entry), where)
        values = tuple(_number(entry.values.get(shown[n].title)) for n in numbers)
        path = workspace.packets / file if file else None
        lines.append(DrillLine(cells, None, None, path, values))
    last = year.period.last_day
    until = f"{last.month}月{last.day}日"
    words = (
        (
            f"台账“{ledger.title}”：{side.measure.text}，{span_text(side.measure, until)}，"
            f"共 {total} 条。"
        ),
        _sum_words(side.measure),
    )
    rest = max(total - spot.start - len(page), 0)
    heads = (*(column.title for column in shown), "是否计入", "来源")
    return DrillLevel(spot, side.word, words, heads, tuple(lines), numbers, rest)


def _number(value: LedgerValue) -> float | None:
    plain = plain_value(value)
    return plain if isinstance(plain, float) else None


def _sum_words(measure: LedgerMeasure) -> str:
    if measure.action is RowOperation.COUNT:
        return "算法：每条计 1。"
    if measure.action is RowOperation.SUM:
        return f"算法：“{measure.column}”一列相加。"
    return f"算法：“{measure.column}”一列有多少个不同的值。"


def cell_texts(entry: LedgerEntry, titles: Sequence[str]) -> tuple[str, ...]:
    """Return what stands in a row's columns, as text."""
    found: list[str] = []
    for title in titles:
        value = plain_value(entry.values.get(title))
        found.append(number_text(value) if isinstance(value, float) else str(value or ""))
    return tuple(found)
