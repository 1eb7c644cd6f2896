"""The bulletin's sentences, each from the figures that it tells."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from docx import Document
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.output.head import PaperHead
from fsdesk.domain.output.reporting import Reporting
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, RecordKind
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.trend import Forecast
from fsdesk.reports.word.bulletin import PICTURES, BulletinFacts, bulletin_words
from fsdesk.reports.word.bulletin_template import default_template
from fsdesk.reports.word.official_document import OfficialDocument
from fsdesk.reports.word.template import fill_template, places_of
from tests.reports.conftest import make_plan, make_status, record
from tests.years import year_status

MADE_ON = date(2026, 7, 3)


def facts(status, *, missing=("长河街道",), ahead=None):
    told = Reporting(
        ("区市场监管局", "西兴街道", *missing), ("区市场监管局",), ("西兴街道",), missing
    )
    head = PaperHead("区食药安办", MADE_ON, reporting=told)
    return BulletinFacts(status, head, ahead, 6, date(2026, 7, 8))


def test_what_lags_is_told_by_unit_the_most_first_with_its_reason():
    words = bulletin_words(facts(make_status()))
    assert [unit["名称"] for unit in words["滞后单位"]] == ["区食药安办", "区农业农村局"]
    gaps = {row["编码"]: row["差距"] for row in words["滞后任务"]}
    assert gaps == {"T01-1": "逾期未完成", "T02-1": "15.8个百分点"}


def test_achievements_name_what_has_reached_its_target_and_what_is_done():
    told = bulletin_words(facts(make_status()))["成效"]
    # A rate may fall again, and half of those who answer for it have said nothing.
    rests = "按已有数据（本期应报送4个单位，已报送2个单位），"
    value = "学校食堂A级比例50%（完成率166.7%，1/2个单位已报）"
    assert told == [f"{rests}1项指标目前达到目标要求：{value}。"]


def test_what_falls_due_next_month_is_announced():
    february = Period.parse("2026-02")
    status = year_status(make_plan(), [], {}, february, Rules())
    steps = bulletin_words(facts(status))["下步工作"]
    assert any("印发工作制度（2026年3月31日前）" in step for step in steps)
    assert not any("到期" in step for step in bulletin_words(facts(make_status()))["下步工作"])


def test_missing_reports_are_asked_for_by_a_day():
    steps = bulletin_words(facts(make_status()))["下步工作"]
    assert "严格按时报送。长河街道应于2026年7月8日前（5个工作日内）补报2026年6月工作情况。" in steps
    all_came = bulletin_words(facts(make_status(), missing=()))
    assert all_came["未报单位"] == "无"
    assert not any("补报" in step for step in all_came["下步工作"])


def test_many_units_are_counted_not_all_named():
    many = tuple(f"第{number}局" for number in range(1, 10))
    steps = bulletin_words(facts(make_status(), missing=many))["下步工作"]
    assert any("第6局等9个单位应于" in step for step in steps)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (None, ""),
        (Forecast(96.0, 90.5, 100.0), "预计达到96.0%（区间90.5%至100.0%）。"),
        (Forecast(100.0, 100.0, 100.0), "预计达到100.0%。"),
    ],
)
def test_the_forecast_is_told_with_its_range(ahead, words):
    assert bulletin_words(facts(make_status(), ahead=ahead))["全年预测"].endswith(words)


def test_a_year_without_a_record_has_its_words_too():
    status = year_status(make_plan(), [], {}, Period.parse("2026-01"), Rules())
    words = bulletin_words(facts(status))
    assert (words["总进度"], words["成效"]) == ("—", [])
    assert [unit["名次"] for unit in words["单位"]] == ["—"] * 4 + ["不排名"]


@pytest.mark.parametrize("month", range(1, 13))
def test_a_rate_that_must_hold_all_year_has_reached_its_year_s_target_at_its_end_only(month):
    records = [record(RecordKind.VALUE, "I02-2", "scjg", DataValue(numerator=3, denominator=4),
                      f"2026-{month:02}")]  # fmt: skip
    period = Period.month(2026, month)
    status = year_status(make_plan(), records, {}, period, Rules())
    told = "".join(bulletin_words(facts(status))["成效"])
    assert "学校食堂A级比例" in told
    assert ("已达到全年目标" in told) == (month == 12)


def test_what_lags_as_a_whole_is_told_where_no_unit_lags_by_itself():
    status = make_status()
    units = tuple(
        replace(u, tasks=tuple(replace(t, light=Light.GREEN) for t in u.tasks))
        for u in status.units
    )
    words = bulletin_words(facts(replace(status, units=units)))
    whole = [task.task.title for task in status.tasks if task.light is Light.RED]
    assert words["滞后单位"] == []
    assert f"按任务整体计算（各责任单位合并），滞后{len(whole)}项：" in words["无滞后说明"]
    assert all(title in words["无滞后说明"] for title in whole)


def test_no_sentence_of_the_bulletin_reads_as_a_decimal_or_has_half_width_brackets():
    plan = make_plan()
    filled = fill_template(default_template(), pictures() | bulletin_words(facts(make_status())),
                           MADE_ON)  # fmt: skip
    texts = [part.text for part in read(filled)]
    assert plan.title in "".join(texts)
    for text in texts:
        assert not re.search(r"(?<!附件：)(?<!\d)\d+\.\d+(项|个)", text)
        assert not re.search(r"[()]", text)
        assert not re.match(r"\d+\.\d", text)


def pictures():
    return dict.fromkeys(PICTURES, "（图）")


# The template itself


def template(text):
    paper = OfficialDocument("模板")
    paper.paragraph(text)
    return paper.data()


def test_markup_in_a_name_is_text_not_markup():
    filled = fill_template(template("{{ 名称 }}"), {"名称": "甲<b>&乙"}, MADE_ON)
    assert "甲<b>&乙" in "".join(part.text for part in read(filled))


def read(data):
    return Document(BytesIO(data)).paragraphs


def test_the_places_of_a_template_are_found():
    assert places_of(template("{{ 总进度 }}和{{ 走势图 }}")) == {"总进度", "走势图"}
    with pytest.raises(InputRejectedError, match="写得不完整"):
        places_of(template("{{ 总进度 "))
    with pytest.raises(InputRejectedError, match="不是可用的 Word 文档"):
        places_of(b"PK\x03\x04")


def test_a_template_cannot_reach_into_the_program():
    for attack in ("{{ 名称.__class__ }}", "{{ 名称.__class__.__base__.__subclasses__() }}"):
        with pytest.raises(InputRejectedError):
            fill_template(template(attack), {"名称": "甲"}, MADE_ON)


def test_what_falls_due_in_the_same_month_of_a_later_year_is_not_announced():
    february = Period.parse("2026-02")
    plan = make_plan()
    dated = next(d for d in plan.deliverables_by_code.values() if d.due and d.due.month == 3)
    later = date(2027, dated.due.month, dated.due.day)
    status = year_status(plan, [], {}, february, Rules())
    moved = tuple(
        replace(r, deliverable=replace(r.deliverable, due=later))
        if r.deliverable.code == dated.code
        else r
        for r in status.deliverables
    )
    steps = bulletin_words(facts(replace(status, deliverables=moved)))["下步工作"]
    assert not any(dated.title in step for step in steps)
