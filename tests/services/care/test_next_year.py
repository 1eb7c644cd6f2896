"""January: the new year begins in a workspace of its own, and December is still owed in the old."""

from __future__ import annotations

import shutil
from datetime import date

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.domain.agenda.agenda import Event, EventKind
from fsdesk.domain.assessment import Adjustment
from fsdesk.domain.findings import FsdeskError, InputRejectedError, WorkspaceError, reject
from fsdesk.domain.packet.signing import SignatureState, Signer, fingerprint
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue
from fsdesk.domain.steps import run_through
from fsdesk.files import save_bytes
from fsdesk.services import assessment as assessments
from fsdesk.services.agenda import agenda
from fsdesk.services.care import known, next_year, other_years, setup
from fsdesk.services.output import bulletin, reporting
from fsdesk.services.packet import checking, exchange, importing, signing
from fsdesk.services.packet.importing import Accepted, Result
from fsdesk.services.plan.planning import confirm_plan, current_plan
from fsdesk.services.plan_document import plan_documents
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.services.status_line import status_line
from fsdesk.store.packet import keys
from fsdesk.store.records import records
from fsdesk.store.settings import load_setting, save_setting
from fsdesk.workspace import DATABASE, open_workspace
from tests.packets.test_copies import copy_of
from tests.workspaces import Clock, import_files, make_office, make_unit, months, note_sent

DECEMBER, JANUARY = Period.parse("2026-12"), Period.parse("2027-01")


@pytest.fixture
def clock():
    """The first working day of 2027."""
    return Clock("2027-01-04T01:00:00+00:00")


@pytest.fixture
def next_office(office, clock):
    """The office's workspace of 2027, with the plan of 2026 as a draft."""
    folder = next_year.make_carried_on(office)
    with open_workspace(folder, clock=clock) as made:
        yield made


@pytest.fixture
def packet(next_office, tmp_path):
    """What the office hands down to 区市场监管局 for January 2027."""
    return issue(next_office, tmp_path / "下发2027")


@pytest.fixture
def next_unit(unit, packet, clock):
    with open_workspace(next_year.make_from_packet(unit, packet), clock=clock) as made:
        yield made


def issue(office, folder, period=JANUARY, unit="scj"):
    written = run_through(exchange.issue_packets(office, period, folder))
    return next(each.file for each in written if each.unit == unit)


def check(workspace, *files):
    return run_through(other_years.check_packets(workspace, files))


def own_key(workspace):
    return keys.own_key(workspace.keys).public


def report(unit, period, file, value=7):
    recording.record_value(unit, "I01-1", str(period), DataValue(value))
    return exchange.export_report(unit, period, file).file


# A packet of the year that begins


def test_a_plan_of_next_year_says_what_it_is_and_changes_nothing(unit, packet):
    before = current_plan(unit)
    (found,) = check(unit, packet)
    assert not found.ok
    assert (found.elsewhere.year, found.elsewhere.begins) == (2027, True)
    (told,) = found.findings
    assert "是 2027 年度的下发包，本工作区是 2026 年度" in told.message
    assert "建立 2027 年工作区" in told.remedy
    assert "--" not in told.remedy  # commands are told by commands
    assert import_files(unit, packet).files[0].result is Result.REJECTED
    assert current_plan(unit) == before


def test_what_was_typed_on_a_copied_sheet_keeps_no_year_from_beginning(unit, packet):
    copy_of(packet, "指标", "指标 (2)", G4=1900)
    with open_workspace(next_year.make_from_packet(unit, packet)) as made:
        assert made.identity.year == 2027


def test_the_other_files_of_a_folder_go_on(office, unit, packet, tmp_path):
    note_sent(office, "scj", "2026-11")
    feedback = issue(office, tmp_path / "下发2026", DECEMBER)
    results = [item.result for item in import_files(unit, packet, feedback).files]
    assert results == [Result.REJECTED, Result.IMPORTED]


def test_the_units_new_workspace_lies_beside_and_signs_with_the_same_key(unit, next_unit, office):
    assert next_unit.folder == unit.folder.with_name("unit-2027")
    assert (next_unit.identity.year, next_unit.identity.unit) == (2027, "scj")
    assert own_key(next_unit) == own_key(unit)
    assert next_unit.identity.id != unit.identity.id
    assert own_key(office) in {signer.public_key for signer in signing.registered(next_unit)}


