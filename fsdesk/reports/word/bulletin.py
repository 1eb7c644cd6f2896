"""The monthly bulletin (工作通报): every figure and sentence that its Word template may use.

The template's places bear Chinese names, so that the office can edit its wording in Word. All
figures are those of the year's status, worded as in every other report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from msgspec import Struct

from fsdesk.domain.output.official import numeral, official
from fsdesk.domain.output.reporting import (
    basis_line,
    named,
    no_achievement_line,
    none_line,
    on_what,
    share_words,
)
from fsdesk.domain.output.wording import gap_text, light_text, missing_text, numbered, value_text
from fsdesk.domain.periods import MONTHS, date_text
from fsdesk.domain.plan.indicators import Aggregation, IndicatorKind, Operator
from fsdesk.domain.plan.naming import level_of, subject_of, whole_of
from fsdesk.domain.plan.plan import DeliverableKind
from fsdesk.domain.records.figures import PER_CENT
from fsdesk.domain.records.records import Status
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.ranks import ranks
from fsdesk.domain.status.shares import paced, share_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from fsdesk.domain.output.head import PaperHead
    from fsdesk.domain.output.reporting import Reporting
    from fsdesk.domain.status.published import Publication
    from fsdesk.domain.status.ranks import Ranked
    from fsdesk.domain.status.results import (
        DeliverableResult,
        IndicatorResult,
        TaskResult,
        UnitResult,
        YearStatus,
    )
    from fsdesk.domain.status.trend import Forecast

# So many things are named in a sentence; the rest is in the tables.
_MOST_NAMED = 6
_NONE = "无"
# How a template's places name the lights, whatever these are called on screen by now.
_LIGHTS = {
    Light.GREEN: "正常",
    Light.YELLOW: "偏慢",
    Light.RED: "滞后",
    Light.GREY: "无数据",
}
# Working days that a unit which has not reported is given.
CATCH_UP_DAYS = 5


class BulletinFacts(Struct, frozen=True):
    """All that a bulletin is made from; nothing is ahead when there is too little to go by.

    `published`: as what the figures were published earlier; None where this bulletin brings them.
    `corrects`: what was published of the period before, where this bulletin takes its place.
    """

    status: YearStatus
    head: PaperHead
    ahead: Forecast | None
    issue: int
    catch_up_by: date
    published: Publication | None = None
    corrects: Publication | None = None


def bulletin_words(facts: BulletinFacts) -> dict[str, Any]:
    """Return the template's places by their names, all in words and signs of official papers."""
    status = facts.status
    return _in_official_signs(
        {
            "期号": str(facts.issue),
            "年度": str(status.plan.year),
            "报告期": status.period.label,
            "制发单位": facts.head.maker,
            "落款单位": facts.head.office.seal or facts.head.maker,
            "签发": f"签发：{facts.head.office.signatory}" if facts.head.office.signatory else "",
            "联系方式": facts.head.office.contact_line,
            "辖区": facts.head.office.area(whole_of(status.plan)),
            "领域": subject_of(status.plan),
            "抄送": facts.head.office.copies_to(level_of(status.plan)),
            "日期": date_text(facts.head.made_on),
            "计划": status.plan.name,
            "全年预测": _forecast_words(facts.ahead),
            "发布说明": _publication_words(facts),
            "补报期限": date_text(facts.catch_up_by),
            **_overall(status),
            **_reporting(facts.head.reporting, status),
            "各部分": _sections(status),
            "成效": _achievements(status),
            "无成效说明": no_achievement_line(status),
            "指标": [_indicator(status, result) for result in status.indicators],
            "单位": [_unit(status, ranked) for ranked in ranks(status)],
            "滞后单位": _lagging_units(status),
            "滞后任务": _lagging_rows(status),
            "滞后家次": str(sum(len(_lagging(unit)) for unit in status.units)),
            "数据依据": basis_line(status, facts.head.reporting),
            "无滞后说明": _none_lagging(facts),
            "下步工作": next_steps(facts),
            "下步要点": [
                {"序号": numeral(number), "标题": head, "内容": text}
                for number, (head, text) in enumerate(_steps(facts), start=1)
            ],
            "印发机关": facts.head.maker,
        }
    )


def _publication_words(facts: BulletinFacts) -> str:
    """Say by when figures were published that this bulletin tells, or that it puts right."""
    if facts.corrects:
        return f"{facts.status.period.label}的数字曾于{facts.corrects}，现予更正，以本通报为准。"
    return f"以上为{facts.published}的数字。" if facts.published else ""


def _in_official_signs(words: dict[str, Any]) -> dict[str, Any]:
    return {name: _signs(value) for name, value in words.items()}


def _signs(value: Any) -> Any:  # noqa: ANN401 - texts, lists and rows of them
    if isinstance(value, str):
        return official(value)
    if isinstance(value, dict):
        return _in_official_signs(value)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, list):
        return [_signs(each) for each in cast("list[object]", value)]
    return value


