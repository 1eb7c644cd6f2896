"""What was published of a month stays; what is known since is told beside it, with its cause."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError, PartlyDoneError
from fsdesk.domain.office import OfficeIdentity
from fsdesk.domain.periods import Period
from fsdesk.domain.records.records import DataValue, Milestone, ProgressReport, Status
from fsdesk.services import word_templates
from fsdesk.services.as_json import status_json
from fsdesk.services.care.maintenance import back_up, restore, verify
from fsdesk.services.output import bulletin, charts, reporting
from fsdesk.services.packet import conflicts, exchange, import_undo, reviewing
from fsdesk.services.plan import planning
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation, published
from fsdesk.services.supervision import office_identity
from fsdesk.services.supervision.supervision import case_desk
from fsdesk.store import audit
from fsdesk.store.plan import plans
from fsdesk.store.records import submissions
from fsdesk.store.status import published as store
from fsdesk.workspace import open_workspace
from tests.templates import edited
from tests.workspaces import MARCH, Clock, import_files, make_office, make_unit

APRIL = Period.parse("2026-04")


@pytest.fixture
def clock():
    return Clock("2026-04-06T01:00:00+00:00")


@pytest.fixture
def office(tmp_path, clock):
    with make_office(tmp_path / "office", clock) as workspace:
        yield workspace


@pytest.fixture
def unit(office, tmp_path, clock):
    with make_unit(office, tmp_path / "unit", clock=clock) as workspace:
        yield workspace


@pytest.fixture
def march(office, clock):
    """The office with one figure, published on 6 April with bulletin 3; it is the 8th now."""
    recording.record_value(office, "I01-1", "2026-03", DataValue(120), unit="scj")
    published.publish(office, MARCH, "工作通报第3期")
    clock.set("2026-04-08T01:00:00+00:00")
    return office


def samples(workspace, period=MARCH):
    return aggregation.status(workspace, period).indicators[0].figure.value


def report(unit, office, folder, name="late.xlsx"):
    exchange.export_report(unit, MARCH, folder / name)
    import_files(office, folder / name)


def causes(office, name="抽检批次"):
    found = published.differences(office, MARCH)
    (line,) = (each for each in found if each.name == name)
    return line


def replan(office, edit):
    """Let the plan be another one, as the plan editor does."""
    with office.writing() as writing:
        plan = planning.plan_in(writing.session, 2026)
        plans.save_plan(writing, replace(edit(plan), revision=plan.revision + 1))


def other_target(plan):
    section = plan.sections[0]
    point = section.points[0]
    task = point.tasks[0]
    first, *rest = task.indicators
    task = replace(task, indicators=(replace(first, target=600), *rest))
    point = replace(point, tasks=(task, *point.tasks[1:]))
    return replace(plan, sections=(replace(section, points=(point,)),))


def test_a_published_month_says_when_and_on_what_occasion(march):
    found = published.published(march, MARCH)
    assert str(found) == "2026年4月6日随工作通报第3期发布"
    assert status_json(aggregation.status(march, MARCH))["published"] == {
        "period": "2026-03",
        "at": "2026-04-06T01:00:00+00:00",
        "who": found.who,
        "occasion": "工作通报第3期",
    }
    assert status_json(aggregation.status_now(march, MARCH))["published"] is None


def test_right_after_publishing_nothing_differs(march):
    assert published.differences(march, MARCH) == ()
    then, now = aggregation.status(march, MARCH), aggregation.status_now(march, MARCH)
    assert replace(then, as_published=False) == now


def test_a_late_report_changes_the_live_month_not_the_published_one(office, unit, tmp_path, clock):
    published.publish(office, MARCH, "工作通报第3期")
    clock.set("2026-04-08T01:00:00+00:00")
    recording.record_value(unit, "I01-1", "2026-03", DataValue(150))
    report(unit, office, tmp_path)
    assert samples(office) is None
    assert samples(office.latest) == 150
    assert aggregation.status(office, MARCH).reporting_rate == 0
    line = causes(office)
    assert "未报，目标≥1200批次" in line.published
    assert "150批次，目标≥1200批次" in line.now
    (cause,) = line.causes
    assert "2026-04-08" in cause
    assert "区市场监管局2026年3月“抽检批次”未报 → 150批次" in cause
    with office.reading() as session:
        came = [note.id for note in submissions.packets(session) if note.direction == "received"]
    assert f"接收报送包 {came[0]}" in cause
    assert "收到报送包" in "".join(causes(office, "报送率").causes)


def test_the_report_that_came_late_is_named_with_what_was_said_of_it(office, unit, tmp_path, clock):
    published.publish(office, MARCH)
    clock.set("2026-04-08T01:00:00+00:00")
    recording.record_progress(unit, "T01-1", "2026-03", ProgressReport(text="已抽检"))
    report(unit, office, tmp_path)
    (line,) = (each for each in published.differences(office, MARCH) if each.what == "报送")
    assert (line.name, line.published, line.now) == ("区市场监管局", "未报", "已报送（逾期）")
    assert "收到报送包" in line.causes[0]


def test_a_figure_that_was_typed_since_names_who_and_what_stood_there(march):
    recording.record_value(march, "I01-1", "2026-03", DataValue(130), unit="scj")
    assert (samples(march), samples(march.latest)) == (120, 130)
    (cause,) = causes(march).causes
    assert "填报：区市场监管局2026年3月“抽检批次”120批次 → 130批次" in cause
    assert published.published(march, MARCH).who in cause


def test_what_was_recorded_for_a_later_month_is_no_cause(march):
    recording.record_value(march, "I01-1", "2026-04", DataValue(7), unit="scj")
    assert published.differences(march, MARCH) == ()


def test_a_deliverable_done_since_is_told_for_item_task_unit_and_year(march):
    recording.record_milestone(march, "D01-2-1", "2026-03", Milestone(Status.DONE), unit="xx")
    for name in ("联席会议", "部门协作", "西兴街道", "总进度"):
        assert "西兴街道2026年3月“联席会议”未报 → 已完成" in "".join(causes(march, name).causes)


def test_a_target_corrected_since_names_the_plan_s_revision(march):
    replan(march, other_target)
    line = causes(march)
    assert "目标≥1200批次" in line.published
    assert "目标≥600批次" in line.now
    assert "修改计划（第 2 版）：指标 I01-1 抽检批次" in line.causes[0]
    assert "1200" in line.causes[0]


def test_a_rule_changed_since_is_named_with_both_values(march):
    planning.change_settings(march, {}, replace(march.rules, yellow_margin=0.5))
    line = causes(march)
    assert "■ 滞后" in line.published
    assert "▲ 偏慢" in line.now
    assert "修改规则：偏慢界限 10.0% → 50.0%" in line.causes[0]


def test_what_the_office_left_out_since_is_named_with_its_reason(march):
    reviewing.leave_out(march, "scj", MARCH, "数据有误")
    line = causes(march)
    assert (samples(march), samples(march.latest)) == (120, None)
    assert "区市场监管局2026年3月的报送不计入汇总（数据有误）" in line.causes[0]


def test_a_conflict_decided_since_is_told_as_that(office, unit, tmp_path, clock):
    recording.record_value(unit, "I01-1", "2026-03", DataValue(150))
    recording.record_value(office, "I01-1", "2026-03", DataValue(120), unit="scj")
    report(unit, office, tmp_path)
    published.publish(office, MARCH)
    (found,) = conflicts.conflicts(office)
    other = found.theirs.content.value
    conflicts.resolve(office, found.id, keep_mine=False)
    line = causes(office)
    assert f"{other:g}批次" in line.now
    assert "处理差异：" in line.causes[0]


def test_an_import_taken_back_since_is_told(office, unit, tmp_path):
    recording.record_value(unit, "I01-1", "2026-03", DataValue(150))
    report(unit, office, tmp_path)
    published.publish(office, MARCH)
    import_undo.undo_last_import(office)
    assert (samples(office), samples(office.latest)) == (150, None)
    assert "撤销接收" in causes(office).causes[0]


def test_a_difference_always_has_a_cause(march, monkeypatch):
    recording.record_value(march, "I01-1", "2026-03", DataValue(130), unit="scj")
    monkeypatch.setattr(audit, "since", lambda *_: ())
    assert all("没有查到" in each.causes[0] for each in published.differences(march, MARCH))


def test_of_two_publishings_the_newest_counts_and_revoking_gives_the_earlier_back(march):
    recording.record_value(march, "I01-1", "2026-03", DataValue(130), unit="scj")
    published.publish(march, MARCH, "更正")
    assert samples(march) == 130
    assert published.differences(march, MARCH) == ()
    assert published.revoke(march, MARCH).occasion == "工作通报第3期"
    assert samples(march) == 120
    assert published.revoke(march, MARCH) is None
    assert samples(march) == 130
    with pytest.raises(InputRejectedError, match="没有发布过"):
        published.revoke(march, MARCH)


def test_publishing_and_revoking_are_in_the_change_log(march):
    published.revoke(march, MARCH)
    with march.reading() as session:
        revoked, kept = audit.history(session, "published/2026-03")
    assert (revoked.action, kept.action) == ("revoke", "publish")
    assert json.loads(kept.after)["occasion"] == "工作通报第3期"
    assert json.loads(revoked.before)["occasion"] == "工作通报第3期"


def test_a_month_that_is_not_over_is_not_published(office):
    with pytest.raises(InputRejectedError, match="2026年4月还没有结束"):
        published.publish(office, APRIL)


def test_a_unit_publishes_nothing_and_has_nothing_published(unit):
    with pytest.raises(InputRejectedError, match="只有区食药安办"):
        published.publish(unit, MARCH)
    assert published.publications(unit) == ()
    assert aggregation.status(unit, MARCH).publication is None


def test_what_presses_units_rests_on_what_is_known_now(march):
    def pressed():
        return {(each.unit, each.result.task.code) for each in case_desk(march, MARCH).lagging}

    assert ("scj", "T01-1") in pressed()
    recording.record_value(march, "I01-1", "2026-03", DataValue(1200), unit="scj")
    assert ("scj", "T01-1") not in pressed()


def test_the_trend_has_the_published_point_of_a_published_month(march, clock):
    clock.set("2026-05-06T01:00:00+00:00")
    recording.record_value(march, "I01-1", "2026-03", DataValue(130), unit="scj")
    recording.record_value(march, "I01-1", "2026-04", DataValue(10), unit="scj")
    trend = charts.numbers(march, "trend", APRIL, "I01-1").trend
    assert trend.values[2:] == (120, 140)
    assert charts.numbers(march.latest, "trend", APRIL, "I01-1").trend.values[2:] == (130, 140)
    then, now = (charts.progress(each, APRIL).values for each in (march, march.latest))
    assert then[2] != now[2]
    assert then[3] == now[3]


def test_a_backup_carries_what_was_published(march, tmp_path):
    recording.record_value(march, "I01-1", "2026-03", DataValue(130), unit="scj")
    back_up(march, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "copy")
    with open_workspace(tmp_path / "copy", write=False) as copy:
        assert (samples(copy), samples(copy.latest)) == (120, 130)
        assert str(published.published(copy, MARCH)) == "2026年4月6日随工作通报第3期发布"


# On paper


def test_tables_show_the_published_figures_and_say_so(march, tmp_path):
    recording.record_value(march, "I01-1", "2026-03", DataValue(130), unit="scj")
    for kind in ("tasks", "indicators", "units", "reports"):
        words = cells(march, kind, tmp_path)
        assert "以上为2026年4月6日随工作通报第3期发布的数字" in words
        assert "以上为最新数据，不是2026年4月6日随工作通报第3期发布的数字" in cells(
            march.latest, kind, tmp_path
        )
    words = cells(march, "indicators", tmp_path).split("\n")
    assert "120" in words
    assert "130" not in words


def cells(workspace, kind, folder):
    from openpyxl import load_workbook

    file = folder / f"{kind}.xlsx"
    reporting.write_table(workspace, kind, MARCH, file)
    sheet = load_workbook(file).active
    return "\n".join(str(cell.value) for row in sheet for cell in row if cell.value is not None)


def test_charts_say_that_their_figures_were_published(march):
    for kind in ("indicators", "units", "sections", "heat", "completeness", "trend"):
        drawn = charts.figure_of(charts.numbers(march, kind, MARCH))
        assert drawn.title.endswith("（2026年4月6日发布）")
        drawn.figure.draw_without_rendering()  # a title is fitted when it is drawn
        texts = [text.get_text() for text in drawn.figure.findobj() if hasattr(text, "get_text")]
        assert drawn.title in [text.replace("\n", "") for text in texts]
        live = charts.figure_of(charts.numbers(march.latest, kind, MARCH))
        assert live.title.endswith("（最新数据，与发布数可能不同）")


def test_who_had_not_reported_is_told_as_it_was_published(office, unit, tmp_path, clock):
    published.publish(office, MARCH)
    clock.set("2026-04-08T01:00:00+00:00")
    recording.record_progress(unit, "T01-1", "2026-03", ProgressReport(text="已抽检"))
    report(unit, office, tmp_path)
    assert "区市场监管局" in bulletin.bulletin_facts(office, MARCH).head.reporting.missing
    assert "区市场监管局" in bulletin.bulletin_facts(office.latest, MARCH).head.reporting.late
    then = aggregation.completeness(office, MARCH).states
    assert ("scj", "2026-03") not in then
    assert aggregation.completeness(office).states["scj", "2026-03"] == "late"


def test_the_bulletin_publishes_the_figures_that_it_tells(march, tmp_path):
    recording.record_value(march, "I01-1", "2026-03", DataValue(130), unit="scj")
    bulletin.write_bulletin(march, MARCH, tmp_path / "a.docx", 4, publish=True)
    assert samples(march) == 130
    assert published.published(march, MARCH).occasion == "工作通报第4期"


def test_a_bulletin_that_was_not_written_publishes_nothing(march, tmp_path):
    (tmp_path / "taken").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(PartlyDoneError, match="又已撤销") as told:
        bulletin.write_bulletin(march, MARCH, tmp_path / "taken" / "a.docx", 4, publish=True)
    assert "不能写入文件夹" in str(told.value)
    assert published.published(march, MARCH).occasion == "工作通报第3期"


def test_the_bulletin_of_a_published_month_is_the_same_again(march):
    facts = bulletin.bulletin_facts(march, MARCH, 3)
    assert (facts.head.made_on.isoformat(), facts.published) == ("2026-04-06", None)
    other = bulletin.bulletin_facts(march, MARCH, 5)
    assert (other.head.made_on.isoformat(), str(other.published)) == (
        "2026-04-08",
        "2026年4月6日随工作通报第3期发布",
    )


def test_a_bulletin_that_was_issued_is_the_same_file_whatever_changed_since(march, tmp_path):
    bulletin.write_bulletin(march, MARCH, tmp_path / "a.docx", 4, publish=True)
    bulletin.write_bulletin(march, MARCH, tmp_path / "a.pdf", 4)
    issued, pages = (tmp_path / "a.docx").read_bytes(), bulletin.pages(march, MARCH, 4)

    office_identity.save(march, OfficeIdentity("某市某区", contact="李四"))
    own = edited(march, bulletin.TEMPLATE, tmp_path / "模板.docx", "食品药品", "食药")
    word_templates.take(march, bulletin.TEMPLATE, own)
    recording.record_value(march, "I01-1", "2026-03", DataValue(140), unit="scj")
    bulletin.write_bulletin(march, MARCH, tmp_path / "b.docx", 4)
    bulletin.write_bulletin(march, MARCH, tmp_path / "b.pdf", 4)

    assert (tmp_path / "b.docx").read_bytes() == issued
    assert (tmp_path / "b.pdf").read_bytes() == (tmp_path / "a.pdf").read_bytes()
    assert bulletin.pages(march, MARCH, 4) == pages
    assert bulletin.bulletin(march, MARCH, 5) != issued
    assert bulletin.bulletin(march.latest, MARCH, 4) != issued
    assert verify(march) == ()
    published.revoke(march, MARCH)
    assert bulletin.bulletin(march, MARCH, 4) != issued
    assert verify(march) == ()


# What earlier programs published

SAMPLES = sorted((Path(__file__).parents[2] / "golden" / "published").glob("*.json"))


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_what_an_earlier_program_published_is_read_shown_and_compared(file, office, tmp_path):
    """These files are never written anew: offices hold what they hold."""
    with office.writing() as writing:
        store.save(writing, MARCH, "工作通报第3期", json.loads(file.read_text(encoding="utf-8")))
    status = aggregation.status(office, MARCH)
    assert status.as_published
    assert [result.figure.value for result in status.indicators[:3]] == [120, None, 90]
    assert status.reporting_rate == pytest.approx(1 / 3)
    assert status.deliverables[0].by_unit == {"scj": Status.DONE, "fgj": None}
    assert aggregation.completeness(office, MARCH).states["scj", "2026-03"] == "late"
    assert aggregation.progress_texts(office, status.plan, MARCH) == {
        "T01-1": (("区市场监管局", "已抽检"),),
        "T01-2": (),
    }
    assert "120" in cells(office, "indicators", tmp_path)
    assert status_json(status)["published"]["occasion"] == "工作通报第3期"
    assert bulletin.bulletin(office, MARCH)
    assert any(line.name == "抽检批次" for line in published.differences(office, MARCH))


def test_published_figures_that_cannot_be_read_say_what_to_do(office):
    with office.writing() as writing:
        store.save(writing, MARCH, "", {"status": "?"})
    with pytest.raises(InputRejectedError, match="不能读取。请撤销这次发布后重新发布"):
        aggregation.status(office, MARCH)
    published.revoke(office, MARCH)
    assert aggregation.status(office, MARCH).publication is None
