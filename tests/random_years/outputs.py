"""Every output of the program beside the script's figures: pages, tables, charts, papers, JSON.

Each function takes a `Look` and yields what it looks at, what the program says there, and what the
script reckons. A figure may be said as a number or in words; words are made by the program's own
wording, from the script's figure.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isclose

from fsdesk.domain.assessment import CriterionMeasure
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import RecordKind
from fsdesk.domain.status.drill_down import Depth, FigureRef
from fsdesk.domain.status.measures import Measure
from fsdesk.domain.status.shares import paced, share_text
from fsdesk.reports.charts import bars
from fsdesk.reports.poster import poster_figure
from fsdesk.reports.word.bulletin import bulletin_words
from fsdesk.services import as_json, assessment
from fsdesk.services.output import bulletin, charts, evidence_pack, reporting
from fsdesk.services.status import aggregation, unit_forms
from fsdesk.services.status.drill_down import open_figure
from fsdesk.services.supervision import supervision
from fsdesk.workspace import Workspace
from tests.random_years.generator import MONTHS, QUARTERS, all_units
from tests.random_years.generator import indicators as indicators_of
from tests.random_years.script import RECEIVED, end, months_in, order, progress_of
from tests.random_years.workspace import name_of

LIGHTS = ("green", "yellow", "red", "grey")


@dataclass(frozen=True)
class Look:
    """A year at a period, as the program has it and as the script has it."""

    office: Workspace
    year: dict
    script: object
    figures: dict  # of all periods
    period: str

    @property
    def at(self):
        return Period.parse(self.period)

    @property
    def status(self):
        return aggregation.status(self.office, self.at)

    @property
    def reckoned(self):
        return self.figures[self.period]


def alike(said, reckoned):
    """Whether the program says what was reckoned, but for the rounding of its numbers."""
    if isinstance(reckoned, Fraction) and isinstance(said, int | float):
        return isclose(said, reckoned, rel_tol=1e-9, abs_tol=1e-9)
    return said == reckoned


def fields(head, said, reckoned, names):
    """Compare fields of a result that are called alike on both sides."""
    for name in names:
        yield f"{head}.{name}", getattr(said, name), reckoned[name]


def coverage(head, result, reckoned):
    yield f"{head}.coverage", str(result.coverage), f"{reckoned['known']}/{reckoned['expected']}"


# The status itself


def whole_year(look):
    status, mine = look.status, look.reckoned
    for name in ("progress", "pace", "light", "reporting_rate", "timeliness"):
        yield f"year.{name}", getattr(status, name), mine[name]
    yield from coverage("year", status, mine)
    yield "year.reports", str(status.reports), f"{len(mine['came'])}/{len(mine['owed'])}"


def indicators(look):
    mine = look.reckoned["indicators"]
    yield "indicators", [each.indicator.code for each in look.status.indicators], list(mine)
    for each in look.status.indicators:
        head, own = each.indicator.code, mine[each.indicator.code]
        yield f"{head}.value", each.figure.value, own["value"]
        yield f"{head}.numerator", each.figure.numerator, own["above"]
        yield f"{head}.denominator", each.figure.denominator, own["below"]
        yield from fields(head, each, own, ("attainment", "pace", "light"))
        yield from coverage(head, each, own)
        yield f"{head}.marks", set(each.figure.marks), own["marks"]
        yield f"{head}.units", {part.unit for part in each.by_unit}, set(own["units"])
        for part in each.by_unit:
            told, of = own["units"][part.unit], f"{head}.{part.unit}"
            yield f"{of}.value", part.figure.value, told["value"]
            yield f"{of}.reported", part.figure.reported, told["reported"]
            yield f"{of}.light", part.light, told["light"]
            yield f"{of}.former", part.former, told["former"]
            yield f"{of}.marks", set(part.figure.marks), told["marks"]
            if part.target is not None:
                yield f"{of}.attainment", part.attainment, told["attainment"]


def deliverables(look):
    mine = look.reckoned["deliverables"]
    yield "deliverables", [d.deliverable.code for d in look.status.deliverables], list(mine)
    for each in look.status.deliverables:
        head, own = each.deliverable.code, mine[each.deliverable.code]
        yield from fields(head, each, own, ("progress", "pace", "light"))
        yield f"{head}.missed", each.deadline_missed, own["missed"]
        yield f"{head}.marks", set(each.marks), own["marks"]
        yield from coverage(head, each, own)
        states = {unit: part["status"] for unit, part in own["units"].items()}
        yield f"{head}.units", dict(each.by_unit), states
        for unit, part in own["units"].items():
            said = each.progress_by_unit.get(unit)
            yield f"{head}.{unit}.progress", said, part["progress"]


def tasks(look):
    mine = look.reckoned["tasks"]
    yield "tasks", [each.task.code for each in look.status.tasks], list(mine)
    for each in look.status.tasks:
        yield from one_task(each.task.code, each, mine[each.task.code])


def one_task(head, each, own):
    yield from fields(head, each, own, ("progress", "pace", "light", "known_parts"))
    yield f"{head}.parts", len(each.parts), own["all_parts"]
    yield from coverage(head, each, own)


def units(look):
    mine = look.reckoned["units"]
    yield "units", {each.unit for each in look.status.units}, set(mine)
    for each in look.status.units:
        own = mine[each.unit]
        yield from fields(each.unit, each, own, ("progress", "pace", "light", "standing"))
        yield from coverage(each.unit, each, own)
        for task in each.tasks:
            told, head = own["tasks"][task.task.code], f"{each.unit}.{task.task.code}"
            yield from one_task(head, task, told)
            for part in task.parts:
                part_of = told["parts"][part.code]
                reached = progress_of(part_of)
                if reached is not None:
                    reached = min(reached, Fraction(1))
                yield f"{head}.{part.code}.progress", part.progress, reached
                yield f"{head}.{part.code}.pace", part.pace, part_of["pace"]
                yield f"{head}.{part.code}.light", part.light, part_of["light"]
                yield f"{head}.{part.code}.marks", set(part.marks), part_of["marks"]


def as_the_command_says(look):
    """`status --json`."""
    said, mine = as_json.status_json(look.status), look.reckoned
    for name in ("progress", "pace", "light", "reporting_rate", "timeliness"):
        yield f"json.{name}", said[name], mine[name]
    for each in said["indicators"]:
        own, head = mine["indicators"][each["code"]], f"json.{each['code']}"
        yield f"{head}.value", each["value"], own["value"]
        yield f"{head}.attainment", each["attainment"], own["attainment"]
        yield f"{head}.light", each["light"], own["light"]
        for unit, part in own["units"].items():
            yield f"{head}.{unit}", each["by_unit"][name_of(unit)]["value"], part["value"]
    for kind in ("tasks", "units"):
        for each in said[kind]:
            own = mine[kind][each["code"]]
            for name in ("progress", "pace", "light"):
                yield f"json.{each['code']}.{name}", each[name], own[name]


# Charts


def trends(look):
    """The trend of each indicator and of the year: every month as it was at its end."""
    months = MONTHS[: end(look.period)]
    for code in look.reckoned["indicators"]:
        said = charts.numbers(look.office, "trend", look.at, code).trend
        values = [look.figures[m]["indicators"].get(code, {"value": None})["value"] for m in months]
        yield from listed(f"trend.{code}", said.values, values)
    said = charts.numbers(look.office, "trend", look.at).trend
    values = [look.figures[month]["progress"] for month in months]
    values = [None if value is None else value * 100 for value in values]
    yield from listed("trend", said.values, values)
    yield "bulletin.ahead", bulletin.bulletin_facts(look.office, look.at).ahead, said.forecast


def listed(head, said, reckoned):
    yield f"{head} (length)", len(said), len(reckoned)
    for place, (one, other) in enumerate(zip(said, reckoned, strict=False), start=1):
        yield f"{head}.{place}", one, other


def bars_and_stacks(look):
    mine = look.reckoned
    for row in bars.indicator_rows(charts.numbers(look.office, "indicators", look.at).status):
        own = mine["indicators"][row.target[1]]
        yield f"bar.{row.target[1]}", row.reached, own["attainment"]
        yield f"bar.{row.target[1]}.light", row.light, own["light"]
    rows = bars.unit_rows(charts.numbers(look.office, "units", look.at).status)
    for row in rows:
        own = mine["units"][row.target[1]]
        yield f"bar.{row.target[1]}", row.reached, own["progress"]
        yield f"bar.{row.target[1]}.light", row.light, own["light"]
    standing = [mine["units"][row.target[1]]["standing"] for row in rows]
    yield "bars in order", standing, sorted(standing, reverse=True)
    counts = bars.section_counts(charts.numbers(look.office, "sections", look.at).status)
    for light, numbers in counts.items():
        wanted = sum(task["light"] == light for task in mine["tasks"].values())
        yield f"sections.{light}", sum(numbers), wanted


# Tables


def rows_of(look, kind):
    """A table's rows as dicts of cells by column."""
    table = reporting._table(look.office, kind, look.at, "")
    titles = [column.title for column in table.columns]
    return [dict(zip(titles, row, strict=True)) for row in table.rows]