def _none_lagging(facts: BulletinFacts) -> str:
    """Say that no unit lags; tasks that lag as a whole are named even then."""
    status = facts.status
    whole = [task.task.title for task in status.tasks if task.light is Light.RED]
    if not whole:
        return none_line(status, facts.head.reporting, "滞后任务")
    return (
        f"按任务整体计算（各责任单位合并），滞后{len(whole)}项：{'、'.join(whole)}；"
        "按各单位承担的部分分别计算，没有滞后。"
    )


def _overall(status: YearStatus) -> dict[str, str]:
    lights = [task.light for task in status.tasks]
    reached = [result.light for result in status.indicators]
    below = reached.count(Light.YELLOW) + reached.count(Light.RED)
    shown, shares = paced(status.progress, status.pace, status.rules), share_words(status)
    return {
        "总进度": shown.reached,
        "序时进度": shown.pace,
        "总体情况": status.light.label + (f"（按已有数据，{shares}）" if shares else ""),
        "任务总数": str(len(lights)),
        **{f"{word}任务数": str(lights.count(light)) for light, word in _LIGHTS.items()},
        "指标总数": str(len(reached)),
        "达到序时指标数": str(reached.count(Light.GREEN)),
        "未达序时指标数": str(below),
        "无数据指标数": str(reached.count(Light.GREY)),
    }


def _reporting(told: Reporting, status: YearStatus) -> dict[str, str]:
    return {
        "报送率": share_text(status.reporting_rate),
        "及时率": share_text(status.timeliness),
        "应报单位数": str(len(told.expected)),
        "已报单位数": str(len(told.on_time) + len(told.late)),
        "按时单位数": str(len(told.on_time)),
        "未报单位": "、".join(told.missing) or _NONE,
        "逾期单位": "、".join(told.late) or (_NONE if told.came else "尚无单位报送"),
    }


def _forecast_words(ahead: Forecast | None) -> str:
    if ahead is None:
        return ""
    ends = (ahead.expected, ahead.low, ahead.high)
    expected, low, high = (share_text(end / PER_CENT) for end in ends)
    span = f"（区间{low}至{high}）" if low != high else ""
    return f"按已有月份的平均进度推算，全年总进度预计达到{expected}{span}。"


def _sections(status: YearStatus) -> list[dict[str, str]]:
    plan = status.plan
    rows: list[dict[str, str]] = []
    for section in plan.sections:
        lights = [task.light for task in status.tasks if plan.section_of[task.task.code] is section]
        counts = {word: str(lights.count(light)) for light, word in _LIGHTS.items()}
        name = numbered(section.number, section.title)
        rows.append({"名称": name, "任务数": str(len(lights)), **counts})
    return rows


def _indicator(status: YearStatus, result: IndicatorResult) -> dict[str, str]:
    indicator, figure = result.indicator, result.figure
    shown = paced(result.attainment, result.pace, status.rules)
    missing = missing_text(reported=figure.reported)
    return {
        "名称": indicator.name,
        "目标": indicator.target_text,
        "完成": value_text(indicator, figure, status.period),
        "完成率": missing if result.attainment is None else shown.reached,
        "序时": shown.pace,
        "亮灯": light_text(result.light),
    }


def _unit(status: YearStatus, ranked: Ranked) -> dict[str, str]:
    unit = ranked.unit
    lights = [task.light for task in unit.tasks]
    shown = paced(unit.progress, unit.pace, status.rules)
    counted = unit.progress is not None
    return {
        "名次": ranked.text,
        "名称": unit.name,
        "任务数": str(len(lights)),
        "滞后数": str(lights.count(Light.RED)),
        "排名进度": share_text(unit.standing) if counted else missing_text(reported=True),
        "进度": shown.reached,
        "序时": shown.pace,
        "亮灯": light_text(unit.light),
    }


def _lagging(unit: UnitResult) -> list[TaskResult]:
    return [task for task in unit.tasks if task.light is Light.RED]


def _lagging_units(status: YearStatus) -> list[dict[str, Any]]:
    slow = [unit for unit in status.units if _lagging(unit)]
    slow.sort(key=lambda unit: -len(_lagging(unit)))
    return [
        {
            "名称": unit.name,
            "数量": str(len(_lagging(unit))),
            "任务": "、".join(task.task.title for task in _lagging(unit)),
        }
        for unit in slow
    ]


def _lagging_rows(status: YearStatus) -> list[dict[str, str]]:
    return [
        {
            "单位": unit.name,
            "编码": task.task.code,
            "任务": task.task.title,
            "进度": shown.reached,
            "序时": shown.pace,
            "差距": gap_text(task, status.rules),
        }
        for unit in status.units
        for task in _lagging(unit)
        for shown in [paced(task.progress, task.pace, status.rules)]
    ]


