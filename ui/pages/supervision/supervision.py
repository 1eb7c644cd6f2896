"""督办: what should come next, who lags and why, and the letters with their facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from fsdesk.domain.output.kinds import REGISTER
from fsdesk.domain.periods import Period
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.supervision.steps import Proposal, ProposedAction
from fsdesk.services.pending import PendingKind, PendingWork
from fsdesk.services.supervision import supervision
from ui.models.rows import RowColumn, RowsModel
from ui.page import Page
from ui.pages.settings.office_bar import OfficeBar
from ui.pages.supervision.lagging_lists import LaggingLists, lagging_words
from ui.pages.supervision.letter_register import RegisterPanel
from ui.pages.supervision.letter_saving import LetterSaving
from ui.pages.supervision.letter_steps import listed
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.boxes import column_of
from ui.widgets.buttons import button, button_row
from ui.widgets.label import label
from ui.widgets.later import LaterTabs
from ui.widgets.tables.report_table import ReportTable

if TYPE_CHECKING:
    from fsdesk.domain.supervision.letters import LetterDraft
    from fsdesk.services.supervision.supervision import CaseDesk
    from ui.desk import Desk


_HOLIDAYS = "holidays"  # the cause of a warning


class SupervisionPage(Page):
    """The office decides: nothing is drafted or issued without its yes."""

    def __init__(self, desk: Desk) -> None:
        """Build the three views."""
        super().__init__("督办")
        self._desk, self._period = desk, ""
        self._found: CaseDesk | None = None
        self._files = LetterSaving(desk)
        self._names: dict[str, str] = {}
        self.proposals: RowsModel[Proposal] = RowsModel(_proposal_columns(self._names))
        self.proposal_table = ReportTable("supervision-proposals", self.proposals, "督办建议")
        self.idle = label("", "amber", wrap=True)
        self.agree = button("同意", self._agree, "primary")
        self.put_off = button("暂不", self._put_off)
        self._fill_header()
        self.office_bar = OfficeBar(desk)
        self.office_bar.wanted.connect(lambda: self.open_requested.emit("settings", None))
        self.tabs = LaterTabs()
        self.body.addWidget(self.office_bar)
        self.body.addWidget(self.tabs, 1)
        self.tabs.addTab(self._proposals(), "督办建议")
        self._lists = self.tabs.add("滞后和未报", self._make_lists)
        self._register = self.tabs.add("函件登记簿", self._make_register)

    def _make_lists(self) -> LaggingLists:
        made = LaggingLists()
        made.letter_wanted.connect(self.show_item)
        return made

    def _make_register(self) -> RegisterPanel:
        made = RegisterPanel(self._desk, self._files)
        made.changed.connect(self._changed)
        made.paper_wanted.connect(
            lambda key: self.open_requested.emit("printing", ("letter", "letter", key))
        )
        return made

    @property
    def lists(self) -> LaggingLists:
        """What lags, and who has not reported."""
        return self._lists.part

    @property
    def register(self) -> RegisterPanel:
        """The letters."""
        return self._register.part

    def _fill_header(self) -> None:
        self.header.add_quiet(
            "批量保存函件…", lambda: self._files.save_open(self.register.papers.rows), "download"
        )
        self.header.add_quiet(
            "导出登记簿…",
            lambda: self._files.save_register(Period.parse(self._period)),
            "file-spreadsheet",
        )
        self.header.add_quiet(
            "打印登记簿…",
            lambda: self.open_requested.emit("printing", ("table", REGISTER)),
            "printer",
        )
        self.header.set_primary("全部拟稿", self._agree_all, "file-text")

    def _proposals(self) -> QWidget:
        frame = QWidget()
        column_of(
            label("下一步建议（须经您同意才会拟稿，印发另须确认）", "section"),
            self.idle,
            (self.proposal_table, 1),
            button_row(self.put_off, self.agree),
            margins=(SPACE_S, SPACE_M, 0, 0),
            parent=frame,
        )
        return frame

    def refresh(self, period: str) -> None:
        """Load everything about supervision up to a period."""
        self._period = period
        self.office_bar.refresh()
        self._desk.run(lambda w: supervision.case_desk(w, Period.parse(period)), self._show)

    def show_item(self, item: object) -> None:
        """Open a letter by its document number, or what is to be done about letters."""
        if isinstance(item, PendingWork):
            if item.kind is PendingKind.PROPOSALS:
                self.tabs.setCurrentIndex(0)
                return
            self.tabs.setCurrentWidget(self.register)
            self.register.choose_all(item.letters)
            return
        self.tabs.setCurrentWidget(self.register)
        self.register.choose(item)

    def _show(self, found: CaseDesk) -> None:
        self._found = found
        self.header.set_note(_note(found))
        self.idle.setText(found.idle)
        self.idle.setVisible(bool(found.idle))
        if found.notice:
            self._desk.messages.warn(found.notice, cause=_HOLIDAYS)
        else:
            self._desk.messages.settle(_HOLIDAYS)
        self._names.update(found.names)
        self.proposal_table.show_again(found.proposals, lambda row: row.key)
        self._lists.bring(lambda panel: panel.show_desk(found))
        self._register.bring(lambda panel: panel.show_desk(found))
        self.agree.setEnabled(bool(found.proposals))
        self.put_off.setEnabled(bool(found.proposals))
        self.badge_changed.emit(len(found.proposals))

    # What is done

    def _chosen(self) -> list[Proposal]:
        return [row for row in self.proposal_table.selected_rows() if isinstance(row, Proposal)]

    def _agree(self) -> None:
        """Draft what is selected; what needs other words is opened, one at a time."""
        chosen = self._chosen()
        wanted = [each for each in chosen if each.kind is not None]
        if wanted:
            self._draft(wanted, asks=len(wanted) > 1)
            return
        for proposal in chosen[:1]:
            if proposal.letter is not None:
                self.show_item(proposal.letter.key)
                if proposal.action is ProposedAction.CLOSE:
                    self.register.propose_words(proposal.why)

    def _agree_all(self) -> None:
        found = self._found
        wanted = [p for p in found.proposals if p.kind] if found else []
        if wanted:
            self._draft(wanted, asks=True)
        else:
            self._desk.messages.info("没有需要拟稿的督办建议。")

    def _draft(self, wanted: list[Proposal], *, asks: bool) -> None:
        """Draft letters; several only after saying how many and which."""
        if asks and not self._desk.messages.ask(
            f"按建议拟 {len(wanted)} 件函件？",
            f"{listed([self._line(each) for each in wanted])}\n拟稿没有文号，可以修改和撤回。",
            (f"拟稿 {len(wanted)} 件",),
        ):
            return
        period = Period.parse(self._period)
        self._desk.run(
            lambda w: supervision.agree(w, period, wanted), self._drafted, title="正在拟稿"
        )

    def _line(self, proposal: Proposal) -> str:
        kind = proposal.kind.label if proposal.kind else ""
        return f"{self._names.get(proposal.unit, proposal.unit)}　{kind}"

    def _drafted(self, made: tuple[LetterDraft, ...]) -> None:
        if not made:  # pressed twice
            return
        keys = [draft.key for draft in made]
        self._desk.messages.info(
            f"已拟稿 {len(made)} 件，请在函件登记簿核对后印发。",
            "撤回拟稿",
            lambda: self._desk.run(
                lambda w: supervision.withdraw(w, *keys),
                lambda gone: self._changed(f"已撤回拟稿 {len(gone)} 件。"),
            ),
        )
        self._changed("")

    def _put_off(self) -> None:
        """Let what is selected rest for a week."""
        chosen, days = self._chosen(), supervision.PUT_OFF_DAYS

        def job() -> None:
            for proposal in chosen:
                supervision.put_off(self._desk.workspace, proposal)

        if chosen:
            words = f"已暂缓 {len(chosen)} 项，{days} 天后仍未解决再提醒。"
            self._desk.runner.run(job, lambda _none: self._changed(words))

    def _changed(self, words: str) -> None:
        if words:
            self._desk.messages.info(words)
        self.refresh(self._period)
        self.data_changed.emit()


def _note(found: CaseDesk) -> str:
    if found.idle:
        return f"截至{found.period.label}：待回复函件 {len(found.waiting)} 件"
    return (
        f"截至{found.period.label}：{lagging_words(found)}，"
        f"{Measure.MISSED.label} {len(found.missed)} 期次，待回复函件 {len(found.waiting)} 件"
    )


def _proposal_columns(names: dict[str, str]) -> tuple[RowColumn[Proposal], ...]:
    return (
        RowColumn("单位", lambda r: names.get(r.unit, r.unit), width=180),
        RowColumn("建议", lambda r: r.kind.label if r.kind else r.action.label, width=130),
        RowColumn("事由", lambda r: r.why, stretch=True, tip=lambda r: r.why),
        RowColumn("所依函件", lambda r: r.letter.document_number if r.letter else "", width=190),
    )
