"""Data quality over a workspace: rows that break rules are found in the database as by hand."""

from __future__ import annotations

import random
from datetime import date

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.documents.quality_file import load_builtin_quality, load_quality
from fsdesk.domain.findings import InputRejectedError, Severity
from fsdesk.domain.ledger.conditions import CellCheck, Condition
from fsdesk.domain.ledger.formulas import DaySpan, Feed, LedgerMeasure
from fsdesk.domain.ledger.ledger import Ledger, LedgerColumn, LedgerEntry
from fsdesk.domain.quality.rules import QualityKind, QualityRule
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.services.ledger import ledgers
from fsdesk.services.packet import exchange
from fsdesk.services.quality import data_quality, quality_rules
from fsdesk.services.records import recording
from fsdesk.store.ledger import ledgers as store
from fsdesk.store.quality import choices
from fsdesk.store.quality.ledgers import Asked, broken, broken_by_unit
from tests.workspaces import MARCH, import_files

TODAY = date(2026, 4, 2)  # of the tests' clock
DAYS = (
    date(2025, 12, 31), date(2026, 1, 1), date(2026, 4, 1), TODAY, date(2026, 4, 3),
    date(2026, 12, 31), date(2027, 1, 1), None,
)  # fmt: skip


def sample(number, unit="scj", **values):
    given = {"抽样编号": f"A{number}", "类别": "药品", "抽样日期": date(2026, 3, 1), **values}
    return LedgerEntry("", "sampling", unit, given)


def visit(number, found, cured, day=date(2026, 3, 1), unit="scj"):
    values = {"主体": f"店{number}", "督导日期": day, "发现问题数": found, "已整改数": cured}
    return LedgerEntry("", "inspection", unit, values)


def examine(workspace, unit=""):
    return run_through(data_quality.examine(workspace, MARCH, unit))


def group(found, kind, ledger=""):
    groups = [g for g in found.groups if g.rule.kind is kind and g.rule.ledger == ledger]
    return groups[0] if groups else None


# The database against the same rules written out here


def breaks(rule, values):
    if not all(
        (values.get(c.column) in c.values)
        if c.check is CellCheck.IS
        else values.get(c.column) is None
        for c in rule.where
    ):
        return False
    own, other = values.get(rule.column), values.get(rule.other)
    if rule.kind is QualityKind.REQUIRED:
        return own is None
    if rule.kind is QualityKind.UNWANTED:
        return True
    if own is None or (rule.other and other is None):
        return False
    return {
        QualityKind.AT_MOST: lambda: own > other,
        QualityKind.NOT_BEFORE: lambda: own < other,
        QualityKind.FUTURE: lambda: own > TODAY,
        QualityKind.EXPIRED: lambda: own < TODAY,
        QualityKind.OUTSIDE_YEAR: lambda: own.year != 2026,
    }[rule.kind]()


FAILED = Condition("检验结论", CellCheck.IS, ("不合格",))
NAMED = Condition("样品名称", CellCheck.IS, ("样品1",))
OPEN = Condition("处置完成日期", CellCheck.EMPTY)
RULES = [
    QualityRule("x", kind, Severity.ERROR, "sampling", column, other, where=where)
    for kind, column, other in (
        (QualityKind.REQUIRED, "处置完成日期", ""),
        (QualityKind.REQUIRED, "样品名称", ""),
        (QualityKind.UNWANTED, "类别", ""),
        (QualityKind.NOT_BEFORE, "处置完成日期", "抽样日期"),
        (QualityKind.FUTURE, "抽样日期", ""),
        (QualityKind.EXPIRED, "处置完成日期", ""),
        (QualityKind.OUTSIDE_YEAR, "抽样日期", ""),
    )
    for where in ((), (FAILED,), (NAMED,), (FAILED, NAMED), (OPEN, FAILED))
]


@pytest.fixture
def many(office):
    luck = random.Random(5)
    rows = [
        sample(
            number,
            luck.choice(("scj", "fgj")),
            抽样日期=luck.choice(DAYS),
            处置完成日期=luck.choice(DAYS),
            检验结论=luck.choice(("合格", "不合格", None)),
            样品名称=luck.choice(("样品1", "样品2", None)),
        )
        for number in range(400)
    ]
    ledgers.save_rows(office, rows)
    return rows


def test_the_database_finds_what_a_plain_loop_finds(office, many):
    compared = 0
    with office.reading() as session:
        for rule in RULES:
            wanted = {r.values["抽样编号"] for r in many if breaks(rule, r.values)}
            asked = Asked(rule, TODAY, 2026)
            pages = [broken(session, asked, 50, offset) for offset in range(0, 450, 50)]
            names = [row.values["抽样编号"] for page in pages for row in page]
            assert sorted(names) == sorted(wanted), rule
            counts = broken_by_unit(session, asked)
            assert sum(counts.values()) == len(wanted)
            own = broken_by_unit(session, replace(asked, unit="fgj"))
            assert own.get("fgj", 0) == counts.get("fgj", 0)
            compared += len(wanted)
    assert compared > 500


