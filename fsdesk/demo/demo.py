"""The demo: one believable year on the built-in plan, by the same services as real work."""

from __future__ import annotations

import json
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk import files
from fsdesk.demo import extras
from fsdesk.demo import supervision as demo_supervision
from fsdesk.demo.story import Story
from fsdesk.domain.findings import reject
from fsdesk.domain.names import file_name
from fsdesk.domain.output.kinds import LEDGER, REGISTER, SCORE, Form, kind_of, kinds_of
from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.plan.edits import put_indicator
from fsdesk.domain.plan.unit_edits import merge_unit
from fsdesk.domain.plan.units import UnitKind
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.steps import Progress, run_through
from fsdesk.services import as_json
from fsdesk.services.care import setup
from fsdesk.services.output import bulletin, charts, poster, reporting
from fsdesk.services.packet import checking, exchange, importing, reviewing
from fsdesk.services.plan import plan_editing
from fsdesk.services.plan.planning import current_plan
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation, unit_forms
from fsdesk.services.supervision import letter_files
from fsdesk.store.engine import relax

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Sequence
    from pathlib import Path

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.workspace import Workspace

DEMO_YEAR = 2026
# Who behaves in which way, by unit code.
SLOW = frozenset({"mzj"})
LATE = {("swj", 4), ("jxj", 7)}
SILENT = {("swj", 8), ("sfj", 5)}
BY_HAND = ("sfj", 1)
# The month whose bulletin published its figures, and who corrected one of them in autumn.
PUBLISHED = 6
_CORRECTOR, _CORRECTED, _MORE = "scjg", "I04-3", 40
# What the office changes in the plan after a month: from the next on one unit goes on as part of
# another, and from September more samples of drugs are asked for.
_MERGING, _MERGED, _INTO = 6, "kjj", "jxj"
_ASKING, _ASKED, _TARGET = 8, "I04-6", 110.0
# How many months wait for the office's review; what came before is accepted.
_TO_REVIEW = 2
# How the time is shared out, as it was measured: opening, units, each month, outputs.
_OPENING, _UNITS, _MONTH, _OUTPUTS = 5, 7, 6, 28
_NOTE = "说明.txt"


class Demo(Struct, frozen=True):
    """What the demo made: units with a workspace, packets taken, files in the order of making."""

    units: int
    packets: int
    files: tuple[Path, ...]


