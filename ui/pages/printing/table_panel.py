"""One table on paper: its columns, its paper, who answers for it, and layouts that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton, QStackedWidget, QWidget

from fsdesk.domain.output.arrangement import PLAIN, Arrangement
from fsdesk.domain.output.pages import Paper, PaperSize
from fsdesk.services.output import layouts, reporting
from fsdesk.services.output.outputs import Chosen
from ui.messages import told
from ui.pages.printing.panel import ItemPanel
from ui.theme import SPACE_M
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.choice import Choice
from ui.widgets.empty_state import EmptyState
from ui.widgets.fields import line_edit, passing
from ui.widgets.flow import FlowLayout
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label
from ui.widgets.pictures.paper_view import PaperView
from ui.widgets.tables.column_chooser import ColumnChooser

if TYPE_CHECKING:
    from fsdesk.domain.drafts import FieldValue
    from fsdesk.domain.periods import Period
    from fsdesk.services.output.outputs import Output
    from fsdesk.services.output.reporting import Sheets
    from ui.desk import Desk

_PAPERS = [
    (Paper(size, across).label, (size, across)) for size in PaperSize for across in (True, False)
]
_NAME_WIDTH, _PERSON_WIDTH = 120, 84
_Loaded = tuple["Sheets", tuple[Arrangement, ...]]


class TablePanel(ItemPanel):
    """What is chosen above is what is shown below, printed and saved."""

    def __init__(self, desk: Desk) -> None:
        """Build the choices and the preview."""
        super().__init__(desk)
        self._kept: tuple[Arrangement, ...] = ()
        self.paper = Choice("纸张", _PAPERS)
        self.columns = ColumnChooser()
        self.preparer, self.reviewer = _person("制表"), _person("审核")
        self.section_pages = QCheckBox("每部分另起一页")
        self.layouts = passing(Choice("版式"))
        self.name = line_edit("版式名称", "版式名称")
        self.name.setFixedWidth(_NAME_WIDTH)
        self.keep = QPushButton("保存版式")
        self.forget = QPushButton("删除版式")
        self.note = label("", "help", wrap=True)
        self.preview = PaperView()
        self.too_wide = EmptyState("printer", "这种纸放不下这张表", "")
        self._shown = QStackedWidget()
        self._shown.addWidget(self.preview)
        self._shown.addWidget(self.too_wide)
        self._instead: tuple[Paper, ...] = ()
        self.typed = KeptFields(desk.drafts, self, quiet=True)
        for name, field in (
            ("paper", self.paper), ("section_pages", self.section_pages),
            ("preparer", self.preparer), ("reviewer", self.reviewer), ("name", self.name),
        ):  # fmt: skip
            self.typed.add(name, field)
        self._wire()
        self._lay_out()

    def _wire(self) -> None:
        self.paper.chosen.connect(lambda _value: self._load())
        self.layouts.chosen.connect(self._take_layout)
        self.columns.changed.connect(self._load)
        self.section_pages.clicked.connect(lambda _on: self._load())
        for person in (self.preparer, self.reviewer):
            person.editingFinished.connect(self._load)
        self.too_wide.next_step.connect(self._take_wider)
        self.keep.clicked.connect(self._keep)
        self.forget.clicked.connect(self._forget)

    def _lay_out(self) -> None:
        choices = QWidget()
        flow = FlowLayout(choices)
        for part in (
            self.item_label,
            self.item,
            row_of(label("纸张", "muted"), self.paper),
            self.columns,
            self.section_pages,
            row_of(label("制表", "muted"), self.preparer, label("审核", "muted"), self.reviewer),
            row_of(label("版式", "muted"), self.layouts),
            row_of(self.name, self.keep, self.forget),
        ):
            flow.addWidget(part if isinstance(part, QWidget) else boxed(part))
        column_of(choices, self.note, (self._shown, 1), margins=(SPACE_M, 0, 0, 0), parent=self)

    @property
    def chosen(self) -> Chosen:
        """What is chosen."""
        size, across = self.paper.value
        wanted = Arrangement(
            columns=self.columns.columns,
            size=size,
            landscape=across,
            section_pages=self.section_pages.isChecked(),
            preparer=self.preparer.text().strip(),
            reviewer=self.reviewer.text().strip(),
        )
        return Chosen(self.item_code, wanted)

    def show_output(self, output: Output, period: Period) -> None:
        """Show a table of a period; another table begins as it is, with all its columns."""
        if output.kind != self._kind:
            self.typed.show(f"printing/{output.kind}", {**_values(PLAIN), "name": ""})
            self.columns.set_columns((), ())
        super().show_output(output, period)

    def _load(self) -> None:
        workspace, kind, chosen = self._desk.workspace, self._kind, self.chosen
        period, wanted = self._period, chosen.arrangement

        def job() -> _Loaded:
            sheets = reporting.table_sheets(workspace, kind, period, wanted, chosen.item)
            return sheets, layouts.saved(workspace, kind)

        self._desk.runner.run(job, lambda made: self._show(kind, wanted, made))

    def _show(self, kind: str, wanted: Arrangement, made: _Loaded) -> None:
        if kind != self._kind:
            return
        sheets, self._kept = made
        self.columns.set_columns(sheets.columns, wanted.columns)
        self.layouts.set_entries(
            [("默认版式", ""), *((kept.name, kept.name) for kept in self._kept)]
        )
        self.forget.setEnabled(bool(self.layouts.value))
        self._instead = sheets.instead
        verb = f"改用 {sheets.instead[0].label}" if sheets.instead else ""
        words = told(sheets.refused) if sheets.refused else ""
        self.too_wide.set_texts("这种纸放不下这张表", words, verb)
        self._shown.setCurrentWidget(self.too_wide if sheets.refused else self.preview)
        self.note.setText(sheets.remark)
        self.note.setVisible(bool(sheets.remark))
        self.preview.show_pages(sheets.pages)

    def _take_wider(self) -> None:
        """Take the first paper on which nothing has to be cut."""
        paper = self._instead[0]
        self.paper.set_value((paper.size, paper.landscape))
        self._load()

    # Layouts that are kept

    def _take_layout(self, name: str) -> None:
        wanted = next((kept for kept in self._kept if kept.name == name), PLAIN)
        self.typed.fill({**_values(wanted), "name": name})
        known = self.columns.list
        titles = tuple(known.item(row).text() for row in range(known.count()))
        self.columns.set_columns(titles, wanted.columns)
        self._load()

    def _keep(self) -> None:
        kind = self._kind
        name, wanted = self.name.text(), self.chosen.arrangement
        self._desk.run(lambda w: layouts.save(w, kind, name, wanted), self._was_kept)

    def _was_kept(self, kept: Arrangement) -> None:
        self.layouts.set_entries(
            [*((self.layouts.itemText(n), self.layouts.itemData(n))
               for n in range(self.layouts.count()) if self.layouts.itemData(n) != kept.name),
             (kept.name, kept.name)]
        )  # fmt: skip
        self.layouts.set_value(kept.name)
        self._desk.messages.info(f"已保存版式：{kept.name}")
        self._load()

    def _forget(self) -> None:
        kind, name = self._kind, str(self.layouts.value or "")
        if name:
            self._desk.run(lambda w: layouts.remove(w, kind, name), lambda _: self._was_forgotten())

    def _was_forgotten(self) -> None:
        self.layouts.set_value("")
        self._take_layout("")


def _values(wanted: Arrangement) -> dict[str, FieldValue]:
    """Return what stands in the fields when this is the layout."""
    paper = next(word for word, it in _PAPERS if it == (wanted.size, wanted.landscape))
    return {
        "paper": paper,
        "section_pages": wanted.section_pages,
        "preparer": wanted.preparer,
        "reviewer": wanted.reviewer,
    }


def _person(name: str) -> QLineEdit:
    made = line_edit(name)
    made.setFixedWidth(_PERSON_WIDTH)
    return made