# Findings


def test_a_row_that_contradicts_itself_is_named_with_its_place(office):
    ledgers.save_rows(office, [visit(1, 2.0, 3.0), visit(2, 3.0, 3.0)])
    found = group(examine(office), QualityKind.AT_MOST, "inspection")
    (doubt,) = found.doubts
    assert (found.total, found.by_unit, doubt.level) == (1, {"scj": 1}, Severity.ERROR)
    assert "“已整改数”3 大于“发现问题数”2" in doubt.message
    assert doubt.spot.row
    assert doubt.spot.name.startswith("店1")


def test_the_same_sample_of_two_bureaus_is_found_whatever_its_spelling(office):
    ledgers.save_rows(office, [sample(1), sample(2), sample(3, 抽样编号="sc 07")])
    ledgers.save_rows(office, [sample(1, "fgj"), sample(9, "fgj", 抽样编号="ＳＣ07")])
    found = group(examine(office), QualityKind.SHARED, "sampling")
    assert found.total == 2
    assert found.by_unit == {"scj": 2, "fgj": 2}
    assert all("由 2 个单位重复登记" in doubt.message for doubt in found.doubts)
    assert all("台账数只计一次" in doubt.message for doubt in found.doubts)


def test_whatever_ledger_counts_a_key_once_says_who_else_registered_it(office):
    with office.writing() as writing:
        known = store.load_ledgers(writing.session)
        own = Ledger("own1", "新台账", (LedgerColumn("名称"),), ("名称",))
        each_its_own = replace(own, code="own2", title="各记各的", keyed_by_unit=True)
        store.save_ledgers(writing, [*known, own, each_its_own])
    for ledger in ("own1", "own2"):
        for unit in ("scj", "fgj"):
            ledgers.save_rows(office, [LedgerEntry("", ledger, unit, {"名称": "甲"})])
    found = examine(office)
    (doubt,) = group(found, QualityKind.SHARED, "own1").doubts
    assert "区发改局(农业农村局)、区市场监管局" in doubt.message
    assert not [g for g in found.groups if g.rule.ledger == "own2"]


def test_a_typed_figure_stands_against_its_ledger(office):
    with office.writing() as writing:
        first, *rest = store.load_ledgers(writing.session)
        feed = Feed("I01-5", LedgerMeasure(day="抽样日期", span=DaySpan.UNTIL))
        store.save_ledgers(writing, [replace(first, feeds=(feed,)), *rest])
    ledgers.save_rows(office, [sample(1), sample(2)])
    recording.record_value(office, "I01-5", "2026-03", DataValue(50), unit="scj")
    (doubt,) = group(examine(office), QualityKind.DIFFERS).doubts
    assert "填报累计 50，台账算出 2" in doubt.message
    recording.record_value(office, "I01-5", "2026-03", DataValue(2), unit="scj")
    assert group(examine(office), QualityKind.DIFFERS) is None


def test_a_unit_examines_its_own_data_only(office, unit):
    ledgers.save_rows(unit, [visit(1, 2.0, 3.0)])
    assert group(examine(unit), QualityKind.AT_MOST, "inspection").by_unit == {"scj": 1}
    with pytest.raises(InputRejectedError, match="本单位"):
        examine(unit, "fgj")


def test_more_than_a_page_is_counted_and_fetched_when_asked(office):
    ledgers.save_rows(office, [visit(n, 2.0, 3.0) for n in range(data_quality.PAGE + 30)])
    found = examine(office)
    held = group(found, QualityKind.AT_MOST, "inspection")
    assert (held.total, len(held.doubts)) == (data_quality.PAGE + 30, data_quality.PAGE)
    assert len(data_quality.more(office, found, held, 1000).doubts) == held.total


# Shown no more


def test_what_may_stay_is_hidden_with_a_reason_until_its_data_change(office, clock):
    ledgers.save_rows(office, [visit(1, 2.0, 3.0), visit(2, 1.0, 3.0)])
    first, _ = group(examine(office), QualityKind.AT_MOST, "inspection").doubts
    with pytest.raises(InputRejectedError, match="原因"):
        data_quality.dismiss(office, [first], "  ")
    data_quality.dismiss(office, [first], "系上年遗留问题一并整改")
    held = group(examine(office), QualityKind.AT_MOST, "inspection")
    assert (held.total, held.hidden) == (1, 1)
    (item,) = data_quality.dismissals(office)
    assert (item.doubt, item.reason) == (first, "系上年遗留问题一并整改")
    assert data_quality.take_back(office, [item.mark]) == 1
    assert data_quality.take_back(office, [item.mark]) == 0
    assert group(examine(office), QualityKind.AT_MOST, "inspection").total == 2
    data_quality.dismiss(office, [first], "系上年遗留问题一并整改")
    ledgers.save_rows(office, [visit(1, 2.0, 9.0)])
    held = group(examine(office), QualityKind.AT_MOST, "inspection")
    assert (held.total, held.hidden) == (2, 0)


