"""读取文件: an official document beside the plan that was read from it; taken only after 确认."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from fsdesk.services.care import next_year
from fsdesk.services.plan_document import plan_documents
from fsdesk.services.plan_document.keeping import Review, review_in, written
from ui.files import ALL
from ui.page import Page
from ui.pages.plan_document.beginning import ENDINGS, Beginning
from ui.pages.plan_document.checking import Checking
from ui.pages.plan_document.pasting import ask_for_text
from ui.pages.plan_document.taking import Taking
from ui.widgets.later import Later
from ui.widgets.undo_buttons import UndoButtons

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from fsdesk.domain.plan_document import ParsedPlan
    from ui.desk import Desk
    from ui.pages.plan_document.trail import DraftTrail

DOCUMENTS = "工作要点文件 (*.docx *.pdf *.ofd *.html *.htm *.mht *.txt *.xlsx)"
# Where the review is kept that has not been confirmed yet.
REVIEW = "plan_document/review"
_PASTED = "粘贴的文字"


class PlanDocumentPage(Page):
    """Three steps: choosing a document, checking it, seeing what taking it will do."""

    widest = 0

    def __init__(self, desk: Desk) -> None:
        """Begin without a document."""
        super().__init__("读取工作要点文件")
        self._desk = desk
        self._year = desk.workspace.identity.year
        self._name = ""
        self._corrected = False  # before it was broken off
        self.beginning = Beginning(self._choose_files, self._year)
        self._checking, self._taking = Later(self._make_checking), Later(self._make_taking)
        self._history = UndoButtons(
            self,
            lambda: self._checking.bring(Checking.undo),
            lambda: self._checking.bring(Checking.redo),
        )
        self.undo, self.redo = self._history.both
        for made in self._history.both:
            self.header.add_widget(made)
        self.another = self.header.add_quiet("另选文件…", self._begin_again, "file-up")
        self.confirm = self.header.set_primary("确认", self._compare, "check")
        self._stack = QStackedWidget()
        self.body.addWidget(self._stack, 1)
        for step in (self.beginning, self._checking, self._taking):
            self._stack.addWidget(step)
        self.setAcceptDrops(True)
        self._connect()
        self._show(self.beginning)
        desk.runner.beside(plan_documents.load_reader)

    def _connect(self) -> None:
        self.beginning.file_chosen.connect(self.read)
        self.beginning.paste_wanted.connect(self._paste)
        self.beginning.next_year_wanted.connect(self._roll_over)
        self.beginning.baselines_wanted.connect(self._update_baselines)
        self.beginning.going_on_wanted.connect(self._go_on)

    def _make_checking(self) -> Checking:
        made = Checking()
        made.changed.connect(self._offer)
        made.changed.connect(self._keep)
        made.refused.connect(self._desk.messages.error)
        return made

    def _make_taking(self) -> Taking:
        made = Taking(self._desk)
        made.shown.connect(lambda: self._show(self._taking))
        made.back.connect(lambda: self._show(self._checking))
        made.done.connect(self._end)
        made.plan_changed.connect(self._tell_change)
        made.made.connect(self.data_changed)  # the years on top are one more
        return made

    @property
    def checking(self) -> Checking:
        """The document beside what was read from it."""
        return self._checking.part

    @property
    def taking(self) -> Taking:
        """What taking it will do."""
        return self._taking.part

    @property
    def _trail(self) -> DraftTrail | None:
        """The draft under correction, where there is one."""
        return self.checking.trail if self._checking.is_made else None

    def show_item(self, item: object) -> None:
        """Read the document that another page was given."""
        if isinstance(item, Path):
            self.read(item)

    # Reading

    def _choose_files(self) -> list[Path]:
        file = self._desk.files.open_one("选择工作要点文件", (DOCUMENTS, ALL), "plan")
        return [file] if file else []

    def read(self, file: Path) -> None:
        """Read a document and show it beside what was read."""
        workspace = self._desk.workspace
        self._read(lambda: plan_documents.read_document(file, workspace), file.name)

    def read_text(self, text: str, html: str = "") -> None:
        """Read pasted text like a file; `html` is what the clipboard held beside it."""
        workspace = self._desk.workspace
        self._read(lambda: plan_documents.read_pasted(text, workspace, html=html), _PASTED)

    def _paste(self) -> None:
        text, html = ask_for_text(self, self._desk.drafts)
        if text.strip():
            self.read_text(text, html)

    def _roll_over(self) -> None:
        workspace = self._desk.workspace
        self._read(lambda: next_year.draft_next_year(workspace), f"由 {self._year} 年计划沿用")

    def _update_baselines(self) -> None:
        self._desk.run(
            next_year.update_baselines, self._baselines_updated, title="正在更新上年完成值"
        )

    def _baselines_updated(self, count: int) -> None:
        if not count:
            self._desk.messages.info("上年完成值没有变化。")
            return
        self._desk.messages.info(f"已更新 {count} 个指标的上年完成值。请在“交换”页重新下发计划。")
        self.data_changed.emit()

    def _read(self, job: Callable[[], ParsedPlan], name: str) -> None:
        if self._may_drop("换一份文件后，对现在这份文件的核对不会保留。", "不保留，换文件"):
            self._desk.runner.run(
                job, lambda parsed: self._begin(Review(name, parsed)), title="正在读取"
            )
            _ = self.checking  # made while a worker reads

    def _may_drop(self, detail: str, verb: str) -> bool:
        """Ask before corrections are dropped: of this document, or of one left some time ago."""
        kept = self._kept()
        if kept is None or not kept.corrected:
            return True
        question = f"“{kept.name}”的核对还没有确认，要放弃吗？"
        return self._desk.messages.confirm(question, verb, detail)

    def _begin(self, review: Review) -> None:
        self._name, self._corrected = review.name, review.corrected
        self.checking.begin(review.draft)
        self._show(self._checking)

    # A review that was broken off

    def _kept(self) -> Review | None:
        """Return the review that has neither been confirmed nor given up."""
        draft = self._desk.drafts.get(REVIEW)
        return review_in(str(draft.value)) if draft else None

    def _keep(self) -> None:
        """Keep the review as it stands, so that neither window nor power cut takes it."""
        trail = self._trail
        if trail is not None:
            corrected = self._corrected or bool(trail.back)
            review = Review(self._name, trail.present, corrected)
            self._desk.drafts.put(REVIEW, written(review), "")

    def _go_on(self) -> None:
        """Go on with the review that was broken off."""
        kept = self._kept()
        if kept is not None:
            self._begin(kept)

    def _begin_again(self) -> None:
        if self._may_drop("换一份文件后，对现在这份文件的核对不会保留。", "不保留，换文件"):
            self._end()

    def _end(self) -> None:
        if self._checking.is_made:
            self.checking.end()
        self._desk.drafts.end(REVIEW)
        self._show(self.beginning)

    def _compare(self) -> None:
        if self._trail is not None:
            self.taking.compare(self._trail.present)

    def _tell_change(self) -> None:
        self.data_changed.emit()
        self.open_requested.emit("plan", None)

    # Dropping anywhere on the page

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a document, or text."""
        if event.mimeData().hasUrls() or event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Read the first document, or the text."""
        data = event.mimeData()
        files = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if files:
            fitting = [file for file in files if file.suffix.lower() in ENDINGS]
            self.read((fitting or files)[0])
        elif data.text().strip():
            self.read_text(data.text(), data.html())

    # Showing

    def _show(self, step: QWidget) -> None:
        if step is self.beginning:
            kept = self._kept()
            self.beginning.offer_going_on(kept.name if kept else "")
        self._stack.setCurrentWidget(step)
        self._offer()

    def _offer(self) -> None:
        """Bring the header up to date with the draft."""
        trail = self._trail
        checking = self._stack.currentWidget() is self._checking
        ways = (trail.back, trail.forth) if trail and checking else ("", "")
        self._history.offer(*(way or None for way in ways))
        for made in (*self._history.both, self.another, self.confirm):
            made.setVisible(checking)
        if trail is None:
            self.header.set_note("")
            return
        plan, new = trail.present.plan, len(trail.present.new_parties)
        count, sure = len(plan.tasks), trail.present.without_doubt
        words = f"{plan.year}年，{count} 项任务"
        words += "" if trail.present.coded else f"（{sure} 项无疑问）"
        words += f"，{len(plan.indicators)} 个指标"
        self.header.set_note(words + (f"，新单位 {new} 个" if new else ""))
        self.header.setToolTip(f"{self._name}：{plan.name}")
