"""The rules of the assessment, edited in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QPushButton,
    QWidget,
)

from fsdesk.domain.plan.indicators import number_text
from ui.theme import SPACE_L, SPACE_M, SPACE_S, set_role
from ui.widgets.boxes import column_of, row_of, scrolling
from ui.widgets.kept_fields import KeptFields
from ui.widgets.label import label

if TYPE_CHECKING:
    from fsdesk.domain.assessment import Scheme
    from ui.drafts import Drafts

PLACE = "assessment/rules"  # where what is typed here is kept
_FIELD = 112


class RulesPanel(QWidget):
    """Full marks and points for each rule, grades, limits; nothing counts until it is saved."""

    saved = Signal(object)  # Scheme
    reset = Signal()

    def __init__(self, drafts: Drafts) -> None:
        """Begin without rules."""
        super().__init__()
        self.kept = KeptFields(drafts, self)
        self._scheme: Scheme | None = None
        self.points: dict[str, QDoubleSpinBox] = {}
        self.limits: dict[str, QDoubleSpinBox] = {}
        self.grades: dict[str, QDoubleSpinBox] = {}
        self.missing = QCheckBox("没有填报的指标和事项按 0 计（不勾选则不计入平均）")
        self.added, self.taken = _number("人工加分上限"), _number("人工扣分上限")
        self.sum = label("", "help")
        self._grid, self._grades = QGridLayout(), QFormLayout()
        self._grid.setHorizontalSpacing(SPACE_L)
        self._grid.setVerticalSpacing(SPACE_S)
        self._grid.setColumnStretch(3, 1)
        self.save, self.restore = QPushButton("保存计分规则"), QPushButton("恢复默认规则")
        set_role(self.save, "primary")
        self.save.clicked.connect(self._save)
        self.restore.clicked.connect(self.reset)
        self._lay_out()

    def _lower(self) -> QHBoxLayout:
        """Return grades and limits side by side."""
        lower = row_of(spacing=SPACE_L * 2)
        limits = QFormLayout()
        limits.addRow("人工加分上限", self.added)
        limits.addRow("人工扣分上限", self.taken)
        for title, form in (("等次分数线", self._grades), ("人工加分扣分", limits)):
            lower.addLayout(column_of(label(title, "section"), form, None, spacing=-1))
        lower.addStretch()
        return lower

    def _lay_out(self) -> None:
        content = QWidget()
        column_of(
            row_of(label("计分项", "section"), None, self.restore, self.save, spacing=-1),
            self.kept.note,
            self._grid,
            self.sum,
            self.missing,
            self._lower(),
            None,
            spacing=SPACE_M,
            margins=(0, SPACE_M, SPACE_L, 0),
            parent=content,
        )
        column_of(scrolling(content), parent=self)

    def show_scheme(self, scheme: Scheme, *, changed: bool) -> None:
        """Show rules; the fields are made when other rules come than are shown."""
        if self._scheme is None or _shape(self._scheme) != _shape(scheme):
            self._make_fields(scheme)
        self._scheme = scheme
        self.kept.show(
            PLACE,
            {
                **{f"points-{rule.code}": rule.points for rule in scheme.criteria},
                **{f"limit-{rule.code}": rule.limit for rule in scheme.criteria},
                **{f"grade-{grade.name}": grade.least for grade in scheme.grades},
                "missing": scheme.count_missing,
                "added": scheme.most_added,
                "taken": scheme.most_taken,
            },
        )
        self.restore.setEnabled(changed)
        self._show_sum()

    def _make_fields(self, scheme: Scheme) -> None:
        for layout in (self._grid, self._grades):
            _empty(layout)
        self.points, self.limits, self.grades = {}, {}, {}
        for column, head in enumerate(("项目", "满分或每次扣分", "最多扣分", "怎样计算")):
            self._grid.addWidget(label(head, "muted"), 0, column)
        for row, rule in enumerate(scheme.criteria, start=1):
            shares = rule.measure.is_share
            field = _number(f"{rule.title}{'满分' if shares else '每次扣分'}")
            field.setPrefix("满分 " if shares else "每次扣 ")
            field.valueChanged.connect(lambda _value: self._show_sum())
            self.points[rule.code] = field
            self._grid.addWidget(label(rule.title), row, 0)
            self._grid.addWidget(field, row, 1)
            if not shares:
                limit = _number(f"{rule.title}最多扣分")
                limit.setSpecialValueText("不设上限")
                self.limits[rule.code] = limit
                self._grid.addWidget(limit, row, 2)
            basis = label(rule.measure.basis, "help", wrap=True)
            self._grid.addWidget(basis, row, 3, Qt.AlignmentFlag.AlignVCenter)
        for grade in scheme.grades[:-1]:
            field = _number(f"{grade.name}分数线")
            self.grades[grade.name] = field
            self._grades.addRow(f"{grade.name}（不低于）", field)
        self._keep_fields()
        if scheme.grades:
            self._grades.addRow(scheme.grades[-1].name, label("其余", "muted"))

    def _keep_fields(self) -> None:
        self.kept.forget_fields()
        parts = (("points", self.points), ("limit", self.limits), ("grade", self.grades))
        for part, fields in parts:
            for code, field in fields.items():
                self.kept.add(f"{part}-{code}", field)
        for name, field in (
            ("missing", self.missing), ("added", self.added), ("taken", self.taken)
        ):  # fmt: skip
            self.kept.add(name, field)

    @property
    def scheme(self) -> Scheme | None:
        """The rules as the fields say."""
        if self._scheme is None:
            return None
        return replace(
            self._scheme,
            criteria=tuple(
                replace(
                    rule,
                    points=self.points[rule.code].value(),
                    limit=self.limits[rule.code].value() if rule.code in self.limits else 0.0,
                )
                for rule in self._scheme.criteria
            ),
            grades=tuple(
                replace(grade, least=self.grades[grade.name].value())
                if grade.name in self.grades
                else grade
                for grade in self._scheme.grades
            ),
            count_missing=self.missing.isChecked(),
            most_added=self.added.value(),
            most_taken=self.taken.value(),
        )

    def _show_sum(self) -> None:
        found = self.scheme
        if found is not None:
            whole = sum(rule.points for rule in found.criteria if rule.measure.is_share)
            self.sum.setText(f"各得分项满分合计 {number_text(whole)} 分，应为 100 分")

    def _save(self) -> None:
        if self.scheme is not None:
            self.saved.emit(self.scheme)


def _empty(layout: QLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        old = item.widget() if item is not None else None
        if old is not None:
            old.deleteLater()


def _shape(scheme: Scheme) -> tuple[object, ...]:
    rules = tuple((rule.code, rule.measure) for rule in scheme.criteria)
    return (rules, tuple(grade.name for grade in scheme.grades))


def _number(name: str) -> QDoubleSpinBox:
    field = QDoubleSpinBox()
    field.setRange(0, 100)
    field.setDecimals(1)
    field.setSingleStep(0.5)
    field.setSuffix(" 分")
    field.setAccessibleName(name)
    field.setFixedWidth(_FIELD + 24)
    return field
