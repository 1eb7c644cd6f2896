"""Correcting what was read: the fields of whatever is chosen in the tree or among the doubts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

from fsdesk.domain.findings import FindingCode
from fsdesk.domain.plan import edits
from fsdesk.domain.plan.outline import OutlineLevel
from fsdesk.services.plan_document import corrections
from ui.pages.plan_document.draft_tree import DELIVERABLE, INDICATOR, POINT, SECTION, TASK
from ui.pages.plan_document.party_form import AliasForm, OwnerForm, PartyForm
from ui.pages.plan_editing.fields import Fields
from ui.pages.plan_editing.item_forms import DeliverableForm, IndicatorForm
from ui.pages.plan_editing.task_panel import AssignmentsPanel, HeadingPanel
from ui.theme import SPACE_M, SPACE_S
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.buttons import button

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fsdesk.domain.plan.plan import Assignment, Plan
    from fsdesk.domain.plan_document import ParsedPlan, ReadingDoubt
    from fsdesk.services.plan_document.corrections import Edit

    # Word, tip, and what it does with the item of a code.
    Action = tuple[str, str, Callable[[ParsedPlan, str], ParsedPlan]]

_SEEN, _ACCEPT = "核对无误", "采纳指标"


class TaskDraftForm(QWidget):
    """A task's title and who answers for it."""

    edit_wanted = Signal(object)

    def __init__(self) -> None:
        """Begin without a task."""
        super().__init__()
        self._code = ""
        self.fields = Fields()
        self.fields.add_line("title", "任务标题")
        self.fields.committed.connect(self._rename)
        self.parties = AssignmentsPanel()
        self.parties.changed.connect(self._assign)
        column_of(self.fields, self.parties, parent=self)

    def show_task(self, plan: Plan, code: str) -> None:
        """Show a task of the draft."""
        self._code = code
        task = plan.tasks_by_code[code]
        self.fields.show_values({"title": task.title})
        self.parties.show_parties(plan, task)

    def _rename(self, _key: str, title: object) -> None:
        code = self._code

        def edit(plan: Plan, _taken: object) -> Plan:
            return edits.set_task(plan, code, str(title), plan.tasks_by_code[code].text)

        self.edit_wanted.emit(edit)

    def _assign(self, assignments: Sequence[Assignment]) -> None:
        code = self._code
        self.edit_wanted.emit(lambda plan, _taken: edits.set_assignments(plan, code, assignments))


