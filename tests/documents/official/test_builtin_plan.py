"""The plan that ships with the program, held against a table counted from the document."""

from __future__ import annotations

import json

import pytest

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.plan.codec import plan_from_dict, plan_to_dict
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind, Operator, PaceRule
from fsdesk.domain.plan.plan import DeliverableKind, Role
from fsdesk.domain.plan.units import UnitKind
from fsdesk.domain.text import fold
from tests.documents.official.expected_plan import NAMED, SECTIONS, TASKS

YEAR = 2026
PLAN = load_builtin_plan(YEAR)
STREETS = ("西兴街道", "长河街道", "浦沿街道")

# The indicators of the document: aggregation, pace, and what stands above and below the line.
CUMULATIVE, LEVEL = Aggregation.CUMULATIVE, Aggregation.LEVEL
LINEAR, CONSTANT, CURVE = PaceRule.LINEAR, PaceRule.CONSTANT, PaceRule.CURVE
INDICATORS = {
    "I01-1": ("包保督导完成率", IndicatorKind.RATIO, CUMULATIVE, CONSTANT, "=100%"),
    "I01-2": ("督导发现问题整改率", IndicatorKind.RATIO, CUMULATIVE, CONSTANT, "=100%"),
    "I01-3": ("包保干部培训覆盖率", IndicatorKind.RATIO, CUMULATIVE, CONSTANT, "=100%"),
    "I04-1": ("风险监测哨点数", IndicatorKind.COUNT, LEVEL, CURVE, "≥22家"),
    "I04-2": ("不合格食品核查处置率", IndicatorKind.RATIO, CUMULATIVE, CONSTANT, "=100%"),
    "I04-3": ("食品监督抽检批次", IndicatorKind.COUNT, CUMULATIVE, LINEAR, "≥1900批次"),
    "I04-4": ("其中:食用农产品抽检批次", IndicatorKind.COUNT, CUMULATIVE, LINEAR, "≥910批次"),
    "I04-5": ("食品监督抽检强度", IndicatorKind.DERIVED, CUMULATIVE, LINEAR, "≥3.5批次/千人"),
    "I04-6": ("药品监督抽检批次", IndicatorKind.COUNT, CUMULATIVE, LINEAR, "≥100批次"),
    "I04-7": ("医疗器械监督抽检批次", IndicatorKind.COUNT, CUMULATIVE, LINEAR, "≥27批次"),
    "I04-8": ("化妆品监督抽检批次", IndicatorKind.COUNT, CUMULATIVE, LINEAR, "≥76批次"),
    "I04-9": ("食品风险监测样本量", IndicatorKind.DERIVED, CUMULATIVE, LINEAR, "≥1批次/千人"),
    "I07-1": ("学校食堂A级比例", IndicatorKind.RATIO, LEVEL, CURVE, "≥30%"),
    "I07-2": ("养老机构食堂B级以上比例", IndicatorKind.RATIO, LEVEL, CURVE, "≥60%"),
    "I07-3": ("老年食堂持证率", IndicatorKind.RATIO, LEVEL, CONSTANT, "=100%"),
    "I07-4": ("“阳光配送”覆盖率", IndicatorKind.RATIO, LEVEL, CURVE, "≥20%"),
    "I08-1": ("中小学校示范食堂", IndicatorKind.COUNT, CUMULATIVE, LINEAR, "≥8家"),
    "I08-2": ("新增老年助餐服务点", IndicatorKind.COUNT, CUMULATIVE, LINEAR, "≥10个"),
    "I08-3": ("高品质阳光厨房", IndicatorKind.COUNT, CUMULATIVE, LINEAR, "≥5家"),
    "I09-1": ("重点品种和主体上链率", IndicatorKind.RATIO, LEVEL, CURVE, "≥90%"),
}


def test_the_title_carries_the_year():
    assert PLAN.title == "2026年全区食品药品安全工作要点"
    assert load_builtin_plan(2027).title.startswith("2027年")
    assert PLAN.issuer == "区食药安办"
    assert PLAN.overall_requirement


