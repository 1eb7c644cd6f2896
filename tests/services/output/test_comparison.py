"""Units of different size are compared per thousand; what is not known is said, never zero."""

from __future__ import annotations

from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.domain.plan.units import Directory
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.status.per_base import comparable, lacking, per_base
from fsdesk.services.output.reporting import table_sheets, write_table
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from tests.plans import small_plan
from tests.workspaces import MARCH, make_office


def plan_with(**bases):
    plan = small_plan()
    units = tuple(
        replace(u, bases=(("population", bases[u.code]),)) if u.code in bases else u
        for u in plan.directory.units
    )
    return replace(plan, directory=Directory(units, plan.directory.groups))


def compared(tmp_path, plan, **counts):
    with make_office(tmp_path / "office", plan=plan) as office:
        for unit, count in counts.items():
            recording.record_value(office, "I01-1", "2026-03", DataValue(count), unit)
        status = aggregation.status(office, MARCH)
    result = next(each for each in status.indicators if each.indicator.code == "I01-1")
    return status, result, per_base(status.plan, result, "population")


def test_a_small_unit_that_does_more_for_its_size_comes_first(tmp_path):
    plan = plan_with(scj=300_000.0, fgj=100_000.0)
    _, _, found = compared(tmp_path, plan, scj=60.0, fgj=40.0)
    assert (found["scj"].rate, found["scj"].rank) == (0.2, 2)
    assert (found["fgj"].rate, found["fgj"].rank) == (0.4, 1)


def test_without_a_base_there_is_no_rate_and_no_rank(tmp_path):
    status, _, found = compared(tmp_path, plan_with(scj=300_000.0), scj=60.0, fgj=40.0)
    assert (found["fgj"].base, found["fgj"].rate, found["fgj"].rank) == (None, None, None)
    assert found["scj"].rank == 1
    assert lacking(status.plan, "population", ("scj", "fgj")) == ("区发改局(农业农村局)",)


def test_what_was_not_reported_is_no_zero(tmp_path):
    _, _, found = compared(tmp_path, plan_with(scj=3.0, fgj=1.0), scj=60.0)
    assert (found["fgj"].base, found["fgj"].rate) == (1.0, None)


def test_a_ratio_is_not_compared(tmp_path):
    status, result, _ = compared(tmp_path, plan_with())
    assert comparable(result)
    rate = next(each for each in status.indicators if each.indicator.code == "I01-3")
    assert not comparable(rate)


def test_the_table_says_of_whom_the_base_is_missing(tmp_path):
    plan = plan_with(scj=300_000.0)
    with make_office(tmp_path / "office", plan=plan) as office:
        recording.record_value(office, "I01-1", "2026-03", DataValue(60.0), "scj")
        file = tmp_path / "比较.xlsx"
        write_table(office, "comparison", MARCH, file)
        assert table_sheets(office, "comparison", MARCH).pages
    cells = [[cell.value for cell in row] for row in load_workbook(file).active.iter_rows()]
    line = next(row for row in cells if "区市场监管局" in row and 60 in row)
    assert line[-3:] == [300_000, 0.2, "1"]
    other = next(row for row in cells if "区发改局(农业农村局)" in row)
    assert other[-3:] == ["基数未填", "—", "—"]
    told = "".join(str(cell) for row in cells for cell in row if cell)
    assert "没有填“常住人口”基数的单位：区发改局(农业农村局)，不参加排位" in told