def table_of_indicators(look):
    for row in rows_of(look, "indicators"):
        code = row["编码"].text
        own = look.reckoned["indicators"][code]
        yield f"table.{code}.value", row[Measure.VALUE.label].number, own["value"]
        yield f"table.{code}.attainment", row[Measure.ATTAINMENT.label].number, own["attainment"]
        yield f"table.{code}.pace", row[Measure.PACE.label].number, own["pace"]
        yield f"table.{code}.light", row["亮灯"].text[0], mark(own["light"])
        yield f"table.{code}.came", row["已报/应报"].text, f"{own['known']}/{own['expected']}"


def table_of_tasks(look):
    for row in rows_of(look, "tasks"):
        code = row["编码"].text
        own = look.reckoned["tasks"][code]
        yield f"table.{code}.progress", row[Measure.TASK_PROGRESS.label].number, own["progress"]
        yield f"table.{code}.pace", row[Measure.PACE.label].number, own["pace"]
        yield f"table.{code}.light", row["亮灯"].text[0], mark(own["light"])


def table_of_units(look):
    names = {name_of(unit): unit for unit in all_units(look.year["plans"])}
    for row in rows_of(look, "units"):
        unit = names[row["责任单位"].text]
        own = look.reckoned["units"][unit]
        yield f"table.{unit}.progress", row[Measure.UNIT_PROGRESS.label].number, own["progress"]
        yield f"table.{unit}.light", row["亮灯"].text[0], mark(own["light"])
        lights = [task["light"] for task in own["tasks"].values()]
        for light in LIGHTS:
            column = next(title for title in row if title.startswith(mark(light)))
            yield f"table.{unit}.{light}", row[column].number, lights.count(light)


