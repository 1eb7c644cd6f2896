"""What counts of what was recorded."""

from __future__ import annotations

import pytest

from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, Record, RecordKey, RecordKind
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.status.known import Decisions, known_from
from fsdesk.domain.status.reports import CameReport

MARCH, QUARTER = Period.parse("2026-03"), Period.parse("2026-Q1")
RECORDS = [
    Record(RecordKey(RecordKind.VALUE, "I01-1", "scj", str(period)), DataValue(3.0))
    for period in (MARCH, QUARTER)
]


@pytest.mark.parametrize("returned", [MARCH, QUARTER])
def test_whoever_asks_is_told_that_what_was_returned_does_not_count(returned):
    report = CameReport(SubmissionState.RETURNED, on_time=True)
    decided = Decisions({("scj", returned): report}, count_returned=False)

    known = known_from(RECORDS, decided)

    assert not known.values
    assert not known.counts("scj", MARCH)
    assert not known.counts("scj", QUARTER), "a quarter can't be parted from its month"
