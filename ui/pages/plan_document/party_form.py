"""A name that isn't in the list of units: a known unit by another name, or a new unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPushButton, QWidget

from fsdesk.domain.plan.units import UnitKind
from fsdesk.services.plan_document import corrections, parties
from fsdesk.services.plan_document.corrections import settled
from ui.theme import SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import column_of, row_of
from ui.widgets.buttons import button
from ui.widgets.choice import Choice
from ui.widgets.flow import FlowLayout
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.domain.plan_document import NewParty, ParsedPlan, ReadingDoubt

_KINDS = [(kind.label, kind) for kind in UnitKind if kind is not UnitKind.OFFICE]


class PartyForm(QWidget):
    """Suggests the known unit that is most alike; another one may be chosen, or a new one made."""

    correction_wanted = Signal(object)

    def __init__(self) -> None:
        """Begin without a name."""
        super().__init__()
        self._code = ""
        self.words = label("", "section", wrap=True)
        self.known = Choice("单位表中的单位或单位组")
        self.match = QPushButton("就是这个单位")
        self.match.setToolTip("文件中的名称记为这个单位的别名，以后自动对应")
        self.match.clicked.connect(self._match)
        set_role(self.match, "primary")
        self._lay_out_new()

    def _lay_out_new(self) -> None:
        self.name = QLineEdit()
        self.name.setAccessibleName("新单位名称")
        self.kind = Choice("新单位的类别", _KINDS)
        self.create_new = button("作为新单位", self._create)
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_S)
        grid.setVerticalSpacing(SPACE_S)
        grid.addWidget(label("对应现有单位", "muted"), 0, 0)
        grid.addWidget(self.known, 0, 1, 1, 2)
        grid.addWidget(self.match, 0, 3)
        grid.addWidget(label("或列为新单位", "muted"), 1, 0)
        grid.addWidget(self.name, 1, 1)
        grid.addWidget(self.kind, 1, 2)
        grid.addWidget(self.create_new, 1, 3)
        grid.setColumnStretch(1, 1)
        self.match_all = button(
            "", lambda: self.correction_wanted.emit(parties.matched_as_suggested)
        )
        self.create_all = button("", lambda: self.correction_wanted.emit(parties.all_created))
        self.together = QWidget()
        flow = FlowLayout(self.together)
        flow.addWidget(self.match_all)
        flow.addWidget(self.create_all)
        grid.addWidget(self.together, 2, 1, 1, 3)
        column_of(self.words, grid, None, margins=(SPACE_M, SPACE_S, SPACE_M, 0), parent=self)

    def show_party(self, parsed: ParsedPlan, party: NewParty) -> None:
        """Show a name of the document with what it may stand for."""
        self._code = party.code
        directory = parsed.plan.directory
        tasks = [t for t in parsed.plan.tasks if any(a.party == party.code for a in t.assignments)]
        self.words.setText(f"单位表中没有“{party.name}”（涉及 {len(tasks)} 项任务）")
        codes = parties.suggestions(parsed, party)
        entries = [(directory.name(code), code) for code in codes]
        if party.suggestion and entries:
            entries[0] = (f"{entries[0][0]}（可能是）", entries[0][1])
        self.known.set_entries(entries)
        self.known.setCurrentIndex(0)
        self.match.setEnabled(bool(entries))
        waiting = parties.open_parties(parsed)
        likely = sum(bool(one.suggestion) for one in waiting)
        self.together.setVisible(len(waiting) > 1)
        self.match_all.setVisible(likely > 0)
        self.match_all.setText(f"{likely} 个都按“可能是”对应")
        self.create_all.setText(f"{len(waiting)} 个都作为新单位")
        self.name.setText(directory.name(party.code))
        unit = directory.by_code.get(party.code)
        self.kind.setVisible(unit is not None)
        self.create_new.setText("作为新单位" if unit else "作为新单位组")
        if unit is not None:
            self.kind.set_value(unit.kind)

    def _match(self) -> None:
        code, known = self._code, self.known.value
        if known is not None:
            self.correction_wanted.emit(lambda it: parties.matched(it, code, known))

    def _create(self) -> None:
        code, name, kind = self._code, self.name.text(), UnitKind(self.kind.value)
        self.correction_wanted.emit(lambda it: parties.created(it, code, name, kind))


class AliasForm(QWidget):
    """A name that was matched by another name: right, or another unit after all."""

    correction_wanted = Signal(object)

    def __init__(self) -> None:
        """Begin without a name."""
        super().__init__()
        self._doubt: ReadingDoubt | None = None
        self.words = label("", "section", wrap=True)
        self.right = button("对应无误", self._settle)
        self.other = button("不是同一单位，另列", self._part)
        grid = QGridLayout()
        grid.setSpacing(SPACE_S)
        grid.addWidget(self.right, 0, 0)
        grid.addWidget(self.other, 0, 1)
        grid.setColumnStretch(2, 1)
        column_of(self.words, grid, None, margins=(SPACE_M, SPACE_S, SPACE_M, 0), parent=self)

    def show_doubt(self, doubt: ReadingDoubt) -> None:
        """Show what was matched with what."""
        self._doubt = doubt
        self.words.setText(doubt.message)

    def _settle(self) -> None:
        doubt = self._doubt
        if doubt is not None:
            self.correction_wanted.emit(lambda it: settled(it, doubt))

    def _part(self) -> None:
        doubt = self._doubt
        if doubt is not None:
            self.correction_wanted.emit(lambda it: parties.parted(it, doubt))


class OwnerForm(QWidget):
    """Who answers for all tasks that the document leaves to nobody."""

    correction_wanted = Signal(object)

    def __init__(self) -> None:
        """Begin without tasks."""
        super().__init__()
        self.words = label("", "section", wrap=True)
        self.owner = Choice("责任单位或单位组")
        self.assign = button("都由它负责", self._assign, "primary")
        note = label("也可以在右上的任务中逐项指定责任单位。", "help", wrap=True)
        column_of(
            self.words,
            row_of((self.owner, 1), self.assign),
            note,
            None,
            margins=(SPACE_M, SPACE_S, SPACE_M, 0),
            parent=self,
        )

    def show_draft(self, parsed: ParsedPlan) -> None:
        """Offer the known units, the office first."""
        open_tasks = sum(not task.assignments for task in parsed.plan.tasks)
        self.words.setText(f"{open_tasks} 项任务没有写明责任单位，由哪个单位负责？")
        directory = parsed.plan.directory
        parties = sorted(directory.units, key=lambda unit: unit != directory.office)
        self.owner.set_entries([(one.name, one.code) for one in (*parties, *directory.groups)])

    def _assign(self) -> None:
        party = self.owner.value
        if party is not None:
            self.correction_wanted.emit(lambda it: corrections.all_assigned(it, party))
