"""Every spot of every chart opens numbers that are those of the status."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fsdesk.domain.output.drawing import ChartSpot
from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.records.records import DataValue, RecordKind
from fsdesk.domain.status.trend import indicator_trend
from fsdesk.services.output.charts import ChartNumbers, figure_of, report_states
from fsdesk.services.status.aggregation import Completeness
from tests.reports.conftest import make_plan, make_records, make_status, record
from tests.years import year_of
from ui.pages.status.explain_chart import explain_spot

JUNE = Period.parse("2026-06")


def numbers(kind):
    status = make_status()
    if kind == "trend":
        indicator = status.plan.indicators_by_code["I02-1"]
        year = year_of(status.plan, make_records())
        return ChartNumbers(kind, status, indicator_trend(year, indicator, JUNE))
    if kind == "completeness":
        came = {("scjg", "2026-05"): "accepted", ("scjg", "2026-06"): "late"}
        owed = frozenset(
            (unit, str(month)) for unit in ("scjg", "nyj") for month in months_of(2026)
        )
        units = (("scjg", "nyj"), ("区市场监管局", "区农业农村局"))
        reports = Completeness(*units, months_of(2026), came, owed)
        states = report_states(reports, JUNE)
        return ChartNumbers(kind, status, reports=reports, states=states)
    if kind == "years":
        value = record(RecordKind.VALUE, "I02-1", "scjg", DataValue(value=520), "2025-06")
        before = make_status(replace(make_plan(), year=2025), [value], year=2025)
        return ChartNumbers(kind, status, before=before)
    return ChartNumbers(kind, status)


def explained(kind):
    found = numbers(kind)
    return [(spot, explain_spot(found, spot)) for spot in figure_of(found).spots]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("indicators", "I02-1 食品监督抽检批次：650批次，目标 ≥1900批次"),
        ("units", "区市场监管局：单位进度"),
        ("sections", "T01-1 完善三书一函机制"),
        ("heat", "区市场监管局\nT02-1 开展监督抽检"),
        ("trend", "2026年6月：650批次，序时应完成 950批次"),
        ("completeness", "2026年6月：▲ 逾期"),
        ("years", "2025 年：520批次"),
    ],
)
def test_a_spot_opens_its_numbers(kind, words):
    found = explained(kind)
    assert all(text for _, text in found)
    assert any(words in text for _, text in found)


def test_a_course_too_short_for_a_forecast_says_so():
    assert all("不作预测" in text for _, text in explained("trend"))


def test_a_spot_of_another_kind_keeps_its_own_words():
    spot = ChartSpot(0, 1, 0, 1, "别的", ("other",))
    assert explain_spot(numbers("units"), spot) == "别的"
