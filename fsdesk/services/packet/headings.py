"""Forms whose heading contradicts their hidden sheet: a person says which of the two counts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from msgspec.structs import replace

from fsdesk.domain.findings import Place, Severity, notice, raise_errors, reject
from fsdesk.domain.packet.heading import Contradiction, Heading, HeadingChoice, contradictions
from fsdesk.domain.packet.packet import canonical_content, sha256
from fsdesk.domain.periods import Period
from fsdesk.domain.plain import canonical
from fsdesk.domain.records.merge import NO_EDITS, hand_edit
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.records import Record, RecordKey
    from fsdesk.store.records.records import Held

_Choice = TypeVar("_Choice")
# What was chosen: for every file, or for some.
ChosenFor = _Choice | dict[Path, _Choice] | None
Chosen = ChosenFor[HeadingChoice]


def choice_for(chosen: ChosenFor[_Choice], file: Path) -> _Choice | None:
    """Return what was chosen for a file."""
    if isinstance(chosen, dict):
        return cast("dict[Path, _Choice]", chosen).get(file)
    return cast("_Choice | None", chosen)


def settle(packet: Packet, file: Path, plan: Plan, choice: HeadingChoice | None) -> Packet:
    """Return a packet as it is to be taken, where its heading and its hidden sheet differ.

    Raises:
        InputRejectedError: When they differ and nothing is chosen, or the heading names no unit
            and period of this plan.
    """
    names = {u.code: u.names for u in plan.units_in_year.values()}
    headings = (*packet.headings, Heading(file.stem, Place(file.name)))
    found = list(contradictions(packet.header, headings, names))
    packet = _with_former_name(packet, headings, plan)
    if not found:
        return packet
    told = [one.finding for one in found]
    if choice is None:
        raise_errors(told)
    if choice is HeadingChoice.TITLE:
        packet = _by_title(packet, found, plan)
    words = "按隐藏信息接收" if choice is HeadingChoice.HIDDEN else "按标题接收，当作手工填写"
    warned = [replace(each, level=Severity.WARNING, remedy=f"已选择{words}") for each in told]
    # What is said of these cells here is all that there is to say: by choice they count.
    heard = {each.place for each in told if each.place.cell}
    others = (each for each in packet.findings if each.place not in heard)
    return replace(packet, findings=(*others, *warned))


def _with_former_name(packet: Packet, headings: Sequence[Heading], plan: Plan) -> Packet:
    """Tell where a packet still names its unit as it was called before."""
    unit = plan.units_in_year.get(packet.header.unit)
    if unit is None or not unit.former_names:
        return packet
    for heading in (*headings, Heading(packet.header.unit_name, Place())):
        text = fold(heading.text)
        former = [name for name in unit.former_names if fold(name) in text]
        if former and not any(fold(name) in text for name in (unit.name, *unit.aliases)):
            words = f"单位写的是曾用名“{former[0]}”，按曾用名识别为“{unit.name}”"
            told = notice(words, "不是这个单位的，请不要接收", heading.place)
            return replace(packet, findings=(*packet.findings, told))
    return packet


def _by_title(packet: Packet, found: Sequence[Contradiction], plan: Plan) -> Packet:
    """Return a packet as if it had been filled by hand for what its heading says."""
    periods = {one.period for one in found if not one.unit}
    units = {one.unit for one in found if one.said != one.hidden and (one.unit or not one.period)}
    units = {unit for unit in units if unit} or {packet.header.unit}
    wanted = next(iter(periods), None) if periods else Period.parse(packet.header.period)
    names_none = any(not one.unit and one.period is None for one in found)
    if names_none or wanted is None or len(periods) > 1 or len(units) > 1:
        raise reject(
            "标题写的不是本计划年度的一个单位、一个报告期，不能按标题接收",
            "请选择按隐藏信息接收，或请发件单位用正确的下发包重新填写",
        )
    (unit,) = units
    if packet.sealed or (unit != packet.header.unit and packet.entries):
        what = "密封的内容" if packet.sealed else "台账记录"
        remedy = "请发件单位用正确的下发包重新填写"
        raise reject(f"文件带有{what}，不能改按标题接收", remedy)
    header = replace(packet.header, unit=unit, unit_name=plan.unit_name(unit), period=str(wanted))

    def key_of(key: RecordKey) -> RecordKey:
        return replace(key, unit=unit, period=header.period)

    records = tuple(_typed(packet, r, key_of(r.key)) for r in packet.records)
    places = {key_of(key): place for key, place in packet.places.items()}
    cells = {key_of(key): found for key, found in packet.cells.items()}
    return replace(
        packet,
        header=header,
        records=records,
        directives=None,
        part_sheet=None,
        files=tuple(replace(f, record=key_of(f.record)) for f in packet.files),
        replies=packet.replies if unit == packet.header.unit else (),
        seal=None,
        digest=sha256(canonical([packet.digest, unit, header.period])),
        altered=frozenset(record.key for record in records if record.revision),
        places=places,
        cells=cells,
    )


def _typed(packet: Packet, record: Record, key: RecordKey) -> Record:
    """Return what was typed in a row as an edit that rests on nothing; an empty row is none."""
    if record.empty:
        return replace(record, key=key, revision=NO_EDITS)
    text = canonical_content(record)
    revision = hand_edit(NO_EDITS, packet.header.packet_id, str(key), text)
    return replace(record, key=key, revision=revision)


def without_known(packet: Packet, held: Mapping[RecordKey, tuple[Held, ...]]) -> Packet:
    """Leave out of a packet taken by its title what stands there already, row by row."""

    def stands(record: Record) -> bool:
        leading = next((item.record for item in held.get(record.key, ()) if item.leading), None)
        return leading is not None and leading.content == record.content

    kept = (replace(r, revision=NO_EDITS) if stands(r) else r for r in packet.records)
    return replace(packet, records=tuple(kept))
