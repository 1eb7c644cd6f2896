"""Plan files as people edit them: what is wrong is told at its line, all at once."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fsdesk.documents.plan_file import load_plan
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.plan.codec import plan_from_dict, plan_to_dict
from fsdesk.domain.plan.indicators import Pace, PaceRule, TargetShare
from fsdesk.domain.plan.plan import Assignment, Plan, Role

YEAR = 2026
GOOD = """\
title: "{year}年工作要点"
issuer: 区食药安办
constants:
  - {code: population, name: 常住人口, value: 400000, unit: 人}
sections:
  - number: 1
    title: 保障能力
    points:
      - number: 1
        title: 风险预警
        tasks:
          - code: T01-1
            title: 抽检
            text: 完成抽检。
            responsible:
              LEAD: [区市场监管局]
              SHARED: [各街道]
            indicators:
              - code: I01-1
                name: 抽检批次
                kind: count
                aggregation: cumulative
                operator: "≥"
                target: 100
                unit: 批次
                shares: {区市场监管局: 60, 西兴街道: 40}
              - code: I01-2
                name: 其中农产品
                kind: count
                aggregation: cumulative
                operator: "≥"
                target: 50
                unit: 批次
                part_of: I01-1
              - code: I01-3
                name: 处置率
                kind: ratio
                aggregation: cumulative
                operator: "="
                target: 90
                unit: "%"
                pace: constant
                numerator: 已处置
                denominator: 不合格
              - code: I01-4
                name: 抽检强度
                kind: derived
                aggregation: cumulative
                operator: "≥"
                target: 3
                unit: 批次/千人
                source: I01-1
                constant: population
                factor: 1000
            deliverables:
              D01-1-1: 抽检计划
              D01-1-2: {title: 抽检总结, due: 2026-11-30}
"""
UNITS = """\
units:
  - {code: ban, name: 区食药安办, kind: office}
  - {code: scjg, name: 区市场监管局, kind: department, aliases: [市监局]}
  - {code: xx, name: 西兴街道, kind: street}
groups:
  - {code: g-jd, name: 各街道, members: [xx]}
"""
CHINESE = re.compile(r"[一-鿿]")


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "plan.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def problems(path):
    with pytest.raises(InputRejectedError) as caught:
        load_plan(path, YEAR)
    for finding in caught.value.findings:
        assert finding.place.file == path.name
        assert CHINESE.search(finding.message)
        assert finding.remedy
    return caught.value.findings


def line_with(text, part, near=1):
    lines = [n for n, line in enumerate(text.splitlines(), 1) if part in line]
    return min(lines, key=lambda n: abs(n - near))


def test_a_good_file_is_read(written):
    plan = load_plan(written(GOOD), YEAR)
    task = plan.tasks[0]

    assert plan.title == "2026年工作要点"
    assert task.assignments == (Assignment("scjg", Role.LEAD), Assignment("g-jd", Role.SHARED))
    assert task.indicators[0].shares == (TargetShare("scjg", 60), TargetShare("xx", 40))
    assert [item.due for item in task.deliverables] == [None, date(2026, 11, 30)]


def test_a_deliverable_says_when_it_is_to_be_done(written):
    forms = """\
              D01-1-1: 抽检计划
              D01-1-2: {title: 抽检总结, due: 2026-11-30}
              D01-1-3: {title: 抽检通报, recurring: {quarter: 2}}
              D01-1-4: {title: 抽检公示, standing: true}
              D01-1-5: {title: 抽检评估, standing: false}
