"""The page for leaders with 5 to 100 units of long names."""

from __future__ import annotations

import re
from datetime import date

import pytest

from fsdesk.domain.output.head import PaperHead
from fsdesk.domain.output.pages import PaperSize
from fsdesk.domain.output.reporting import Reporting
from fsdesk.domain.periods import Period
from fsdesk.domain.status.trend import progress_trend
from fsdesk.reports.charts.frame import ROW_NAME
from fsdesk.reports.poster import poster_figure
from fsdesk.reports.word.bulletin import BulletinFacts
from tests.reports.charts.test_many_units import assert_apart
from tests.reports.districts import SIZES, district, district_status
from tests.years import year_of

MADE_ON = date(2026, 7, 8)
MAKER = "某市某某新城经济技术开发区食品药品安全委员会办公室"


def poster_of(count, size=PaperSize.A4):
    status = district_status(count)
    names = tuple(unit.name for unit in status.units)
    reporting = Reporting(names, names[::3], (), names[1::3] + names[2::3], MADE_ON)
    head = PaperHead(MAKER, MADE_ON, reporting=reporting)
    facts = BulletinFacts(status, head, None, 6, date(2026, 7, 13))
    trend = progress_trend(year_of(district(count), []), Period.parse("2026-06"), {})
    return poster_figure(facts, trend, size), status


@pytest.mark.parametrize("size", PaperSize)
@pytest.mark.parametrize("count", SIZES)
def test_no_text_stands_over_another_or_off_the_page(count, size):
    assert_apart(poster_of(count, size)[0])


def test_of_many_units_those_furthest_behind_are_shown_and_how_many_there_are():
    figure, status = poster_of(60)
    names = [text.get_text().replace("\n", "") for text in figure.axes[-1].texts
             if text.get_gid() == ROW_NAME]  # fmt: skip
    assert len(names) == 20
    behind = [unit.name for unit in status.units if unit.light.value == "red"]
    shown = [name for name in behind if any(name.startswith(each.rstrip("…")) for each in names)]
    assert len(shown) >= min(len(behind), 20)
    assert "各单位进度（60个中最需关注的20个）" in [text.get_text() for text in figure.texts]


def test_it_says_whose_it_is_where_its_figures_come_from_and_of_which_day():
    said = "\n".join(text.get_text() for text in poster_of(18)[0].texts)
    assert f"制图：{MAKER}　2026年7月8日" in said
    assert "数据来源：各单位报送，报告期2026年6月，覆盖" in said


def test_what_comes_next_is_numbered_so_that_no_number_reads_as_a_decimal():
    said = [text.get_text() for text in poster_of(18)[0].texts]
    assert any(text.startswith("（1）") for text in said)
    assert not any(re.match(r"\d+[.、]\D", text) for text in said)
