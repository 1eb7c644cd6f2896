"""`calendar export`, `backup`, `restore`, `verify`, `update` and `bench`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.commands.opening import folder_of, opened
from fsdesk.commands.output import DONE, PARTLY, answer, followed
from fsdesk.commands.passphrase import known_passphrase, new_passphrase
from fsdesk.domain.findings import reject
from fsdesk.services.agenda import agenda
from fsdesk.services.care import maintenance

if TYPE_CHECKING:
    from argparse import Namespace


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
        maintenance.back_up(workspace, options.file, passphrase)
    words = "，已用口令加密，没有口令不能恢复" if passphrase else ""
    facts = {"file": str(options.file), "encrypted": bool(passphrase)}
    answer(options, facts, [f"已备份到：{options.file}{words}"])
    return DONE


def restore(options: Namespace) -> int:
    """Bring a backup back into an empty folder."""
    folder = folder_of(options)
    needed = maintenance.needs_passphrase(options.file)
    maintenance.restore(options.file, folder, known_passphrase(options, needed=needed))
    answer(options, {"workspace": str(folder)}, [f"已恢复到：{folder}"])
    return DONE


def verify(options: Namespace) -> int:
    """Check that all is well."""
    with opened(options, write=False) as workspace:
        problems = maintenance.verify(workspace)
    answer(options, {"ok": not problems, "problems": list(problems)}, list(problems) or ["完好"])
    return PARTLY if problems else DONE


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
    from fsdesk.bench.benchmark import measure

    if options.packets < 1:
        raise reject("报送包个数应不小于 1", "请改正 --packets")
    if options.ledger_rows < 0:
        raise reject("台账行数不能是负数", "请改正 --ledger-rows")
    figures = followed(measure(options.packets, options.ledger_rows))
    lines = [
        f"{what}\t{name}\t{value if isinstance(value, str) else f'{value:.3f}'}"
        for what, row in figures.items()
        for name, value in row.items()
    ]
    answer(options, figures, lines)
    return DONE
