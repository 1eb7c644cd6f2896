"""The district's rules as fields, each with what it means; defaults are at hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QDate
from PySide6.QtWidgets import QCheckBox, QDateEdit, QFormLayout, QSpinBox, QWidget

from fsdesk.domain.inspection_duty import FREQUENCIES, LEVELS, frequency
from fsdesk.domain.output.wording import rules_line
from fsdesk.domain.periods import date_text
from fsdesk.domain.settings import Rules
from ui.theme import SPACE_M
from ui.widgets.boxes import boxed, column_of, row_of
from ui.widgets.choice import Choice
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fsdesk.domain.drafts import FieldValue

_FIELD, _LABEL = 200, 200
_POINTS = 100


class _Days(NamedTuple):
    """A rule that is a number of days."""

    rule: str
    name: str
    least: int
    most: int
    note: str
    unit: str = "个工作日"


_REPORTS = (
    _Days("due_days", "按时截止日", 0, 60, "报告期结束后几天内报送算按时", "天"),
    _Days(
        "lock_days",
        "锁定日",
        0,
        180,
        "报告期结束后几天，不早于按时截止日；此后“日程”不再催报，仍可补报",
        "天",
    ),
    _Days("mend_days", "退回后重报", 1, 60, "自退回之日起，期限内不算逾期、不催报"),
)
_LETTERS = (
    _Days("remind_days", "提醒敦促函", 1, 60, "逾期未复或未达到要求，建议发整改通知书"),
    _Days("rectify_days", "整改通知书", 1, 60, "逾期未复或未达到要求，建议发约谈通知书"),
    _Days("interview_days", "约谈通知书", 1, 60, "约谈后提交书面报告；逾期建议挂牌督办"),
    _Days("listed_days", "挂牌督办通知书", 1, 250, "最后一级，逾期不再升级"),
)


class RuleFields(QWidget):
    """Shows rules and gives what the user made of them; saves nothing."""

    def __init__(self, *, enabled: bool) -> None:
        """Build the fields; enabled, they may be changed."""
        super().__init__()
        self._stored: Rules | None = None
        self.margin = _number("偏慢界限", 0, _POINTS, "个百分点")
        self.coverage = _number("数据覆盖最低比例", 0, _POINTS, "%")
        self.returned = QCheckBox("已退回的数据在重新报来以前仍计入，并注明")
        self.lights = label("", "muted", wrap=True)
        for field in (self.margin, self.coverage):
            field.valueChanged.connect(self._explain)
        self.days = {
            each.rule: _number(each.name, each.least, each.most, each.unit)
            for each in (*_REPORTS, *_LETTERS)
        }
        self.issued = _day("计划下发日期", "按首个下发包")
        self.issued_note = label("", "muted", wrap=True)
        self.shift = QCheckBox("截止日、锁定日逢休息日顺延至下一个工作日")
        self.sealed = QCheckBox("全部台账和佐证材料密封，只有收件单位能打开")
        self.duties = {level: _frequency(level, who) for level, who in LEVELS.items()}
        for field in self.fields.values():
            field.setEnabled(enabled)
        reports = form_of(self._rows(_REPORTS))
        begins = row_of(self.issued, (self.issued_note, 1), spacing=SPACE_M)
        reports.insertRow(0, "计划下发日期", boxed(begins))
        align(reports)
        reports.addRow("休息日", self.shift)
        reports.addRow("全部密封", self.sealed)
        duties = self.duties.items()
        column_of(
            label("亮灯规则", "section"),
            self._light_form(),
            self.lights,
            label("报送时限", "section"),
            reports,
            label("函件回复期限（自印发之日起，节假日和调休除外）", "section"),
            form_of(self._rows(_LETTERS)),
            label("包保督导频次", "section"),
            form_of([(f"{level}级（{LEVELS[level]}）", f, "") for level, f in duties]),
            spacing=SPACE_M,
            parent=self,
        )

    def _light_form(self) -> QFormLayout:
        form = form_of(
            [
                ("偏慢界限", self.margin, "低于序时进度这么多以内为偏慢"),
                ("数据覆盖最低比例", self.coverage, "有数据的项不到这个比例，不亮绿灯和黄灯"),
            ]
        )
        form.addRow("退回的数据", self.returned)
        align(form)
        return form

    def _rows(self, found: Sequence[_Days]) -> list[tuple[str, QWidget, str]]:
        return [(each.name, self.days[each.rule], each.note) for each in found]

    @property
    def fields(self) -> Mapping[str, QWidget]:
        """All fields by name, from top to bottom."""
        days, last = list(self.days.items()), len(_REPORTS)
        return {
            "margin": self.margin,
            "coverage": self.coverage,
            "returned": self.returned,
            "issued_on": self.issued,
            **dict(days[:last]),
            "shift": self.shift,
            "sealed": self.sealed,
            **dict(days[last:]),
            **{f"duty-{level}": field for level, field in self.duties.items()},
        }

    def values(self, rules: Rules) -> Mapping[str, FieldValue]:
        """Return what stands in the fields, by name, when these rules hold."""
        return {
            "margin": round(rules.yellow_margin * _POINTS),
            "coverage": round(rules.least_coverage * _POINTS),
            "returned": rules.count_returned,
            **{each.rule: getattr(rules, each.rule) for each in (*_REPORTS, *_LETTERS)},
            "issued_on": self._shown_day(rules.issued_on),
            "shift": rules.shift_to_working,
            "sealed": rules.seal_all,
            **{f"duty-{level}": _words(frequency(rules, level)) for level in LEVELS},
        }

    def show_since(self, year: int, since: date | None) -> None:
        """Say from when the units have the year's plan; earlier periods ask nothing of them."""
        self.issued.setMinimumDate(QDate(year - 1, 1, 1))
        self.issued.setMaximumDate(QDate(year, 12, 31))
        known = f"现按{date_text(since)}" if since else "计划还没有下发"
        self.issued_note.setText(
            f"{known}。在此以前结束的报告期不要求报送，不计逾期；上半年用纸质方式运行的，请改为实际日期"
        )

    def note_stored(self, rules: Rules) -> None:
        """Note which rules hold, so that it is said of others that they don't yet."""
        self._stored = rules
        self._explain()

    def defaults(self) -> Mapping[str, FieldValue]:
        """Return the rules that come with the program, as values of the fields."""
        # What is kept from others is no figure that goes back by the way.
        return self.values(Rules(seal_all=self.sealed.isChecked(), issued_on=self._issued_on()))

    def changed(self, rules: Rules) -> Rules:
        """Return rules with what stands in the fields."""
        return replace(
            rules,
            yellow_margin=self.margin.value() / _POINTS,
            least_coverage=self.coverage.value() / _POINTS,
            count_returned=self.returned.isChecked(),
            shift_to_working=self.shift.isChecked(),
            seal_all=self.sealed.isChecked(),
            issued_on=self._issued_on(),
            **{rule: field.value() for rule, field in self.days.items()},
            **{f"duty_{level.lower()}": field.value for level, field in self.duties.items()},
        )

    def _shown_day(self, day: date | None) -> str:
        """Return the day that stands in the field, in ISO form; the earliest stands for none."""
        earliest = self.issued.minimumDate()
        return (day or date(earliest.year(), earliest.month(), earliest.day())).isoformat()

    def _issued_on(self) -> date | None:
        day = self.issued.date()
        automatic = day == self.issued.minimumDate()
        return None if automatic else date(day.year(), day.month(), day.day())

    def _explain(self) -> None:
        margin, least = (f.value() / _POINTS for f in (self.margin, self.coverage))
        typed = rules_line(Rules(yellow_margin=margin, least_coverage=least))
        holds = rules_line(self._stored) if self._stored else typed
        self.lights.setText(typed if typed == holds else f"{holds}\n保存后：{typed}")


