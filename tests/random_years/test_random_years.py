"""Random years: whatever the program says of a figure, anywhere, is what a script reckons.

Six years on every run; `--hypothesis-profile heavy` reckons two hundred.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import settings

from fsdesk.domain.periods import Period
from fsdesk.services.packet import exchange
from fsdesk.services.packet.importing import Result
from tests.random_years import outputs
from tests.random_years.generator import MONTHS, OFFICE, QUARTERS, YEAR, asked_for, random_year
from tests.random_years.outputs import Look, alike
from tests.random_years.script import Script
from tests.random_years.workspace import bring_in, seen_by
from tests.workspaces import import_files

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

HEAVY = settings.get_current_profile_name() == "heavy"
SEEDS = range(200) if HEAVY else range(6)
PERIODS = (*MONTHS, *QUARTERS)


@pytest.fixture(scope="module")
def tally(request):
    """Counts what was compared, and says so when all years are through."""
    counted = Counter()
    yield counted
    figures, years = counted["figures"], counted["years"]
    plugins = request.config.pluginmanager
    reporter = plugins.get_plugin("terminalreporter")
    if reporter:  # a process of a parallel run has none
        with plugins.get_plugin("capturemanager").global_and_fixture_disabled():
            reporter.write_line(f"\n{figures:,} figures of {years} random years compared")


def test_the_years_hold_what_is_hard_to_reckon():
    held = Counter()
    for seed in range(40):
        year = random_year(seed)
        plans, script = year["plans"], Script(year)
        feeds = [feed for book in year["ledgers"] for feed in book["feeds"]]
        held["the plan changed"] += len(plans) > 1
        held["the year is not over"] += year["today"] < date(YEAR + 1, 1, 1)
        held["two versions"] += any(value["rival"] for value in year["values"])
        held["left out"] += bool(year["left_out"])
        held["returned"] += bool(script.returned) and not year["rules"]["count_returned"]
        held["a ledger counts"] += any(feed["counts"] for feed in feeds)
        held["a unit reports quarters"] += any(u["quarterly"] for u in plans[-1]["units"])
        successors = {unit["code"]: unit["successor"] for unit in plans[-1]["units"]}
        for item, now in script.answering[-1].items():
            for unit in script.held_by(item, "2026-12").keys() - set(now):
                if script.heir(unit, item, "2026-12") is None:
                    held["nobody carries on"] += 1
                else:
                    held["merged" if successors.get(unit) else "handed over"] += 1

    assert len(held) == 10, held
    assert min(held.values()) >= 8, held


def differing(look, consumers, tally):
    """Yield in words what the program says otherwise than the script."""
    for consumer in consumers:
        for what, said, reckoned in consumer(look):
            tally["figures"] += 1
            if not alike(said, reckoned):
                place = f"seed {look.year['seed']}, {look.period}, {consumer.__name__}"
                yield f"{place}, {what}: the program says {said}, the script {reckoned}"


@pytest.mark.parametrize("seed", SEEDS)
def test_every_output_says_what_the_script_reckons(seed, tmp_path, tally):
    year = random_year(seed)
    script = Script(year)
    figures = {period: script.at(period) for period in PERIODS}

    with bring_in(year, tmp_path / "office") as office:
        found = []
        for period in PERIODS:
            look = Look(office, year, script, figures, period)
            found += differing(look, outputs.looked_at(period), tally)

    tally["years"] += 1
    assert not found, f"{len(found)} figures differ:\n" + "\n".join(found[:20])


@pytest.mark.parametrize("seed", SEEDS[::3])
def test_a_unit_sees_its_own_figures_in_its_own_workspace(seed, tmp_path, tally):
    whole = random_year(seed)
    units = [unit["code"] for unit in whole["plans"][-1]["units"] if unit["code"] != OFFICE]
    unit = units[seed % len(units)]
    year = seen_by(unit, whole)
    script = Script(year)
    figures = {period: script.at(period) for period in PERIODS}

    with bring_in(year, tmp_path / "unit", unit) as workspace:
        looks = [Look(workspace, year, script, figures, period) for period in QUARTERS]
        found = [words for look in looks for words in differing(look, (outputs.own_form,), tally)]

    assert not found, "\n".join(found[:20])


@pytest.mark.parametrize("seed", SEEDS[:1])
def test_what_comes_by_packet_counts_like_what_was_typed(seed, tmp_path, tally):
    period, year = "2026-05", random_year(seed)
    year["plans"] = year["plans"][-1:]
    unit = next(unit["code"] for unit in year["plans"][0]["units"] if unit["code"] != OFFICE)
    by_packet, by_hand = sent_and_typed(year, unit, period)
    year["reports"][unit, period] = {"state": "submitted", "made": year["today"]}
    for kind in ("values", "milestones"):
        year[kind] = [*by_packet[kind], *by_hand[kind]]
    script = Script(year)
    figures = {each: script.at(each) for each in PERIODS}

    with (
        bring_in(by_packet, tmp_path / "unit", unit) as sender,
        bring_in(by_hand, tmp_path / "office") as office,
    ):
        file = tmp_path / "报送.xlsx"
        exchange.export_report(sender, Period.parse(period), file, early=True)
        taken = import_files(office, file, accept_unsigned=True)
        look = Look(office, year, script, figures, period)
        found = list(differing(look, outputs.EVERY, tally))

    assert taken.count(Result.IMPORTED) == 1, taken
    assert not found, "\n".join(found[:20])


def sent_and_typed(year, unit, period):
    """Part a year into what a unit sends for a period, and all that stands in the office before.

    What checks refuse is left out: what nobody asked for, parts without their whole, and what is
    there twice, as a month and as its quarter.
    """
    asked = asked_for(year["plans"], period)

    def sent(record):
        return record["unit"] == unit and record["period"] == period

    def sound(record):
        item, units = asked.get(record["item"], ({}, ()))
        return unit in units and not item.get("part_of")

    values = [v | {"rival": None} if sent(v) else v for v in year["values"]]
    values = [v for v in values if v["unit"] != unit or ("Q" not in v["period"] and sound(v))]
    by_packet = seen_by(unit, year) | {
        "values": [value for value in values if sent(value)],
        "milestones": [state for state in year["milestones"] if sent(state) and sound(state)],
        "reports": {},
    }
    by_hand = year | {
        "values": [value for value in values if not sent(value)],
        "milestones": [state for state in year["milestones"] if not sent(state)],
        "reports": {k: report for k, report in year["reports"].items() if k != (unit, period)},
        "ledgers": [
            book | {"rows": [row for row in book["rows"] if row["unit"] != unit]}
            for book in year["ledgers"]
        ],
    }
    return by_packet, by_hand
