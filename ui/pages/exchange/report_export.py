"""Exporting a unit's report: what is missing, where to, and that it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.domain.packet.packet import OWN_ENDING
from fsdesk.services.packet import exchange
from fsdesk.services.plan import planning
from fsdesk.services.status import unit_forms
from ui.files import EXCEL
from ui.pages.exchange.unsealed import or_ask

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from fsdesk.domain.periods import Period
    from fsdesk.services.packet.exchange import WrittenPacket
    from fsdesk.services.status.unit_forms import UnitForm
    from ui.desk import Desk

# What other pages point at on the recording page, in place of a task's code, to have the report
# checked and exported there.
EXPORT = "export"
_ZIP = "带佐证材料的报送包 (*.zip)"
_OWN = f"双击可打开的报送包 (*{OWN_ENDING})"
_ANYWAY, _FILL_IN = "仍然导出", "去填写"
_EARLY = "仍要导出"
_CHANGED_ROWS, _ALL_ROWS = "只带上次接收后改动的行", "带全部行"
_MANY_ROWS = 500
_SHOWN_MISSING, _SHOWN_WRONG = 12, 5


class ReportExport:
    """One export, from the question to the message."""

    def __init__(
        self,
        desk: Desk,
        done: Callable[[], object],
        go_to: Callable[[str], object],
        change_to: Callable[[str], object],
    ) -> None:
        """Keep the doors.

        `go_to` takes the code of a task that the user wants to fill in first, `change_to` the
        period to which the user would rather turn.
        """
        self._desk, self._done, self._go_to, self._change_to = desk, done, go_to, change_to

    def ask(self, form: UnitForm, *, wrong: Sequence[str]) -> None:
        """Ask what is to be asked, then write; `wrong` names what could not be stored."""
        if wrong:
            names = "、".join(wrong[:_SHOWN_WRONG]) + ("等" if len(wrong) > _SHOWN_WRONG else "")
            self._desk.messages.warn(
                f"有 {len(wrong)} 处填写有误，还没有保存：{names}。请先改正标红的地方，再导出。"
            )
            return
        if not self._time_for_it(form) or not self._complete_enough(form):
            return
        name = f"报送包-{form.unit_name}-{form.period}"
        # Evidence goes along in a .zip; the table alone can be chosen all the same.
        kinds = (_ZIP, EXCEL, _OWN) if form.evidence else (EXCEL, _OWN)
        ending = "zip" if form.evidence else "xlsx"
        file = self._desk.files.save("导出报送包", f"{name}.{ending}", kinds, "packets")
        if file is not None:
            self._ask_rows(form.period, file)

    def _ask_rows(self, period: Period, file: Path) -> None:
        """Where ledgers are long and a report was accepted, ask which rows go along."""
        workspace = self._desk.workspace

        def long_and_accepted() -> bool:
            rows = sum(count for _, count in planning.ledgers(workspace))
            return rows >= _MANY_ROWS and exchange.last_accepted(workspace) is not None

        def go_on(choosable: bool) -> None:  # noqa: FBT001 - a job's result
            verb = _ALL_ROWS
            if choosable:
                verb = self._desk.messages.ask(
                    "报送包带哪些台账行？",
                    "区食药安办按行合并台账：只带改动过的行，文件小、接收快，其余各行保持不变。",
                    (_CHANGED_ROWS, _ALL_ROWS),
                )
            if verb is not None:
                self._write(period, file, changed_rows=verb == _CHANGED_ROWS)

        self._desk.runner.run(long_and_accepted, go_on)

    def _time_for_it(self, form: UnitForm) -> bool:
        """Ask where the period goes on while a report for one that ended is owed."""
        owed, name = form.owed_before, form.period.name
        if owed is None:
            return True
        instead = f"改到{owed.period.name}"
        verb = self._desk.messages.ask(
            f"{owed.words}；{name}尚未结束，仍要导出{name}的吗？",
            f"如果现在填的是{owed.period.name}的内容，请先在“填报”页点“移到其他月份…”。",
            (instead, _EARLY),
        )
        if verb == instead:
            self._change_to(str(owed.period))
        return verb == _EARLY

    def _complete_enough(self, form: UnitForm) -> bool:
        missing = unit_forms.missing(form)
        if not missing:
            return True
        lines = [finding.message for finding in missing[:_SHOWN_MISSING]]
        if len(missing) > _SHOWN_MISSING:
            lines.append(f"……共 {len(missing)} 项")
        detail = "没有填的按“未报”处理，不会当作 0。\n\n" + "\n".join(lines)
        question = f"还有 {len(missing)} 项没有填，现在导出吗？"
        verb = self._desk.messages.ask(question, detail, (_ANYWAY, _FILL_IN))
        if verb == _FILL_IN:
            self._go_to(missing[0].message.split(" ")[0])
        return verb == _ANYWAY

    def _write(
        self, period: Period, file: Path, *, changed_rows: bool, unsealed: bool = False
    ) -> None:
        title = "正在导出报送包"
        self._desk.run(
            # Whether it is too early was asked before.
            lambda w: exchange.export_report(
                w, period, file, changed_rows=changed_rows, early=True, unsealed=unsealed
            ),
            self._tell,
            or_ask(
                self._desk,
                lambda: self._write(period, file, changed_rows=changed_rows, unsealed=True),
                title,
            ),
            title=title,
        )

    def _tell(self, written: WrittenPacket) -> None:
        self._desk.tell_written(
            f"已导出{written.period.label}报送包，请把文件交给区食药安办。{written.notice}",
            written.file,
        )
        self._done()