def mark(light):
    return dict(zip(LIGHTS, "●▲■○", strict=True))[light]


# Papers


def bulletin_words_and_facts(look):
    """What the bulletin says."""
    mine, facts = look.reckoned, bulletin.bulletin_facts(look.office, look.at)
    words = bulletin_words(facts)
    yield "bulletin.总进度", words["总进度"], written(look, mine)
    yield "bulletin.报送率", words["报送率"], share_text(mine["reporting_rate"])
    yield "bulletin.及时率", words["及时率"], share_text(mine["timeliness"])
    lights = [task["light"] for task in mine["tasks"].values()]
    for light, word in zip(LIGHTS, ("正常", "偏慢", "滞后", "无数据"), strict=True):
        yield f"bulletin.{word}任务数", words[f"{word}任务数"], str(lights.count(light))
    lagging = {name_of(unit): str(len(red)) for unit, red in red_tasks(look).items() if red}
    yield "bulletin.滞后单位", {u["名称"]: u["数量"] for u in words["滞后单位"]}, lagging
    ranks = {name_of(unit): own["standing"] for unit, own in mine["units"].items()}
    # The office isn't ranked among those whom it judges; it stands last.
    ranked = [ranks[row["名称"]] for row in words["单位"] if row["名次"] != "不排名"]
    yield "bulletin.单位 in order", ranked, sorted(ranked, reverse=True)
    yield "bulletin.due", set(facts.head.reporting.missing), missing_now(look)


