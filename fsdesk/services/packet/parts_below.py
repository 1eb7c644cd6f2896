"""What units below contribute to a report: how it goes along, and what becomes of it here.

Of a unit and period what its newest report says stands, whatever the order of arrival; a newest
report that says nothing of units below leaves nothing standing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.findings import Finding, reject, warning
from fsdesk.domain.ladder.parts import Amount, gaps, sheet_digest
from fsdesk.domain.packet.exchanged import Contents
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, RecordKind
from fsdesk.domain.records.submissions import Direction
from fsdesk.store.ladder import parts
from fsdesk.store.records import submissions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fsdesk.domain.ladder.parts import PartGap, PartSheet
    from fsdesk.domain.packet.exchanged import PacketNote
    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.store.session import Session, Writing

_MOST_TOLD = 10


def carried(session: Session, kind: PacketKind, unit: str, period: Period) -> PartSheet | None:
    """Return what a packet carries of units below; only reports do."""
    return parts.find(session, unit, str(period)) if kind is PacketKind.REPORT else None


def stated(packet: Packet) -> Mapping[str, Amount]:
    """Return what a packet itself reports, by indicator."""
    return {
        record.key.item: amount_of(record.content)
        for record in packet.records
        if record.key.kind is RecordKind.VALUE and isinstance(record.content, DataValue)
    }


def amount_of(data: DataValue) -> Amount:
    """Return what was typed as what adds up."""
    if data.not_applicable:
        return Amount()
    return Amount(data.value, data.numerator, data.denominator)


def tell_gaps(packet: Packet, plan: Plan) -> Iterator[Finding]:
    """Tell where the figures of units below don't come to the figure over them."""
    sheet = packet.part_sheet
    if sheet is None:
        return
    found = gaps(sheet, stated(packet))
    for gap in found[:_MOST_TOLD]:
        yield warning(gap_words(sheet, plan, gap), "请与报送单位核对差额的原因")
    if len(found) > _MOST_TOLD:
        yield warning(f"另有 {len(found) - _MOST_TOLD} 项分单位的数与上一级的数不一致", "")
    unknown = sorted(sheet.by_indicator.keys() - plan.indicators_by_code.keys())
    if unknown:
        yield warning(f"分单位的数中有计划没有的指标：{'、'.join(unknown)}", "数据已保留，不显示")


def gap_words(sheet: PartSheet, plan: Plan, gap: PartGap) -> str:
    """Say what a figure is and what its parts come to, e.g. 报送 15，分单位合计 12，不一致."""
    indicator = plan.indicators_by_code.get(gap.indicator)
    name, unit = (indicator.name, indicator.measure_unit) if indicator else (gap.indicator, "")
    unit = "" if unit == "%" else unit
    whose = sheet.name_of.get(gap.path, "") if gap.path else "报送数"
    whose = f"{whose}的数" if gap.path else whose
    return f"“{name}”{whose} {gap.stated.text(unit)}，分单位合计 {gap.summed.text(unit)}，不一致"


def refuse_change(session: Session, packet: Packet, plan: Plan, made_at: str) -> None:
    """Refuse to change what stands of units below by a report of a period that is accepted.

    Raises:
        InputRejectedError: When the packet would change it.
    """
    unit, period = packet.header.unit, packet.header.period
    if would_change(session, packet, made_at):
        raise reject(
            f"{plan.unit_name(unit)}{Period.parse(period).label}的报送已接收锁定，不能更改分单位的数",
            "确需更正的，请在“审核”中写明原因、重新开放该报告期",
        )


def would_change(session: Session, packet: Packet, made_at: str) -> bool:
    """Tell whether a packet brings something else of units below than what stands here."""
    unit, period = packet.header.unit, packet.header.period
    known = submissions.packets(session, unit, period)
    if not _stands(packet, made_at, known):
        return False
    held = parts.find(session, unit, period)
    if held is None or packet.part_sheet is None:
        return held is not packet.part_sheet
    return sheet_digest(held) != sheet_digest(packet.part_sheet)


def to_take(
    session: Session, packet: Packet, note: PacketNote, known: tuple[PacketNote, ...]
) -> bool:
    """Tell whether what a report says of units below, or that it says nothing, is to be kept.

    `known`: the other packets of the unit and period, of which it has to be the newest.
    """
    unit, period = packet.header.unit, packet.header.period
    if not _stands(packet, note.made_at, known):
        return False
    return packet.part_sheet is not None or parts.is_kept(session, unit, period)


def take(writing: Writing, packet: Packet) -> None:
    """Keep what a report says of units below in place of what stood here; see `to_take`."""
    unit, period = packet.header.unit, packet.header.period
    if packet.part_sheet is not None:
        parts.save(writing, unit, packet.part_sheet, packet.header.packet_id)
    else:
        parts.remove(writing, unit, period)


def _stands(packet: Packet, made_at: str, known: tuple[PacketNote, ...]) -> bool:
    if packet.only_replies:
        return False
    mine = (made_at, packet.digest)
    return all(
        mine >= (other.made_at, other.digest)
        for other in known
        if other.direction is Direction.RECEIVED and _reports(other)
    )


def _reports(note: PacketNote) -> bool:
    """Tell whether a packet said anything but answers to letters."""
    said = Contents.of(note.contents)
    return said is None or bool(said.figures or said.words or said.milestones or said.rows)
