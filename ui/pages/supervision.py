"""督办: what should come next, who lags and why, and the letters with their facts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QDateEdit,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from fsdesk.domain.periods import Period
from fsdesk.domain.supervision_steps import Action, Proposal
from fsdesk.services import letter_course, reporting, supervision
from ui import remember
from ui.models.rows import Column, RowsModel
from ui.page import Page
from ui.pages.letter_saving import LetterSaving, Paper
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.buttons import button
from ui.widgets.label import label
from ui.widgets.report_table import ReportTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from fsdesk.services.supervision import CaseDesk, Lagging
    from ui.desk import Desk


class SupervisionPage(Page):
    """The office decides: nothing is drafted or issued without its yes."""

    def __init__(self, desk: Desk) -> None:
        """Build the two views."""
        super().__init__("督办")
        self._desk, self._period = desk, ""
        self._found: CaseDesk | None = None
        self._files = LetterSaving(desk)
        self._names: dict[str, str] = {}
        self.proposals: RowsModel[Proposal] = RowsModel(_proposal_columns(self._names))
        self.proposal_table = _table("supervision-proposals", self.proposals, "督办建议")
        self.lagging: RowsModel[Lagging] = RowsModel(_lagging_columns())
        self.lagging_table = _table("supervision-lagging", self.lagging, "滞后任务")
        self.papers: RowsModel[Paper] = RowsModel(_paper_columns())
        self.paper_table = _table("supervision-papers", self.papers, "函件登记簿")
        self.paper_table.row_chosen.connect(self._show_paper)
        self.facts = label("", "help", wrap=True)
        self.body_text, self.reply_by, self.words = _fields()
        self.agree = button("同意", self._agree, "primary")
        self.put_off = button("暂不", self._put_off)
        self.save = button("保存拟稿", self._save)
        self.withdraw = button("撤回拟稿", self._withdraw)
        self.to_word = button(
            "存为 Word", lambda: self._files.save_one(self.paper_table.current_row())
        )
        self.issue = button("印发", self._issue, "primary")
        self.reply = button("登记回复", self._reply)
        self.grant = button("同意延期", lambda: self._answer(granted=True))
        self.refuse = button("不同意延期", lambda: self._answer(granted=False))
        self.close_letter = button("销号", self._close)
        self._fill_header()
        self._lay_out()
        self._show_paper(None)

    def _fill_header(self) -> None:
        self.header.add_quiet(
            "批量存为 Word…", lambda: self._files.save_open(self.papers.rows), "download"
        )
        self.header.add_quiet(
            "导出登记簿…",
            lambda: self._files.save_register(Period.parse(self._period)),
            "file-spreadsheet",
        )
        self.header.add_quiet(
            "打印登记簿…",
            lambda: self.open_requested.emit("printing", ("table", reporting.REGISTER)),
            "printer",
        )
        self.header.set_primary("全部拟稿", self._agree_all, "file-text")

    def _lay_out(self) -> None:
        first = _column(
            label("下一步建议（须经您同意才会拟稿，印发另须确认）", "section"),
            self.proposal_table,
            _row(self.put_off, self.agree),
            label("滞后任务", "section"),
            self.lagging_table,
        )
        due = QHBoxLayout()
        due.addWidget(label("回复期限"))
        due.addWidget(self.reply_by)
        due.addStretch()
        right = _column(
            self.facts,
            self.body_text,
            due,
            _row(self.to_word, self.withdraw, self.save, self.issue),
            self.words,
            _row(self.refuse, self.grant, self.reply, self.close_letter),
        )
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.paper_table)
        split.addWidget(right)
        split.setSizes([660, 500])
        remember.keep_splitter(split, "supervision")
        self.tabs = QTabWidget()
        self.tabs.addTab(first, "督办建议")
        self.tabs.addTab(_column(split), "函件登记簿")
        self.body.addWidget(self.tabs, 1)

    def refresh(self, period: str) -> None:
        """Load everything about supervision up to a period."""
        self._period = period
        workspace = self._desk.workspace
        self._desk.runner.run(
            lambda: supervision.case_desk(workspace, Period.parse(period)), self._show
        )

    def show_item(self, item: object) -> None:
        """Open a letter by its document number."""
        self.tabs.setCurrentIndex(1)
        for number, paper in enumerate(self.papers.rows):
            if str(item) in (paper.number, paper.key):
                order = self.paper_table.model()
                index = self.papers.index(number, 0)
                self.paper_table.selectRow(order.mapFromSource(index).row())  # pyright: ignore[reportAttributeAccessIssue] - the sorting model of `show_rows`

    def _show(self, found: CaseDesk) -> None:
        self._found = found
        waiting = len(found.waiting)
        self.header.set_note(
            f"截至{found.period.label}：滞后任务 {len(found.lagging)} 项，逾期未报 "
            f"{len(found.missed)} 期次，待回复函件 {waiting} 件"
        )
        if found.notice:
            self._desk.messages.warn(found.notice)
        self._names.update(found.names)
        self.proposals.set_rows(found.proposals)
        self.lagging.set_rows(found.lagging)
        names, today = found.names, found.today
        drafts = [Paper(d, None, names.get(d.unit, d.unit), today) for d in found.drafts]
        issued = [
            Paper(None, n, names.get(n.letter.unit, n.letter.unit), today) for n in found.issued
        ]
        self.papers.set_rows([*drafts, *issued])
        for table in (self.proposal_table, self.lagging_table, self.paper_table):
            table.choose_first()
        if not self.papers.rows:
            self._show_paper(None)
        self.agree.setEnabled(bool(found.proposals))
        self.put_off.setEnabled(bool(found.proposals))

    def _show_paper(self, row: object) -> None:
        paper = row if isinstance(row, Paper) else None
        is_draft = paper is not None and paper.draft is not None
        letter = paper.notice.letter if paper and paper.notice else None
        self.body_text.setPlainText(paper.body if paper else "")
        self.body_text.setReadOnly(not is_draft)
        self.reply_by.setEnabled(is_draft)
        day = paper.reply_by if paper else date.today()  # noqa: DTZ011 - nothing is shown then
        self.reply_by.setDate(QDate(day.year, day.month, day.day))
        for each in (self.save, self.withdraw, self.issue):
            each.setEnabled(is_draft)
        is_open = letter is not None and letter.open
        self.words.clear()
        for widget in (self.words, self.reply, self.close_letter):
            widget.setEnabled(is_open)
        for each in (self.grant, self.refuse):
            each.setEnabled(is_open and letter is not None and letter.asks_extension)
        self.to_word.setEnabled(paper is not None)
        self.facts.setText(_facts(paper) if paper else "还没有函件。同意督办建议后，拟稿列在这里。")

    # What is done

    def _agree(self) -> None:
        proposal = self.proposal_table.current_row()
        if not isinstance(proposal, Proposal):
            return
        if proposal.kind is not None:
            self._draft([proposal])
        elif proposal.letter is not None:
            self.show_item(proposal.letter.key)
            if proposal.action is Action.CLOSE:
                self.words.setText(proposal.why)

    def _agree_all(self) -> None:
        found = self._found
        wanted = [p for p in found.proposals if p.kind] if found else []
        if wanted:
            self._draft(wanted)
        else:
            self._desk.messages.info("没有需要拟稿的督办建议。")

    def _draft(self, wanted: list[Proposal]) -> None:
        workspace, period = self._desk.workspace, Period.parse(self._period)
        self._desk.runner.run(
            lambda: supervision.agree(workspace, period, wanted),
            lambda made: self._changed(f"已拟稿 {len(made)} 件，请在函件登记簿核对后印发。"),
            title="正在拟稿",
        )

    def _put_off(self) -> None:
        proposal = self.proposal_table.current_row()
        if isinstance(proposal, Proposal):
            days = supervision.PUT_OFF_DAYS
            self._run(
                lambda: supervision.put_off(self._desk.workspace, proposal),
                f"已暂缓，{days} 天后仍未解决再提醒。",
            )

    def _draft_values(self) -> tuple[str, str, date]:
        day = self.reply_by.date()
        return (
            self._key(),
            self.body_text.toPlainText(),
            date(day.year(), day.month(), day.day()),
        )

    def _key(self) -> str:
        paper = self.paper_table.current_row()
        return paper.key if isinstance(paper, Paper) else ""

    def _save(self) -> None:
        values = self._draft_values()
        self._run(lambda: supervision.edit_draft(self._desk.workspace, *values), "拟稿已保存。")

    def _withdraw(self) -> None:
        key = self._key()
        self._run(
            lambda: supervision.withdraw(self._desk.workspace, key), "拟稿已撤回，没有占用文号。"
        )

    def _issue(self) -> None:
        values = self._draft_values()
        detail = "印发后编定文号，正文不能再改；生成反馈包即可送达单位。"
        if not self._desk.messages.confirm("印发这份函件？", "印发", detail):
            return
        workspace = self._desk.workspace

        def job() -> object:
            supervision.edit_draft(workspace, *values)
            return supervision.issue(workspace, [values[0]])

        self._run(job, "已印发并编定文号，请生成反馈包发给单位。")

    def _reply(self) -> None:
        key, text = self._key(), self.words.text()
        self._run(
            lambda: letter_course.register_reply(self._desk.workspace, key, text), "回复已登记。"
        )

    def _answer(self, *, granted: bool) -> None:
        key = self._key()
        self._run(
            lambda: letter_course.answer_extension(self._desk.workspace, key, granted=granted),
            "已答复延期申请，随反馈包告知单位。",
        )

    def _close(self) -> None:
        key, proof = self._key(), self.words.text()
        self._run(lambda: letter_course.close(self._desk.workspace, key, proof), "已销号。")

    def _run(self, job: Callable[[], object], words: str) -> None:
        self._desk.runner.run(job, lambda _done: self._changed(words))

    def _changed(self, words: str) -> None:
        self._desk.messages.info(words)
        self.refresh(self._period)
        self.data_changed.emit()


def _facts(paper: Paper) -> str:
    if paper.notice is None:
        return f"{paper.name}　{paper.kind}　拟稿可以修改，印发时才编文号。"
    letter = paper.notice.letter
    parts = [f"{paper.name}　{paper.kind}　{letter.document_number}　{paper.state}"]
    if letter.wanted_until:
        words = (
            f"申请延期至 {letter.wanted_until}（{letter.wanted_answer.label}）：{letter.wanted_why}"
        )
        parts.append(words)
    if letter.reply:
        parts.append(f"回复：{letter.reply}")
    if letter.evidence:
        parts.append(f"销号 {letter.closed_on}：{letter.evidence}")
    return "\n".join(parts)


def _fields() -> tuple[QPlainTextEdit, QDateEdit, QLineEdit]:
    body, day, words = QPlainTextEdit(), QDateEdit(), QLineEdit()
    body.setAccessibleName("函件正文")
    day.setDisplayFormat("yyyy-MM-dd")
    day.setAccessibleName("回复期限")
    words.setPlaceholderText("登记回复时填回复内容，销号时填办结依据")
    words.setAccessibleName("回复内容或办结依据")
    return body, day, words


def _table(key: str, model: RowsModel[Any], name: str) -> ReportTable:
    table = ReportTable(key, dense=True)
    table.setAccessibleName(name)
    table.show_rows(model)
    return table


def _column(*parts: QWidget | QHBoxLayout) -> QWidget:
    """Put widgets and rows below one another; tables and texts take the room that is left."""
    frame = QWidget()
    column = QVBoxLayout(frame)
    column.setContentsMargins(SPACE_S, SPACE_M, 0, 0)
    column.setSpacing(SPACE_S)
    for part in parts:
        if isinstance(part, QHBoxLayout):
            column.addLayout(part)
        else:
            column.addWidget(part, isinstance(part, (ReportTable, QPlainTextEdit, QSplitter)))
    return frame


def _row(*buttons: QPushButton) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch()
    for each in buttons:
        row.addWidget(each)
    return row


def _proposal_columns(names: dict[str, str]) -> tuple[Column[Proposal], ...]:
    return (
        Column("单位", lambda r: names.get(r.unit, r.unit), width=180),
        Column("建议", lambda r: r.kind.label if r.kind else r.action.label, width=130),
        Column("事由", lambda r: r.why, stretch=True, tip=lambda r: r.why),
        Column("所依函件", lambda r: r.letter.document_number if r.letter else "", width=190),
    )


def _lagging_columns() -> tuple[Column[Lagging], ...]:
    return (
        Column("亮灯", lambda _r: "", light=lambda r: r.result.light, width=84),
        Column("单位", lambda r: r.name, width=150),
        Column("任务", lambda r: f"{r.result.task.code} {r.result.task.title}", width=200),
        Column("依据", lambda r: r.rule, stretch=True, tip=lambda r: r.rule),
        Column("自何时滞后", lambda r: r.since.label if r.since else "", width=96),
        Column("走势", lambda r: "".join(light.mark for light in r.trend), width=84),
        Column("在办函件", lambda r: r.letter, width=176),
    )


def _paper_columns() -> tuple[Column[Paper], ...]:
    return (
        Column("文号", lambda r: r.number, width=180),
        Column("种类", lambda r: r.kind, width=104),
        Column("单位", lambda r: r.name, stretch=True),
        Column("状态", lambda r: r.state, width=64),
        Column("回复期限", lambda r: r.reply_by.isoformat(), width=92),
        Column("时限", lambda r: r.left, width=84),
    )