def test_what_the_pcs_user_chose_goes_along_and_records_do_not(unit, packet, clock):
    recording.record_value(unit, "I01-1", "2026-12", DataValue(5))
    with unit.writing() as writing:
        save_setting(writing, "table_layouts", {"progress": {"窄": {}}})
    with open_workspace(next_year.make_from_packet(unit, packet), clock=clock) as made:
        with made.reading() as session:
            assert load_setting(session, "table_layouts") == {"progress": {"窄": {}}}
            assert not list(records.load_records(session))
        assert made.rules == replace(unit.rules, issued_on=None)  # its own plan has its own day


def test_the_office_knows_the_unit_by_its_key(office, unit, next_office, packet, clock, tmp_path):
    import_files(office, report(unit, DECEMBER, tmp_path / "12.xlsx"))
    # The workspace of 2027 was made before: it asks the one of 2026.
    with open_workspace(next_year.make_from_packet(unit, packet), clock=clock) as made:
        file = report(made, JANUARY, tmp_path / "1.xlsx")
    other_years.take_keys(next_office)
    assert check(next_office, file)[0].signature is SignatureState.VALID
    signing.revoke(office, Signer("scj", own_key(unit)).fingerprint)
    other_years.take_keys(next_office)
    assert {s.public_key for s in signing.registered(next_office) if s.revoked} == {own_key(unit)}


def test_an_office_made_later_knows_every_unit(office, unit, clock, tmp_path):
    import_files(office, report(unit, DECEMBER, tmp_path / "12.xlsx"))
    with open_workspace(next_year.make_carried_on(office), clock=clock) as later:
        packet = issue(later, tmp_path / "下发2027")
        assert own_key(later) == own_key(office)
        with open_workspace(next_year.make_from_packet(unit, packet), clock=clock) as made:
            file = report(made, JANUARY, tmp_path / "1.xlsx")
        assert check(later, file)[0].signature is SignatureState.VALID
        assert import_files(later, file).files[0].result is Result.IMPORTED


def test_both_years_stay_in_use(office, unit, next_office, next_unit, tmp_path):
    december = report(unit, DECEMBER, tmp_path / "12.xlsx")
    january = report(next_unit, JANUARY, tmp_path / "1.xlsx", value=3)
    assert import_files(office, december).files[0].result is Result.IMPORTED
    assert import_files(next_office, january).files[0].result is Result.IMPORTED
    assert aggregation.status_now(office, DECEMBER).indicators[0].figure.value == 7
    assert aggregation.status_now(next_office, JANUARY).indicators[0].figure.value == 3


def test_a_packet_of_the_other_year_is_told_with_its_workspace(
    office, unit, next_office, next_unit, tmp_path
):
    december = report(unit, DECEMBER, tmp_path / "12.xlsx")
    january = report(next_unit, JANUARY, tmp_path / "1.xlsx")
    handed_down = issue(office, tmp_path / "下发2026", DECEMBER)
    again = issue(next_office, tmp_path / "下发2027", JANUARY)
    for here, file, there in (
        (next_office, december, office),
        (office, january, next_office),
        (next_unit, handed_down, unit),
        (unit, again, next_unit),
    ):
        (found,) = check(here, file)
        assert not found.ok
        assert found.elsewhere.folder == there.folder
        assert not found.elsewhere.begins
        assert str(there.folder) in found.findings[0].remedy


def test_without_a_known_workspace_the_year_alone_is_told(unit, packet, tmp_path, clock):
    with open_workspace(next_year.make_from_packet(unit, packet), clock=clock) as made:
        january = report(made, JANUARY, tmp_path / "1.xlsx")
    with make_office(tmp_path / "other", clock) as stranger:
        (found,) = check(stranger, january)
    assert found.elsewhere.folder is None
    assert "请打开 2027 年的工作区" in found.findings[0].remedy


def test_the_same_unit_of_another_district_is_not_meant(unit, next_unit, tmp_path, clock):
    """It has the same names, is known on this PC, and shares no key."""
    with (
        make_office(tmp_path / "b" / "office", clock) as office,
        make_unit(office, tmp_path / "b" / "unit", clock=clock) as other,
        open_workspace(next_year.make_carried_on(office), clock=clock) as later,
    ):
        packet = issue(later, tmp_path / "b" / "下发2027")
        assert check(other, packet)[0].elsewhere.begins