def form_of(rows: Sequence[tuple[str, QWidget, str]]) -> QFormLayout:
    """Make a form of names, fields and notes, aligned as all forms of the page."""
    form = QFormLayout()
    for name, field, note in rows:
        words = (label(note, "muted", wrap=True), 1)
        form.addRow(name, boxed(row_of(field, words, spacing=SPACE_M)))
    align(form)
    return form


def align(form: QFormLayout) -> None:
    """Give all forms of the page the same left column."""
    for row in range(form.rowCount()):
        item = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
        if item is not None and item.widget() is not None:
            item.widget().setMinimumWidth(_LABEL)


def fixed(field: QWidget) -> None:
    """Give a field the width of all fields of the page."""
    field.setFixedWidth(_FIELD)


def _number(name: str, least: int, most: int, unit: str) -> QSpinBox:
    field = QSpinBox()
    field.setRange(least, most)
    field.setSuffix(f" {unit}")
    field.setAccessibleName(name)
    fixed(field)
    return field


def _words(months: int) -> str:
    return f"{FREQUENCIES[months]}一次"


def _day(name: str, none: str) -> QDateEdit:
    """Make a field for a day; the earliest stands for none and shows other words."""
    field = QDateEdit()
    field.setDisplayFormat("yyyy-MM-dd")
    field.setCalendarPopup(True)
    field.setSpecialValueText(none)
    field.setAccessibleName(name)
    fixed(field)
    return field


def _frequency(level: str, who: str) -> Choice:
    """Make the choice of how often subjects of a level are supervised."""
    entries = [(_words(months), months) for months in FREQUENCIES]
    field = Choice(f"包保督导频次：{level}级（{who}）", entries)
    fixed(field)
    return field
