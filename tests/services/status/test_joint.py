"""A target that several units reach together: what all have come to, as the office sent it."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fsdesk.domain.periods import Period
from fsdesk.domain.plan.indicators import TargetShare
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.status.joint import NOT_TOLD, is_joint
from fsdesk.domain.steps import run_through
from fsdesk.services.packet import exchange
from fsdesk.services.records import recording
from fsdesk.services.status import unit_forms
from tests.plans import RATE, SITES, small_plan
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit

FEBRUARY = Period.parse("2026-02")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def office(tmp_path, clock):
    with make_office(tmp_path / "office", clock) as workspace:
        yield workspace


@pytest.fixture
def unit(office, tmp_path, clock):
    with make_unit(office, tmp_path / "unit", clock=clock) as workspace:
        yield workspace


def record(workspace, unit, period, value):
    recording.record_value(workspace, SITES.code, str(period), DataValue(value), unit)


def sent(office, folder, period=MARCH):
    written = run_through(exchange.issue_packets(office, period, folder))
    return next(each.file for each in written if each.unit == "scj")


def told(unit):
    form = unit_forms.unit_form(unit, "scj", MARCH)
    lines = (line for task in form.tasks for line in task.indicators)
    return next(line for line in lines if line.indicator.code == SITES.code)


def test_where_the_office_never_sent_it_that_is_said(unit):
    record(unit, "scj", MARCH, 4)
    assert told(unit).joint == NOT_TOLD
    assert told(unit).joint_sum is None


def test_the_sum_of_all_comes_down_with_its_month_and_the_units_own_part_beside_it(
    office, unit, tmp_path
):
    record(office, "fgj", MARCH, 7)
    record(office, "scj", MARCH, 5)
    import_files(unit, sent(office, tmp_path / "a"))
    line = told(unit)
    assert line.joint == "截至3月 合计 12/20家"
    assert line.joint_sum is not None
    form = unit_forms.unit_form(unit, "scj", MARCH)
    assert f"{SITES.name}：截至3月 合计 12/20家，本单位 5" in unit_forms.joint_texts(form)


def test_who_has_not_reported_is_told(office, unit, tmp_path):
    record(office, "fgj", MARCH, 7)
    import_files(unit, sent(office, tmp_path / "a"))
    assert told(unit).joint == "截至3月 合计 7/20家（2 家中 1 家已报）"


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 2, 1), (1, 0, 2)])
def test_the_latest_month_counts_and_of_it_what_was_sent_last(office, unit, tmp_path, order):
    files = []
    for number, (period, value) in enumerate(((MARCH, 7), (MARCH, 8), (FEBRUARY, 3))):
        record(office, "fgj", period, value)
        files.append(sent(office, tmp_path / str(number), period))
    for number in order:
        import_files(unit, files[number])
    assert told(unit).joint.startswith("截至3月 合计 8/20家")


def test_a_target_that_is_split_or_a_rate_is_each_units_own():
    plan = small_plan()
    assert is_joint(plan, SITES, "scj")
    assert not is_joint(plan, replace(SITES, shares=(TargetShare("scj", 12),)), "scj")
    assert not is_joint(plan, RATE, "scj")
    assert not is_joint(plan, SITES, "xx")