def test_a_packet_of_another_office_asks_for_its_key_first(unit, tmp_path, clock):
    with (
        make_office(tmp_path / "other", clock) as stranger,
        open_workspace(next_year.make_carried_on(stranger), clock=clock) as later,
    ):
        packet = issue(later, tmp_path / "下发2027")
    (found,) = check(unit, packet)
    assert found.unknown_key
    with pytest.raises(InputRejectedError, match="与该单位已登记的不一致"):
        next_year.make_from_packet(unit, packet)
    assert not unit.folder.with_name("unit-2027").exists()

    heard = fingerprint(checking.read(packet).seal.public_key)[-4:]
    signing.register_key_of(unit, packet, heard, instead=True)
    assert check(unit, packet)[0].elsewhere.begins
    assert next_year.make_from_packet(unit, packet).is_dir()


def test_a_packet_that_is_just_opened_continues_the_workspace_of_the_year_before(
    unit, packet, tmp_path
):
    """A unit that makes a new workspace by the packet keeps the key by which it is known."""
    known.remember(unit)
    with next_year.unit_from_packet(tmp_path / "elsewhere", packet) as made:
        assert made.folder == tmp_path / "elsewhere"
        assert own_key(made) == own_key(unit)


def test_the_first_packet_of_a_unit_makes_a_key_of_its_own(unit, packet, tmp_path):
    with next_year.unit_from_packet(tmp_path / "elsewhere", packet) as made:
        assert own_key(made) != own_key(unit)


def test_an_unsigned_plan_makes_no_workspace(unit, packet):
    book = load_workbook(packet)
    for row in book["_fsdesk"].iter_rows():
        if row[0].value in {"public_key", "signature"}:
            row[1].value = None
    book.save(packet)
    (found,) = check(unit, packet)
    assert not found.ok
    assert not (found.elsewhere and found.elsewhere.begins)
    with pytest.raises(FsdeskError):
        next_year.make_from_packet(unit, packet)


def test_another_units_plan_is_not_this_ones(unit, next_office, tmp_path):
    packet = issue(next_office, tmp_path / "下发2027", unit="xx")
    assert check(unit, packet)[0].elsewhere is None
    with pytest.raises(InputRejectedError, match="不属于本单位"):
        next_year.make_from_packet(unit, packet)


def test_this_years_plan_makes_no_workspace(office, unit, tmp_path):
    packet = issue(office, tmp_path / "下发2026", DECEMBER)
    with pytest.raises(InputRejectedError, match="请核对文件的年度"):
        next_year.make_from_packet(unit, packet)


def test_a_second_workspace_of_a_year_is_refused_by_name(unit, next_unit, packet):
    with pytest.raises(InputRejectedError, match="unit-2027"):
        next_year.make_from_packet(unit, packet)
    with pytest.raises(InputRejectedError, match="unit-2027"):
        next_year.make_carried_on(unit)


def test_a_folder_of_that_name_is_left_alone(unit, packet):
    unit.folder.with_name("unit-2027").mkdir()
    assert next_year.make_from_packet(unit, packet) == unit.folder.with_name("unit-2027（2）")


def test_a_unit_may_begin_before_the_office_sends(unit, clock):
    with open_workspace(next_year.make_carried_on(unit), clock=clock) as made:
        assert current_plan(made).carried_from == 2026
        assert own_key(made) == own_key(unit)
        assert aggregation.working_period(made) == JANUARY


# Half-made


def test_what_fails_on_the_way_leaves_nothing(office, unit, packet, monkeypatch):
    def full(*_args):
        raise reject("磁盘已满")

    monkeypatch.setattr(next_year.keys, "copy_key", full)
    beside = {path.name for path in unit.folder.parent.iterdir()}
    with pytest.raises(InputRejectedError, match="磁盘已满"):
        next_year.make_from_packet(unit, packet)
    assert {path.name for path in unit.folder.parent.iterdir()} == beside
    monkeypatch.undo()
    assert next_year.make_from_packet(unit, packet).is_dir()


@pytest.mark.file_database
def test_a_workspace_that_was_killed_while_it_was_made_can_be_made_again(tmp_path, monkeypatch):
    """Nothing counts before the one transaction ends: the folder is as good as empty."""
    plan = setup.read_plan(None, 2026)
    folder, left = tmp_path / "made", tmp_path / "left"
    folder.mkdir()

    class Killed(BaseException):
        pass

    def killed(*_args):
        shutil.copytree(folder, left)  # what a program leaves that has no time to clean up
        raise Killed

    monkeypatch.setattr(setup.ledgers, "save_ledgers", killed)
    with pytest.raises(Killed):
        setup.create_office(folder, plan)
    assert not list(folder.iterdir())
    assert (left / DATABASE).exists()
    with pytest.raises(WorkspaceError, match="还没有工作区"):
        open_workspace(left)
    monkeypatch.undo()
    with setup.create_office(left, plan) as made:
        assert current_plan(made) == plan


