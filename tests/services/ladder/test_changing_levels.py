"""Districts that join, merge, are renamed or don't report: the province is told what is known."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from fsdesk.demo.levels import CITY, FOOD, PROVINCE, districts, plan_of
from fsdesk.domain.ladder.drawing import DrawState
from fsdesk.domain.ladder.parts import gaps
from fsdesk.domain.periods import Period
from fsdesk.domain.plan import unit_edits
from fsdesk.domain.plan.edits import put_indicator
from fsdesk.domain.plan.units import Unit, UnitKind
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.services.ladder import drawing, matching, own_workspace
from fsdesk.services.packet import exchange, importing, reviewing
from fsdesk.services.plan import plan_editing
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.store.ladder import parts
from tests.workspaces import Clock, import_files, make_office, make_unit

MARCH, APRIL = Period.month(2026, 3), Period.month(2026, 4)
COUNT, RATE, LEVEL = "I401", "I403", "I405"
ABOVE = {COUNT: "I701", RATE: "I703", LEVEL: "I705"}
PARTS_OF_CITY = districts(13)


class Ladder:
    """A city with its districts as the province's unit; what districts report is typed there."""

    def __init__(self, folder, counted=13):
        self.folder, self.clock = folder, Clock("2026-05-02T01:00:00+00:00")
        top = plan_of(PROVINCE, (Unit("c01", "本市", UnitKind.DISTRICT),), FOOD, counted)
        mid = plan_of(CITY, districts(counted), FOOD, 1)
        self.province = make_office(folder / "province", self.clock, top)
        self.city = make_office(folder / "city", self.clock, mid)
        self.up = make_unit(self.province, folder / "up", "c01", self.clock)
        own_workspace.choose(self.up, self.city.folder)
        matching.confirm_proposed(self.up)
        self._sent = 0

    def close(self):
        for each in (self.province, self.city, self.up):
            each.close()

    def says(self, unit, item, data, month=MARCH):
        data = data if isinstance(data, DataValue) else DataValue(float(data))
        recording.record_value(self.city, item, str(month), data, unit)

    def later(self):
        self.clock.now = self.clock.now.replace(minute=self.clock.now.minute + 1)

    def climb(self, month=MARCH, *, again=False):
        """Send the city's month to the province; return the sheet that is kept there."""
        self.later()
        self._sent += 1
        drawing.draw(self.up, month, again=again)
        report = exchange.export_report(self.up, month, self.folder / f"{self._sent}.xlsx")
        done = import_files(self.province, report.file).files
        assert [each.message for each in done if each.result is importing.Result.REJECTED] == []
        return self.sheet(month)

    def sheet(self, month=MARCH):
        with self.province.reading() as session:
            return parts.find(session, "c01", str(month))

    def line(self, item, month=MARCH):
        desk = drawing.draw_desk(self.up, month)
        return next(each for each in desk.lines if each.key.item == ABOVE[item])

    def at_province(self, item, month=MARCH):
        found = aggregation.status(self.province, month).indicators
        return next(each.figure for each in found if each.indicator.code == ABOVE[item])

    def edit(self, edit, since):
        plan_editing.edit_plan(self.city, edit, since)


@pytest.fixture
def ladder(tmp_path):
    made = Ladder(tmp_path)
    yield made
    made.close()


def test_of_thirteen_districts_two_are_missing_and_nothing_of_them_is_zero(ladder):
    told = {unit.code: 10 + n for n, unit in enumerate(PARTS_OF_CITY[:11])}
    for unit, value in told.items():
        ladder.says(unit, COUNT, value)
    sheet = ladder.climb()
    line = ladder.line(COUNT)
    assert line.drawn.coverage == "11/13 个单位"
    assert line.drawn.missing == tuple(unit.name for unit in PARTS_OF_CITY[11:])
    assert sheet.coverage(ABOVE[COUNT]) == (11, 13)
    below = {part.path[0]: part.amount.value for part in sheet.under(ABOVE[COUNT])}
    assert below == {**told, "d12": None, "d13": None}
    assert ladder.at_province(COUNT).value == sum(told.values())
    # Of what nobody reported nothing climbs at all.
    assert ladder.line(LEVEL).state is DrawState.UNREPORTED
    assert ladder.at_province(LEVEL).value is None
    assert sheet.coverage(ABOVE[LEVEL]) == (0, 13)


def test_a_rate_adds_up_both_sides_of_the_districts_that_reported(ladder):
    for unit, above, below in (("d01", 3, 4), ("d02", 0, 5), ("d03", 7, 7)):
        ladder.says(unit, RATE, DataValue(None, above, below))
    ladder.says("d04", RATE, DataValue(not_applicable=True))
    sheet = ladder.climb()
    found = ladder.at_province(RATE)
    assert (found.numerator, found.denominator) == (10, 16)
    assert sheet.coverage(ABOVE[RATE]) == (4, 13)  # who has none of it has said so
    assert gaps(sheet, {ABOVE[RATE]: sheet.total(ABOVE[RATE])}) == ()


def joined(plan, taken):
    plan = unit_edits.put_unit(plan, Unit("", "新江区", UnitKind.DISTRICT), taken)
    return unit_edits.put_group(plan, replace(plan.directory.groups[0], members=tuple(
        unit.code for unit in plan.directory.units if unit.kind is UnitKind.DISTRICT)))  # fmt: skip