class CorrectionForms(QScrollArea):
    """One form at a time; each correction is handed over as a function of the draft."""

    correction_wanted = Signal(object)
    settling_wanted = Signal(object)  # a correction after which the next doubt is due

    def __init__(self) -> None:
        """Build the forms."""
        super().__init__()
        self._code = ""
        self.heading = HeadingPanel()
        self.task = TaskDraftForm()
        self.indicator = IndicatorForm()
        self.deliverable = DeliverableForm()
        self.party = PartyForm()
        self.alias = AliasForm()
        self.owner = OwnerForm()
        for form in (self.heading, self.task, self.indicator, self.deliverable):
            form.edit_wanted.connect(self._edit)
        for form in (self.party, self.alias, self.owner):
            form.correction_wanted.connect(self.settling_wanted)
        self.buttons: dict[str, QPushButton] = {}
        self._pages: dict[QWidget, QWidget] = {
            self.heading: self.heading,
            self.task: self._with_buttons(self.task, _TASK_ACTIONS),
            self.indicator: self._with_buttons(self.indicator, _INDICATOR_ACTIONS),
            self.deliverable: self._with_buttons(self.deliverable, _DELIVERABLE_ACTIONS),
            self.party: self.party,
            self.alias: self.alias,
            self.owner: self.owner,
        }
        # All in one column rather than in a stack, which would be as tall as its tallest page.
        inside = QWidget()
        column = column_of(spacing=-1, parent=inside)
        self.setWidgetResizable(True)
        self.setWidget(inside)
        for page in self._pages.values():
            page.hide()
            column.addWidget(page)

    def show_node(self, parsed: ParsedPlan, kind: str, code: str) -> None:
        """Show the form of what was chosen in the tree."""
        plan = parsed.plan
        self._code = code
        doubtful = any(doubt.item == code for doubt in parsed.doubts)
        for word in (_SEEN, _ACCEPT):
            self.buttons[word].setEnabled(doubtful)
        if kind in {SECTION, POINT}:
            self.heading.show_heading(plan, OutlineLevel(kind), code[1:])
            self._open(self.heading)
        elif kind == TASK and code in plan.tasks_by_code:
            self.task.show_task(plan, code)
            self._open(self.task)
        elif kind == INDICATOR and code in plan.indicators_by_code:
            task = plan.task_of[code]
            self.indicator.show_indicator(plan, task, plan.indicators_by_code[code])
            self._open(self.indicator)
        elif kind == DELIVERABLE and code in plan.deliverables_by_code:
            self.deliverable.show_deliverable(plan.task_of[code], plan.deliverables_by_code[code])
            self._open(self.deliverable)
        else:
            self._open(None)

    def show_doubt(self, parsed: ParsedPlan, doubt: ReadingDoubt) -> bool:
        """Show the form for a doubt about a name; False when it is about something else."""
        party = next((one for one in parsed.new_parties if one.code == doubt.item), None)
        if party is not None:
            self.party.show_party(parsed, party)
            self._open(self.party)
            return True
        if doubt.code in {FindingCode.NOBODY_NAMED, FindingCode.NO_RESPONSIBLE_UNIT}:
            self.owner.show_draft(parsed)
            self._open(self.owner)
            return True
        if doubt.item in parsed.plan.directory.by_code:
            self.alias.show_doubt(doubt)
            self._open(self.alias)
            return True
        return False

    def _open(self, form: QWidget | None) -> None:
        for one, page in self._pages.items():
            page.setVisible(one is form)

    def _with_buttons(self, form: QWidget, actions: Sequence[Action]) -> QWidget:
        """Put a form over a row of what can be done with the whole thing."""
        row = row_of()
        for word, tip, make in actions:
            made = self.buttons[word] = button(word, partial(self._act, make))
            made.setToolTip(tip)
            row.addWidget(made)
        row.addStretch()
        return boxed(column_of(row, form, None, margins=(SPACE_M, SPACE_S, SPACE_M, SPACE_S)))

    def _act(self, make: Callable[[ParsedPlan, str], ParsedPlan]) -> None:
        code = self._code
        wanted = self.settling_wanted if make is _accepted else self.correction_wanted
        wanted.emit(lambda parsed: make(parsed, code))

    def _edit(self, edit: Edit) -> None:
        self.correction_wanted.emit(lambda parsed: corrections.edited(parsed, edit))


def _accepted(parsed: ParsedPlan, code: str) -> ParsedPlan:
    for doubt in [doubt for doubt in parsed.doubts if doubt.item == code]:
        parsed = corrections.settled(parsed, doubt)
    return parsed


_TASK_ACTIONS: tuple[Action, ...] = (
    (_SEEN, "这项任务的疑点都看过了", _accepted),
    (
        "与上一项合并",
        "并入前一项任务，责任单位、指标和事项一并过去",
        corrections.joined_with_previous,
    ),
    ("删除任务", "这段文字不是任务", corrections.without_task),
)
_INDICATOR_ACTIONS: tuple[Action, ...] = (
    (_ACCEPT, "读出的指标没有问题", _accepted),
    ("不列为指标", "这个数字不是要考核的目标", corrections.without_item),
)
_DELIVERABLE_ACTIONS: tuple[Action, ...] = (
    ("与上一个事项合并", "并入同一任务的前一个事项", corrections.deliverables_joined),
    ("删除事项", "这不是要做的一件事", corrections.without_item),
)
