"""The office's answer reaches the unit: what to mend, letters, a newer plan; nothing is lost."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.packet.packet import PacketKind
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.records.submissions import ReviewState
from fsdesk.domain.steps import run_through
from fsdesk.packets.filling import fill_in
from fsdesk.services.care import maintenance
from fsdesk.services.packet import checking, exchange, import_undo, reviewing
from fsdesk.services.packet.importing import Result
from fsdesk.services.plan import planning
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation, unit_forms
from fsdesk.services.supervision import follow_up, letters
from fsdesk.store.plan import plans
from fsdesk.store.records import records
from fsdesk.store.supervision import letters as store_letters
from fsdesk.workspace import open_workspace
from tests.held import review_of
from tests.packets.typed import Typed
from tests.workspaces import MARCH, import_files

KEY = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2026-03")


def value_at(workspace, key=KEY):
    with workspace.reading() as session:
        found = records.find(session, key)
    return found.content.value if found else None


@pytest.fixture
def reported(office, unit, tmp_path):
    """The unit has reported March, and the office has taken it."""
    recording.save(unit, KEY, DataValue(6))
    file = exchange.export_report(unit, MARCH, tmp_path / "报送包.xlsx").file
    import_files(office, file)
    return file


def answer(office, folder):
    (written,) = run_through(exchange.answer_reports(office, MARCH, folder))
    return written.file


def state(office):
    return {r.unit: r.state for r in aggregation.reports_of(office, MARCH)}["scj"]


def test_a_returned_report_tells_the_unit_what_to_mend(office, unit, reported, tmp_path):
    words = {"I01-1": "与台账不一致，请核对"}
    reviewing.return_report(office, "区市监局", MARCH, "请补正后重报", words)
    assert state(office) == "returned"
    file = answer(office, tmp_path / "反馈")
    assert file.name == "反馈包-区市场监管局-2026-03.xlsx"
    (checked,) = run_through(checking.check_packets(unit, [file]))
    assert checked.packet.header.kind is PacketKind.FEEDBACK
    assert checked.news == ("3月报送被退回：请补正后重报，1 条意见",)
    assert import_files(unit, file).count(Result.IMPORTED) == 1
    review = review_of(unit, "scj", MARCH)
    assert (review.state, review.comment) == (ReviewState.RETURNED, "请补正后重报")
    assert [(row.record, row.comment) for row in review.rows] == [(KEY, words["I01-1"])]
    assert unit_forms.unit_form(unit, "scj", MARCH).state == "returned"
    assert value_at(unit) == 6
    assert import_files(unit, file).count(Result.UNCHANGED) == 1


def test_a_mended_report_stands_and_the_old_answer_changes_nothing(
    office, unit, reported, tmp_path, clock
):
    reviewing.return_report(office, "scj", MARCH, "请补正")
    file = answer(office, tmp_path / "反馈")
    import_files(unit, file)
    clock.set("2026-04-03T01:00:00+00:00")
    recording.save(unit, KEY, DataValue(7))
    again = exchange.export_report(unit, MARCH, tmp_path / "again.xlsx").file
    assert import_files(unit, file).count(Result.UNCHANGED) == 1
    assert unit_forms.unit_form(unit, "scj", MARCH).state == "submitted"
    assert value_at(unit) == 7
    import_files(office, again)
    assert state(office) == "submitted"
    reviewing.accept(office, "scj", MARCH)
    assert state(office) == "accepted"
    import_files(unit, answer(office, tmp_path / "反馈2"))
    assert review_of(unit, "scj", MARCH).state is ReviewState.ACCEPTED


def test_an_answer_counts_although_the_units_clock_is_ahead(office, unit, tmp_path, clock):
    clock.set("2026-04-02T09:00:00+00:00")
    recording.save(unit, KEY, DataValue(6))
    file = exchange.export_report(unit, MARCH, tmp_path / "p.xlsx").file
    clock.set("2026-04-02T08:00:00+00:00")
    import_files(office, file)
    reviewing.return_report(office, "scj", MARCH, "请补正")
    import_files(unit, answer(office, tmp_path / "反馈"))
    assert unit_forms.unit_form(unit, "scj", MARCH).state == "returned"


def test_letters_and_a_newer_plan_go_along(office, unit, reported, tmp_path, clock):
    clock.set("2026-10-10T01:00:00+00:00")
    september = Period.parse("2026-09")
    letter = letters.issue_reminder(office, "scj", september, tmp_path / "函.docx")
    planning.change_settings(office, {"population": 500_000}, office.rules)
    file = answer(office, tmp_path / "反馈")
    (taken,) = import_files(unit, file).files
    assert letter.document_number in taken.message
    assert "计划已更新" in taken.message
    assert planning.current_plan(unit).constant("population").value == 500_000
    with unit.reading() as session:
        (notice,) = store_letters.notices(session, "scj")
    assert notice.letter == letter
    assert notice.tasks
    assert value_at(unit) == 6
    assert import_files(unit, file).count(Result.UNCHANGED) == 1


def test_an_answer_can_be_filled_and_sent_back_without_fsdesk(office, reported, tmp_path):
    reviewing.return_report(office, "scj", MARCH, "请补正")
    file = answer(office, tmp_path / "反馈")
    fill_in(file, {KEY: DataValue(9)})
    (taken,) = import_files(office, file, accept_unsigned=True).files
    assert taken.result is Result.IMPORTED
    assert value_at(office) == 9
    assert state(office) == "submitted"


def test_what_the_office_decided_reaches_the_unit(office, unit, reported, tmp_path):
    recording.save(office, KEY, DataValue(8))
    reviewing.accept(office, "scj", MARCH, "已按核实数更正")
    import_files(unit, answer(office, tmp_path / "反馈"))
    assert value_at(unit) == 8


def test_taking_an_answer_can_be_undone(office, unit, reported, tmp_path):
    recording.save(office, KEY, DataValue(8))
    reviewing.return_report(office, "scj", MARCH, "请补正", {"I01-1": "请核对"})
    planning.change_settings(office, {"population": 500_000}, office.rules)
    import_files(unit, answer(office, tmp_path / "反馈"))
    import_undo.undo_last_import(unit)
    assert value_at(unit) == 6
    assert review_of(unit, "scj", MARCH) is None
    assert unit_forms.unit_form(unit, "scj", MARCH).state == "submitted"
    assert planning.current_plan(unit).constant("population").value == 400_000


@pytest.mark.parametrize(
    ("unit_name", "comment", "rows", "words"),
    [
        ("区发改局", "x", {}, "还没有报送"),
        ("区市场监管局", " ", {}, "写明原因"),
        ("区市场监管局", "x", {"I99": "y"}, "没有编码“I99”"),
        ("无此局", "x", {}, "无此局"),
    ],
)
def test_a_review_that_makes_no_sense_is_refused(office, reported, unit_name, comment, rows, words):
    with pytest.raises(InputRejectedError, match=words):
        reviewing.return_report(office, unit_name, MARCH, comment, rows)
    assert state(office) == "submitted"


def test_only_the_office_reviews_and_only_when_there_is_something_to_tell(office, unit, tmp_path):
    with pytest.raises(InputRejectedError, match="只有区食药安办"):
        reviewing.accept(unit, "scj", MARCH)
    with pytest.raises(InputRejectedError, match="没有可以反馈的内容"):
        run_through(exchange.answer_reports(office, MARCH, tmp_path / "x"))


def test_what_a_newer_plan_dropped_is_kept_but_does_not_count(office, unit, tmp_path):
    dropped = RecordKey(RecordKind.VALUE, "I01-5", "scj", "2026-03")
    recording.save(unit, KEY, DataValue(6))
    recording.save(unit, dropped, DataValue(3))
    file = exchange.export_report(unit, MARCH, tmp_path / "p.xlsx").file
    with office.writing() as writing:
        plans.save_plan(writing, without(planning.current_plan(office), "I01-5"))
    (taken,) = import_files(office, file).files
    assert taken.result is Result.IMPORTED
    (warned,) = taken.checked.findings
    assert "不再要求该单位填报“I01-5”" in warned.message
    assert warned.place.sheet == "指标"
    assert value_at(office, dropped) == 3
    issued = run_through(exchange.issue_packets(office, MARCH, tmp_path / "again"))
    import_files(unit, next(p.file for p in issued if p.unit == "scj"))
    assert planning.current_plan(unit).revision == 2
    assert value_at(unit, dropped) == 3


def without(plan, indicator):
    """The next revision of a plan, without an indicator."""
    (section,) = plan.sections
    (point,) = section.points
    tasks = tuple(
        replace(task, indicators=tuple(i for i in task.indicators if i.code != indicator))
        for task in point.tasks
    )
    section = replace(section, points=(replace(point, tasks=tasks),))
    return replace(plan, sections=(section,), revision=plan.revision + 1)


def test_data_can_be_left_out_of_the_totals_with_a_reason(office, reported):
    def samples():
        return aggregation.status(office, MARCH).indicators[0].figure.value

    assert samples() == 6
    reviewing.leave_out(office, "区市监局", MARCH, "与台账不符，待核实")
    assert samples() is None
    (row,) = [r for r in aggregation.reports_of(office, MARCH) if r.unit == "scj"]
    assert (row.state_label, row.left_out) == ("已报送，不计入", "与台账不符，待核实")
    assert value_at(office) == 6
    reviewing.leave_out(office, "scj", MARCH, "")
    assert samples() == 6


# Answers to letters that are typed into what the office handed down


@pytest.fixture
def answered(office, unit, reported, tmp_path, clock):
    """Give the office's answer with a letter, and a way to type an answer to that into it."""
    clock.set("2026-10-10T01:00:00+00:00")
    letters.issue_reminder(office, "scj", Period.parse("2026-09"), tmp_path / "函.docx")
    file = answer(office, tmp_path / "反馈")

    def type_in(**texts):
        titles = {cell.value: cell.column for cell in load_workbook(file)["来函回复"][3]}
        typed = Typed(file)  # which leaves the time of saving as it is
        for title, text in texts.items():
            typed.cell("来函回复", 3, titles[title] - 1, text)
        typed.save(tmp_path / "填过.xlsx")
        return tmp_path / "填过.xlsx"

    return file, type_in