def test_making_it_again_in_the_same_place_harms_nothing(tmp_path):
    plan = setup.read_plan(None, 2027)
    with setup.create_office(tmp_path / "made", plan) as made:
        whose = made.identity
    with pytest.raises(WorkspaceError, match="已有工作区"):
        setup.create_office(tmp_path / "made", plan)
    with open_workspace(tmp_path / "made") as again:
        assert again.identity == whose


# The office


def test_the_offices_templates_and_lasting_events_go_along_and_the_years_do_not(office, clock):
    own = bulletin.TEMPLATE.place(office)
    save_bytes(own, b"template of our own")
    for title, last in (("2026年会议", date(2026, 5, 1)), ("跨年行动", date(2027, 2, 1))):
        event = Event("", EventKind.OTHER, title, date(2026, 4, 1), last, own=True)
        agenda.save_event(office, event)
    assessments.save_adjustment(office, Adjustment("", "scj", 2, "表扬", date(2026, 5, 1)))
    with office.writing() as writing:
        save_setting(writing, "supervision-put-off", {"x": "2027-01-09"})
        save_setting(writing, "what a later program keeps of this workspace", {"x": 1})

    with open_workspace(next_year.make_carried_on(office), clock=clock) as made:
        assert bulletin.TEMPLATE.place(made).read_bytes() == b"template of our own"
        own_titles = [e.title for e in agenda.agenda(made).events if e.own]
        assert own_titles == ["跨年行动"]
        with made.reading() as session:
            assert not load_setting(session, "assessment-adjustments")
            assert not load_setting(session, "supervision-put-off")
            assert not load_setting(session, "what a later program keeps of this workspace")


def test_in_january_the_old_year_is_at_december_and_the_new_one_at_january(
    office, unit, next_office, next_unit
):
    note_sent(unit, "scj", *months(1, 11))
    for workspace in (office, unit):
        assert aggregation.working_period(workspace) == DECEMBER
        assert status_line(workspace, DECEMBER).days_left == 1
    for workspace in (next_office, next_unit):
        assert aggregation.working_period(workspace) == JANUARY
        # A draft asks nothing of the unit, and the office waits for nothing.
        assert status_line(workspace, JANUARY).days_left is None


# A plan that carries another year's on


def test_the_carried_plan_says_so_in_every_place(next_office, next_unit):
    for workspace in (next_office, next_unit):
        plan = current_plan(workspace)
        assert plan.draft_note == "2027年计划尚未读入，暂沿用2026年内容，系草案"
        assert plan.name == f"{plan.title}（草案）"


def test_the_years_own_document_ends_the_draft_also_at_the_units(next_office, next_unit, tmp_path):
    plan = replace(current_plan(next_office), carried_from=0)
    plan_documents.export_plan(plan, tmp_path / "2027.xlsx")
    parsed = plan_documents.read_document(tmp_path / "2027.xlsx", next_office)
    difference = plan_documents.import_document(next_office, parsed)
    assert not difference.is_empty
    assert not current_plan(next_office).draft_note

    packet = issue(next_office, tmp_path / "再下发")
    assert check(next_unit, packet)[0].new_plan
    import_files(next_unit, packet)
    assert not current_plan(next_unit).draft_note


def test_the_office_may_confirm_the_draft(next_office, unit):
    revision = current_plan(next_office).revision
    assert confirm_plan(next_office).revision == revision + 1
    assert current_plan(next_office).name == current_plan(next_office).title
    with pytest.raises(InputRejectedError, match="不是草案"):
        confirm_plan(next_office)
    with pytest.raises(InputRejectedError, match="只有区食药安办"):
        confirm_plan(unit)


def test_the_built_in_plan_is_of_its_own_year_and_a_draft_for_others(tmp_path):
    assert not setup.read_plan(None, 2026).carried_from
    with setup.create_office(tmp_path / "office", setup.read_plan(None, 2027)) as made:
        assert current_plan(made).carried_from == 2026


def take_plan(workspace, packet):
    """Take a packet after a person has asked the office about its plan."""
    accepted = Accepted(plan=True)
    steps = importing.import_packets(workspace, [packet], accepted=accepted)
    return run_through(steps).files[0].result


