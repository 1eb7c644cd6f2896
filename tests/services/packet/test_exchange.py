"""Packets between an office and a unit: the figure arrives, once, and nothing else changes."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import event

from fsdesk.bench.packets import benchmark_plan, write_packets
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.packet.signing import SignatureState, fingerprint
from fsdesk.domain.periods import Period
from fsdesk.domain.records.merge import Revision
from fsdesk.domain.records.records import DataValue, ProgressReport, RecordKey, RecordKind
from fsdesk.domain.settings import Rules
from fsdesk.domain.steps import run_through
from fsdesk.packets.filling import fill_in
from fsdesk.services.as_json import status_json
from fsdesk.services.care import maintenance, setup
from fsdesk.services.packet import checking, conflicts, exchange, signing
from fsdesk.services.packet.importing import Result
from fsdesk.services.plan import planning
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation, unit_forms
from fsdesk.store.records import records
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit

KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


def value_at(workspace, key=KEY):
    with workspace.reading() as session:
        found = records.find(session, key)
    return found.content.value if found else None


def changes_in(before, after, path=""):
    if isinstance(before, dict):
        for name in before:
            yield from changes_in(before[name], after[name], f"{path}/{name}")
    elif isinstance(before, list):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from changes_in(one, other, f"{path}/{number}")
    elif before != after:
        yield path


@pytest.fixture
def report(unit, tmp_path):
    recording.record_value(unit, "I01-5", "2026-03", DataValue(6))
    return exchange.export_report(unit, MARCH, tmp_path / "报送包.xlsx").file


def test_every_reporting_unit_gets_a_packet_and_the_office_none(office, tmp_path):
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "out"))
    assert [packet.unit for packet in issued] == ["scj", "fgj", "xx"]
    assert all(packet.file.is_file() for packet in issued)


def test_the_status_changes_by_exactly_what_was_reported(office, report):
    before = status_json(aggregation.status(office, MARCH))
    assert import_files(office, report).count(Result.IMPORTED) == 1
    after = status_json(aggregation.status(office, MARCH))
    touched = set(changes_in(before, after))
    assert after["indicators"][4]["value"] == 6
    assert {path.split("/")[1] for path in touched} == {
        "progress", "pace", "coverage", "known_tasks", "reports", "reporting_rate", "timeliness",
        "indicators", "tasks", "units",
    }  # fmt: skip
    assert {path.split("/")[2] for path in touched if path.startswith("/indicators")} == {"4"}
    assert {path.split("/")[2] for path in touched if path.startswith("/tasks")} == {"0"}


def test_importing_again_changes_nothing(office, report, tmp_path):
    import_files(office, report)
    before = status_json(aggregation.status(office, MARCH))
    renamed = tmp_path / "改名.xlsx"
    shutil.copyfile(report, renamed)
    summary = import_files(office, report, renamed)
    assert summary.count(Result.UNCHANGED) == 2
    assert status_json(aggregation.status(office, MARCH)) == before


def test_any_order_of_two_reports_gives_the_newer_figure(office, unit, tmp_path, clock):
    files = []
    for number, moment in ((1, "2026-04-02T02:00:00+00:00"), (2, "2026-04-09T02:00:00+00:00")):
        clock.set(moment)
        recording.record_value(unit, "I01-1", "2026-03", DataValue(number))
        files.append(exchange.export_report(unit, MARCH, tmp_path / f"{number}.xlsx").file)
    other = make_office(tmp_path / "other", clock)
    import_files(office, *files)
    import_files(other, *reversed(files))
    for workspace in (office, other):
        assert value_at(workspace) == 2
        (row,) = [r for r in aggregation.reports_of(workspace, MARCH) if r.unit == "scj"]
        assert row.made_at == "2026-04-02T02:00:00+00:00"
        assert row.on_time
    other.close()


def test_edits_made_apart_are_kept_side_by_side_until_decided(office, unit, report, tmp_path):
    import_files(office, report)
    key = RecordKey(RecordKind.VALUE, "I01-5", "scj", "2026-03")
    recording.save(office, key, DataValue(7))
    recording.save(unit, key, DataValue(8))
    second = exchange.export_report(unit, MARCH, tmp_path / "second.xlsx").file
    summary = import_files(office, second)
    assert summary.conflicts == 1
    (conflict,) = conflicts.conflicts(office)
    assert (conflict.mine.content.value, conflict.theirs.content.value) == (7, 8)
    assert value_at(office, key) == 7
    conflicts.resolve(office, conflict.id, keep_mine=False)
    assert value_at(office, key) == 8
    assert conflicts.conflicts(office) == ()
    assert import_files(office, second).count(Result.UNCHANGED) == 1
    with pytest.raises(InputRejectedError, match="没有编号"):
        conflicts.resolve(office, conflict.id, keep_mine=True)


def test_a_form_filled_by_hand_counts_as_a_report(office, tmp_path):
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "out"))
    file = next(packet.file for packet in issued if packet.unit == "xx")
    key = RecordKey(RecordKind.PROGRESS, "T01-2", "xx", "2026-03")
    fill_in(file, {key: ProgressReport(text="街道已召开会议")})
    (refused,) = import_files(office, file).files
    assert refused.result is Result.REJECTED
    assert "没有签名" in refused.message
    assert aggregation.status(office, MARCH).reporting_rate == 0
    (taken,) = import_files(office, file, accept_unsigned=True).files
    assert taken.result is Result.IMPORTED
    assert taken.checked.signature is SignatureState.UNSIGNED
    assert {r.unit: r.state for r in aggregation.reports_of(office, MARCH)}["xx"] == "submitted"
    assert import_files(office, file, accept_unsigned=True).count(Result.UNCHANGED) == 1


def test_a_blank_form_is_no_report(office, tmp_path):
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "out"))
    (taken,) = import_files(office, issued[0].file).files
    assert taken.result is Result.REJECTED
    assert "没有填报任何内容" in taken.message
    assert aggregation.status(office, MARCH).reporting_rate == 0


def test_a_packet_with_one_bad_row_changes_nothing(office, tmp_path):
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "out"))
    file = issued[0].file
    fill_in(
        file,
        {
            KEY: DataValue(5),
            RecordKey(RecordKind.VALUE, "I01-3", "scj", "2026-03"): DataValue(None, 3, 2),
        },
    )
    (taken,) = import_files(office, file).files
    assert taken.result is Result.REJECTED
    (finding,) = taken.checked.findings
    assert (finding.place.sheet, finding.place.cell) == ("指标", "H6")
    assert "大于分母" in finding.message
    assert value_at(office) is None
    with office.reading() as session:
        assert records.load_records(session) == ()


def test_checking_says_what_would_change_and_changes_nothing(office, report):
    (checked,) = run_through(checking.check_packets(office, [report]))
    assert checked.ok
    (change,) = checked.changes
    assert (change.before, change.after.content.value) == (None, 6)
    with office.reading() as session:
        assert records.load_records(session) == ()


def test_a_folder_is_read_through_and_lock_files_are_left_out(office, report):
    shutil.copyfile(report, report.with_name("~$报送包.xlsx"))
    report.with_name("note.txt").write_text("x")
    assert report in checking.packet_files([report.parent])
    assert all(not file.name.startswith("~$") for file in checking.packet_files([report.parent]))


def test_a_file_of_another_year_or_unit_is_refused(office, unit, tmp_path):
    fgj = make_unit(office, tmp_path / "fgj", "fgj")
    recording.record_value(fgj, "I01-1", "2026-03", DataValue(3))
    file = exchange.export_report(fgj, MARCH, tmp_path / "fgj.xlsx").file
    fgj.close()
    (taken,) = import_files(unit, file).files
    assert "不属于本单位" in taken.message


def test_a_changed_plan_reaches_a_unit_that_has_recorded(office, unit, tmp_path):
    recording.record_value(unit, "I01-1", "2026-03", DataValue(3))
    planning.change_settings(office, {"population": 500_000}, office.rules)
    planning.change_settings(office, {}, Rules(due_days=8))
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "again"))
    file = next(packet.file for packet in issued if packet.unit == "scj")
    assert import_files(unit, file).count(Result.IMPORTED) == 1
    plan = planning.current_plan(unit)
    assert (plan.constant("population").value, plan.revision) == (500_000, 2)
    assert unit.rules.due_days == 8
    assert value_at(unit) == 3
    assert import_files(unit, file).count(Result.UNCHANGED) == 1


def test_an_older_plan_does_not_replace_a_newer_one(office, unit, tmp_path):
    first = run_through(exchange.issue_packets(office, MARCH, tmp_path / "first"))
    planning.change_settings(office, {"population": 500_000}, office.rules)
    second = run_through(exchange.issue_packets(office, MARCH, tmp_path / "second"))
    import_files(unit, second[0].file, first[0].file)
    assert planning.current_plan(unit).revision == 2


def test_the_office_exports_no_report_and_a_unit_issues_no_plan(office, unit, tmp_path):
    with pytest.raises(InputRejectedError, match="直接在汇总端填报"):
        exchange.export_report(office, MARCH, tmp_path / "x.xlsx")
    with pytest.raises(InputRejectedError, match="只有区食药安办"):
        run_through(exchange.issue_packets(unit, MARCH, tmp_path / "x"))
    with pytest.raises(InputRejectedError, match="还没有填报"):
        exchange.export_report(unit, MARCH, tmp_path / "x.xlsx")
    recording.record_value(unit, "I01-1", "2026-03", DataValue(3))
    with pytest.raises(InputRejectedError, match=r"\.xlsx"):
        exchange.export_report(unit, MARCH, tmp_path / "x.docx")


def test_export_marks_the_period_as_submitted(unit, report):
    form = unit_forms.unit_form(unit, "scj", MARCH)
    assert (form.state, form.unexported) == ("submitted", 0)
    assert report.is_file()


def test_only_a_plan_packet_makes_a_workspace(report, tmp_path):
    with pytest.raises(InputRejectedError, match="不是下发包"):
        setup.create_unit_from_packet(tmp_path / "new", checking.read(report))


def test_workspaces_stay_whole(office, unit, report):
    import_files(office, report)
    assert maintenance.verify(office) == ()
    assert maintenance.verify(unit) == ()


def test_two_pcs_of_one_unit_converge_in_any_order(office, unit, tmp_path):
    second = make_unit(office, tmp_path / "second", clock=Clock())
    recording.save(unit, KEY, DataValue(1))
    recording.save(second, KEY, DataValue(2))
    files = [
        exchange.export_report(pc, MARCH, tmp_path / f"{number}.xlsx").file
        for number, pc in enumerate((unit, second))
    ]
    other = make_office(tmp_path / "other")
    for workspace, order in ((office, files), (other, files[::-1])):
        import_files(workspace, order[0])
        assert import_files(workspace, order[1]).count(Result.REJECTED) == 1
        heard = fingerprint(checking.read(order[1]).seal.public_key)[-4:]
        signing.register_key_of(workspace, order[1], heard)
        assert import_files(workspace, order[1]).count(Result.IMPORTED) == 1
    assert value_at(office) == value_at(other)
    assert len(conflicts.conflicts(office)) == len(conflicts.conflicts(other)) == 1
    for workspace in (second, other):
        workspace.close()


def test_revisions_travel(office, unit, report):
    import_files(office, report)
    key = RecordKey(RecordKind.VALUE, "I01-5", "scj", "2026-03")
    with office.reading() as session:
        assert records.find(session, key).revision == Revision.parse(f"{unit.author.edits}:1")
    assert Period.parse("2026-03") == MARCH


def test_each_further_report_of_a_folder_asks_the_database_little(tmp_path):
    plan, said = benchmark_plan(4), []
    first, second, *rest = write_packets(plan, 4, tmp_path / "packets")
    with setup.create_office(tmp_path / "office", plan) as office:
        import_files(office, first)  # with it the unit's key came
        event.listen(office.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
        import_files(office, second)
        for_one = len(said)
        assert [each.result for each in import_files(office, *rest).files] == [Result.IMPORTED] * 2
        # Each is a wait for the server: it looks besides whether others wrote meanwhile.
        assert len(said) - 2 * for_one <= (25 if office.is_on_server else 18)