def test_sections_points_and_tasks_are_those_of_the_document():
    assert {s.number: tuple(p.number for p in s.points) for s in PLAN.sections} == SECTIONS
    assert [task.code for task in PLAN.tasks] == list(TASKS)
    for task in PLAN.tasks:
        assert PLAN.point_of[task.code].number == int(task.code[1:3])


@pytest.mark.parametrize("code", TASKS)
def test_each_task_is_answered_for_by_the_units_that_its_clause_names(code):
    task = PLAN.tasks_by_code[code]
    found = "、".join(f"{PLAN.directory.name(a.party)}:{a.role}" for a in task.assignments)

    assert found == TASKS[code].parties


@pytest.mark.parametrize("code", TASKS)
def test_each_task_has_the_targets_and_things_that_its_clause_names(code):
    task = PLAN.tasks_by_code[code]

    assert tuple(indicator.target_text for indicator in task.indicators) == TASKS[code].targets
    assert len(task.deliverables) == TASKS[code].things


@pytest.mark.parametrize("code", NAMED)
def test_campaigns_that_the_document_names_are_things_of_their_own(code):
    titles = [fold(item.title) for item in PLAN.tasks_by_code[code].deliverables]
    homes = [[n for n, title in enumerate(titles) if fold(name) in title] for name in NAMED[code]]

    assert all(len(home) == 1 for home in homes), (NAMED[code], titles)
    assert len({home[0] for home in homes}) == len(homes)


@pytest.mark.parametrize("code", INDICATORS)
def test_each_indicator_is_read_as_the_document_means_it(code):
    found = PLAN.indicators_by_code[code]

    assert INDICATORS[code] == (
        found.name, found.kind, found.aggregation, found.pace.rule, found.target_text
    )  # fmt: skip
    assert found.whole_numbers
    if found.kind is IndicatorKind.RATIO:
        assert found.numerator_name
        assert found.denominator_name


def test_there_are_no_other_indicators():
    assert [indicator.code for indicator in PLAN.indicators] == list(INDICATORS)
    assert all(i.operator in {Operator.AT_LEAST, Operator.EQUAL} for i in PLAN.indicators)


def test_farm_products_are_part_of_the_food_samples_and_never_counted_twice():
    assert {i.code: i.part_of for i in PLAN.indicators if i.part_of} == {"I04-4": "I04-3"}


def test_strength_comes_from_the_samples_and_the_sample_rate_is_typed():
    strength = PLAN.indicators_by_code["I04-5"]
    rate = PLAN.indicators_by_code["I04-9"]

    assert (strength.derivation.source, strength.typed) == ("I04-3", False)
    assert (rate.derivation.source, rate.typed) == ("", True)
    for indicator in (strength, rate):
        assert indicator.derivation.factor == 1000
        assert PLAN.constant(indicator.derivation.constant).name == "常住人口"


def test_the_directory_has_nineteen_units_each_with_its_kind():
    kinds = [unit.kind for unit in PLAN.directory.units]

    assert len(kinds) == 19
    assert kinds.count(UnitKind.OFFICE) == 1
    assert {u.name for u in PLAN.directory.units if u.kind is UnitKind.STREET} == set(STREETS)
    assert {u.name for u in PLAN.directory.units if u.kind is UnitKind.JUDICIAL} == {
        "区法院",
        "区检察院",
    }
    assert PLAN.directory.unit("钱江海关萧然办事处").kind is UnitKind.VERTICAL


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("区发改局", "区发改局(农业农村局)"),
        ("区农业农村局", "区发改局(农业农村局)"),
        ("区发改局（农业农村局）", "区发改局(农业农村局)"),
        ("区委宣传部", "区委宣传部(网信办)"),
        ("区市场监督管理局", "区市场监管局"),
        ("区食品药品安全委员会办公室", "区食药安办"),
        ("西兴", "西兴街道"),
        ("各镇街", "各街道"),
        ("各成员单位", "成员单位"),
    ],
)
def test_units_are_found_by_the_names_that_documents_use(written, meant):
    assert PLAN.directory.find(written).name == meant


def test_groups_stand_for_their_members():
    members = PLAN.directory.expand(PLAN.directory.find("成员单位").code)
    streets = PLAN.directory.expand(PLAN.directory.find("各街道").code)

    assert list(members) == [unit.code for unit in PLAN.directory.units]
    assert tuple(PLAN.directory.name(code) for code in streets) == STREETS
    assert set(streets) < set(PLAN.roles("T01-2"))


