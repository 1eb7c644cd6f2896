"""今天要做的: each count is what the database holds, with and without each thing."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace
from sqlalchemy import text

from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.records.submissions import SubmissionState
from fsdesk.domain.steps import run_through
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.services import pending
from fsdesk.services.packet import exchange, reviewing
from fsdesk.services.packet.review_desk import waiting_reports
from fsdesk.services.pending import PendingKind
from fsdesk.services.quality import data_quality
from fsdesk.services.records import recording
from fsdesk.services.status_line import status_line
from fsdesk.services.supervision import follow_up, supervision
from fsdesk.store.ledger import ledgers
from fsdesk.store.records import submissions
from fsdesk.store.supervision import letters
from tests.workspaces import MARCH, import_files

KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


def send(office, unit, folder, number=6):
    recording.save(unit, KEY, DataValue(number))
    import_files(office, exchange.export_report(unit, MARCH, folder / f"{number}.xlsx").file)


def report(office, unit, _clock, folder):
    send(office, unit, folder)


def conflict(office, unit, _clock, folder):
    recording.save(office, KEY, DataValue(5))
    send(office, unit, folder)


def draft(office, _unit, _clock, _folder):
    supervision.draft_for(office, MARCH, "scj", LetterKind.REMINDER)


def letter(office, unit, clock, folder):
    draft(office, unit, clock, folder)
    (made,) = supervision.drafts(office)
    (issued,) = supervision.issue(office, [made.key])
    return issued.key


def letter_due(office, unit, clock, folder):
    letter(office, unit, clock, folder)
    clock.set("2026-06-30T01:00:00+00:00")


def change_letter(office, key, **fields):
    """Let a unit's answer stand in the register as if it had come."""
    with office.writing() as writing:
        found = follow_up.letter_in(writing.session, key)
        letters.update(writing, replace(found, **fields))


def extension(office, unit, clock, folder):
    key = letter(office, unit, clock, folder)
    change_letter(office, key, wanted_until=date(2026, 5, 1), wanted_why="人手不足")


def objection(office, unit, clock, folder):
    key = letter(office, unit, clock, folder)
    change_letter(office, key, objection="数据有误")


def doubtful(office, _unit, _clock, _folder):
    row = LedgerEntry("", "sampling", "scj", {"抽样编号": "A1", "抽样日期": date(2027, 1, 1)})
    with office.writing() as writing:
        ledgers.edit_entries(writing, [row])


def returned(office, unit, _clock, folder):
    send(office, unit, folder)
    reviewing.return_report(office, "scj", MARCH, "补正")


# By kind, the rows that there should be, counted in the tables themselves.
TRUTH = {
    PendingKind.REVIEW: "SELECT count(*) FROM submission WHERE state = 'submitted'",
    PendingKind.CONFLICTS: 'SELECT count(*) FROM data_value WHERE NOT "leading"',
    PendingKind.KEYS: "SELECT count(*) FROM signer WHERE added_by LIKE 'packet %'"
    " AND state = 'trusted'",
    PendingKind.DRAFTS: "SELECT count(*) FROM letter_draft",
    PendingKind.EXTENSIONS: "SELECT count(*) FROM letter WHERE wanted_until NOTNULL"
    " AND wanted_answer = ''",
    PendingKind.OBJECTIONS: "SELECT count(*) FROM letter WHERE objection != '' AND ruling = ''",
    PendingKind.REPLIES: "SELECT count(*) FROM letter WHERE reply = '' AND reply_by <= :today",
}
THINGS = [report, conflict, draft, letter, letter_due, extension, objection, doubtful, returned]


def counted(workspace):
    found = {}
    for item in pending.pending(workspace).items:
        found[item.kind] = found.get(item.kind, 0) + item.count
    return found


def truth(workspace):
    today = workspace.clock().astimezone().date().isoformat()
    with workspace.reading() as session:
        return {
            kind: session.scalar(text(query), {"today": today} if ":today" in query else {})
            for kind, query in TRUTH.items()
        }