def _achievements(status: YearStatus) -> list[str]:
    """Return sentences on what was achieved, none where there is nothing to tell."""
    known = [result for result in status.indicators if result.attainment is not None]
    # What rests on too little is grey: it is no achievement yet.
    green = [result for result in known if result.light is Light.GREEN]
    reached = [result for result in green if (result.attainment or 0) >= 1]
    for_good = [result for result in reached if _for_good(status, result)]
    by_now = [result for result in reached if result not in for_good]
    ahead = [result for result in green if result not in reached]
    ahead.sort(key=lambda r: r.pace - (r.attainment or 0))
    done = [result.deliverable.title for result in status.deliverables if _finished(result)]
    on = on_what(status)
    sentences = [
        _sentence(f"{on}{len(for_good)}项指标已达到全年目标", _reached_words(status, for_good)),
        _sentence(f"{on}{len(by_now)}项指标目前达到目标要求", _reached_words(status, by_now)),
        _sentence(f"{on}{len(ahead)}项指标达到或超过序时进度", _reached_words(status, ahead)),
        _sentence(f"{len(done)}个事项全部责任单位均已完成", done),
    ]
    counts = (len(for_good), len(by_now), len(ahead), len(done))
    return [text for text, count in zip(sentences, counts, strict=True) if count]


def _for_good(status: YearStatus, result: IndicatorResult) -> bool:
    """Tell whether a target that is reached stays so: a count that adds up, or the year is over."""
    indicator = result.indicator
    adds_up = indicator.aggregation is Aggregation.CUMULATIVE
    grows = adds_up and indicator.kind is not IndicatorKind.RATIO
    return status.paced_to == MONTHS or (grows and indicator.operator is Operator.AT_LEAST)


def _finished(result: DeliverableResult) -> bool:
    """Tell whether all units have done it, and what recurs or goes on to the year's end."""
    once = result.deliverable.kind is DeliverableKind.ONCE
    said = result.by_unit.values()
    done = bool(said) and all(state is Status.DONE for state in said)
    return done and (once or (result.progress or 0.0) >= 1)


def _sentence(head: str, named: Iterable[str]) -> str:
    words = list(named)
    rest = "等" if len(words) > _MOST_NAMED else ""
    return f"{head}：{'、'.join(words[:_MOST_NAMED])}{rest}。"


def _reached_words(status: YearStatus, results: Iterable[IndicatorResult]) -> Iterable[str]:
    for result in results:
        value = value_text(result.indicator, result.figure, status.period)
        share = paced(result.attainment, result.pace, status.rules).reached
        covered = result.coverage
        rests = "" if covered.known == covered.expected else f"，{covered}个单位已报"
        yield f"{result.indicator.name}{value}（{Measure.ATTAINMENT.label}{share}{rests}）"


def next_steps(facts: BulletinFacts) -> list[str]:
    """Return what is to be done next, in sentences."""
    return [f"{head}。{text}" for head, text in _steps(facts)]


def _steps(facts: BulletinFacts) -> list[tuple[str, str]]:
    """Return what is to be done next, each with its heading."""
    status, steps = facts.status, list[tuple[str, str]]()
    slow = _lagging_units(status)
    if slow:
        text = (
            f"{named([unit['名称'] for unit in slow])}要逐项分析滞后原因，明确责任人员和完成时限，"
            "倒排时间推进，滞后任务的整改情况随下期报送。"
        )
        steps.append(("加快补齐短板", text))
    if facts.head.reporting.missing:
        text = (
            f"{named(facts.head.reporting.missing)}应于{date_text(facts.catch_up_by)}前"
            f"（{CATCH_UP_DAYS}个工作日内）补报{status.period.label}工作情况。"
        )
        steps.append(("严格按时报送", text))
    due = _due_next_month(status)
    if due:
        text = f"下月到期的事项：{'、'.join(due)}，有关单位要提前安排。"
        steps.append(("抓好到期事项", text))
    text = "各单位要对照年度目标，按月序时推进，及时更新台账和佐证材料。"
    return [*steps, ("保持工作力度", text)]


def _due_next_month(status: YearStatus) -> list[str]:
    following, month = divmod(status.period.last_month, MONTHS)
    wanted = (status.period.year + following, month + 1)
    return [
        f"{result.deliverable.title}（{date_text(due)}前）"
        for result in status.deliverables
        if (due := result.deliverable.due) is not None
        and (due.year, due.month) == wanted
        and (result.progress or 0.0) < 1.0
    ]


# The charts that a template may show, by the name of their place.
PICTURES: Mapping[str, str] = {
    "走势图": "trend",
    "部分图": "sections",
    "单位图": "units",
    "报送图": "completeness",
    "任务图": "heat",
    "指标图": "indicators",
}
