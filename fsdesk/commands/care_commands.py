"""`calendar export`, `backup`, `restore`, `verify`, `diagnose`, `update` and `bench`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.commands.opening import folder_of, opened
from fsdesk.commands.output import DONE, PARTLY, REFUSED, answer, followed, tell
from fsdesk.commands.passphrase import known_passphrase, known_password, new_passphrase
from fsdesk.domain.clock import clock_text
from fsdesk.domain.findings import FindingCode, FsdeskError, reject
from fsdesk.domain.text import size_text
from fsdesk.services.agenda import agenda
from fsdesk.services.care import maintenance
from fsdesk.store.server.address import is_server
from fsdesk.workspace import holds_workspace

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from fsdesk.services.care.lost_changes import LostChanges
    from fsdesk.services.care.restoring import Preview, RestorePoint


def calendar(options: Namespace) -> int:
    """Write the agenda as a calendar file."""
    with opened(options, write=False) as workspace:
        count = agenda.write_calendar(workspace, options.file)
    facts = {"file": str(options.file), "events": count}
    answer(options, facts, [f"已导出 {count} 项日程：{options.file}"])
    return DONE


def back_up(options: Namespace) -> int:
    """Write the whole workspace into one file."""
    passphrase = new_passphrase(options)
    with opened(options, write=False) as workspace:
        lacking = maintenance.back_up(workspace, options.file, passphrase)
    if lacking:
        tell(lacking)
    words = "，已用口令加密，没有口令不能恢复" if passphrase else ""
    facts = {"file": str(options.file), "encrypted": bool(passphrase), "signing_key": not lacking}
    answer(options, facts, [f"已备份到：{options.file}{words}"])
    return DONE


def restore(options: Namespace) -> int:
    """Bring a workspace back to a copy, or list what there is to go back to."""
    from fsdesk.services.care import restoring

    folder = folder_of(options)
    if options.database:
        return _to_server(options)
    if options.file is None or options.list:
        points = followed(restoring.restore_points(folder))
        answer(options, [_point(each) for each in points], _listed(points))
        return DONE
    file = restoring.find_copy(folder, options.file)
    passphrase = known_passphrase(options, needed=maintenance.needs_passphrase(file))
    password = ""
    if restoring.needs_password(file, passphrase):
        password = known_password(options, f"备份文件“{file.name}”")
    if holds_workspace(folder) and not options.yes:
        found = restoring.preview(folder, file, passphrase, password)
        answer(options, _previewed(found), restoring.words_of(found))
        tell("还没有恢复。确认恢复到这一份，请加 --yes；现在的数据会另外保存。")
        return REFUSED
    done = followed(restoring.put_back(folder, file, passphrase, password))
    facts = {"workspace": str(folder), "copy": str(file), "as_of": done.as_of}
    facts |= {"lost": done.lost, "kept": done.kept}
    words = [f"已恢复到：{folder}"]
    if done.kept:
        beside = folder / done.kept
        words.append(f"恢复前的数据保存在：{beside if beside.exists() else done.kept}")
    answer(options, facts, words)
    return DONE


def _to_server(options: Namespace) -> int:
    if options.file is None or options.list or not is_server(options.database):
        raise reject(
            "恢复到服务器时要写明备份文件和服务器的地址",
            "请写成 --database postgresql://账号@服务器/数据库?schema=模式名 restore 备份文件",
        )
    passphrase = known_passphrase(options, needed=maintenance.needs_passphrase(options.file))
    folder = folder_of(options)
    followed(maintenance.restore_to_server(options.file, folder, options.database, passphrase))
    answer(
        options,
        {"workspace": str(folder), "copy": str(options.file)},
        [f"已恢复到服务器，文件夹“{folder}”从此属于那里的工作区"],
    )
    return DONE


def _point(point: RestorePoint) -> dict[str, object]:
    return {
        "file": str(point.file),
        "kind": point.kind.value,
        "as_of": point.as_of,
        "size": point.size,
        "whose": point.whose,
        "sound": not point.problem,
        "problem": point.problem,
    }


def _listed(points: Sequence[RestorePoint]) -> list[str]:
    return [
        "\t".join(
            (
                clock_text(each.as_of) if each.as_of else "时间未知",
                each.kind.label,
                size_text(each.size),
                each.state,
                str(each.file),
            )
        )
        for each in points
    ] or ["没有可以恢复的副本"]


def _previewed(found: Preview) -> dict[str, object]:
    return _point(found.point) | {
        "lost": None if found.lost is None else _changes(found.lost),
        "extra": _changes(found.extra),
        "notes": list(found.notes),
    }


def _changes(found: LostChanges) -> dict[str, object]:
    kinds = {kind.value: count for kind, count in found.kinds}
    return {"count": found.count, "kinds": kinds, "newest": list(found.told)}


def verify(options: Namespace) -> int:
    """Check that all is well, also where the workspace doesn't open."""
    bad = PARTLY
    try:
        with opened(options, write=False) as workspace:
            problems = maintenance.verify(workspace)
    except FsdeskError as problem:
        if not problem.tells(FindingCode.DAMAGED):
            raise
        for finding in problem.findings:
            tell(str(finding))
        problems, bad = maintenance.verify_folder(folder_of(options)), REFUSED
    answer(options, {"ok": not problems, "problems": list(problems)}, list(problems) or ["完好"])
    return bad if problems else DONE


def diagnose(options: Namespace) -> int:
    """Write what a technician needs, also where the workspace doesn't open."""
    from fsdesk.services.care import diagnosis

    try:
        with opened(options, write=False) as workspace:
            text = diagnosis.report(workspace.folder, workspace)
    except FsdeskError as problem:
        for finding in problem.findings:
            tell(str(finding))
        text = diagnosis.report(folder_of(options))
    diagnosis.save(options.file, text)
    answer(options, {"file": str(options.file)}, [f"诊断包已写到：{options.file}"])
    return DONE


def update(options: Namespace) -> int:
    """Make an update packet, or check one and take out its installer."""
    from fsdesk.services.care import updating

    if options.action == "make":
        with opened(options, write=True) as workspace:
            made = updating.write_update(workspace, options.files, options.out)
        facts = {"version": made.version, "file": str(options.out)}
        answer(options, facts, [f"已生成 {made.version} 版更新包：{options.out}"])
        return DONE
    with opened(options, write=True) as workspace:
        found, installer = updating.take_update(workspace, options.file)
    facts = {"version": found.version, "installer": str(installer)}
    answer(options, facts, [f"签名有效，{found.version} 版安装程序：{installer}"])
    return DONE


def bench(options: Namespace) -> int:
    """Measure the program beside its peers."""
    from fsdesk.bench.benchmark import measure, measure_levels, measure_old_pc
    from fsdesk.bench.server import measure_server

    if options.packets < 1:
        raise reject("报送包个数应不小于 1", "请改正 --packets")
    if options.ledger_rows < 0:
        raise reject("台账行数不能是负数", "请改正 --ledger-rows")
    if min(options.districts or [1]) < 1:
        raise reject("区的个数应不小于 1", "请改正 --districts")
    if options.server:
        figures = followed(measure_server(options.packets))
    elif options.districts:
        figures = followed(measure_levels(options.districts))
    elif options.small_pc:
        figures = followed(measure_old_pc())
    else:
        figures = followed(measure(options.packets, options.ledger_rows))
    lines = [
        f"{what}\t{name}\t{value if isinstance(value, str) else f'{value:.3f}'}"
        for what, row in figures.items()
        for name, value in row.items()
    ]
    answer(options, figures, lines)
    return DONE
