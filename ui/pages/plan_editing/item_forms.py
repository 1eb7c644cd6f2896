"""The fields of an indicator and of a deliverable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from fsdesk.domain.plan import edits
from fsdesk.domain.plan.indicator_edits import MARK, fitting, properties, with_property
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind, Operator, PaceRule
from fsdesk.domain.plan.plan import Cycle, DeliverableKind
from ui.pages.plan_editing.fields import Fields
from ui.widgets.boxes import column_of

if TYPE_CHECKING:
    from fsdesk.domain.plan.indicators import Indicator
    from fsdesk.domain.plan.plan import Deliverable, Plan, Task
    from ui.drafts import Drafts


class DeliverableForm(QWidget):
    """Title and time of a deliverable: a date, how often it recurs, or none where it goes on."""

    edit_wanted = Signal(object)

    def __init__(self, drafts: Drafts | None = None) -> None:
        """Begin without a deliverable."""
        super().__init__()
        self._task = self._code = ""
        self.fields = Fields(drafts)
        self.fields.add_line("title", "事项")
        self.fields.add_choice("kind", "类别", [(kind.label, kind) for kind in DeliverableKind])
        self.fields.add_date("due", "完成时限", "如 2026-06-30；不填就不按日期判断快慢")
        self.fields.add_choice("cycle", "周期", [(cycle.label, cycle) for cycle in Cycle])
        self.fields.add_number("times", "次数", "每个周期应开展几次")
        self.fields.committed.connect(self._commit)
        _fill(self, self.fields)

    def show_deliverable(self, task: Task, item: Deliverable) -> None:
        """Show a deliverable of a task."""
        self._task, self._code = task.code, item.code
        recurs = item.kind is DeliverableKind.RECURRING
        self.fields.show_values(
            {
                "title": item.title,
                "kind": item.kind,
                "due": item.due,
                "cycle": item.cycle,
                "times": float(item.times),
            },
            f"plan-editing/deliverable/{item.code}",
        )
        self.fields.set_shown("due", shown=item.kind is DeliverableKind.ONCE)
        self.fields.set_shown("cycle", shown=recurs)
        self.fields.set_shown("times", shown=recurs)

    def _commit(self, key: str, value: Any) -> None:  # noqa: ANN401 - as the field gives it
        task, code = self._task, self._code

        def edit(plan: Plan, _taken: object) -> Plan:
            item = edits.with_property(plan.deliverables_by_code[code], key, value)
            return edits.put_deliverable(plan, task, item)

        self.edit_wanted.emit(edit)


class IndicatorForm(QWidget):
    """All that an indicator is, with only the fields that its kind has."""

    edit_wanted = Signal(object)

    def __init__(self, drafts: Drafts | None = None) -> None:
        """Begin without an indicator."""
        super().__init__()
        self._task = self._code = ""
        fields = self.fields = Fields(drafts)
        fields.add_line("name", "指标名称")
        fields.add_choice("kind", "类型", [(kind.label, kind) for kind in IndicatorKind])
        fields.add_choice(
            "operator", "比较", [(f"{one.value} {_WORDS[one]}", one) for one in Operator]
        )
        fields.add_number("target", "目标值", "比率指标按百分数填写，如 30")
        fields.add_line("measure_unit", "计量单位")
        fields.add_choice("aggregation", "各期汇总", [(one.label, one) for one in Aggregation])
        fields.add_choice("pace", "序时进度", [(rule.label, rule) for rule in PaceRule])
        fields.add_line("curve", "各月进度", "十二个月末应达到的百分数，如 5、10、20、…、100")
        fields.add_line("numerator_name", "分子名称")
        fields.add_line("denominator_name", "分母名称")
        fields.add_switch("bounded", "分子不能大于分母")
        fields.add_choice("constant", "推算参数")
        fields.add_number("factor", "每多少计一", "如每 1000 人计一，填 1000")
        fields.add_choice("source", "推算来源")
        fields.add_choice("part_of", "其中项属于")
        fields.add_choice("reporters", "填报单位")
        fields.add_switch("whole_numbers", "只填整数")
        fields.add_number("baseline", "上年完成值", "不知道可以不填")
        fields.committed.connect(self._commit)
        _fill(self, fields)

    def show_indicator(self, plan: Plan, task: Task, indicator: Indicator) -> None:
        """Show an indicator of a task."""
        self._task, self._code = task.code, indicator.code
        self._offer(plan, task, indicator)
        self.fields.show_values(properties(indicator), f"plan-editing/indicator/{indicator.code}")
        shown = fitting(indicator)
        for key in self.fields.fields:
            self.fields.set_shown(key, shown=key in shown)

    def _offer(self, plan: Plan, task: Task, indicator: Indicator) -> None:
        """Fill the drop-downs with what the plan holds."""
        others = [(i.name, i.code) for i in plan.indicators if i.code != indicator.code]
        offers: dict[str, list[tuple[str, Any]]] = {
            "part_of": [("不是其中项", ""), *others],
            "source": [("由单位填报分子", ""), *others],
            "constant": [("未选", ""), *((c.name, c.code) for c in plan.constants)],
            "reporters": _reporter_offers(plan, task, indicator),
        }
        for key, entries in offers.items():
            self.fields.fields[key].set_entries(entries)  # pyright: ignore[reportAttributeAccessIssue]

    def _commit(self, key: str, value: Any) -> None:  # noqa: ANN401 - as the field gives it
        task, code = self._task, self._code

        def edit(plan: Plan, _taken: object) -> Plan:
            indicator = plan.indicators_by_code[code]
            changed = with_property(plan, indicator, key, value)
            return edits.put_indicator(plan, task, changed)

        self.edit_wanted.emit(edit)


_WORDS = {Operator.AT_LEAST: "不少于", Operator.EQUAL: "等于", Operator.AT_MOST: "不超过"}


def _reporter_offers(plan: Plan, task: Task, indicator: Indicator) -> list[tuple[str, str]]:
    """Offer all units of the task, each of its parties alone, and what stands there now."""
    names = plan.directory
    parties = dict.fromkeys([*(a.party for a in task.assignments), *plan.roles(task.code)])
    offers = [("任务的全部责任单位", ""), *((names.name(party), party) for party in parties)]
    held = MARK.join(indicator.reporters)
    if all(held != offered for _, offered in offers):
        offers.append((MARK.join(names.name(party) for party in indicator.reporters), held))
    return offers


def _fill(owner: QWidget, fields: Fields) -> None:
    column_of(fields, parent=owner)