def test_the_office_leads_where_it_is_a_member_too():
    office = PLAN.directory.office.code

    assert PLAN.roles("T15-1")[office] is Role.LEAD
    assert len(PLAN.roles("T15-1")) == 19


def test_every_unit_has_something_to_do():
    assert all(PLAN.tasks_for(unit.code) for unit in PLAN.directory.units)


def test_wording_is_short_enough_for_tables():
    for task in PLAN.tasks:
        assert len(task.title) <= 20
        assert task.text.endswith("。")
        assert all(len(item.title) <= 20 for item in task.deliverables)


def test_codes_follow_their_task_or_point():
    for task in PLAN.tasks:
        stem = f"D{task.code[1:]}-"
        codes = [item.code for item in task.deliverables]
        assert codes == [f"{stem}{n}" for n in range(1, len(codes) + 1)]
        assert all(i.code[1:3] == task.code[1:3] for i in task.indicators)


# What is made is made once, an event is held once a year or month; all other work goes on all year.
MADE_ONCE = {
    "D02-1-2": "风险管控清单",
    "D03-1-7": "区级食品安全实训中心",
    "D04-1-1": "风险监测预警网络",
    "D04-1-2": "风险监测指挥体系",
    "D13-1-2": "创新医疗器械科研基地",
    "D13-1-3": "医疗器械专利导航分基地",
    "D13-1-4": "审评柔性服务站",
    "D13-1-5": "监管与产业发展研究会",
    "D14-1-4": "食品安全宣传队伍",
}
RECURRING = {
    "包保干部培训": "每年1次",
    "“日管控、周排查、月调度”": "每月1次",
    "抽样技能培训": "每年1次",
    "抽样技能比武": "每年1次",
    "检验检测技能比武": "每年1次",
    "“入市第一课”脚本比武": "每年1次",
    "食品安全事故应急演练": "每年1次",
    "“浙里食安”主题日": "每年1次",
    "食品安全满意度调查": "每年1次",
    "食品安全宣传周": "每年1次",
    "安全用药月": "每年1次",
}


def kinds(kind):
    return {c: item for c, item in PLAN.deliverables_by_code.items() if item.kind is kind}


def test_each_deliverable_has_the_kind_that_its_clause_means():
    once, recurring = kinds(DeliverableKind.ONCE), kinds(DeliverableKind.RECURRING)

    assert {code: item.title for code, item in once.items()} == MADE_ONCE
    assert {item.title: item.schedule_text for item in recurring.values()} == RECURRING
    assert len(kinds(DeliverableKind.STANDING)) == 122 - len(MADE_ONCE) - len(RECURRING)


def test_no_deadline_is_invented():
    assert all(item.due is None for item in PLAN.deliverables_by_code.values())


def test_a_canteen_or_school_is_counted_by_one_unit_only():
    counted_by = {
        code: [PLAN.directory.name(unit) for unit in PLAN.reporters(PLAN.indicators_by_code[code])]
        for code in INDICATORS
        if code.startswith(("I07", "I08"))
    }

    assert counted_by == {
        "I07-1": ["区市场监管局"],
        "I07-2": ["区市场监管局"],
        "I07-3": ["区市场监管局"],
        "I07-4": ["区教育局"],
        "I08-1": ["区市场监管局"],
        "I08-2": ["区民政局"],
        "I08-3": ["区市场监管局"],
    }


def test_only_what_is_added_lot_by_lot_is_asked_for_evenly():
    """A stock was there before the year began: it is asked for by quarters, or always."""
    for indicator in PLAN.indicators:
        stock = indicator.aggregation is LEVEL
        evenly = indicator.pace.rule is LINEAR
        assert evenly is (not stock and indicator.kind is not IndicatorKind.RATIO), indicator.code
        if indicator.pace.rule is CURVE:
            assert indicator.pace.curve[2::3] == (0.5, 0.7, 0.9, 1)


def test_the_plan_survives_its_way_through_json():
    assert plan_from_dict(json.loads(json.dumps(plan_to_dict(PLAN)))) == PLAN
