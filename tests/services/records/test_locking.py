"""An accepted report is locked: only the office opens it again, and the unit is told why."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant, precondition, rule

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.records.submissions import ReviewState
from fsdesk.domain.steps import run_through
from fsdesk.services.packet import checking, conflicts, exchange, import_undo, reviewing
from fsdesk.services.packet.importing import Result
from fsdesk.services.records import evidence, recording
from fsdesk.services.status import aggregation, unit_forms
from fsdesk.store.records import records
from tests.held import attachments_of, review_of
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit

KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


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


def report(unit, value, file):
    recording.save(unit, KEY, DataValue(value))
    return exchange.export_report(unit, MARCH, file).file


def value_at(workspace):
    with workspace.reading() as session:
        found = records.find(session, KEY)
    return found.content.value if found else None


def state(office):
    return {r.unit: r for r in aggregation.reports_of(office, MARCH)}["scj"].state


def answer(office, unit, folder):
    (written,) = run_through(exchange.answer_reports(office, MARCH, folder))
    return import_files(unit, written.file)


@pytest.fixture
def accepted(office, unit, tmp_path, clock):
    """The office has accepted the report of March; the unit does not know it yet."""
    file = report(unit, 6, tmp_path / "报送包.xlsx")
    import_files(office, file)
    clock.now += timedelta(hours=1)
    reviewing.accept(office, "scj", MARCH)
    clock.now += timedelta(hours=1)
    return file


def test_a_packet_that_would_change_it_is_refused_and_says_what_to_do(
    office, unit, accepted, tmp_path
):
    later = report(unit, 9, tmp_path / "更正.xlsx")
    (checked,) = run_through(checking.check_packets(office, [later]))
    assert not checked.ok
    (finding,) = checked.findings
    assert str(finding) == (
        "区市场监管局2026年3月的报送已接收锁定，不能更改 I01-1。"
        "确需更正的，请区食药安办在“审核”中写明原因、重新开放该报告期。"
    )
    assert import_files(office, later).count(Result.REJECTED) == 1
    assert (value_at(office), state(office)) == (6, "accepted")


def test_what_is_in_it_already_may_come_again_and_it_stays_accepted(
    office, unit, accepted, tmp_path
):
    assert import_files(office, accepted).count(Result.UNCHANGED) == 1
    # Another file that says the same is a new packet, but no new report.
    again = exchange.export_report(unit, MARCH, tmp_path / "再报.xlsx").file
    import_files(office, again)
    (row,) = (r for r in aggregation.reports_of(office, MARCH) if r.unit == "scj")
    assert (row.state, row.on_time) == ("accepted", True)


def test_the_office_can_not_change_it_in_the_window(office, unit, accepted):
    with pytest.raises(InputRejectedError, match="已接收锁定"):
        recording.save(office, KEY, DataValue(7))
    assert value_at(office) == 6


def test_its_proof_may_be_added_to_but_not_taken_away(office, unit, accepted, tmp_path):
    proof = tmp_path / "抽检报告.pdf"
    proof.write_bytes(b"%PDF-1.4 proof")
    attached = evidence.attach(office, KEY, proof)
    with pytest.raises(InputRejectedError, match="已接收锁定"):
        evidence.detach(office, attached)
    assert attachments_of(office, KEY) == (attached,)


def test_undoing_the_import_leaves_it(office, unit, accepted):
    undone = import_undo.undo_last_import(office)
    assert KEY in undone.kept
    assert (value_at(office), state(office)) == (6, "accepted")


def test_the_unit_can_not_change_it_once_it_knows(office, unit, accepted, tmp_path):
    answer(office, unit, tmp_path / "反馈")
    with pytest.raises(InputRejectedError, match="重新开放"):
        recording.save(unit, KEY, DataValue(7))
    exchange.export_report(unit, MARCH, tmp_path / "又导出.xlsx")
    assert unit_forms.unit_form(unit, "scj", MARCH).state == "accepted"


def test_it_is_opened_again_with_a_reason_that_the_unit_gets(
    office, unit, accepted, tmp_path, clock
):
    answer(office, unit, tmp_path / "反馈")
    clock.now += timedelta(hours=1)
    reviewing.reopen(office, "区市监局", MARCH, "批次统计口径调整")
    # It counts as received until then: nobody presses the unit for what the office asked.
    assert aggregation.status(office, MARCH).reporting_rate == pytest.approx(1 / 3)
    answer(office, unit, tmp_path / "再反馈")
    review = review_of(unit, "scj", MARCH)
    assert (review.state, review.comment) == (ReviewState.REOPENED, "批次统计口径调整")
    clock.now += timedelta(hours=1)
    import_files(office, report(unit, 9, tmp_path / "更正.xlsx"))
    assert (value_at(office), state(office)) == (9, "submitted")


def test_an_earlier_program_takes_it_for_a_returned_report(office, unit, accepted, tmp_path):
    reviewing.reopen(office, "scj", MARCH, "口径调整")
    (written,) = run_through(exchange.answer_reports(office, MARCH, tmp_path / "反馈"))
    from fsdesk.domain.packet.directives import directives_to_dict

    plain = directives_to_dict(checking.read(written.file).directives)["review"]
    assert (plain["state"], plain["comment"]) == ("returned", "口径调整")


def test_illegal_steps_are_refused(office, unit, accepted, tmp_path):
    with pytest.raises(InputRejectedError, match="先写明原因重新开放"):
        reviewing.return_report(office, "scj", MARCH, "请补正")
    with pytest.raises(InputRejectedError, match="写明原因"):
        reviewing.reopen(office, "scj", MARCH, " ")
    reviewing.reopen(office, "scj", MARCH, "口径调整")
    with pytest.raises(InputRejectedError, match="不需要重新开放"):
        reviewing.reopen(office, "scj", MARCH, "口径调整")


def test_a_report_with_open_conflicts_is_not_accepted_and_stops_no_other(office, unit, tmp_path):
    recording.save(office, KEY, DataValue(4))
    import_files(office, report(unit, 6, tmp_path / "报送包.xlsx"))
    accepted, findings = reviewing.accept_all(office, ["scj", "xx"], MARCH)
    assert (len(accepted), len(findings)) == (0, 2)
    assert "1 项两边都改过" in str(findings[0])
    (conflict,) = conflicts.conflicts(office)
    conflicts.resolve(office, conflict.id, keep_mine=False)
    accepted, findings = reviewing.accept_all(office, ["scj"], MARCH)
    assert (len(accepted), findings) == (1, ())


class Locking(RuleBasedStateMachine):
    """A unit that reports, an office that accepts and opens again, packets in any order."""

    packets = Bundle("packets")

    def __init__(self):
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name)
        self.clock = Clock()
        self.office = make_office(self._path / "office", self.clock)
        self.unit = make_unit(self.office, self._path / "unit", clock=self.clock)
        self.made: list[Path] = []
        self.locked: float | None = None  # what was accepted

    def teardown(self):
        self.office.close()
        self.unit.close()
        self._folder.cleanup()

    @rule(target=packets, value=st.integers(1, 9))
    def the_unit_reports(self, value):
        self.clock.now += timedelta(minutes=1)
        file = self._path / f"{len(self.made)}.xlsx"
        self.made.append(report(self.unit, value, file))
        return file

    @rule(file=packets)
    def a_packet_comes(self, file):
        was = value_at(self.office), state(self.office)
        summary = import_files(self.office, file)
        if summary.count(Result.REJECTED):
            assert self.locked is not None
            assert (value_at(self.office), state(self.office)) == was
        again = import_files(self.office, file)
        assert not again.count(Result.IMPORTED)

    @rule(value=st.integers(1, 9))
    def the_office_types(self, value):
        """On a locked record it is refused; else it would only make a conflict here."""
        if self.locked is not None:
            with pytest.raises(InputRejectedError):
                recording.save(self.office, KEY, DataValue(value))

    @precondition(lambda self: self.locked is None)
    @rule()
    def accept(self):
        self.clock.now += timedelta(minutes=1)
        if state(self.office):
            reviewing.accept(self.office, "scj", MARCH)
            self.locked = value_at(self.office)

    @precondition(lambda self: self.locked is not None)
    @rule()
    def reopen(self):
        self.clock.now += timedelta(minutes=1)
        reviewing.reopen(self.office, "scj", MARCH, "更正")
        self.locked = None

    @precondition(lambda self: self.locked is None and self.made)
    @rule(backwards=st.booleans())
    def all_packets_come(self, backwards):
        """Whatever was refused before: in the end the unit's last word stands."""
        import_files(self.office, *sorted(self.made, reverse=backwards))
        assert value_at(self.office) == value_at(self.unit)

    @invariant()
    def what_was_accepted_stands(self):
        if self.locked is not None:
            assert (value_at(self.office), state(self.office)) == (self.locked, "accepted")


TestLocking = pytest.mark.slow(Locking.TestCase)
TestLocking.settings = settings(max_examples=5, stateful_step_count=12, deadline=None)