class _Clock:
    """The demo's own time."""

    def __init__(self) -> None:
        self.now = datetime(DEMO_YEAR, 1, 4, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move_to(self, period: Period, days_after: int) -> None:
        day = period.last_day + timedelta(days=days_after)
        self.now = datetime.combine(day, time(1), tzinfo=UTC)


def make_demo(out: Path) -> Generator[Progress, None, Demo]:
    """Make the demo year below a folder; an earlier demo there is replaced.

    Raises:
        InputRejectedError: When the folder holds something else.
    """
    _clear(out)
    clock = _Clock()
    plan = setup.read_plan(None, DEMO_YEAR)
    months = months_of(DEMO_YEAR)
    steps = _OPENING + _UNITS + _MONTH * len(months) + _OUTPUTS
    yield Progress(0, steps, "正在建立汇总端并下发计划")
    office = _quick(setup.create_office(out / "office", plan, clock=clock))
    opened: list[Workspace] = [office]
    try:
        extras.fill_agenda(office)
        extras.give_points(office)
        issued = run_through(exchange.issue_packets(office, months[0], out / "packets" / "下发"))
        yield Progress(_OPENING, steps, "正在为各单位建立工作区")
        units = _open_units(out, issued, clock)
        opened += units.values()
        streets = [unit.code for unit in plan.directory.units if unit.kind is UnitKind.STREET]
        for turn, code in enumerate(streets):
            extras.fill_inspection_duty(units[code], turn)
        sent: list[Path] = []
        told: list[Path] = []
        for count, month in enumerate(months):
            done = _OPENING + _UNITS + _MONTH * count
            yield Progress(done, steps, f"正在填报和汇总{month.label}")
            sent += _month(out, (office, units), month, clock)
            if month.last_month == PUBLISHED:
                told.append(_publish(office, out / "outputs", month, clock))
            told += demo_supervision.press(office, units, month, out / "packets")
            if count >= _TO_REVIEW:
                _accept(office, months[count - _TO_REVIEW])
            told += _change_plan((office, units), month, out / "packets")
        told.append(_correct((office, units[_CORRECTOR]), out / "packets" / "更正", months, clock))
        yield Progress(steps - _OUTPUTS, steps, "正在生成图、表和函件")
        made = _outputs(office, out / "outputs", months[-1], clock)
    finally:
        for workspace in opened:
            workspace.close()
    written = (*(packet.file for packet in issued), *sent, *told, *made)
    yield Progress(steps, steps, "演示已生成")
    return Demo(len(units), len(sent), (*written, _note(out, len(units), len(sent))))


def _clear(out: Path) -> None:
    """Make room: only what an earlier demo made is removed."""
    if out.is_file() or (out.is_dir() and any(out.iterdir()) and not (out / _NOTE).is_file()):
        raise reject(f"文件夹“{out}”不是空的", "请另选一个空文件夹")
    # Marks the folder as a demo even when the work is broken off.
    files.save_text(out / _NOTE, "正在生成演示。\n")
    for name in ("office", "units", "packets", "outputs"):
        files.discard(out / name)


def _open_units(
    out: Path, issued: tuple[exchange.WrittenPacket, ...], clock: _Clock
) -> dict[str, Workspace]:
    """Make every unit's workspace from its PLAN packet alone."""
    return {
        sent.unit: _quick(
            setup.create_unit_from_packet(
                out / "units" / file_name(sent.unit_name), checking.read(sent.file), clock=clock
            )
        )
        for sent in issued
    }


def _quick(workspace: Workspace) -> Workspace:
    """Don't wait for the disk a thousand times: a demo that was broken off is made again."""
    relax(workspace.engine)
    return workspace


def _month(
    out: Path,
    workspaces: tuple[Workspace, dict[str, Workspace]],
    month: Period,
    clock: _Clock,
) -> list[Path]:
    """Let every unit record and report, and the office take it all; return the packets sent."""
    office, units = workspaces
    plan = current_plan(office).at(month)
    folder = out / "packets" / str(month)
    sent: list[Path] = []
    for unit, workspace in units.items():
        if (unit, month.last_month) in SILENT or not plan.tasks_for(unit):
            continue
        clock.move_to(month, 9 if (unit, month.last_month) in LATE else 3)
        name = plan.directory.name(unit)
        story = Story(plan, unit, slow=unit in SLOW)
        file = folder / f"报送包-{name}-{month}.xlsx"
        if (unit, month.last_month) == BY_HAND:
            file = _fill_by_hand(out, story, month, file)
        else:
            recording.save_all(workspace, story.entries(month))
            exchange.export_report(workspace, month, file)
        sent.append(file)
    own = Story(plan, office.identity.unit, slow=False)
    clock.move_to(month, 10)
    recording.save_all(office, own.entries(month))
    run_through(importing.import_packets(office, sent, accept_unsigned=True))
    return sent


def _accept(office: Workspace, month: Period) -> None:
    """Accept a month's reports, as an office does that keeps up; not what is corrected later."""
    reported = aggregation.reports_of(office, month)
    units = [
        each.unit
        for each in reported
        if each.state is SubmissionState.SUBMITTED
        and (each.unit, month.last_month) != (_CORRECTOR, PUBLISHED)
    ]
    reviewing.accept_all(office, units, month)


def _fill_by_hand(out: Path, story: Story, month: Period, file: Path) -> Path:
    """Fill the issued form as a clerk without fsdesk does, in the spreadsheet itself."""
    from fsdesk.packets.filling import fill_in

    name = story.plan.directory.name(story.unit)
    files.copy_file(out / "packets" / "下发" / f"下发包-{name}-{month}.xlsx", file)
    fill_in(file, dict(story.entries(month)))
    return file


def _change_plan(
    workspaces: tuple[Workspace, dict[str, Workspace]], month: Period, folder: Path
) -> list[Path]:
    """Change the plan from the next month on and hand it down; return the packets sent."""
    office, units = workspaces

    def edit(plan: Plan, _taken: Collection[str]) -> Plan:
        if month.last_month == _MERGING:
            return merge_unit(plan, _MERGED, _INTO)
        return _with_target(plan, _ASKED, _TARGET)

    if month.last_month not in (_MERGING, _ASKING):
        return []
    following = Period.month(month.year, month.last_month + 1)
    plan_editing.edit_plan(office, edit, following.first_day)
    issued = exchange.issue_packets(office, following, folder / f"计划调整-{following}")
    packets = run_through(issued)
    for packet in packets:
        run_through(importing.import_packets(units[packet.unit], [packet.file]))
    return [packet.file for packet in packets]


def _with_target(plan: Plan, code: str, target: float) -> Plan:
    indicator = replace(plan.indicators_by_code[code], target=target)
    return put_indicator(plan, plan.task_of[code].code, indicator)


def _publish(office: Workspace, folder: Path, month: Period, clock: _Clock) -> Path:
    """Publish a month's figures with its bulletin."""
    clock.move_to(month, 11)
    file = folder / f"工作通报-{month}.docx"
    files.make_folder(folder)
    bulletin.write_bulletin(office, month, file, publish=True)
    return file


def _correct(
    workspaces: tuple[Workspace, Workspace], folder: Path, months: Sequence[Period], clock: _Clock
) -> Path:
    """Let a unit report a figure of the published month anew, and the office take it."""
    office, unit = workspaces
    month = months[PUBLISHED - 1]
    clock.move_to(months[-1], 10)
    (line,) = (
        line
        for task in unit_forms.unit_form(unit, _CORRECTOR, month).tasks
        for line in task.indicators
        if line.indicator.code == _CORRECTED
    )
    corrected = replace(line.data, value=(line.data.value or 0) + _MORE)
    recording.record_value(unit, _CORRECTED, str(month), corrected)
    file = folder / f"报送包-{unit.identity.unit}-{month}.xlsx"
    exchange.export_report(unit, month, file)
    run_through(importing.import_packets(office, [file]))
    return file


def _outputs(office: Workspace, folder: Path, period: Period, clock: _Clock) -> list[Path]:
    clock.move_to(period, 11)
    made: list[Path] = []
    apart = (SCORE, REGISTER, LEDGER)  # they need more to be named
    tables = {each.kind: each.title for each in kinds_of(Form.TABLE) if each.kind not in apart}
    for kind, title in tables.items():
        for ending in ("pdf", "xlsx"):
            file = folder / f"{title}-{period}.{ending}"
            reporting.write_table(office, kind, period, file)
            made.append(file)
    for kind in charts.available(office, period):
        for ending in ("png", "svg"):
            file = folder / f"{kind_of(Form.CHART, kind).title}-{period}.{ending}"
            reporting.write_chart(office, kind, period, file)
            made.append(file)
    made += [folder / f"工作通报-{period}.docx", folder / f"一图读懂-{period}.pdf"]
    bulletin.write_bulletin(office, period, made[-2])
    poster.write_poster(office, period, made[-1])
    keys = [each.key for each in letter_files.listed(office)]
    made += letter_files.write_letters(office, keys, folder / "督办函件")
    summary = folder / f"汇总情况-{period}.json"
    plain = as_json.status_json(aggregation.status(office, period))
    files.save_text(summary, json.dumps(plain, ensure_ascii=False, indent=1))
    return [*made, summary]


def _note(out: Path, units: int, packets: int) -> Path:
    note = out / _NOTE
    files.save_text(
        note,
        f"食药安工作台演示（{DEMO_YEAR} 年度，数据均为虚构）\n\n"
        f"office\t汇总端工作区，已汇总 {packets} 个报送包\n"
        f"units\t{units} 个责任单位各自的工作区\n"
        "packets\t下发包和逐月报送包\n"
        "outputs\t进展表、图、通报和督办函件\n\n"
        "打开汇总端：python main.py --workspace office\n",
    )
    return note
