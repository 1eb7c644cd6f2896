"""What the office wants mended in a returned report, with the unit's answer beside each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QWidget

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.naming import office_of
from fsdesk.domain.records.submissions import Opinion, OpinionAnswer, SubmissionState
from ui.theme import SPACE_M, SPACE_S, SPACE_XS, set_role
from ui.widgets.boxes import boxed, column_of, row_of, scrolling
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.fields import Keeping, keeping, line_edit
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QResizeEvent

    from fsdesk.services.status.unit_forms import UnitForm
    from ui.drafts import Drafts

_REST_MS = 800
_HIGHEST = 112
_NARROWEST_WORDS = 160
_ANSWERS = [(answer.label, answer) for answer in OpinionAnswer]


def opinion_place(period: str, opinion: Opinion) -> str:
    """Return where lies what is typed as an answer to an opinion on a period's report."""
    return f"recording/{period}/opinion-{opinion.item}-{opinion.raised_at}"


class OpinionRow(QWidget):
    """One opinion: what it is on, its words, and the answer, which is stored as it is given."""

    answered = Signal(str, object, str, object)  # item, OpinionAnswer, words, called once stored
    go_wanted = Signal(str)  # item

    def __init__(
        self, opinion: Opinion, drafts: Drafts, period: str, *, name: str = "", office: str = ""
    ) -> None:
        """Show an opinion on a period's report.

        `name`: what it is on, where the way there is to be shown; else `office`, who says it.
        """
        super().__init__()
        self._opinion = opinion
        self._kept = KeptFields(drafts, self)
        self._place = opinion_place(period, opinion)
        self.text = label("", "amber", wrap=True)
        self._name, self._office = name, office
        self.go = button("去修改", lambda: self.go_wanted.emit(opinion.item), "link")
        self.answer = keeping(Choice("对意见的答复", _ANSWERS), Keeping.STORED)
        self.words = self._kept.add("words", line_edit("说明", "说明（选“改了”可不写）"))
        self.words.setMinimumWidth(_NARROWEST_WORDS)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.flush)
        self.answer.chosen.connect(lambda _answer: self.flush())
        self.words.textEdited.connect(self._note_words)
        self.words.installEventFilter(self)
        if name:
            row_of((self.text, 3), self.answer, (self.words, 2), self.go, parent=self)
        else:  # below it stand the fields themselves
            self.go.hide()
            field = row_of(self.answer, (self.words, 1))
            below = (0, 0, 0, SPACE_XS)
            column_of(self.text, field, spacing=SPACE_XS, margins=below, parent=self)
        self._put(opinion)

    @property
    def typed(self) -> tuple[OpinionAnswer, str]:
        """What is answered as it stands in the fields."""
        return OpinionAnswer(self.answer.value), self.words.text().strip()

    def show_opinion(self, opinion: Opinion) -> None:
        """Show what is stored now; what is being typed is left alone."""
        changed = self.typed != (self._opinion.answer, self._opinion.words)
        self._opinion = opinion
        if not changed and not self.words.hasFocus():
            self._put(opinion)
        self._mark()

    def flush(self) -> None:
        """Hand over what is answered, if it is another answer."""
        self._rest.stop()
        answer, words = self.typed
        if (answer, words) != (self._opinion.answer, self._opinion.words):
            stored = self._kept.handed_over()
            self.answered.emit(self._opinion.item, answer, words, stored)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Store the words when the cursor leaves them."""
        if event.type() == QEvent.Type.FocusOut:
            self.flush()
        return super().eventFilter(watched, event)

    def _note_words(self, text: str) -> None:
        if text.strip() and self.typed[0] is OpinionAnswer.NONE:
            self.answer.set_value(OpinionAnswer.EXPLAINED)
        self._rest.start()

    def _put(self, opinion: Opinion) -> None:
        self._kept.show(self._place, {"words": opinion.words})
        self.answer.set_value(opinion.answer)
        if self.words.text() != opinion.words:  # of an earlier run
            self._note_words(self.words.text())
        self._mark()

    def _mark(self) -> None:
        opinion = self._opinion
        mark = "■" if opinion.open else "✓"
        what = f"{self._name}：" if self._name else f"{self._office}意见："
        self.text.setText(f"{mark} {what}{opinion.text}")
        set_role(self.text, "error" if opinion.open else "muted")


class OpinionList(QFrame):
    """All opinions on a report; hidden where there are none."""

    answered = Signal(str, object, str, object)
    go_wanted = Signal(str)

    def __init__(self, drafts: Drafts) -> None:
        """Begin hidden."""
        super().__init__()
        self._drafts = drafts
        set_role(self, "warning")
        self.head = label("", "error", wrap=True)
        self.rows: dict[str, OpinionRow] = {}
        self._whose: object = None
        self._column = column_of(spacing=SPACE_XS)
        self._area = scrolling(boxed(column_of(self._column, None)))
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        margins = (SPACE_M, SPACE_S, SPACE_M, SPACE_S)
        column_of(self.head, self._area, spacing=SPACE_XS, margins=margins, parent=self)
        self.hide()

    def show_form(self, form: UnitForm, names: Mapping[str, str]) -> None:
        """Show the opinions on a form's report; the same again are brought up to date.

        `names`: of what they are on, by code.
        """
        returned = form.state is SubmissionState.RETURNED
        self.setVisible(returned or bool(form.opinions))
        self.head.setText(_head(form))
        whose = (form.unit, form.period, tuple((o.item, o.raised_at) for o in form.opinions))
        if whose != self._whose:
            self._whose = whose
            self._fill(form, names)
        for opinion in form.opinions:
            self.rows[opinion.item].show_opinion(opinion)
        self._area.setVisible(bool(form.opinions))

    def flush(self) -> None:
        """Hand over what is being typed."""
        for row in self.rows.values():
            row.flush()

    def _fill(self, form: UnitForm, names: Mapping[str, str]) -> None:
        for row in self.rows.values():
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = {}
        for opinion in form.opinions:
            name = names.get(opinion.item, opinion.item) or "总的意见"
            row = OpinionRow(opinion, self._drafts, str(form.period), name=name)
            row.answered.connect(self.answered)
            row.go_wanted.connect(self.go_wanted)
            self.rows[opinion.item] = row
            self._column.addWidget(row)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the list the height that its rows need at this width, and no more."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = max(self._area.width(), self._area.minimumSizeHint().width())
        needed = sum(
            (layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else 0)
            or row.sizeHint().height()
            for row in self.rows.values()
            if (layout := row.layout()) is not None
        )
        needed += SPACE_XS * max(len(self.rows) - 1, 0)
        self._area.setFixedHeight(min(needed, _HIGHEST))


def _head(form: UnitForm) -> str:
    """Say that a report was returned, why, and how many opinions wait for an answer."""
    name = Period.parse(str(form.period)).name
    unanswered = sum(opinion.open for opinion in form.opinions)
    office = office_of(form.plan)
    waits = f"还有 {unanswered} 条意见没有答复。" if unanswered else ""
    if form.state is SubmissionState.RETURNED:
        reason = form.review.comment.rstrip("。") if form.review else ""
        return f"■ {office}已退回{name}报送：{reason}。改正并答复后请重新导出。{waits}"
    return f"{name}报送退回后已重新导出，等待{office}接收。{waits}"