def the_letter(workspace):
    (notice,) = follow_up.register(workspace)
    return notice.letter


@pytest.mark.parametrize("known", [False, True], ids=["the letter comes along", "it is there"])
def test_an_answer_typed_at_the_unit_is_taken_as_its_own(office, unit, answered, tmp_path, known):
    plain, type_in = answered
    if known:
        import_files(unit, plain)
    file = type_in(回复内容="已整改", 异议="数据有误", 签收日期="2026-10-10")

    (checked,) = run_through(checking.check_packets(unit, [file]))
    assert [news for news in checked.news if news.startswith("提出异议")]
    assert checked.needs_yes
    (taken,) = import_files(unit, file, accept_unsigned=True).files

    letter = the_letter(unit)
    assert (letter.reply, letter.objection) == ("已整改", "数据有误")
    assert str(letter.received_on) == "2026-10-10"
    assert letter.document_number in taken.message
    report = exchange.export_report(unit, MARCH, tmp_path / "再报.xlsx").file
    import_files(office, report)
    assert the_letter(office).reply == "已整改"


def test_taking_an_answer_that_was_typed_can_be_undone(unit, answered):
    plain, type_in = answered
    import_files(unit, plain)
    import_files(unit, type_in(回复内容="已整改"), accept_unsigned=True)
    import_undo.undo_last_import(unit)
    assert the_letter(unit).reply == ""


