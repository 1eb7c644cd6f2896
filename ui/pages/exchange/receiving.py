"""Packets in: dropped, checked, shown, and only then taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from fsdesk.domain.clock import clock_text
from fsdesk.domain.packet.heading import HeadingChoice
from fsdesk.domain.packet.sheet_choice import SheetChoice
from fsdesk.domain.packet.signing import SignatureState
from fsdesk.domain.records.submissions import ReviewState
from fsdesk.domain.status.lights import Light
from fsdesk.services.care import next_year, other_years
from fsdesk.services.packet import checking, importing, signing
from fsdesk.services.packet.importing import Result
from fsdesk.services.packet.result_list import result_rows, save_results
from ui.files import ALL, EXCEL
from ui.messages import RETURNED
from ui.models.rows import RowColumn, RowsModel
from ui.pages.exchange.heard import ask_heard
from ui.pages.exchange.refused import RefusedList, refused_file
from ui.pages.wording import FieldDifference, packet_changes, packet_lines
from ui.system.memory import let_go
from ui.tasks import State
from ui.theme import SPACE_S
from ui.widgets.boxes import boxed, column_of, row_of, splitter
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.drop_zone import DropZone
from ui.widgets.fields import named, passing
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.steps import Steps
    from fsdesk.services.packet.checking import CheckedPacket, OtherYear
    from fsdesk.services.packet.importing import ImportSummary
    from fsdesk.workspace import Workspace
    from ui.desk import Desk
    from ui.tasks import BackgroundTask

_PACKETS = f"报送包、下发包和反馈包 ({' '.join(f'*{end}' for end in checking.PACKET_FILES)})"
_NONE_FOUND = (
    "没有找到能接收的文件。请选择 .xlsx、.zip 或 .fsdesk 文件（.xls、.et、.ods 也可以），"
    "或放这些文件的文件夹。"
)
_TABLE_HEIGHT = 96  # head, two rows, and the bar below them
_WORDS_HEIGHT = 84
_ONLY_SIGNED = "只接收已签名的"
_VERIFIED, _ONLY_OTHERS = "已核实，接收", "只接收其余的"
_ADD_KEY, _REPLACE_KEY = "登记", "登记并作废旧密钥"


class ReceivingPanel(QWidget):
    """A drop zone, a table of files, and what the chosen file would change."""

    ready = Signal(bool)  # whether something was shown that can be taken
    taken = Signal()  # the workspace may have changed
    mending_wanted = Signal(str)  # period of a report that was returned

    def __init__(self, desk: Desk) -> None:
        """Begin without files."""
        super().__init__()
        self._desk = desk
        self._plan: Plan | None = None
        self._checked: tuple[CheckedPacket, ...] = ()
        self._words = ""
        self._headings: dict[Path, HeadingChoice] = {}
        self._sheets: dict[Path, SheetChoice] = {}
        self._checking: BackgroundTask | None = None
        self._taking: BackgroundTask | None = None
        self._results: tuple[tuple[str, str, str], ...] = ()
        self._begins: tuple[OtherYear, Path] | None = None
        self._moves: OtherYear | None = None
        self._of_years: dict[int, list[Path]] = {}  # the files that belong to other years
        whose = "各单位的报送包" if desk.is_office else "汇总端的下发包"
        self.zone = DropZone(
            f"把{whose}拖到这里，或点击选择",
            "可一次选择多个文件或文件夹；接收前先显示会改变什么",
            self._choose_files,
            checking.PACKET_FILES,
        )
        self.zone.paths_chosen.connect(self.check)
        self.folder = button("选择文件夹…", self._choose_folder, "link", "folder-open")
        self.refused = RefusedList(self._show_file, is_office=desk.is_office)
        self.result = label("", "muted", wrap=True)
        self.copy = button("复制结果清单", self._copy, "link")
        self.save = button("保存结果清单", self._save, "link")
        self.mark = button("另存批注…", self._annotate, "link")
        self.trust = button("登记新密钥…", self._register, "link")
        self.by_hidden = button("按隐藏信息", lambda: self._choose(HeadingChoice.HIDDEN), "link")
        self.by_title = button("按标题", lambda: self._choose(HeadingChoice.TITLE), "link")
        self.sheets = passing(Choice("相像的工作表读哪一张"))
        self.sheets.chosen.connect(self._choose_sheets)
        self.begin_year = button("建立工作区", self._begin_year, icon="calendar-days")
        self.other_year = button("到该年度接收", self._go_to_year, icon="folder-open")
        hidden = (self.copy, self.save, self.begin_year, self.other_year, *self._of_a_file)
        for each in hidden:
            each.hide()
        self.files: RowsModel[CheckedPacket] = RowsModel(_file_columns())
        self.table = ReportTable("exchange-files", self.files)
        self.table.setMinimumHeight(_TABLE_HEIGHT)
        self.table.row_chosen.connect(self._explain)
        self._make_detail()
        self._lay_out()
        self._show_detail((), ())
        desk.runner.finished.connect(self._note_end)

    @property
    def _of_a_file(self) -> tuple[QWidget, ...]:
        """The buttons that concern files which can't be taken as they are."""
        return (self.sheets, self.by_hidden, self.by_title, self.trust, self.mark)

    def _make_detail(self) -> None:
        """Make what tells of the chosen file."""
        self.words = named(QPlainTextEdit(), "文件的检查情况")
        self.words.setReadOnly(True)
        self.words.setPlaceholderText("选中一个文件，这里逐项显示它会改变什么")
        self.changes: RowsModel[FieldDifference] = RowsModel(_change_columns())
        self.changes_table = ReportTable("exchange-changes", self.changes, "文件会改变什么")

    def _lay_out(self) -> None:
        below = boxed(column_of(self.words, (self.changes_table, 1)))
        split = splitter((self.table, 1), (below, 1), upright=True)
        links = (*self._of_a_file, self.copy, self.save)
        row = row_of(
            (self.result, 1), self.begin_year, self.other_year, *links, self.folder, spacing=-1
        )
        column_of(
            self.zone,
            row,
            self.refused,
            (split, 1),
            spacing=-1,
            margins=(0, SPACE_S, 0, 0),
            parent=self,
        )

    def set_plan(self, plan: Plan) -> None:
        """Name items by this plan."""
        self._plan = plan

    # Checking

    def _choose_files(self) -> list[Path]:
        return self._desk.files.open_many("选择报送包", (_PACKETS, ALL), "packets")

    def _choose_folder(self) -> None:
        folder = self._desk.files.folder("选择放报送包的文件夹", "packets")
        if folder is not None:
            self.check([folder])

    def _show_file(self, file: Path) -> None:
        """Make the row of a refused file current, where the files are still listed."""
        for row in self.files.rows:
            if row.file == file:
                self.table.choose_row(row)

    def check(self, paths: Sequence[Path]) -> None:
        """Read files and show what they would change."""
        self._headings, self._sheets = {}, {}
        self._check(list(paths))

    def _check(self, wanted: list[Path]) -> None:
        headings, sheets = dict(self._headings), dict(self._sheets)

        def job(workspace: Workspace) -> Steps[tuple[CheckedPacket, ...]]:
            other_years.take_keys(workspace)
            return other_years.check_packets(workspace, wanted, headings, sheets)

        self.ready.emit(False)
        self._checking = self._desk.run(job, self._show_checked, title="正在检查文件")

    def _choose(self, choice: HeadingChoice) -> None:
        """Say what counts of the chosen file, its heading or its hidden sheet, and look again."""
        row = self.table.current_row()
        if isinstance(row, checking.CheckedPacket):
            self._headings[row.file] = choice
            self._check([item.file for item in self._checked])

    def _choose_sheets(self, choice: SheetChoice | None) -> None:
        """Say which of the chosen file's sheets are read, and look again."""
        row = self.table.current_row()
        if isinstance(row, checking.CheckedPacket):
            self._sheets.pop(row.file, None)
            if choice is not None:
                self._sheets[row.file] = choice
            self._check([item.file for item in self._checked])

    def _show_checked(self, checked: tuple[CheckedPacket, ...]) -> None:
        # What can't be taken comes first: somebody has to do something about it.
        checked = tuple(sorted(checked, key=lambda item: item.ok))
        self._checked = checked
        self._set_results("", ())
        self.refused.show_files(refused_file(item) for item in checked if not item.ok)
        self._note_years(checked)
        self.files.set_rows(checked)
        if checked:
            self.zone.make_low()
        good = sum(item.ok for item in checked)
        bad = len(checked) - good
        words = f"共 {len(checked)} 个文件：可接收 {good} 个"
        if bad:
            words += f"，不能接收 {bad} 个，原因见下"
        self.result.setText(words if checked else _NONE_FOUND)
        self._show_detail((), ())
        self.table.choose_first()
        self.mark.setVisible(any(checking.has_bad_cells(item) for item in checked))
        self.ready.emit(good > 0)
        self._warn_of_keys(checked)

    def _warn_of_keys(self, checked: Sequence[CheckedPacket]) -> None:
        """Say aloud that a unit which is known signs with another key: it may be somebody else."""
        files = [f"“{item.file.name}”" for item in checked if item.unknown_key]
        if files:
            self._desk.messages.warn(
                f"{'、'.join(files)}的签名密钥与该单位已登记的不一致，可能有人冒名，没有接收。"
                "请先打电话与该单位核实，选中该文件可看说明。"
            )

    def _explain(self, row: object) -> None:
        if isinstance(row, checking.CheckedPacket) and self._plan is not None:
            # A packet that brings a plan is described in that plan's own words.
            brought = row.packet.plan if row.packet else None
            changes = packet_changes(brought or self._plan, row)
            self._show_detail(tuple(packet_lines(row)), changes)
            self.sheets.set_entries(_sheet_choices(row))
            self.sheets.set_value(self._sheets.get(row.file))
            self.sheets.setVisible(bool(row.copies))
            self.trust.setVisible(row.unknown_key)
            self.by_hidden.setVisible(row.heading_differs)
            self.by_title.setVisible(row.heading_differs)

    def _show_detail(self, lines: Sequence[str], changes: Sequence[FieldDifference]) -> None:
        """Show words above the changes; each takes all the room when it is alone."""
        self.words.setPlainText("\n".join(lines))
        self.changes.set_rows(changes)
        self.words.setVisible(bool(lines) or not changes)
        self.words.setMaximumHeight(_WORDS_HEIGHT if changes else 16_777_215)
        self.changes_table.setVisible(bool(changes))

    # Other years

    def _note_years(self, checked: Sequence[CheckedPacket]) -> None:
        """Offer what can be done about files of other years, until others are checked."""
        found = [(item.elsewhere, item.file) for item in checked if item.elsewhere]
        self._of_years = {}
        for where, file in found:
            self._of_years.setdefault(where.year, []).append(file)
        self._begins = next(((where, file) for where, file in found if where.begins), None)
        self._moves = next((where for where, _ in found if where.folder), None)
        self.begin_year.setVisible(self._begins is not None)
        self.other_year.setVisible(self._moves is not None)
        if self._begins is not None:
            self.begin_year.setText(f"建立 {self._begins[0].year} 年工作区")
        if self._moves is not None:
            self.other_year.setText(f"到 {self._moves.year} 年工作区接收")

    def _begin_year(self) -> None:
        """Make the workspace of the year that a PLAN packet is for, and go there."""
        if self._begins is None:
            return
        where, file = self._begins
        self.begin_year.setEnabled(False)
        self._desk.run(
            lambda w: next_year.make_from_packet(w, file),
            lambda folder: self._begun(replace(where, folder=folder, begins=False), file),
            self._not_begun,
            title=f"正在建立 {where.year} 年工作区",
        )

    def _not_begun(self, problem: Exception) -> None:
        self.begin_year.setEnabled(True)
        self._desk.messages.error(problem)

    def _begun(self, where: OtherYear, file: Path) -> None:
        self.begin_year.setEnabled(True)
        self.begin_year.hide()
        self._begins, self._moves = None, where
        self._of_years[where.year].remove(file)  # the workspace begins with it
        own = self._desk.workspace.identity.year
        words = (
            f"已建立 {where.year} 年工作区。{own} 年的工作区照常填报和报送，在上方“年度”处切换。"
        )
        if not any(item.ok for item in self._checked):
            self._open_year(where, words)
            return
        self.other_year.setText(f"到 {where.year} 年工作区")
        self.other_year.show()
        self._desk.messages.info(f"{words}其余文件还没有接收。")

    def _go_to_year(self) -> None:
        if self._moves is not None:
            self._open_year(self._moves)

    def _open_year(self, where: OtherYear, words: str = "") -> None:
        if where.folder is not None:
            self._desk.switch_to(where.folder, tuple(self._of_years[where.year]), words)

    # Taking

    def take(self) -> None:
        """Take only what is clean, and only as it was shown."""
        wanted = [item for item in self._checked if item.ok]
        for doubtful, ask in (
            ([item for item in wanted if item.lacks_seal], self._ask_missing),
            ([item for item in wanted if item.plan_doubt], self._ask_plan),
            ([i for i in wanted if i.needs_yes and not i.lacks_seal], self._ask_unsigned),
        ):
            verb = ask(doubtful, len(wanted)) if doubtful else ""
            if verb is None:
                return
            if verb in {_ONLY_SIGNED, _ONLY_OTHERS}:
                wanted = [item for item in wanted if item not in doubtful]
        accepted = importing.Accepted(
            unsigned=any(item.needs_yes and not item.lacks_seal for item in wanted),
            missing=any(item.lacks_seal for item in wanted),
            plan=any(item.plan_doubt for item in wanted),
        )
        shown = {item.file: item.digest for item in wanted}
        headings, sheets = dict(self._headings), dict(self._sheets)
        self.ready.emit(False)
        self._taking = self._desk.run(
            lambda w: importing.import_packets(
                w, list(shown), shown, accepted=accepted, heading=headings, sheets=sheets
            ),
            self._show_taken,
            title="正在接收文件",
        )

    def _ask_missing(self, files: Sequence[CheckedPacket], count: int) -> str | None:
        names = [item.packet.header.unit_name for item in files if item.packet]
        return self._desk.messages.ask(
            f"有 {len(files)} 个文件应有签名而没有，已经打电话核实了吗？",
            f"{'、'.join(names)}平时用已登记的密钥签名，这次的签名不见了，可能被人改动或冒名。"
            "没有核实的请不要接收，最好请发件单位重新导出。",
            (_VERIFIED, _ONLY_OTHERS) if count > len(files) else (_VERIFIED,),
            danger=True,
        )

    def _ask_plan(self, files: Sequence[CheckedPacket], count: int) -> str | None:
        return self._desk.messages.ask(
            "要按这个文件更换本单位的计划吗？",
            "\n".join(f"“{item.file.name}”{item.plan_doubt}。" for item in files)
            + "\n请先打电话与汇总端核实。",
            (_VERIFIED, _ONLY_OTHERS) if count > len(files) else (_VERIFIED,),
            danger=True,
        )

    def _ask_unsigned(self, unsigned: Sequence[CheckedPacket], count: int) -> str | None:
        names = [item.packet.header.unit_name for item in unsigned if item.packet]
        return self._desk.messages.ask(
            f"有 {len(unsigned)} 个文件没有签名，或有手工填写的内容没有签名，一并接收吗？",
            f"请与发件单位核对内容：{'、'.join(names)}。",
            ("一并接收", _ONLY_SIGNED) if count > len(unsigned) else ("一并接收",),
        )

    def _show_taken(self, summary: ImportSummary) -> None:
        refused = [item for item in self._checked if not item.ok]
        rejected = summary.count(Result.REJECTED) + len(refused)
        words = (
            f"已导入 {summary.count(Result.IMPORTED)} 个，"
            f"无变化 {summary.count(Result.UNCHANGED)} 个，未接收 {rejected} 个"
        )
        told = _told_of_reports(summary)
        words = "。".join([*told.values(), words])
        if summary.conflicts:
            words += f"；{summary.conflicts} 项两边都改过，请在“待处理差异”中选择"
        self.result.setText(words)
        self._set_results(words, result_rows(summary, refused))
        late = [it.checked for it in summary.files if it.result is Result.REJECTED]
        self.refused.show_files(map(refused_file, [*refused, *late]))
        self._forget_checked()
        self._show_detail(["\t".join(row) for row in self._results], ())
        if told:
            period = next(iter(told))
            self._desk.messages.warn(
                f"{words}。",
                "去查看",
                lambda: self.mending_wanted.emit(period),
                cause=RETURNED if _any_returned(summary) else "",
            )
        else:
            tell = self._desk.messages.warn if rejected else self._desk.messages.info
            tell(f"{words}。")
        self.taken.emit()

    def _forget_checked(self) -> None:
        """Give the packets back, which may hold a hundred thousand rows."""
        gone = list(self._checked)
        self._checked = ()
        self.files.set_rows(())
        let_go(self._desk.runner, gone)

    def _note_end(self, task: BackgroundTask) -> None:
        """Say what stands after the user cancelled."""
        if task.state is not State.CANCELLED:
            return
        if task is self._checking:
            self.result.setText("已取消检查，没有接收任何文件。")
            self._note_years(())
            self._forget_checked()
            self._show_detail((), ())
        elif task is self._taking:
            self._desk.messages.warn("已取消接收：取消前接收的文件已经入库，其余没有接收。")
            self.taken.emit()
            self.check([item.file for item in self._checked])

    # What is left to do with files

    def _set_results(self, words: str, rows: tuple[tuple[str, str, str], ...]) -> None:
        self._words, self._results = words, rows
        for each in (self.copy, self.save):
            each.setVisible(bool(rows))
        for each in self._of_a_file:
            each.hide()

    def _copy(self) -> None:
        lines = ["\t".join(row) for row in self._results]
        QGuiApplication.clipboard().setText("\n".join([self._words, *lines]))

    def _save(self) -> None:
        file = self._desk.files.save("保存结果清单", "接收结果.xlsx", (EXCEL,), "packets")
        if file is None:
            return
        words, rows = self._words, self._results
        self._desk.runner.run(
            lambda: save_results(file, words, rows),
            lambda _none: self._desk.tell_written("已保存结果清单。", file),
        )

    def _annotate(self) -> None:
        """Write copies of what was refused, with the reason at each cell, to be sent back."""
        folder = self._desk.files.folder("选择批注文件的保存文件夹", "packets")
        if folder is None:
            return
        checked = self._checked
        self._desk.runner.run(
            lambda: checking.annotate(checked, folder),
            lambda copies: self._desk.tell_written(
                f"已生成 {len(copies)} 个带批注的文件，可发回原单位改正。", folder
            ),
            title="正在写批注",
        )

    def _register(self) -> None:
        """Register the key of the chosen file, once a person has compared it."""
        row = self.table.current_row()
        if not isinstance(row, checking.CheckedPacket):
            return
        verb, heard = ask_heard(
            self.window(), f"{row.findings[0].message}。", (_ADD_KEY, _REPLACE_KEY)
        )
        if not verb:
            return
        file, files = row.file, [it.file for it in self._checked]
        self._desk.run(
            lambda w: signing.register_key_of(w, file, heard, instead=verb == _REPLACE_KEY),
            lambda _signer: self.check(files),
        )


