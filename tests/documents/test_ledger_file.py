"""Ledgers as data: complete, and damage is told with its line."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fsdesk.documents.ledger_file import builtin_ledgers_for, load_builtin_ledgers, load_ledgers
from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.ledger.ledger import ColumnType
from fsdesk.domain.plan.edits import put_indicator
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind
from fsdesk.services.care import setup
from fsdesk.store.ledger import ledgers as store

GOOD = """ledgers:
  - code: a
    title: 甲
    key: [编号]
    columns:
      - {title: 编号}
      - {title: 结论, type: choice, choices: [合格, 不合格]}
"""


def test_the_ledgers_of_the_field_are_declared():
    ledgers = {ledger.title: ledger for ledger in load_builtin_ledgers()}
    assert len(ledgers) == 15
    types = {column.title: column.type for column in ledgers["监督抽检"].columns}
    assert types["抽样日期"] is ColumnType.DATE
    assert types["检验结论"] is ColumnType.CHOICE
    assert ledgers["追溯上链"].key == ("主体", "品种")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("key: [编号]", "key: [名称]", 4, "不是这个台账的列"),
        ("key: [编号]", "key: []", 2, "缺少"),
        ("type: choice,", "type: colour,", 7, "取值"),
        (", choices: [合格, 不合格]", "", 7, "choices"),
        ("title: 结论", "title: 编号", 5, "重复"),
        ("title: 甲", "name: 甲", 2, "缺少"),
    ],
)
def test_damage_is_told_with_its_line(tmp_path, old, new, line, words):
    file = tmp_path / "ledgers.yaml"
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputRejectedError) as refused:
        load_ledgers(file)
    told = [(finding.place.line, finding.message) for finding in refused.value.findings]
    assert any(words in message for _, message in told)
    assert any(abs((at or 0) - line) <= 2 for at, _ in told)


def fed(ledgers):
    return {feed.indicator for ledger in ledgers for feed in ledger.feeds}


def test_the_built_in_plan_keeps_every_formula():
    assert builtin_ledgers_for(load_builtin_plan(2027)) == load_builtin_ledgers()


def other(indicator, what):
    """Return an indicator that asks for something else under the same code."""
    if what == "kind":
        count = indicator.kind is IndicatorKind.COUNT
        kind = IndicatorKind.RATIO if count else IndicatorKind.COUNT
        names = ("甲", "乙") if count else ("", "")
        return replace(
            indicator, kind=kind, numerator_name=names[0], denominator_name=names[1],
            derivation=None, part_of="",
        )  # fmt: skip
    if what == "aggregation":
        adds = indicator.aggregation is Aggregation.CUMULATIVE
        return replace(
            indicator, aggregation=Aggregation.LEVEL if adds else Aggregation.CUMULATIVE, part_of=""
        )
    changed = {"name": f"重大事故隐患{indicator.code}", "measure_unit": "处"}[what]
    return replace(indicator, **{what: changed})


@pytest.mark.parametrize("what", ["name", "kind", "aggregation", "measure_unit"])
def test_a_ledger_feeds_nothing_that_only_has_the_code_of_its_indicator(what):
    plan, every = load_builtin_plan(2026), fed(load_builtin_ledgers())
    for code in every:
        found = plan.indicators_by_code[code]
        task = next(task for task in plan.tasks if found in task.indicators)
        changed = put_indicator(plan, task.code, other(found, what))
        assert fed(builtin_ledgers_for(changed)) == every - {code}


def test_a_plan_of_another_field_is_set_up_without_formulas(tmp_path):
    safety = load_builtin_plan(2026)
    for task in safety.tasks:
        for indicator in task.indicators:
            safety = put_indicator(safety, task.code, other(indicator, "name"))
    with setup.create_office(tmp_path / "office", safety) as office, office.reading() as session:
        assert fed(store.load_ledgers(session)) == set()
