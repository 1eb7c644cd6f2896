"""The register of letters: as a table or a board, and the chosen letter with its next steps."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDateEdit, QLineEdit, QPlainTextEdit, QStackedWidget, QWidget

from fsdesk.domain.supervision.interviews import Interview, interview_in, with_interview
from fsdesk.domain.supervision.letters import LetterKind, LetterState
from fsdesk.services.supervision import follow_up, supervision
from ui.models.rows import RowColumn, RowsModel
from ui.pages.recording.evidence import EvidenceRow
from ui.pages.recording.evidence_desk import EvidenceDesk
from ui.pages.supervision.interview_form import InterviewForm
from ui.pages.supervision.letter_board import LetterBoard
from ui.pages.supervision.letter_saving import LetterListRow, LetterSaving
from ui.pages.supervision.letter_steps import LetterSteps, place_of
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.boxes import column_of, row_of, scrolling, splitter
from ui.widgets.buttons import button, button_row
from ui.widgets.choice import Choice
from ui.widgets.fields import line_edit, named
from ui.widgets.kept_fields import KeptFields, marked
from ui.widgets.label import label
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.domain.records.attachments import Attachment
    from fsdesk.domain.supervision.letters import Letter
    from fsdesk.services.supervision.supervision import CaseDesk
    from ui.desk import Desk

_TABLE, _BOARD = 0, 1
_LETTER_WIDTH, _LEAST_TEXT = 400, 60
_OF_DRAFT = ("body", "reply_by")  # the fields that are part of a draft


class RegisterPanel(QWidget):
    """Every letter opens beside its list; each step is a person's."""

    changed = Signal(str)  # what was done, in words; empty where nobody need be told
    paper_wanted = Signal(str)  # key of the letter to be shown on paper

    def __init__(self, desk: Desk, files: LetterSaving) -> None:
        """Build list, letter and steps."""
        super().__init__()
        self._desk, self._files = desk, files
        self._paper: LetterListRow | None = None
        self._stays: tuple[str, ...] = ()  # keys of what the last step was done to
        self._still_here: frozenset[str] = frozenset()
        self.papers: RowsModel[LetterListRow] = RowsModel(self._columns())
        desk.drafts.marked.connect(self.papers.look_again)
        self.table = ReportTable("supervision-papers", self.papers, "函件登记簿")
        self.table.row_chosen.connect(self._show_paper)
        self.table.selectionModel().selectionChanged.connect(self._name_steps)
        self.board = LetterBoard()
        self.board.chosen.connect(self.choose)
        self.view = Choice("显示方式", [("登记簿", _TABLE), ("看板", _BOARD)], kept=True)
        self.facts = label("", "help", wrap=True)
        self.body_text, self.reply_by, self.words = _fields()
        self.kept = KeptFields(desk.drafts, self)
        self.kept.add("body", self.body_text)
        self.kept.add("reply_by", self.reply_by)
        self.kept.add("words", self.words)
        self.interview = InterviewForm()
        self.interview.changed.connect(self._arrange)
        self.proofs = EvidenceRow((), fixed=True)
        self.proofs.open_wanted.connect(EvidenceDesk(desk, self).open)
        self.save = button("保存拟稿", self._save)
        self.withdraw = button("撤回拟稿", self._withdraw)
        self.on_paper = button("预览和打印", self._show_on_paper)
        self.to_file = button("存为文件", self._save_as_file)
        self.issue = button("印发", self._issue, "primary")
        self.reply = button("登记回复", self._reply)
        self.grant = button("同意延期", lambda: self._answer(granted=True))
        self.refuse = button("不同意延期", lambda: self._answer(granted=False))
        self.close_letter = button("销号", self._close)
        self.back = button("撤回印发", self._go_back)
        self.correct = button("更正", self._correct)
        self.steps = LetterSteps(desk, self)
        self.steps.done.connect(self._stay_on)
        self._lay_out()
        self._show_paper(None)

    def _lay_out(self) -> None:
        split = splitter(self._lists(), self._letter(), sizes=[660, 500])
        column_of(split, margins=(SPACE_S, SPACE_M, 0, 0), parent=self)

    def _lists(self) -> QWidget:
        lists = QStackedWidget()
        lists.addWidget(self.table)
        lists.addWidget(scrolling(self.board))
        self.view.chosen.connect(lists.setCurrentIndex)
        frame = QWidget()
        column_of(
            row_of(label("显示方式", "muted"), self.view, None, spacing=-1),
            (lists, 1),
            parent=frame,
        )
        return frame

    def _letter(self) -> QWidget:
        due = row_of(
            label("回复期限"), self.reply_by, None, self.on_paper, self.to_file, spacing=-1
        )
        frame = QWidget()
        column_of(
            self.facts,
            self.proofs,
            (self.body_text, 1),
            self.interview,
            self.kept.note,
            due,
            button_row(self.withdraw, self.save, self.issue),
            row_of((self.words, 1), self.correct, self.back),
            button_row(self.refuse, self.grant, self.reply, self.close_letter),
            margins=(SPACE_S, 0, 0, 0),
            parent=frame,
        )
        area = scrolling(frame)
        area.setMinimumWidth(_LETTER_WIDTH)
        return area

    def show_desk(self, found: CaseDesk) -> None:
        """Show drafts and letters; what was acted on or chosen stays chosen."""
        stays = self._stays or tuple(row.key for row in self.chosen)
        place, self._stays = self.table.currentIndex().row(), ()
        self._still_here = found.still_here
        self.papers.set_rows(papers_of(found))
        self.board.show_papers(self.papers.rows)
        if not self.papers.rows:
            self._show_paper(None)
        elif not self.table.choose_rows(lambda row: row.key in stays):
            # What was chosen is gone: the one that took its place.
            self.table.selectRow(min(max(place, 0), len(self.papers.rows) - 1))

    @property
    def chosen(self) -> list[LetterListRow]:
        """The selected rows from top to bottom, with the one that is shown."""
        rows, paper = self.table.selected_rows(), self._paper
        return rows if paper is None or paper in rows else [paper, *rows]

    def propose_words(self, words: str) -> None:
        """Put the reason of a step where it is written, unless something was typed there."""
        self.kept.propose("words", words)

    def _stay_on(self, keys: tuple[str, ...]) -> None:
        self._stays = keys
        self.changed.emit("")

    def choose_all(self, keys: tuple[str, ...]) -> None:
        """Choose letters and drafts by their keys, now or once they are loaded."""
        if not self.table.choose_rows(lambda row: row.key in keys):
            self._stays = keys

    def choose(self, name: object) -> None:
        """Choose a letter by its document number or key; one not known yet, once it is loaded."""
        for paper in self.papers.rows:
            if name in (paper.number, paper.key):
                self.table.choose_row(paper)
                return
        self._stays = (str(name),)

    def _show_paper(self, row: object) -> None:
        paper = self._paper = row if isinstance(row, LetterListRow) else None
        is_draft = paper is not None and paper.draft is not None
        letter = paper.notice.letter if paper and paper.notice else None
        self.body_text.setReadOnly(not is_draft)
        self.reply_by.setEnabled(is_draft)
        day = paper.reply_by if paper else date.today()  # noqa: DTZ011 - nothing is shown then
        stored = {"body": paper.body if paper else "", "reply_by": day.isoformat(), "words": ""}
        self.kept.show(place_of(paper.key) if paper else "", stored)
        for each in (self.save, self.withdraw, self.issue):
            each.setVisible(is_draft)
        is_open = letter is not None and letter.open
        for widget in (self.reply, self.close_letter):
            widget.setEnabled(is_open)
        # A draft and a letter have steps of their own; only those take room.
        for widget in (self.words, self.refuse, self.grant, self.reply, self.close_letter):
            widget.setVisible(not is_draft)
        self._offer_way_back(letter)
        objects = letter is not None and letter.objects
        self.grant.setText("异议成立" if objects else "同意延期")
        self.refuse.setText("异议不成立" if objects else "不同意延期")
        for each in (self.grant, self.refuse):
            each.setEnabled(is_open and letter is not None and (objects or letter.asks_extension))
        for each in (self.on_paper, self.to_file):
            each.setEnabled(paper is not None)
        self.facts.setText(_facts(paper) if paper else "还没有函件。同意督办建议后，拟稿列在这里。")
        self._show_interview()
        self._show_proofs(())
        if paper and letter is not None and letter.replied_at:
            self._desk.run(
                lambda w: follow_up.proofs(w, letter),
                lambda found: self._show_proofs(found) if self._paper is paper else None,
            )
        if paper:
            self.board.choose(paper.key)

    def _show_interview(self) -> None:
        draft = self._paper.draft if self._paper else None
        calls = draft is not None and draft.kind is LetterKind.INTERVIEW
        self.interview.setVisible(calls)
        if draft is not None and calls:
            told = interview_in(self.body_text.toPlainText()) or Interview()
            self.interview.show_interview(told, self._desk.workspace.clock().astimezone())

    def _arrange(self, interview: Interview) -> None:
        body, draft = self.body_text.toPlainText(), self._paper.draft if self._paper else None
        calls = draft is not None and draft.kind is LetterKind.INTERVIEW
        if calls and interview != interview_in(body):
            self.body_text.setPlainText(with_interview(body, interview))

    def _show_proofs(self, found: Sequence[Attachment]) -> None:
        self.proofs.show_files(found)
        self.proofs.setVisible(bool(found))

    # What is done

    def _key(self) -> str:
        return self._paper.key if self._paper else ""

    def _draft_values(self) -> tuple[str, str, date]:
        day = self.reply_by.date()
        return (
            self._key(),
            self.body_text.toPlainText(),
            date(day.year(), day.month(), day.day()),
        )

    def _save(self) -> None:
        values = self._draft_values()
        self._run(
            lambda: supervision.edit_draft(self._desk.workspace, *values),
            "拟稿已保存。",
            *_OF_DRAFT,
        )

    def _show_on_paper(self) -> None:
        key = self._key()
        self._stored_first(lambda: self.paper_wanted.emit(key))

    def _save_as_file(self) -> None:
        paper = self._paper
        self._stored_first(lambda: self._files.save_one(paper))

    def _stored_first(self, go_on: Callable[[], object]) -> None:
        """Go on with the text that stands on the screen: a draft that was changed is stored."""
        is_draft = self._paper is not None and self._paper.draft is not None
        if not (is_draft and self.kept.unsaved):
            go_on()
            return
        values, stored = self._draft_values(), self.kept.handed_over(*_OF_DRAFT)

        def done(_draft: object) -> None:
            stored()
            self.changed.emit("")
            go_on()

        self._desk.run(lambda w: supervision.edit_draft(w, *values), done)

    def _name_steps(self) -> None:
        """Say of how many letters the steps are."""
        drafts, letters = len(self._drafts()), len(self._open_letters())
        for each, verb, count in (
            (self.withdraw, "撤回拟稿", drafts),
            (self.issue, "印发", drafts),
            (self.close_letter, "销号", letters),
        ):
            each.setText(f"{verb}（{count} 件）" if count > 1 else verb)

    def _drafts(self) -> list[LetterListRow]:
        return [row for row in self.chosen if row.draft is not None]

    def _open_letters(self) -> list[LetterListRow]:
        return [row for row in self.chosen if row.notice is not None and row.notice.letter.open]

    def _withdraw(self) -> None:
        self.steps.withdraw(self._drafts())

    def _issue(self) -> None:
        rows, values = self._drafts(), self._draft_values()
        waits = [
            row.name
            for row in rows
            if row is not self._paper and self._desk.drafts.waits(place_of(row.key))
        ]
        if waits:
            self._desk.messages.warn(
                f"{'、'.join(waits)}的拟稿有未保存的修改，请逐件核对并保存后再印发。"
            )
            return

        def store() -> None:
            supervision.edit_draft(self._desk.workspace, *values)

        self.steps.issue(rows, store, self.kept.handed_over(*_OF_DRAFT))

    def _close(self) -> None:
        self.steps.close(self._open_letters(), self.words.text(), self.kept.handed_over("words"))

    def _offer_way_back(self, letter: Letter | None) -> None:
        """Show the one way back that there is from a letter's state."""
        closed = letter is not None and letter.state is LetterState.CLOSED
        can = letter is not None and (letter.open or closed)
        here = letter is not None and letter.key in self._still_here
        verbs = ("撤回销号", "撤销销号") if closed else ("撤回印发", "作废")
        self.back.setText(verbs[0] if here else verbs[1])
        self.back.setToolTip("" if here else "请在左边写明原因")
        self.back.setVisible(can)
        left = letter is not None and letter.counts and not here
        self.correct.setVisible(left)
        self.words.setEnabled(can or left)

    def _go_back(self) -> None:
        paper = self._paper
        if paper is None or paper.notice is None:
            return
        why, stored = self.words.text(), self.kept.handed_over("words")
        if paper.key in self._still_here:
            wanted = [row.key for row in self.chosen if row.key in self._still_here]
            self.steps.take_back(wanted)
        elif paper.notice.letter.open:
            self.steps.void(paper, why, stored)
        else:
            self.steps.reopen(paper, why, stored)

    def _correct(self) -> None:
        if self._paper is not None:
            stored = self.kept.handed_over("words")
            self.steps.correct(self._paper, self.words.text(), stored, self.paper_wanted.emit)

    def _reply(self) -> None:
        key, text = self._key(), self.words.text()
        self._run(
            lambda: follow_up.register_reply(self._desk.workspace, key, text),
            "回复已登记。",
            "words",
        )

    def _answer(self, *, granted: bool) -> None:
        """Rule on an objection where there is one, else answer what was asked for."""
        key, why, workspace = self._key(), self.words.text(), self._desk.workspace
        notice = self._paper.notice if self._paper else None
        if notice is not None and notice.letter.objects:
            self._run(
                lambda: follow_up.rule_on(workspace, key, why, upheld=granted),
                "已裁定异议，随反馈包告知单位。",
                "words",
            )
            return
        self._run(
            lambda: follow_up.answer_extension(workspace, key, why, granted=granted),
            "已答复延期申请，另发复函，原件不变；复函在“打印”页，随反馈包送单位。",
            "words",
        )

    def _run(self, job: Callable[[], object], words: str, *fields: str) -> None:
        """Do a step, which stores what stands in some fields."""
        stored = self.kept.handed_over(*fields) if fields else None

        def done(_result: object) -> None:
            if stored is not None:
                stored()
            self.changed.emit(words)

        self._desk.runner.run(job, done)

    def _columns(self) -> tuple[RowColumn[LetterListRow], ...]:
        def number(row: LetterListRow) -> str:
            return marked(row.number, unsaved=self._desk.drafts.waits(place_of(row.key)))

        return (
            RowColumn("文号", number, lambda r: r.number, width=180, tip=number),
            RowColumn("种类", lambda r: r.kind, width=124),
            RowColumn("单位", lambda r: r.name, stretch=True),
            RowColumn("状态", lambda r: r.state, width=64),
            RowColumn("回复期限", lambda r: r.reply_by.isoformat(), width=92),
            RowColumn("时限", lambda r: r.left, lambda r: r.reply_by.isoformat(), width=84),
        )