def test_a_unit_gives_its_own_draft_up_for_the_offices_plan(next_office, tmp_path, clock):
    """It set its workspace of 2027 up by a plan of its own, before anything came."""
    confirm_plan(next_office)
    packet = issue(next_office, tmp_path / "再下发")
    draft = replace(current_plan(next_office), revision=9, carried_from=2026, title="自带")
    with setup.create_unit(tmp_path / "early", draft, "scj", clock=clock) as early:
        (refused,) = import_files(early, packet).files
        assert "自称是" in refused.message  # no key of the office is known here yet
        assert take_plan(early, packet) is Result.IMPORTED
        assert current_plan(early) == current_plan(next_office)
        assert import_files(early, packet).files[0].result is Result.UNCHANGED


def test_a_plan_of_the_same_number_that_says_something_else_is_taken(office, tmp_path, clock):
    packet = issue(office, tmp_path / "下发", DECEMBER)
    other = replace(current_plan(office), title="自带的计划")
    with setup.create_unit(tmp_path / "early", other, "scj", clock=clock) as early:
        assert check(early, packet)[0].new_plan
        assert take_plan(early, packet) is Result.IMPORTED
        assert current_plan(early) == current_plan(office)
        assert not check(early, packet)[0].new_plan


def test_a_document_of_another_year_is_carried_on(office, tmp_path):
    plan_documents.export_plan(current_plan(office), tmp_path / "2026.xlsx")
    read = plan_documents.read_document(tmp_path / "2026.xlsx", office, 2027).plan
    assert (read.year, read.carried_from) == (2027, 2026)


def test_a_draft_that_is_exported_comes_back_as_one(next_office, tmp_path):
    plan_documents.export_plan(current_plan(next_office), tmp_path / "draft.xlsx")
    read = plan_documents.read_document(tmp_path / "draft.xlsx", next_office).plan
    assert read == current_plan(next_office)


def test_both_years_are_known_from_each_other(office, next_office):
    years = [each.year for each in known.same_owner(known.describe(office))]
    assert years == [2026, 2027]
    assert other_years.workspace_of(next_office, 2026) == office.folder


def test_a_whole_folder_is_taken_by_command_with_the_others_told(unit, next_unit, packet):
    summary = run_through(importing.import_packets(unit, [packet]))
    (told,) = other_years.located_files(unit, summary.files)
    assert str(next_unit.folder) in told.message


def test_checking_alone_tells_the_year(unit, packet):
    (found,) = run_through(checking.check_packets(unit, [packet]))
    assert found.elsewhere.year == 2027


# What last year had reached


def test_baselines_of_a_plan_made_early_are_taken_anew(office, clock):
    clock.set("2026-11-20T01:00:00+00:00")
    recording.record_value(office, "I01-1", "2026-10", DataValue(100), unit="scj")
    assert "2026年还没有结束" in next_year.baseline_note(office)
    with open_workspace(next_year.make_carried_on(office), clock=clock) as made:
        assert current_plan(made).indicators_by_code["I01-1"].baseline == 100
        clock.set("2027-01-10T01:00:00+00:00")
        recording.record_value(office, "I01-1", "2026-12", DataValue(25), unit="scj")
        assert next_year.baseline_note(office) == ""
        assert next_year.update_baselines(made) >= 1
        plan = current_plan(made)
        assert plan.indicators_by_code["I01-1"].baseline == 125
        assert plan.carried_from == 2026
        assert next_year.update_baselines(made) == 0
        assert current_plan(made).revision == plan.revision


def test_baselines_need_last_years_workspace(office, unit):
    with pytest.raises(InputRejectedError, match="没有找到 2025 年的工作区"):
        next_year.update_baselines(office)
    with pytest.raises(InputRejectedError, match="只有区食药安办"):
        next_year.update_baselines(unit)


# On paper


def test_papers_name_a_draft_as_one(next_office, tmp_path):
    def heading(file):
        reporting.write_table(next_office, "tasks", JANUARY, file)
        return load_workbook(file).worksheets[0]["A1"].value

    assert "（草案）" in heading(tmp_path / "draft.xlsx")
    confirm_plan(next_office)
    assert "（草案）" not in heading(tmp_path / "own.xlsx")


def test_the_form_that_goes_out_says_that_its_plan_is_a_draft(next_office, packet, tmp_path):
    def words(file):
        sheet = load_workbook(file)["填报说明"]
        return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]

    assert any("系草案" in each for each in words(packet))
    confirm_plan(next_office)
    assert not any("系草案" in each for each in words(issue(next_office, tmp_path / "再下发")))
