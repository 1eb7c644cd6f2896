"""What may be said on the strength of what came: no "none" and no praise beyond it."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fsdesk.domain.output.head import PaperHead
from fsdesk.domain.output.reporting import (
    Reporting,
    basis_line,
    none_line,
    nothing_found,
    title_basis,
)
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    Record,
    RecordKey,
    RecordKind,
    Status,
)
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.settings import Rules
from fsdesk.domain.status.known import Decisions
from fsdesk.domain.status.lights import Light
from fsdesk.domain.status.reports import CameReport
from fsdesk.reports.word.bulletin import BulletinFacts, bulletin_words
from tests.plans import small_plan
from tests.years import year_of

PLAN, YEAR_END = small_plan(), Period.parse("2026-12")
UNITS = ("scj", "fgj", "xx")
DAY = date(2027, 1, 5)


def records_of(unit, *, well, whole):
    """Give all that a unit answers for, or a part of it; done well, or hardly begun."""
    month = "2026-12"

    def key(kind, item):
        return RecordKey(kind, item, unit, month)

    status = Status.DONE if well else Status.NOT_STARTED
    yield Record(key(RecordKind.MILESTONE, "D01-2-1"), Milestone(status))
    if unit not in ("scj", "fgj") or not whole:
        return
    for item in ("D01-1-1", "D01-1-2"):
        yield Record(key(RecordKind.MILESTONE, item), Milestone(status))
    for item in ("I01-1", "I01-2", "I01-5"):
        yield Record(key(RecordKind.VALUE, item), DataValue(1200.0 if well else 0.0))
    for item in ("I01-3", "I01-4"):
        yield Record(key(RecordKind.VALUE, item), DataValue(None, 10 if well else 0, 10))
    if unit == "scj":
        yield Record(key(RecordKind.VALUE, "I01-7"), DataValue(900.0 if well else 0.0))


def told(came, names):
    expected = tuple(names[unit] for unit in UNITS)
    here = tuple(names[unit] for unit in UNITS if unit in came)
    missing = tuple(name for name in expected if name not in here)
    return Reporting(expected, here, (), missing, DAY)


@given(
    came=st.sets(st.sampled_from(UNITS)),
    well=st.booleans(),
    whole=st.booleans(),
    period=st.sampled_from(["2026-12", "2026-06"]),
)
def test_nothing_is_called_none_or_reached_beyond_what_was_reported(came, well, whole, period):
    ended = Period.parse(period)
    records = [r for unit in sorted(came) for r in records_of(unit, well=well, whole=whole)]
    if came:
        records += [
            Record(RecordKey(RecordKind.MILESTONE, "D01-2-1", "ban", "2026-12"),
                   Milestone(Status.DONE)),
        ]  # fmt: skip
    records = [Record(replace(r.key, period=period), r.content) for r in records]
    state = SubmissionState.SUBMITTED
    reports = {(unit, ended): CameReport(state, on_time=True) for unit in came}
    year = year_of(PLAN, records, Rules(least_coverage=0.0), Decisions(reports))
    status = year.status(ended)
    names = {unit.code: unit.name for unit in PLAN.directory.units}
    reporting = told(came, names)
    words = none_line(status, reporting, "滞后任务")
    everything = status.coverage.known == status.coverage.expected and len(came) == len(UNITS)

    assert (words == "各单位没有滞后任务。") == everything
    if not came:
        assert words == "尚无单位报送，无法判断有无滞后任务。"
    elif len(came) < len(UNITS):
        assert words.startswith(f"已报送的{len(came)}个单位")
        assert f"{len(UNITS) - len(came)}个单位未报（" in words
    elif not everything:
        assert "已填报的内容中" in words

    head = PaperHead("区食药安办", DAY, reporting=reporting)
    said = bulletin_words(BulletinFacts(status, head, None, 12, DAY))
    for sentence in said["成效"]:
        assert sentence.startswith("按已有数据（") or everything or "全部责任单位" in sentence
    if not any(result.light is Light.GREEN for result in status.indicators):
        line = said["无成效说明"]
        assert line.startswith(("尚无可计算的数据", "按已有数据（")) or everything
    assert (said["总体情况"] in [light.label for light in Light]) == everything
    assert (title_basis(status) == "") == everything
    basis = basis_line(status, reporting)
    assert "截至2027年1月5日" in basis
    assert all(names[unit] in basis for unit in UNITS if unit not in came) or not came
    if not came:
        assert "尚无单位报送" in basis
        assert said["逾期单位"] == "尚无单位报送"
        assert nothing_found(reporting) == "尚无单位报送，无法判断有无问题"


def test_a_rate_that_must_hold_all_year_is_reached_for_good_only_at_its_end():
    records = list(records_of("scj", well=True, whole=True))
    records += list(records_of("fgj", well=True, whole=True))
    at = {}
    for period in ("2026-01", "2026-12"):
        moved = [Record(replace(r.key, period=period), r.content) for r in records]
        status = year_of(PLAN, moved, Rules(least_coverage=0.0)).status(Period.parse(period))
        head = PaperHead("区食药安办", DAY)
        at[period] = bulletin_words(BulletinFacts(status, head, None, 1, DAY))["成效"]
    reached = [text for text in at["2026-01"] if "已达到全年目标" in text]
    assert reached
    assert not any("处置率" in text or "A级比例" in text for text in reached)
    assert any("目前达到目标要求" in text and "处置率" in text for text in at["2026-01"])
    assert any("已达到全年目标" in text and "处置率" in text for text in at["2026-12"])


def test_a_unit_is_told_of_its_own_share():
    year = year_of(PLAN, [])
    year.unit = "scj"
    status = year.status(YEAR_END)
    words = "本单位还没有可以计算的数据，无法判断有无滞后任务。"
    assert none_line(status, Reporting(), "滞后任务") == words
    assert title_basis(status) == "（区市场监管局，数据覆盖0/6）"