@pytest.mark.parametrize("thing", [None, *THINGS], ids=lambda it: it.__name__ if it else "nothing")
def test_each_count_is_what_the_database_holds(office, unit, clock, tmp_path, thing):
    if thing is not None:
        thing(office, unit, clock, tmp_path)
    found = counted(office)
    assert {kind: found.get(kind, 0) for kind in TRUTH} == truth(office)
    proposed = supervision.case_desk(office, pending.aggregation.working_period(office)).proposals
    assert found.get(PendingKind.PROPOSALS, 0) == len(proposed)


def test_doubts_are_those_that_the_rules_find(office, unit, clock, tmp_path):
    assert pending.doubts(office) is None
    doubtful(office, unit, clock, tmp_path)
    found = pending.doubts(office)
    assert (found.count, found.period) == (2, MARCH)
    period = Period.parse("2026-03")
    assert found.count == run_through(data_quality.examine(office, period)).count()


def test_reports_that_wait_are_told_by_period(office, unit, tmp_path):
    for month in ("2026-02", "2026-03"):
        recording.record_value(unit, "I01-1", month, DataValue(3))
        period = Period.parse(month)
        import_files(office, exchange.export_report(unit, period, tmp_path / f"{month}.xlsx").file)
    items = [it for it in pending.pending(office).items if it.kind is PendingKind.REVIEW]
    assert [(it.label, it.count, it.words) for it in items] == [
        ("审核3月报送", 1, "区市场监管局"),
        ("审核2月报送", 1, "区市场监管局"),
    ]
    assert [str(period) for _, period in waiting_reports(office)] == ["2026-02", "2026-03"]


def test_reports_of_many_periods_are_told_together(office):
    with office.writing() as writing:
        for month in range(1, 7):
            sent = submissions.Submission(
                "scj", f"2026-{month:02}", SubmissionState.SUBMITTED, office.now(), office.now()
            )
            submissions.save_submission(writing, sent)
    items = pending.pending(office).items
    found = [(it.label, it.count) for it in items if it.period and "审核" in it.label]
    assert found == [
        ("审核6月报送", 1),
        ("审核5月报送", 1),
        ("审核4月报送", 1),
        ("审核更早的报送", 3),
    ]
    assert next(it for it in items if it.kind is PendingKind.EARLIER_REVIEWS).period.name == "1月"


def test_a_text_reminds_units_of_what_they_owe_until_when(office, unit, clock, tmp_path):
    clock.set("2026-04-02T01:00:00+00:00")
    returned(office, unit, clock, tmp_path)
    key = letter(office, unit, clock, tmp_path)
    words = pending.pending(office).reminder.splitlines()
    assert words[0] == "【食药安报送提醒】截至2026年4月2日，以下单位还有材料没有交来："
    (own,) = [line for line in words if "区市场监管局" in line]
    assert "3月报送已退回，请于4月8日前改正后重新报送" in own
    number = next(n.letter for n in follow_up.register(office) if n.letter.key == key)
    assert f"{number.document_number} 的回复" in own
    (other,) = [line for line in words if "西兴街道" in line]
    assert "3月报送请于4月5日前交" in other


def test_who_owes_nothing_is_not_reminded(office, unit, clock):
    clock.set("2026-04-02T01:00:00+00:00")
    owed = {"scj", "fgj", "xx"}
    assert {each.unit for each in pending.pending(office).owing} == owed
    with office.writing() as writing:
        for code in owed:
            for month in ("2026-01", "2026-02", "2026-03"):
                sent = submissions.Submission(
                    code, month, SubmissionState.ACCEPTED, office.now(), office.now(), digest=code
                )
                submissions.save_submission(writing, sent)
    found = pending.pending(office)
    assert (found.owing, found.reminder) == ((), "")


def test_the_badge_of_the_exchange_counts_all_that_waits_there(office, unit, clock, tmp_path):
    assert status_line(office, MARCH).on_exchange == 0
    conflict(office, unit, clock, tmp_path)
    found = truth(office)
    kinds = (PendingKind.REVIEW, PendingKind.CONFLICTS, PendingKind.KEYS)
    assert status_line(office, MARCH).on_exchange == sum(found[kind] for kind in kinds) == 3
    assert status_line(unit, MARCH).on_exchange == 0
