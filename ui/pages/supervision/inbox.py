"""来函: the letters that came to the unit, and its replies."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QDateEdit, QPlainTextEdit, QWidget

from fsdesk.domain.output.kinds import LETTERS_IN, Form
from fsdesk.domain.packet.directives import LetterNotice
from fsdesk.domain.packet.handover import HandedOver, Handover, Thing, ThingKind
from fsdesk.services.ladder import handing_down
from fsdesk.services.status import handover
from fsdesk.services.supervision import follow_up
from ui.files import ALL
from ui.messages import told
from ui.models.rows import RowColumn, RowsModel
from ui.page import Page
from ui.pages.handover_note import HandoverNote
from ui.pages.recording.evidence import EvidenceRow
from ui.pages.recording.evidence_desk import EvidenceDesk, warn_of
from ui.theme import SPACE_M
from ui.widgets.boxes import column_of, row_of, splitter
from ui.widgets.buttons import button
from ui.widgets.fields import line_edit, named
from ui.widgets.kept_fields import KeptFields, marked
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ui.desk import Desk

_NO_DAY = QDate(2000, 1, 1)  # what stands in the field of a day while there is no letter


class InboxPage(Page):
    """A unit reads its letters, answers them, or asks for more time."""

    def __init__(self, desk: Desk) -> None:
        """Build list and letter."""
        super().__init__("来函")
        self._desk = desk
        self._shown: LetterNotice | None = None
        self.stands = HandedOver()
        self.letters: RowsModel[LetterNotice] = RowsModel(self._columns())
        self.table = ReportTable("inbox", self.letters, "来函")
        self.table.row_chosen.connect(self._show_letter)
        desk.drafts.marked.connect(self.letters.look_again)
        self.facts = label("", "help", wrap=True)
        self.below = label("", "help", wrap=True)
        self.text, self.reply = _texts()
        self.until = named(QDateEdit(), "申请延期至")
        self.until.setDisplayFormat("yyyy-MM-dd")
        self.until.setMinimumDate(_NO_DAY)
        self.until.setSpecialValueText("—")
        self.why = line_edit("延期理由", "延期理由和目前进展")
        self.kept = KeptFields(desk.drafts, self)
        for name, field in (("reply", self.reply), ("until", self.until), ("why", self.why)):
            self.kept.add(name, field)
        self.ask = button("申请延期", self._ask)
        self.proofs = EvidenceRow(())
        files = EvidenceDesk(desk, self)
        files.changed.connect(self._note_proofs)
        self.proofs.open_wanted.connect(files.open)
        self.proofs.remove_wanted.connect(files.remove)
        self.proofs.add_wanted.connect(self._attach)
        self.on_paper = button("预览和打印", self._show_on_paper)
        self.object = button("提出异议", self._object)
        self.send = button("保存回复", self._reply, "primary")
        self.handover = HandoverNote()
        self.handover.export_wanted.connect(self.export_requested)
        self._lay_out()
        self._show_letter(None)

    def _lay_out(self) -> None:
        right = QWidget()
        buttons = row_of(
            self.handover,
            (label("保存后随报送包报出；有佐证材料请导出 .zip。", "muted"), 1),
            self.object,
            self.send,
            spacing=-1,
        )
        column_of(
            row_of((self.facts, 1), self.on_paper, spacing=-1),
            self.below,
            (self.text, 3),
            label("回复", "section"),
            (self.reply, 2),
            self.kept.note,
            self.proofs,
            buttons,
            row_of(label("延期至"), self.until, (self.why, 1), self.ask, spacing=-1),
            margins=(SPACE_M, 0, 0, 0),
            parent=right,
        )
        self.body.addWidget(splitter(self.table, right, sizes=[520, 620]), 1)

    def refresh(self, period: str) -> None:
        """Load the letters; the period makes no difference."""
        del period
        self._desk.run(lambda w: (follow_up.inbox(w), handover.handed_over(w)), self._show)

    def show_item(self, item: object) -> None:
        """Open a letter by its document number."""
        for notice in self.letters.rows:
            if str(item) in (notice.letter.document_number, notice.letter.key):
                self.table.choose_row(notice)

    def _show(self, loaded: tuple[Sequence[LetterNotice], HandedOver]) -> None:
        found, self.stands = loaded
        before = self._key()
        self.letters.set_rows(found)
        waiting = sum(n.letter.open and not n.letter.reply for n in found)
        unsent = sum(thing.kind is ThingKind.REPLY for thing in self.stands.unsent)
        told = f"，回复未导出 {unsent} 件" if unsent else ""
        self.header.set_note(f"共 {len(found)} 件，待回复 {waiting} 件{told}")
        self.badge_changed.emit(waiting + unsent)
        if found:
            self.show_item(before)  # the one that was chosen stays chosen
            if self.table.current_row() is None:
                self.table.choose_first()
        else:
            self._show_letter(None)

    def _show_letter(self, row: object) -> None:
        notice = self._shown = row if isinstance(row, LetterNotice) else None
        is_open = notice is not None and notice.letter.open
        self.text.setPlainText(notice.text if notice else "")
        self.on_paper.setEnabled(notice is not None)
        answers = (self.reply, self.proofs, self.object, self.send)
        for widget in (*answers, self.until, self.why, self.ask):
            widget.setEnabled(is_open)
        self._load_proofs()
        self._load_below()
        self.handover.show_thing(self._thing(notice) if notice else None)
        if notice is None:
            no_day = _NO_DAY.toString(Qt.DateFormat.ISODate)
            self.kept.show("", {"reply": "", "until": no_day, "why": ""})
            self.facts.setText("还没有来函。导入汇总端的反馈包后，函件列在这里。")
            return
        letter = notice.letter
        # More time ends later than the time that was given: any earlier day would be refused.
        day = follow_up.more_time(letter)
        stored = {"reply": letter.reply, "until": day.isoformat(), "why": letter.wanted_why}
        self.kept.show(_place(letter.key), stored)
        words = f"{letter.kind.label}　{letter.document_number}　{letter.state.label}　"
        words += f"请于 {letter.reply_by} 前回复"
        self.facts.setText("\n".join((words, *notice.remarks)))

    def _state(self, notice: LetterNotice) -> str:
        thing = self._thing(notice)
        return thing.state.label if thing is not None else "—"

    def _thing(self, notice: LetterNotice) -> Thing | None:
        """Return how far the answer to a letter has come, and what proves it."""
        reply = self.stands.of(ThingKind.REPLY, notice.letter.key)
        if reply is not None and reply.state is Handover.UNSENT:
            return reply
        proof = self.stands.of(ThingKind.EVIDENCE, str(follow_up.proof_key(notice.letter)))
        return proof if proof is not None and proof.state is Handover.UNSENT else reply

    def _key(self) -> str:
        return self._shown.letter.key if self._shown else ""

    def _show_on_paper(self) -> None:
        self.open_requested.emit("printing", (Form.LETTER, LETTERS_IN, self._key()))

    def _reply(self) -> None:
        key, text = self._key(), self.reply.toPlainText()
        self._run(
            lambda: follow_up.reply(self._desk.workspace, key, text),
            "回复已保存，随报送包报出。",
            "reply",
        )

    def _object(self) -> None:
        key, why = self._key(), self.reply.toPlainText()
        self._run(
            lambda: follow_up.object_to(self._desk.workspace, key, why),
            "异议已保存，随下一个报送包报出。",
            "reply",
        )

    def _ask(self) -> None:
        key, day, why = self._key(), self.until.date(), self.why.text()
        until = date(day.year(), day.month(), day.day())
        self._run(
            lambda: follow_up.ask_extension(self._desk.workspace, key, until, why),
            "延期申请已保存，随下一个报送包报出。",
            "until",
            "why",
        )

    def _attach(self, paths: list[Path]) -> None:
        files = paths or self._desk.files.open_many("选择佐证材料", (ALL,), "evidence")
        workspace, key = self._desk.workspace, self._key()

        def job() -> None:
            for file in files:
                follow_up.attach(workspace, key, file)

        if files:
            self._desk.runner.run(job, lambda _none: self._attached(files), title="正在添加附件")

    def _note_proofs(self) -> None:
        """Bring up to date what is said of a letter whose evidence changed."""
        self.refresh("")
        self.data_changed.emit()

    def _attached(self, files: Sequence[Path]) -> None:
        self._note_proofs()
        warn_of(self._desk, files)

    def _load_proofs(self) -> None:
        """Show the evidence files of the letter that is shown."""
        notice = self._shown
        if notice is None:
            self.proofs.show_files(())
            return
        self._desk.run(
            lambda w: follow_up.proofs(w, notice.letter),
            lambda found: self.proofs.show_files(found) if self._shown is notice else None,
        )

    def _load_below(self) -> None:
        """Where the unit is an office as well, say who of its own units lags in what is pressed."""
        notice = self._shown
        self.below.hide()
        if notice is None or not notice.tasks or not self._desk.climbs:
            return
        tasks, period = notice.tasks, notice.letter.period

        def show(words: str) -> None:
            if self._shown is notice:
                self.below.setText(words)
                self.below.setVisible(bool(words))

        self._desk.run(
            lambda w: handing_down.below_words(w, tasks, period),
            show,
            lambda problem: show(f"本级落实情况读不出：{told(problem)}"),
        )

    def _run(self, job: Callable[[], object], words: str, *fields: str) -> None:
        """Do a step that stores what stands in some fields."""
        stored = self.kept.handed_over(*fields)
        self._desk.runner.run(job, lambda _done: self._changed(words, stored))

    def _changed(self, words: str, stored: Callable[[], None]) -> None:
        stored()
        self._desk.messages.info(words)
        self.refresh("")
        self.data_changed.emit()

    def _columns(self) -> tuple[RowColumn[LetterNotice], ...]:
        def number(row: LetterNotice) -> str:
            waits = self._desk.drafts.waits(_place(row.letter.key))
            return marked(row.letter.document_number, unsaved=waits)

        return (
            RowColumn("文号", number, lambda r: r.letter.document_number, stretch=True, tip=number),
            RowColumn("种类", lambda r: r.letter.kind.label, width=110),
            RowColumn("回复期限", lambda r: r.letter.reply_by.isoformat(), width=96),
            RowColumn("状态", lambda r: r.letter.state.label, width=72),
            RowColumn("回复报出", self._state, width=80),
        )


def _texts() -> tuple[QPlainTextEdit, QPlainTextEdit]:
    letter, reply = named(QPlainTextEdit(), "来函正文"), named(QPlainTextEdit(), "回复内容")
    letter.setReadOnly(True)
    reply.setTabChangesFocus(True)
    reply.setPlaceholderText("写明整改落实情况；提出异议的，写明事实和依据")
    return letter, reply


def _place(key: str) -> str:
    """Return where what is typed for a letter is kept."""
    return f"supervision/{key}"