def test_keys_and_figures_are_hidden_as_well(office):
    ledgers.save_rows(office, [sample(1), sample(2)])
    ledgers.save_rows(office, [sample(1, "fgj"), sample(2, "fgj")])
    recording.record_value(office, "I01-3", "2026-03", DataValue(None, 4, 4), unit="scj")
    recording.record_value(office, "I01-5", "2026-02", DataValue(9), unit="scj")
    recording.record_value(office, "I01-5", "2026-03", DataValue(7), unit="scj")
    found = examine(office)
    chosen = [group(found, QualityKind.SHARED, "sampling").doubts[0]]
    chosen += group(found, QualityKind.FALLS).doubts
    assert data_quality.dismiss(office, chosen, "已核实") == 2
    found = examine(office)
    assert group(found, QualityKind.SHARED, "sampling").total == 1
    assert (group(found, QualityKind.FALLS).total, group(found, QualityKind.FALLS).hidden) == (0, 1)


def test_the_list_is_a_workbook_for_the_units(office, tmp_path):
    ledgers.save_rows(office, [visit(n, 2.0, 3.0) for n in range(data_quality.PAGE + 3)])
    file = tmp_path / "清单.xlsx"
    wanted = [Severity.ERROR]
    assert data_quality.write_list(office, examine(office), file, wanted) == data_quality.PAGE + 3
    sheet = load_workbook(file).active
    assert any("已整改数" in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


# Rules of the office


def unwanted(**options):
    where = (Condition("类别", CellCheck.IS, ("药品",)), Condition("检验结论", CellCheck.EMPTY))
    return QualityRule(
        "", QualityKind.UNWANTED, Severity.WARNING, "sampling", "检验结论", where=where, **options
    )


def test_the_office_adds_changes_and_switches_off_rules(office):
    ledgers.save_rows(office, [sample(1), sample(2, 检验结论="合格")])
    rule = quality_rules.save_rule(office, unwanted(message="药品抽检应有结论"))
    (doubt,) = group(examine(office), QualityKind.UNWANTED, "sampling").doubts
    assert (doubt.message, doubt.spot.name) == ("药品抽检应有结论", "A1")
    quality_rules.save_rule(office, replace(rule, level=Severity.ERROR))
    assert group(examine(office), QualityKind.UNWANTED, "sampling").rule.level is Severity.ERROR
    quality_rules.switch_rule(office, rule.code, on=False)
    assert group(examine(office), QualityKind.UNWANTED, "sampling") is None
    quality_rules.switch_rule(office, rule.code, on=True)
    quality_rules.drop_rule(office, rule.code)
    assert rule.code not in {line.rule.code for line in quality_rules.rule_book(office).lines}


def test_a_declared_rule_that_was_changed_becomes_again_what_it_was(office):
    (falls,) = [x.rule for x in quality_rules.rule_book(office).lines if x.rule.code == "falls"]
    quality_rules.save_rule(office, replace(falls, level=Severity.ERROR))
    (line,) = [x for x in quality_rules.rule_book(office).lines if x.rule.code == "falls"]
    assert (line.changed, line.rule.level) == (True, Severity.ERROR)
    quality_rules.drop_rule(office, "falls")
    (line,) = [x for x in quality_rules.rule_book(office).lines if x.rule.code == "falls"]
    assert (line.changed, line.rule) == (False, falls)


def test_a_rule_that_does_not_fit_is_refused_and_nothing_is_stored(office):
    with pytest.raises(InputRejectedError, match="没有“不存在”这一列"):
        quality_rules.save_rule(office, replace(unwanted(), column="不存在"))
    with office.reading() as session:
        assert choices.load_choices(session).rules == ()


def test_rules_travel_to_the_units_which_cannot_change_them(office, unit, tmp_path, clock):
    rule = quality_rules.save_rule(office, unwanted())
    quality_rules.switch_rule(office, "falls", on=False)
    clock.set("2026-04-03T01:00:00+00:00")
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "again"))
    import_files(unit, next(packet.file for packet in issued if packet.unit == "scj"))
    lines = {line.rule.code: line for line in quality_rules.rule_book(unit).lines}
    assert lines[rule.code].rule == rule
    assert not lines["falls"].applied
    with pytest.raises(InputRejectedError):
        quality_rules.switch_rule(unit, "falls", on=True)


# The data file


def test_the_programs_own_rules_are_read():
    kinds = {rule.kind for rule in load_builtin_quality()}
    assert {QualityKind.RATIO, QualityKind.OUTLIER, QualityKind.DIFFERS} <= kinds


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{code: a, kind: nothing}", "nothing"),
        ("{code: a, kind: future, ledger: nowhere, column: x}", "没有台账“nowhere”"),
        ("{code: a, kind: future, ledger: sampling, column: 没有}", "没有"),
        ("{code: a, kind: ratio, level: 大错}", "大错"),
    ],
)
def test_a_wrong_declaration_is_named(tmp_path, text, words):
    file = tmp_path / "quality.yaml"
    file.write_text(f"rules:\n  - {text}\n", encoding="utf-8")
    with pytest.raises(InputRejectedError, match=words):
        load_quality(file)
