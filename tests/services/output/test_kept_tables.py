"""What was published of a month stays openable as it was: its tables, and its bulletins."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from fsdesk.domain.findings import InputRejectedError, reject
from fsdesk.domain.office import OfficeIdentity
from fsdesk.domain.output.arrangement import PLAIN, Arrangement
from fsdesk.domain.output.issued_papers import Kept
from fsdesk.domain.output.pages import PaperSize
from fsdesk.domain.records.records import DataValue
from fsdesk.reports.paper import table_drawing
from fsdesk.reports.tables import standing
from fsdesk.services.care import maintenance
from fsdesk.services.output import (
    bulletin,
    kept_later,
    kept_tables,
    published_papers,
    publishing,
    reporting,
)
from fsdesk.services.plan import plan_editing
from fsdesk.services.records import recording
from fsdesk.services.status import published
from fsdesk.services.supervision import office_identity
from fsdesk.store import issued_papers
from fsdesk.workspace import open_workspace
from tests.papers import of_file
from tests.workspaces import MARCH, Clock, changed_beside, make_office

ANEW, NOT_KEPT = "重新排版", "发布时没有留存原件"


@pytest.fixture
def clock():
    return Clock("2026-04-06T01:00:00+00:00")


@pytest.fixture
def office(tmp_path, clock):
    with make_office(tmp_path / "office", clock) as workspace:
        recording.record_value(workspace, "I01-1", "2026-03", DataValue(120), unit="scj")
        yield workspace


def as_kept(office, kind):
    """How a table was laid out when it was kept."""
    return kept_tables.find(office, kind, MARCH).wanted


def table(office, kind, folder, wanted=None):
    """All that people can get of a table: both files as bytes, and its pages."""
    wanted = wanted or as_kept(office, kind)
    files = [folder / f"表{ending}" for ending in (".pdf", ".xlsx")]
    for file in files:
        reporting.write_table(office, kind, MARCH, file, wanted)
    sheets = reporting.table_sheets(office, kind, MARCH, wanted)
    return [file.read_bytes() for file in files], sheets.pages, sheets.columns


def everything_changes(office, monkeypatch):
    recording.record_value(office, "I01-1", "2026-03", DataValue(140), unit="scj")
    office_identity.save(office, OfficeIdentity("某市某区", contact="李四"))
    plan_editing.edit_plan(office, renamed)
    monkeypatch.setattr(standing, "FOOTER", "另一种页脚")
    monkeypatch.setattr(table_drawing, "BODY_SIZE", 7.0, raising=False)


def renamed(plan, _taken):
    units = tuple(replace(unit, name=f"{unit.name}新") for unit in plan.directory.units)
    return replace(plan, directory=replace(plan.directory, units=units))


def test_published_tables_are_the_same_bytes_whatever_changes(office, tmp_path, monkeypatch):
    publishing.publish(office, MARCH, "会议通报")
    kept = [kind for kind in kept_tables.KINDS if kept_tables.find(office, kind, MARCH)]
    assert {"tasks", "indicators", "units", "reports", "breakdown", "assessment"} <= set(kept)
    before = {kind: table(office, kind, tmp_path) for kind in kept}
    everything_changes(office, monkeypatch)
    with open_workspace(office.folder, write=False, clock=office.clock) as looked_at:
        for kind, was in before.items():
            assert table(looked_at, kind, tmp_path) == was
    sheets = reporting.table_sheets(office, "units", MARCH, as_kept(office, "units"))
    assert "印发时留存" in sheets.remark
    assert maintenance.verify(office) == ()


def test_another_layout_is_made_anew_from_the_published_figures_and_says_so(office, tmp_path):
    publishing.publish(office, MARCH)
    other = Arrangement(size=PaperSize.A3, landscape=True, preparer="张三")
    assert ANEW in reporting.table_sheets(office, "indicators", MARCH, other).remark
    latest = reporting.table_sheets(office.latest, "indicators", MARCH)
    assert latest.remark == ""


def test_a_layout_of_another_name_that_changes_nothing_is_the_original(office):
    publishing.publish(office, MARCH)
    named = replace(as_kept(office, "units"), name="我的版式")
    assert ANEW not in reporting.table_sheets(office, "units", MARCH, named).remark


def test_revoked_the_tables_are_let_go_of_and_an_earlier_publication_counts_again(office, tmp_path):
    publishing.publish(office, MARCH, "初次")
    first = table(office, "indicators", tmp_path)
    recording.record_value(office, "I01-1", "2026-03", DataValue(140), unit="scj")
    publishing.publish(office, MARCH, "更正")
    assert table(office, "indicators", tmp_path) != first
    published.revoke(office, MARCH)
    assert table(office, "indicators", tmp_path) == first
    published.revoke(office, MARCH)
    with office.reading() as session:
        assert not issued_papers.known(session)
    assert maintenance.verify(office) == ()


def test_what_an_earlier_program_published_is_said_to_be_not_kept_then_kept_as_it_is_shown(
    office, tmp_path, monkeypatch
):
    published.publish(office, MARCH, "工作通报第3期")  # as programs before did
    assert NOT_KEPT in reporting.table_sheets(office, "units", MARCH).remark
    assert NOT_KEPT in bulletin.remark_of(office, MARCH)

    assert kept_later.keep_missing(office) == 1
    before = bulletin.bulletin(office, MARCH), table(office, "units", tmp_path)
    everything_changes(office, monkeypatch)

    assert (bulletin.bulletin(office, MARCH), table(office, "units", tmp_path)) == before
    assert "按升级时的内容留存" in bulletin.remark_of(office, MARCH)
    assert kept_later.keep_missing(office) == 0
    with office.reading() as session:
        assert set(issued_papers.known(session).values()) == {Kept.UPGRADED}
    assert maintenance.verify(office) == ()


def test_a_bulletin_that_puts_right_an_earlier_one_says_so_and_both_can_be_opened(office, tmp_path):
    bulletin.write_bulletin(office, MARCH, tmp_path / "3.docx", 3, publish=True)
    recording.record_value(office, "I01-1", "2026-03", DataValue(140), unit="scj")
    bulletin.write_bulletin(office, MARCH, tmp_path / "4.docx", 4, publish=True)

    words = "曾于2026年4月6日随工作通报第3期发布，现予更正，以本通报为准"
    assert words in of_file(tmp_path / "4.docx")
    assert bulletin.bulletin(office, MARCH, 3) == (tmp_path / "3.docx").read_bytes()
    assert bulletin.bulletin(office, MARCH, 4) == (tmp_path / "4.docx").read_bytes()


def test_a_kept_table_that_was_tampered_with_is_named(office):
    publishing.publish(office, MARCH)
    command = "UPDATE issued_paper SET data = :data WHERE subject LIKE 'table/%/units'"
    changed_beside(office, command, data=b"\0")
    assert any("“印发原件”" in line and "units" in line for line in maintenance.verify(office))
    assert reporting.table_sheets(office, "indicators", MARCH, PLAIN).pages


def test_what_a_later_publication_replaced_is_listed_and_saved_as_it_was(office, tmp_path):
    bulletin.write_bulletin(office, MARCH, tmp_path / "a.docx", 3, publish=True)
    first = table(office, "indicators", tmp_path)[0]
    recording.record_value(office, "I01-1", "2026-03", DataValue(140), unit="scj")
    bulletin.write_bulletin(office, MARCH, tmp_path / "b.docx", 3, publish=True)
    second = table(office, "indicators", tmp_path)[0]

    listed = published_papers.listed(office, MARCH)
    assert len(listed) == 2 * (len(kept_tables.KINDS) + 1)
    assert [each.replaced for each in listed] == sorted(each.replaced for each in listed)
    assert len({each.words for each in listed}) == len(listed)  # also of one day and number
    made = {"工作通报": [], "指标完成情况表": []}
    for paper in listed:
        title = paper.name.split("（")[0]
        for ending in paper.endings if title in made else ():
            file = tmp_path / f"再存{ending}"
            published_papers.write(office, paper, file)
            made[title].append(file.read_bytes())
    assert made["工作通报"][1::2] == [(tmp_path / f"{n}.docx").read_bytes() for n in "ba"]
    assert made["指标完成情况表"] == [*second, *first]
    with pytest.raises(InputRejectedError, match="xlsx"):
        published_papers.write(office, listed[0], tmp_path / "通报.xlsx")

    published.revoke(office, MARCH)
    with pytest.raises(InputRejectedError, match="已随发布一起撤销"):
        published_papers.write(office, listed[0], tmp_path / "通报.pdf")
    assert not any(each.replaced for each in published_papers.listed(office, MARCH))


def test_a_table_that_cannot_be_made_is_named_with_the_reason(office, monkeypatch):
    parts_to_keep = reporting.parts_to_keep

    def too_wide(workspace, kind, period):
        if kind == "units":
            raise reject("这种纸放不下这张表")
        return parts_to_keep(workspace, kind, period)

    monkeypatch.setattr(reporting, "parts_to_keep", too_wide)
    out = publishing.publish(office, MARCH)
    assert out.remark == "没有生成、没有留存的表：单位完成情况表（这种纸放不下这张表）"
    assert published.published(office, MARCH) == out.publication
    monkeypatch.undo()
    assert publishing.publish(office, MARCH).remark == ""