def _told_of_reports(summary: ImportSummary) -> dict[str, str]:
    """Return what the office said of reports that was taken, in words by period."""
    return {
        item.checked.packet.header.period: "。".join(item.checked.reviews)
        for item in summary.files
        if item.result is Result.IMPORTED and item.checked.packet and item.checked.reviews
    }


def _any_returned(summary: ImportSummary) -> bool:
    """Tell whether a report was returned, rather than accepted, by what was taken."""
    packets = (it.checked.packet for it in summary.files if it.result is Result.IMPORTED)
    said = (it.directives.review for it in packets if it and it.directives)
    return any(review and review.state is ReviewState.RETURNED for review in said)


def _sheet_choices(row: CheckedPacket) -> list[tuple[str, SheetChoice | None]]:
    """Return what can be chosen for the sheets of a file that look like its own."""
    if not row.copies:
        return []
    own = "、".join(dict.fromkeys(f"“{copy.of}”" for copy in row.copies))
    return [
        ("工作表：请选择读哪一张", None),
        ("合并读取", SheetChoice(merge=True)),
        *((f"只读{copy}", SheetChoice(only=(copy.title,))) for copy in row.copies),
        (f"不读相像的，只读原有的{own}", SheetChoice()),
    ]


def _verdict(row: CheckedPacket) -> Light:
    if not row.ok:
        return Light.RED
    if not row.brings_anything:
        return Light.GREY
    doubtful = row.conflicts or row.findings or row.needs_yes
    return Light.YELLOW if doubtful else Light.GREEN