def test_an_answer_other_than_the_units_own_is_told_and_not_taken(unit, answered):
    plain, type_in = answered
    import_files(unit, plain)
    follow_up.reply(unit, the_letter(unit).key, "正在整改")
    file = type_in(回复内容="已整改")
    (checked,) = run_through(checking.check_packets(unit, [file]))
    assert "已登记的不同，没有采用" in "".join(map(str, checked.findings))
    import_files(unit, file, accept_unsigned=True)
    assert the_letter(unit).reply == "正在整改"


def test_an_answer_in_a_form_filled_by_hand_is_mended_by_hand_though_the_unit_has_a_key(
    office, answered
):
    _, type_in = answered
    import_files(office, type_in(回复内容="正在整改"), accept_unsigned=True)
    import_files(office, type_in(回复内容="已整改"), accept_unsigned=True)
    assert the_letter(office).reply == "已整改"


@pytest.mark.parametrize("signed", [True, False], ids=["the unit's seal", "typed at the office"])
def test_an_answer_for_which_somebody_vouches_is_not_mended_by_hand(
    office, unit, answered, tmp_path, signed
):
    plain, type_in = answered
    if signed:
        import_files(unit, plain)
        follow_up.reply(unit, the_letter(unit).key, "正在整改")
        import_files(office, exchange.export_report(unit, MARCH, tmp_path / "再报.xlsx").file)
    else:
        follow_up.reply(office, the_letter(office).key, "正在整改")
    (taken,) = import_files(office, type_in(回复内容="已整改"), accept_unsigned=True).files
    assert the_letter(office).reply == "正在整改"
    assert any("已登记的不同，没有采用" in f.message for f in taken.checked.findings)


def test_an_objection_other_than_the_units_own_is_told(unit, answered):
    plain, type_in = answered
    import_files(unit, plain)
    follow_up.object_to(unit, the_letter(unit).key, "不属实")
    (checked,) = run_through(checking.check_packets(unit, [type_in(异议="数据有误")]))
    assert "异议与已登记的不同" in "".join(map(str, checked.findings))


def test_what_the_office_repeats_of_an_answer_is_no_answer_of_the_unit(
    office, unit, answered, tmp_path
):
    plain, _ = answered
    import_files(unit, plain)
    follow_up.reply(unit, the_letter(unit).key, "正在整改")
    import_files(office, exchange.export_report(unit, MARCH, tmp_path / "一.xlsx").file)
    repeated = answer(office, tmp_path / "再")
    follow_up.reply(unit, the_letter(unit).key, "已整改")
    (checked,) = run_through(checking.check_packets(unit, [repeated]))
    assert not [f for f in checked.findings if "没有采用" in f.message]
    import_files(unit, repeated)
    assert the_letter(unit).reply == "已整改"


def test_the_units_own_report_brings_a_forgotten_answer_back(unit, answered, tmp_path):
    plain, _ = answered
    import_files(unit, plain)
    maintenance.back_up(unit, tmp_path / "备份.zip")
    follow_up.reply(unit, the_letter(unit).key, "已整改")
    report = exchange.export_report(unit, MARCH, tmp_path / "报.xlsx").file
    maintenance.restore(tmp_path / "备份.zip", tmp_path / "again")
    with open_workspace(tmp_path / "again") as again:
        assert the_letter(again).reply == ""
        import_files(again, report, accept_unsigned=True)
        assert the_letter(again).reply == "已整改"