def poster(look):
    """The words of the one-page view."""
    mine, facts = look.reckoned, bulletin.bulletin_facts(look.office, look.at)
    figure = poster_figure(facts, charts.progress(look.office, look.at))
    words = [text.get_text() for text in figure.texts]
    yield "poster.progress", written(look, mine) in words, True
    yield "poster.reporting", share_text(mine["reporting_rate"]) in words, True
    lights = [task["light"] for task in mine["tasks"].values()]
    counts = "　".join(f"{mark(light)}{lights.count(light)}" for light in LIGHTS)
    yield "poster.lights", counts in words, True
    count = sum(len(codes) for codes in red_tasks(look).values())
    yield "poster.lagging", any(f"单位任务滞后{count}项次" in word for word in words), True


def written(look, part):
    """How far something is, in words that beside its pace read as it was judged."""
    return paced(progress_of(part), part["pace"], look.status.rules).reached


def red_tasks(look):
    return {
        unit: [code for code, task in own["tasks"].items() if task["light"] == "red"]
        for unit, own in look.reckoned["units"].items()
    }


def missing_now(look):
    mine = look.reckoned
    return {name_of(unit) for unit, month in mine["owed"] if (unit, month) not in mine["came"]}


def pack_for_inspections(look):
    """What lies in the pack is what counts up to the period."""
    source = evidence_pack._source(look.office, look.at)
    found = {
        (r.key.item, r.key.unit, r.key.period)
        for r in source.records
        if r.key.kind is not RecordKind.PROGRESS
    }
    wanted = {
        (record["item"], unit, record["period"])
        for by_unit in look.script.recorded.values()
        for unit, own in by_unit.items()
        for record in own
        if order(record["period"])[0] <= end(look.period)
    }
    yield "pack", sorted(found ^ wanted), []


# Pages


def forms(look):
    """What the office sees in each unit's form."""
    for unit in look.reckoned["units"]:
        yield from one_form(look, unit)


def own_form(look):
    """What a unit sees in its own workspace, where it can't know what others have reached."""
    unit = look.office.identity.unit
    if unit in look.reckoned["units"]:
        yield from one_form(look, unit)


def one_form(look, unit):
    form = unit_forms.unit_form(look.office, unit, look.at)
    tasks = set(look.reckoned["units"][unit]["tasks"])
    yield f"form.{unit}.tasks", {task.task.code for task in form.tasks}, tasks
    for line in (line for task in form.tasks for line in task.indicators):
        code = line.indicator.code
        mine = look.reckoned["indicators"][code]["units"][unit]
        head = f"form.{unit}.{code}"
        yield f"{head}.value", line.to_date.value, mine["value"]
        alone = mine["joint"] and not look.office.identity.is_office
        yield f"{head}.light", line.light, "grey" if alone else mine["light"]
        if line.attainment is not None:
            yield f"{head}.attainment", line.attainment, mine["attainment"]
            yield f"{head}.shown", line.shown.reached, written(look, mine)


def opened_figures(look):
    """Figures opened say what was opened, and their lines what lies under it."""
    yield from opened(look, FigureRef(Depth.YEAR), look.reckoned, look.reckoned["tasks"])
    for unit, own in look.reckoned["units"].items():
        yield from opened(look, FigureRef(Depth.UNIT, unit=unit), own, own["tasks"])
        code, task = list(own["tasks"].items())[-1]
        yield from opened(look, FigureRef(Depth.TASK, code, unit), task, task["parts"])
    for code, own in list(look.reckoned["indicators"].items())[::3]:
        level = open_figure(look.office, look.at, FigureRef(Depth.INDICATOR, code))
        lines = {line.to.unit: line for line in level.lines}
        yield f"opened.{code}", set(lines), set(own["units"])
        yield f"opened.{code} in words", written(look, own) in level.words[0], True


def periods_that_count(look):
    """Of some indicators one unit's figure opened: it names the periods that are in it."""
    for _, indicator in indicators_of(look.script.plan_at(look.period))[::3]:
        unit, own = list(look.script.contents(indicator, look.period).items())[-1]
        level = open_figure(look.office, look.at, FigureRef(Depth.FIGURE, indicator["code"], unit))
        counted = (line.cells[0] for line in level.lines if line.cells[2] == "计入")
        counted = sorted(label.partition("（")[0] for label in counted)
        wanted = sorted(Period.parse(each["period"]).label for each in own if "item" in each)
        yield f"opened.{indicator['code']}.{unit}", counted, wanted


