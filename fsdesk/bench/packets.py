"""Packets for the benchmark: as many units as are needed, 65 tasks and 40 indicators each."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.documents.ledger_file import load_builtin_ledgers
from fsdesk.domain.ledger.ledger import ColumnType, LedgerEntry, natural_key, new_entry_id
from fsdesk.domain.packet.packet import Packet, PacketHeader, PacketKind
from fsdesk.domain.periods import months_of
from fsdesk.domain.plan.indicators import Aggregation, Indicator, IndicatorKind, Operator
from fsdesk.domain.plan.plan import Assignment, Plan, Point, Role, Section, Task
from fsdesk.domain.plan.units import Directory, Unit, UnitGroup, UnitKind
from fsdesk.domain.records.merge import NO_EDITS
from fsdesk.domain.records.records import DataValue, ProgressReport, Record, RecordKind, Status
from fsdesk.services.packet.exchange import form_keys
from fsdesk.store.packet.keys import own_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fsdesk.domain.ledger.ledger import Ledger, LedgerColumn, LedgerValue
    from fsdesk.domain.periods import Period
    from fsdesk.domain.records.records import Content, RecordKey
    from fsdesk.store.packet.keys import SigningKey

YEAR = 2026
TASKS, INDICATORS = 65, 40
_TEXT = "本月召开专题会议{n}次，检查主体{m}家，发现问题{k}个，均已督促整改并建立台账。"


def benchmark_plan(packets: int) -> Plan:
    """Return a plan with enough units for so many packets, one a unit and month."""
    count = -(-packets // len(months_of(YEAR)))
    units = [Unit(f"u{n:03d}", f"责任单位{n:03d}", UnitKind.DEPARTMENT) for n in range(count)]
    group = UnitGroup("all", "成员单位", tuple(unit.code for unit in units))
    office = Unit("ban", "区食药安办", UnitKind.OFFICE)
    tasks = tuple(_task(number) for number in range(1, TASKS + 1))
    return Plan(
        year=YEAR,
        title="性能测量用计划",
        issuer="区食药安办",
        overall_requirement="",
        sections=(Section(1, "工作任务", (Point(1, "工作任务", tasks),)),),
        directory=Directory((office, *units), (group,)),
    )


def _task(number: int) -> Task:
    indicators = ()
    if number <= INDICATORS:
        indicators = (
            Indicator(
                f"I{number:02d}-1",
                f"指标{number}",
                IndicatorKind.COUNT,
                Aggregation.CUMULATIVE,
                Operator.AT_LEAST,
                1200,
                "批次",
            ),
        )
    return Task(
        f"T{number:02d}-1",
        f"任务{number}",
        "按要求完成。",
        (Assignment("all", Role.SHARED),),
        indicators,
    )


def write_packets(plan: Plan, wanted: int, folder: Path, ledger_rows: int = 0) -> Iterable[Path]:
    """Write signed REPORT packets, every row filled, and yield each file.

    The plan is that of `benchmark_plan`; each packet carries ``ledger_rows`` rows of a ledger.
    """
    from fsdesk.packets.writer import write_packet

    left = wanted
    ledger = load_builtin_ledgers()[0]
    for unit in plan.directory.reporting_units:
        key = own_key(folder / "keys" / unit.code)
        for month in months_of(plan.year)[:left]:
            file = folder / f"{unit.code}-{month}.xlsx"
            packet = _packet(plan, unit.code, month, key)
            if ledger_rows:
                entries = tuple(_entries(ledger, unit.code, month, ledger_rows))
                packet = replace(packet, ledgers=(ledger,), entries=entries)
            write_packet(file, packet, plan, None, key.sign)
            left -= 1
            yield file


def _packet(plan: Plan, unit: str, month: Period, key: SigningKey) -> Packet:
    author = key.public[:12]
    header = PacketHeader(
        packet_id=secrets.token_hex(8),
        kind=PacketKind.REPORT,
        unit=unit,
        unit_name=plan.directory.name(unit),
        period=str(month),
        year=plan.year,
        plan_revision=plan.revision,
        author=author,
        created_at=datetime.combine(month.last_day, datetime.min.time(), UTC) + timedelta(days=2),
        due=month.due(5).isoformat(),
    )
    revision = NO_EDITS.edited_by(author)
    keys = form_keys(plan, unit, month)
    rows = (Record(key, _content(key, n, month), revision) for n, key in enumerate(keys))
    return Packet(header, tuple(rows))


def _content(key: RecordKey, number: int, month: Period) -> Content:
    if key.kind is RecordKind.VALUE:
        return DataValue(float(number + month.last_month))
    text = _TEXT.format(n=month.last_month, m=number, k=number % 7)
    return ProgressReport(Status.UNDER_WAY, text, "", "下月继续推进。")


def _entries(ledger: Ledger, unit: str, month: Period, count: int) -> Iterable[LedgerEntry]:
    """Yield rows with something in every column."""
    revision = NO_EDITS.edited_by(unit)
    for number in range(count):
        values = {c.title: _value(c, number, month) for c in ledger.columns}
        values[ledger.key[0]] = f"{unit}-{month}-{number:05d}"
        id_ = new_entry_id(ledger.code, unit, natural_key(ledger, values))
        yield LedgerEntry(id_, ledger.code, unit, values, revision)


def _value(column: LedgerColumn, number: int, month: Period) -> LedgerValue:
    if column.type is ColumnType.NUMBER:
        return float(number)
    if column.type is ColumnType.DATE:
        return month.first_day + timedelta(days=number % 28)
    if column.type is ColumnType.FLAG:
        return number % 2 == 0
    if column.type is ColumnType.CHOICE:
        return column.choices[number % len(column.choices)]
    return f"{column.title}{number % 500}"