def _trust(row: CheckedPacket) -> Light | None:
    """Return the colour of what a file's signature is worth."""
    if row.signature is None:
        return None
    colours = {SignatureState.VALID: Light.GREEN, SignatureState.MISSING: Light.RED}
    return colours.get(row.signature, Light.YELLOW)


_VERDICTS = {
    Light.RED: "不能接收",
    Light.GREY: "无变化",
    Light.YELLOW: "可接收，请看提醒",
    Light.GREEN: "可接收",
}


def _made(row: CheckedPacket) -> str:
    """Return when a packet was finished: exported, or saved by whoever filled it by hand."""
    if row.packet is None:
        return ""
    by_hand = row.packet.modified_at if row.packet.hand_edited else None
    return clock_text((by_hand or row.packet.header.created_at).isoformat())


def _file_columns() -> tuple[RowColumn[CheckedPacket], ...]:
    def header(name: str, row: CheckedPacket) -> str:
        return str(getattr(row.packet.header, name)) if row.packet else ""

    def signature(row: CheckedPacket) -> str:
        return row.signature.label if row.signature else ""

    def mark(row: CheckedPacket) -> str:
        return f"密钥指纹 {row.fingerprint}" if row.fingerprint else ""

    def count(title: str, of: str) -> RowColumn[CheckedPacket]:
        def number(row: CheckedPacket) -> int:
            found = getattr(row, of)
            return found if isinstance(found, int) else len(found)

        return RowColumn(title, lambda r: str(number(r)), number, number=True, width=56)

    return (
        RowColumn("检查结果", lambda r: _VERDICTS[_verdict(r)], width=138, light=_verdict),
        RowColumn("文件", lambda r: r.file.name, stretch=True, tip=lambda r: str(r.file)),
        RowColumn("单位", lambda r: header("unit_name", r), width=150),
        RowColumn("种类", lambda r: r.packet.header.kind.label if r.packet else "", width=68),
        RowColumn("报告期", lambda r: header("period", r), width=76),
        RowColumn("生成时间", _made, width=126),
        RowColumn("签名", signature, width=132, tip=mark, light=_trust),
        count("更新", "changed"),
        count("差异", "conflicts"),
        count("提醒", "findings"),
    )


def _change_columns() -> tuple[RowColumn[FieldDifference], ...]:
    def note(row: FieldDifference) -> str:
        return "两边都改过，将并列保留" if row.conflict else ""

    return (
        RowColumn("项目", lambda r: r.item, width=260, tip=lambda r: r.item),
        RowColumn("内容", lambda r: r.field, width=96),
        RowColumn("本机现有", lambda r: r.before, stretch=True, tip=lambda r: r.before),
        RowColumn("接收后", lambda r: r.after, stretch=True, tip=lambda r: r.after),
        RowColumn("说明", note, width=150),
    )