def opened(look, spot, own, lines):
    level = open_figure(look.office, look.at, spot)
    head = f"opened.{spot.unit}.{spot.item}"
    if own["progress"] is not None:
        yield f"{head} in words", written(look, own) in level.words[0], True
    for line, (code, part) in zip(level.lines, lines.items(), strict=True):
        reached = progress_of(part)
        reached = None if reached is None else min(reached, Fraction(1))
        yield f"{head}.{code}", line.cells[0].split()[0], code
        if reached is not None:
            words = paced(reached, part["pace"], look.status.rules).reached
            yield f"{head}.{code}.progress", line.cells[1], words
        yield f"{head}.{code}.light", line.light, part["light"]


def desk_of_supervision(look):
    desk = supervision.case_desk(look.office, look.at)
    red = {(unit, code) for unit, codes in red_tasks(look).items() for code in codes}
    yield "desk.lagging", {(each.unit, each.result.task.code) for each in desk.lagging}, red
    before = MONTHS[: look.at.last_month - 1][1 - supervision.TREND :]
    for each in desk.lagging:
        lights = [light_of_task(look.figures[month], each) for month in (*before, look.period)]
        yield f"desk.{each.unit}.{each.result.task.code}.trend", list(each.trend), lights


def light_of_task(figures, lagging):
    """Return the script's light of a unit's task in some period; grey while it had no such."""
    own = figures["units"].get(lagging.unit, {"tasks": {}})
    return own["tasks"].get(lagging.result.task.code, {"light": "grey"})["light"]


def points_of_assessment(look):
    """Of each indicator and thing: what was reached of what should have been."""
    judged = {CriterionMeasure.TARGETS.basis, CriterionMeasure.THINGS.basis}
    for sheet in assessment.assess(look.office, look.at).sheets:
        own = look.reckoned["units"].get(sheet.unit, {"tasks": {}})
        parts = {c: p for task in own["tasks"].values() for c, p in task["parts"].items()}
        for line in sheet.lines:
            for source in line.sources if line.basis in judged else ():
                code = source.name.split()[0]
                yield f"points.{sheet.unit}.{code}", source.share, share_of_pace(parts[code])


def share_of_pace(part):
    reached = progress_of(part)
    if reached is None:
        return None
    reached = min(reached, Fraction(1))
    return min(reached / part["pace"], Fraction(1)) if part["pace"] else Fraction(1)


def who_has_reported(look):
    """The picture of all months' reports, and the list of those of the period."""
    mine = look.reckoned
    reports = {report.unit: report for report in aggregation.reports_of(look.office, look.at)}
    yield "reports of", set(reports), {unit for unit, _ in mine["owed"]}
    for unit, report in reports.items():
        due = [period for owing, period in mine["owed"] if owing == unit]
        missing = [period for period in due if (unit, period) not in mine["came"]]
        yield f"report.{unit}.missing", [str(each) for each in report.missing], missing
    said = aggregation.completeness(look.office)
    owed = {
        (unit, MONTHS[month - 1])
        for period in MONTHS
        for unit, due in look.script.owed(period)
        for month in months_in(due)
    }
    yield "completeness.owed", set(said.owed), owed
    for unit, month in owed:
        state = said.states.get((unit, month), "")
        came = {"late": False} | dict.fromkeys(RECEIVED, True)
        yield f"completeness.{unit}.{month}", came.get(state), look.script.came(unit, month)


# What is looked at for every period, and what costs more at the ends of quarters and of the year.
OFTEN = (
    whole_year, indicators, deliverables, tasks, units, as_the_command_says, bars_and_stacks,
    table_of_tasks, table_of_units, desk_of_supervision, points_of_assessment, who_has_reported,
)  # fmt: skip
AT_QUARTERS = (
    *OFTEN, trends, forms, table_of_indicators, bulletin_words_and_facts, pack_for_inspections,
)  # fmt: skip
EVERY = (*AT_QUARTERS, opened_figures, periods_that_count, poster)


def looked_at(period):
    """The outputs that are looked at for a period."""
    if period == QUARTERS[-1]:
        return EVERY
    return AT_QUARTERS if period in QUARTERS else OFTEN