def papers_of(found: CaseDesk) -> tuple[LetterListRow, ...]:
    """Return drafts, then letters, as rows."""
    names, today = found.names, found.today
    drafts = [LetterListRow(d, None, names.get(d.unit, d.unit), today) for d in found.drafts]
    kept = {key: how.label for key, how in found.kept.items()}
    issued = [
        LetterListRow(
            None, n, names.get(n.letter.unit, n.letter.unit), today, kept.get(n.letter.key, "")
        )
        for n in found.issued
    ]
    return (*drafts, *issued)


def _facts(paper: LetterListRow) -> str:
    if paper.notice is None:
        return f"{paper.name}　{paper.kind}　拟稿可以修改，印发时才编文号。"
    letter = paper.notice.letter
    parts = [f"{paper.name}　{paper.kind}　{letter.document_number}　{paper.state}"]
    if paper.kept:
        parts.append(f"原件{paper.kept}，预览、打印和保存都用这一份")
    parts += paper.notice.remarks
    if letter.reply:
        parts.append(f"回复：{letter.reply}")
    if letter.state is LetterState.CLOSED:
        parts.append(f"销号 {letter.closed_on}：{letter.evidence}")
    return "\n".join(parts)


def _fields() -> tuple[QPlainTextEdit, QDateEdit, QLineEdit]:
    body = named(QPlainTextEdit(), "函件正文")
    day = named(QDateEdit(), "回复期限")
    words = line_edit(
        "回复内容、办结依据、理由或更正内容",
        "登记回复填回复内容，销号填办结依据，裁定、答复、作废填理由，更正填更正内容",
    )
    body.setMinimumHeight(_LEAST_TEXT)
    body.setTabChangesFocus(True)
    day.setDisplayFormat("yyyy-MM-dd")
    return body, day, words