def test_a_district_that_joins_in_april_is_not_missing_in_march(ladder):
    ladder.edit(joined, date(2026, 4, 1))
    (new,) = (
        unit.code
        for unit in aggregation.status(ladder.city, APRIL).plan.directory.units
        if unit.name == "新江区"
    )
    for month in (MARCH, APRIL):
        for unit in PARTS_OF_CITY:
            ladder.says(unit.code, COUNT, 1, month)
    march, april = ladder.climb(MARCH), ladder.climb(APRIL)
    assert march.coverage(ABOVE[COUNT]) == (13, 13)
    assert april.coverage(ABOVE[COUNT]) == (13, 14)
    assert ladder.line(COUNT, APRIL).drawn.missing == ("新江区",)
    ladder.says(new, COUNT, 5, APRIL)
    assert ladder.climb(APRIL).coverage(ABOVE[COUNT]) == (14, 14)
    assert ladder.at_province(COUNT, APRIL).value == 13 + 13 + 5


def test_after_a_merger_nothing_is_lost_and_nothing_counts_twice(ladder):
    for unit in PARTS_OF_CITY:
        ladder.says(unit.code, COUNT, 10)
        ladder.says(unit.code, LEVEL, 2)
    before = ladder.climb(MARCH)
    ladder.edit(lambda plan, _: unit_edits.merge_unit(plan, "d02", "d01"), date(2026, 4, 1))
    assert ladder.line(COUNT, MARCH).state is DrawState.SAME
    assert ladder.climb(MARCH).by_indicator == before.by_indicator
    # In April the one that goes on reports alone, first nothing, then for both.
    for unit in PARTS_OF_CITY[2:]:
        ladder.says(unit.code, COUNT, 1, APRIL)
        ladder.says(unit.code, LEVEL, 2, APRIL)
    april = ladder.climb(APRIL)
    assert april.coverage(ABOVE[COUNT]) == (11, 12)
    assert "d02" not in {part.path[0] for part in april.parts}
    assert april.total(ABOVE[LEVEL]).value == 26  # of both the state of March goes on
    ladder.says("d01", COUNT, 3, APRIL)
    ladder.says("d01", LEVEL, 5, APRIL)
    april = ladder.climb(APRIL)
    assert april.coverage(ABOVE[COUNT]) == (12, 12)
    assert ladder.at_province(COUNT, APRIL).value == 130 + 11 + 3
    assert ladder.at_province(LEVEL, APRIL).value == 11 * 2 + 5
    for sheet in (ladder.sheet(MARCH), april):
        assert gaps(sheet, {code: sheet.total(code) for code in sheet.by_indicator}) == ()


def test_a_renamed_district_bears_its_new_name_and_stays_the_same_unit(ladder):
    ladder.says("d01", COUNT, 10)
    assert ladder.climb().name_of["d01",] == "东江区"

    def renamed(plan, taken):
        return unit_edits.put_unit(
            plan, replace(plan.directory.by_code["d01"], name="东城区"), taken
        )

    ladder.edit(renamed, date(2026, 4, 1))
    ladder.says("d01", COUNT, 4, APRIL)
    april = ladder.climb(APRIL)
    assert april.name_of["d01",] == "东城区"
    assert ladder.sheet(MARCH).name_of["d01",] == "东江区"
    assert ladder.at_province(COUNT, APRIL).value == 14


def test_a_correction_after_acceptance_climbs_once_it_is_opened_again(ladder):
    ladder.says("d01", COUNT, 10)
    ladder.climb()
    reviewing.accept(ladder.province, "c01", MARCH)
    answers = run_through(exchange.answer_reports(ladder.province, MARCH, ladder.folder / "答"))
    import_files(ladder.up, answers[0].file)
    ladder.says("d01", COUNT, 12)
    assert ladder.line(COUNT).state is DrawState.DIFFERS
    assert ladder.at_province(COUNT).value == 10
    ladder.later()
    reviewing.reopen(ladder.province, "c01", MARCH, "更正")
    again = run_through(exchange.answer_reports(ladder.province, MARCH, ladder.folder / "再答"))
    import_files(ladder.up, again[0].file)
    drawing.correct(ladder.up, MARCH)
    sheet = ladder.climb()
    assert ladder.at_province(COUNT).value == sheet.total(ABOVE[COUNT]).value == 12
    assert ladder.line(COUNT).state is DrawState.SAME


def test_what_the_city_revises_after_matching_is_looked_at_before_anything_climbs(ladder):
    def recount(plan, _):
        found = plan.indicators_by_code[COUNT]
        return put_indicator(plan, "T41-1", replace(found, measure_unit="家"))

    ladder.says("d01", COUNT, 10)
    ladder.climb()
    ladder.edit(recount, date(2026, 4, 1))
    ladder.says("d01", COUNT, 3, APRIL)
    line = ladder.line(COUNT, APRIL)
    assert (line.state, line.now) == (DrawState.UNMATCHED, None)
    assert "计量单位不同" in line.match.why
    drawing.draw(ladder.up, APRIL)
    assert ladder.line(COUNT, APRIL).present == DataValue()
