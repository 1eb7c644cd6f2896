"""The ledger for inspections (迎检台账): one folder a task, an index, and a list of digests."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

from msgspec import Struct

from fsdesk import files
from fsdesk.domain.findings import InputRejectedError, error, reject
from fsdesk.domain.ledger.conditions import EVERYTHING
from fsdesk.domain.names import file_name
from fsdesk.domain.periods import Period
from fsdesk.domain.steps import Progress
from fsdesk.services.ledger import ledger_files
from fsdesk.services.output.heads import head_of
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.status import aggregation
from fsdesk.store import kept
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import attachments, records

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.ledger.ledger import Ledger
    from fsdesk.domain.output.head import PaperHead
    from fsdesk.domain.plan.plan import Plan, Task
    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.domain.records.records import Record
    from fsdesk.domain.status.results import YearStatus
    from fsdesk.reports.paper.table import Table
    from fsdesk.reports.tables.details import Holding
    from fsdesk.workspace import Workspace

DIGESTS = "校验清单.sha256"
INDEX = "目录"
_RECORDS, _PROOFS = "填报记录", "佐证材料"
# Time of all entries of a zip, so that the same pack is the same file.
_ZIP_TIME = (2000, 1, 1, 0, 0, 0)


class Pack(Struct, frozen=True):
    """A pack that was written.

    Attributes:
        file: The folder or zip file.
        files: How many files it holds, the list of digests not counted.
        missing: Names of evidence files that the workspace has lost.
    """

    file: Path
    tasks: int
    files: int
    missing: tuple[str, ...]


class _Source(Struct, frozen=True):
    head: PaperHead
    plan: Plan
    status: YearStatus
    records: tuple[Record, ...]
    proofs: tuple[Attachment, ...]
    ledgers: tuple[tuple[Ledger, int], ...]


def write_pack(
    workspace: Workspace, period: Period, out: Path, *, personal: bool = False
) -> Generator[Progress, None, Pack]:
    """Write the pack of a year up to a period.

    It goes to a new or empty folder, or a file that ends in .zip. ``personal``: columns that name
    citizens go along with the ledgers.

    Raises:
        InputRejectedError: When the folder isn't empty or can't be written.
    """
    packed = out.suffix.lower() == ".zip"
    if out.exists() and (out.is_file() or any(out.iterdir())):
        raise reject(f"“{out.name}”已存在", "请另选一个空文件夹或新的文件名")
    source = _source(workspace, period)
    with files.scratch(out) as folder:
        holdings, missing = yield from _fill(workspace, source, folder, personal=personal)
        from fsdesk.reports.tables.details import index_table

        _write_table(folder / INDEX, index_table(source.status, holdings, source.head))
        _write_readme(folder)
        names = sorted(_files(folder))
        lines = [f"{files.sha256_of(folder / name)}  {name}\n" for name in names]
        files.save_text(folder / DIGESTS, "".join(lines))
        if packed:
            with files.new_zip(out) as archive:
                for name in sorted([*names, DIGESTS]):
                    entry = zipfile.ZipInfo(name, _ZIP_TIME)
                    entry.compress_type = zipfile.ZIP_DEFLATED
                    archive.writestr(entry, (folder / name).read_bytes())
        else:
            files.move_tree(folder, out, last=DIGESTS)
    return Pack(out, len(holdings), len(names), tuple(missing))


def _source(workspace: Workspace, period: Period) -> _Source:
    status = aggregation.status_now(workspace, period)
    with workspace.reading() as session:
        plan = plan_in(session, workspace.identity.year)
        known = aggregation.year_in(session, workspace, status.plan.year, ()).known
        counted = records.load_records(session)
        proofs = attachments.attachments(session)
        declared = ledgers.load_ledgers(session)
        found = tuple((each, ledgers.count(session, each.code, EVERYTHING)) for each in declared)
    return _Source(
        head_of(workspace.latest, period),
        plan,
        status,
        tuple(
            record
            for record in counted
            if not record.empty
            and (when := Period.parse(record.key.period)).within(period)
            and known.counts(record.key.unit, when)
        ),
        tuple(p for p in proofs if Period.parse(p.record.period).within(period)),
        tuple((ledger, count) for ledger, count in found if count),
    )


def _fill(
    workspace: Workspace, source: _Source, folder: Path, *, personal: bool
) -> Generator[Progress, None, tuple[list[Holding], list[str]]]:
    from fsdesk.reports.tables.details import Holding

    tasks = _tasks(source)
    holdings: list[Holding] = []
    lost: list[str] = []
    for number, (plan, task) in enumerate(tasks):
        yield Progress(number, len(tasks), f"正在整理{task.title}")
        name = file_name(f"{task.code} {task.title[:24]}")
        place = folder / name
        count = _write_records(source, task, place)
        titles = _write_ledgers(workspace, source, task, place, personal=personal)
        own = [proof for proof in source.proofs if proof.record.item in _codes(source, task)]
        missing = _copy_proofs(workspace, source, own, place / _PROOFS)
        lost += missing
        holdings.append(Holding(plan, task.code, name, count, titles, len(own), len(missing)))
    yield Progress(len(tasks), len(tasks), "正在计算校验值")
    return holdings, lost


def _tasks(source: _Source) -> list[tuple[Plan, Task]]:
    """Return the tasks of the period's plan, then those that left it earlier in the year.

    Each with the newest state of the plan that holds it; a unit's pack has its own tasks alone.
    """
    found: dict[str, tuple[Plan, Task]] = {}
    then = source.plan.at(source.status.period)
    earlier = [
        each.plan for each in source.plan.former if each.until < source.status.period.last_day
    ]
    for plan in (then, *reversed(earlier)):
        for task in plan.tasks_for(source.head.unit) if source.head.unit else plan.tasks:
            found.setdefault(task.code, (plan, task))
    return list(found.values())


def _codes(source: _Source, task: Task) -> frozenset[str]:
    """Return the codes of a task and of all that it held during the year."""
    held = (p.tasks_by_code[task.code] for p in source.plan.states if task.code in p.tasks_by_code)
    items = (item.code for each in held for item in (*each.indicators, *each.deliverables))
    return frozenset([task.code, *items])


def _write_records(source: _Source, task: Task, place: Path) -> int:
    from fsdesk.reports.tables.details import record_table

    own = [record for record in source.records if record.key.item in _codes(source, task)]
    table = record_table(source.plan, source.status, task, own, source.head)
    _write_table(place / _RECORDS, table)
    return len(own)


def _write_table(stem: Path, table: Table) -> None:
    """Write a table twice: to be printed and to be counted with."""
    from fsdesk.reports.paper.pdf import write_pdf
    from fsdesk.reports.paper.table_drawing import lay_out
    from fsdesk.reports.tables.spreadsheet import write_xlsx

    write_pdf(stem.with_name(f"{stem.name}.pdf"), lay_out(table), table.title)
    write_xlsx(stem.with_name(f"{stem.name}.xlsx"), table)


def _write_ledgers(
    workspace: Workspace, source: _Source, task: Task, place: Path, *, personal: bool
) -> tuple[str, ...]:
    codes = {indicator.code for indicator in task.indicators}
    own = [
        ledger
        for ledger, _ in source.ledgers
        if any(feed.indicator in codes for feed in ledger.feeds)
    ]
    for ledger in own:
        file = place / file_name(f"台账-{ledger.title}.xlsx")
        ledger_files.export_ledger(workspace, ledger.code, file, personal=personal)
    return tuple(ledger.title for ledger in own)


def _copy_proofs(
    workspace: Workspace, source: _Source, proofs: list[Attachment], place: Path
) -> list[str]:
    """Copy evidence under names that say whose it is; returns the names of what is lost."""
    lost: list[str] = []
    used: set[str] = set()
    for proof in proofs:
        held = workspace.attachments / proof.digest
        if not kept.is_there(held) or not kept.is_named(held):
            lost.append(proof.name)
            continue
        unit = source.plan.unit_name(proof.record.unit)
        head = f"{unit}-{proof.record.period}-{proof.record.item}"
        name = file_name(f"{head}-{proof.name}", used)
        kept.copy_out(held, place / name)
        used.add(name)
    return lost


def _write_readme(folder: Path) -> None:
    text = (
        f"本文件夹按任务存放填报记录、台账和佐证材料，总目录见“{INDEX}.pdf”。\r\n"
        f"“{DIGESTS}”逐个列出文件的 SHA-256 校验值，文件被改动、缺少或多出时均可查出：\r\n"
        "在食药安工作台的“打印”页选“迎检台账”，点“核对”；\r\n"
        "或在 Linux 系统中进入本文件夹，运行 sha256sum -c 校验清单.sha256。\r\n"
    )
    files.save_bytes(folder / "说明.txt", text.encode("utf-8-sig"))


def _files(folder: Path) -> Iterator[str]:
    for item in folder.rglob("*"):
        if item.is_file() and item.name != DIGESTS:
            yield item.relative_to(folder).as_posix()


# Checking


def check_pack(place: Path) -> tuple[str, ...]:
    """Check a pack, a folder or zip file, against its list of digests.

    Return what was changed, is missing or was added, in Chinese.

    Raises:
        InputRejectedError: When it is no such pack.
    """
    no_pack = error(f"“{place.name}”不是迎检台账", f"请选择含有“{DIGESTS}”的文件夹或 .zip 文件")
    if not place.is_dir():
        listed, found = _read_zip(place, no_pack)
    elif (place / DIGESTS).is_file():
        listed = files.read_bytes(place / DIGESTS).decode(errors="replace")
        with files.told("读取", place, "文件夹"):
            found = {name: files.sha256_of(place / name) for name in _files(place)}
    else:
        raise InputRejectedError(no_pack)
    wanted = {
        name: digest for digest, _, name in (line.partition("  ") for line in listed.splitlines())
    }
    return (
        *(f"缺少：{name}" for name in sorted(wanted.keys() - found.keys())),
        *(f"多出：{name}" for name in sorted(found.keys() - wanted.keys())),
        *(
            f"内容已改动：{name}"
            for name in sorted(wanted.keys() & found.keys())
            if wanted[name] != found[name]
        ),
    )


def _read_zip(file: Path, no_pack: Finding) -> tuple[str, dict[str, str]]:
    with files.opened_zip(file, no_pack) as archive:
        listed = archive.read(DIGESTS).decode()
        found: dict[str, str] = {}
        for entry in archive.infolist():
            if entry.filename != DIGESTS and not entry.is_dir():
                digest = hashlib.sha256()
                with archive.open(entry) as stream:
                    while block := stream.read(2**20):
                        digest.update(block)
                found[entry.filename] = digest.hexdigest()
    return listed, found