"""
    text = GOOD[: GOOD.index("              D01-1-1")] + forms
    items = load_plan(written(text), YEAR).tasks[0].deliverables

    assert [item.schedule_text for item in items] == [
        "未定时限", "2026年11月30日前完成", "每季度2次", "长期坚持", "未定时限"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("due: 2026-11-30, standing: true", "“due”和“standing”只能写一个"),
        ("due: 2026-11-30, recurring: {month: 1}", "“due”和“recurring”只能写一个"),
        ("standing: true, recurring: {month: 1}", "“standing”和“recurring”只能写一个"),
        ("standing: 是", "“standing”应为 true 或 false"),
        ("once: true", "不认识的项“once”"),
        ("recurring: {}", "“recurring”应写明一个频次"),
        ("recurring: {month: 1, year: 3}", "“recurring”应写明一个频次"),
        ("recurring: {week: 1}", "不认识的项“week”"),
        ("recurring: {month: 0}", "“month”应为从 1 起的整数"),
        ("recurring: {month: 1.5}", "“month”应为从 1 起的整数"),
        ("recurring: 每月", "“recurring”应为若干“名称: 值”"),
    ],
)
def test_a_deliverable_is_of_one_kind_only(written, form, told):
    text = GOOD.replace("due: 2026-11-30", form)
    found = problems(written(text))

    assert told in [finding.message for finding in found]
    assert {finding.place.line for finding in found} == {line_with(text, "抽检总结")}


def test_a_file_may_bring_its_own_units(written):
    plan = load_plan(written(UNITS + GOOD), YEAR)

    assert [unit.name for unit in plan.directory.units] == [
        "区食药安办",
        "区市场监管局",
        "西兴街道",
    ]
    assert plan.directory.unit("市监局").code == "scjg"


def test_a_curve_is_read(written):
    curve = [n / 12 for n in range(1, 13)]
    plan = load_plan(
        written(GOOD.replace("pace: constant", f"pace: curve\n                curve: {curve}")),
        YEAR,
    )

    assert plan.indicators[2].pace == Pace(PaceRule.CURVE, tuple(curve))


# What is damaged: the old text, the new one, the words that mark the line told, and the message.
DAMAGES = {
    "unknown key": ("issuer:", "isuer: 甲\nissuer:", "isuer", "不认识的项“isuer”"),
    "unknown key below": ("            text:", "            txt:", "txt", "不认识的项“txt”"),
    "missing key": ("                name: 抽检批次\n", "", "code: I01-1", "缺少“name”"),
    "empty text": ("title: 抽检\n", "title:\n", "title:", "缺少“title”"),
    "text as number": ("title: 抽检\n", "title: 12\n", "title: 12", "“title”应为文字"),
    "number as text": ("target: 100", "target: 一百", "一百", "“target”应为不小于 0 的数字"),
    "negative": ("target: 100", "target: -1", "target: -1", "不小于 0"),
    "infinite": ("target: 3\n", "target: .inf\n", ".inf", "不小于 0"),
    "nothing to reach": ("target: 50", "target: 0", "target: 0", "大于 0"),
    "true as number": ("target: 100", "target: true", "true", "不小于 0"),
    "part number": ("- number: 1\n    t", "- number: 1.5\n    t", "1.5", "整数"),
    "list as text": ("[各街道]", "各街道", "SHARED", "“SHARED”应为列表"),
    "numbers in list": ("[各街道]", "[各街道, 3]", "SHARED", "全部为文字"),
    "item as text": ("  - number: 1\n    t", "  - 甲\n  - number: 1\n    t", "- 甲", "名称: 值"),
    "unknown unit": ("[各街道]", "[区气象局]", "区气象局", "没有名为“区气象局”的单位"),
    "unknown role": ("SHARED:", "HELP:", "HELP", "不认识的项“HELP”"),
    "unknown kind": ("kind: ratio", "kind: rate", "rate", "“kind”的取值“rate”无效"),
    "unknown operator": ('operator: "="', 'operator: ">"', '">"', "“operator”的取值“>”无效"),
    "unknown pace": ("pace: constant", "pace: fast", "fast", "“pace”的取值“fast”无效"),
    "duplicate code": ("code: I01-2", "code: I01-1", "code: I01-1", "“I01-1”重复，第 19 行"),
    "same but for case": ("code: I01-2", "code: i01-1", "code: i01-1", "“i01-1”重复"),
    "odd code": ("code: I01-3", "code: 处/置", "处/置", "编码“处/置”不合规定"),
    "part of nothing": ("part_of: I01-1", "part_of: I09-9", "I09-9", "不存在的指标“I09-9”"),
    "part of a task": ("part_of: I01-1", "part_of: T01-1", "part_of", "不存在的指标“T01-1”"),
    "part of itself": ("part_of: I01-1", "part_of: I01-2", "part_of", "绕了一圈"),
    "source of nothing": ("source: I01-1", "source: I09-9", "I09-9", "不存在的指标“I09-9”"),
    "source of itself": ("source: I01-1", "source: I01-4", "source", "绕了一圈"),
    "unknown constant": ("constant: population", "constant: area", "area", "不存在的“area”"),
    "constant of nothing": ("value: 400000", "value: 0", "value: 0", "大于 0"),
    "factor of nothing": ("factor: 1000", "factor: 0", "factor: 0", "不能为 0"),
    "source of a ratio": ("pace: constant", "source: I01-1", "source", "只有推算指标"),
    "ratio above all": ("target: 90", "target: 900", "target: 900", "0 到 100"),
    "ratio of what": ("                numerator: 已处置\n", "", "code: I01-3", "“numerator”"),
    "short curve": ("pace: constant", "pace: curve\n                curve: [0.5, 1]", "[0.5", "12"),
    "curve in vain": ("pace: constant", "curve: [0.5, 1]", "[0.5", "只有按月设定"),
    "small shares": ("西兴街道: 40", "西兴街道: 39", "shares", "合计 99，少于目标 100"),
    "share of a group": ("西兴街道: 40", "各街道: 40", "shares", "不是单个单位"),
    "share of a stranger": ("西兴街道: 40", "区法院: 40", "shares", "“区法院”不填报这项指标"),
    "no such day": ("due: 2026-11-30", "due: 2026-02-30", "due", "“due”应为日期"),
    "other year": ("due: 2026-11-30", "due: 2025-11-30", "due", "不在 2026 年内"),
    "same key twice": ("title: 抽检\n", "title: 抽检\n            title: 抽样\n", "抽样", "同名"),
    "no YAML": ("title: 抽检\n", "title: “抽检\n             ]: [\n", "]: [", "格式有误"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_told_at_its_line(written, name):
    old, new, mark, message = DAMAGES[name]
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    found = problems(written(text))
    at = line_with(text, mark, near=GOOD.count("\n", 0, GOOD.index(old)) + 1)

    assert (at, True) in [(f.place.line, message in f.message) for f in found], found


def test_a_circle_of_parts_is_told_at_each_member(written):
    text = GOOD.replace("shares: {区市场监管局: 60, 西兴街道: 40}", "part_of: I01-2")
    found = problems(written(text))

    assert ["绕了一圈" in finding.message for finding in found] == [True, True]
    assert found[0].place.line == line_with(text, "part_of: I01-2")


def test_a_task_needs_somebody_and_something(written):
    head, _ = GOOD.split("            responsible:")
    first, second = problems(written(head))

    assert {first.message, second.message} == {"这项任务没有责任单位", "这项任务没有事项"}
    assert first.place.line == line_with(GOOD, "code: T01-1")


@pytest.mark.parametrize(("key", "told"), [("points", "要点"), ("sections", "部分")])
def test_nothing_stands_empty(written, key, told):
    head = GOOD[: GOOD.index(f"{key}:")]
    found = problems(written(f"{head}{key}: []\n"))

    assert found[0].message.endswith(f"没有{told}")


def test_all_problems_are_told_at_once_in_the_order_of_lines(written):
    text = GOOD.replace("issuer: 区食药安办\n", "")
    for old, new in [
        ("target: 100", "target: 一"),
        ("kind: ratio", "kind: x"),
        ("title: 抽检\n", "title: 1\n"),
    ]:
        text = text.replace(old, new)
    found = problems(written(text))
    lines = [finding.place.line for finding in found]

    assert len(found) == 4
    assert all(first <= second for first, second in pairwise(lines))


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("kind: street", "kind: village", 4, "单位类别“village”无效"),
        ("aliases: [市监局]", "aliases: [西兴街道]", 4, "“西兴街道”已被第 3 行的单位使用"),
        ("code: xx", "code: scjg", 4, "“scjg”已被第 3 行的单位使用"),
        ("members: [xx]", "members: [yy]", 6, "“yy”不是单位编码"),
        ("members: [xx]", "members: []", 6, "单位组没有成员"),
    ],
)
def test_units_of_a_file_are_checked_too(written, old, new, line, message):
    found = problems(written(UNITS.replace(old, new) + GOOD))

    assert (line, True) in [(f.place.line, message in f.message) for f in found]


def test_units_that_are_missing_are_told_once(written):
    (found,) = problems(written("units: []\n" + GOOD))

    assert found.message == "缺少“units”"


@pytest.mark.parametrize("text", ["", "# 说明\n", "- 甲\n", "甲\n", "{}\n"])
def test_a_file_without_a_plan_is_told_as_such(written, text):
    (found,) = problems(written(text))

    assert "空的" in found.message


def test_other_encodings_are_told_at_the_line(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_bytes(b"# plan\n" + "title: 要点\n".encode("gb18030"))
    (found,) = problems(path)

    assert "UTF-8" in found.message
    assert found.place.line == 2


def test_files_that_are_not_there_are_told(tmp_path):
    assert problems(tmp_path / "none.yaml")[0].message == "没有这个文件"
    folder = tmp_path / "folder.yaml"
    folder.mkdir()
    assert "文件夹" in problems(folder)[0].message


def test_a_mark_at_the_start_of_the_file_is_no_fault(tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(GOOD, encoding="utf-8-sig")

    assert load_plan(path, YEAR).year == YEAR


@pytest.mark.parametrize("text", ["title: !!int 甲\n", "[" * 1000, "title: \x07\n", "a: &a [*a]\n"])
def test_what_the_yaml_library_chokes_on_is_explained(written, text):
    assert problems(written(text))


LINES = GOOD.splitlines()


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    at=st.integers(0, len(LINES) - 1),
    new=st.sampled_from(["", "  甲", "code: T01-1", "- 1", "? x", "!!int x", "title: {", "&a *a"])
    | st.text(alphabet=" :-[]{}\"'#甲1a,&*!|>%@`", max_size=12),
)
@example(at=0, new="title: 2026-02-30")
@example(at=5, new="  - *x")
def test_any_line_spoilt_gives_a_plan_or_an_explanation(tmp_path: Path, at, new):
    path = tmp_path / "plan.yaml"
    path.write_text("\n".join([*LINES[:at], new, *LINES[at + 1 :]]), encoding="utf-8")
    try:
        plan = load_plan(path, YEAR)
    except InputRejectedError as problem:
        plan, told = None, [finding.message for finding in problem.findings]
    if plan is None:
        assert all(CHINESE.search(message) for message in told)
    else:
        assert isinstance(plan, Plan)
        assert plan_from_dict(plan_to_dict(plan)) == plan
