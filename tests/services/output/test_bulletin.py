"""The bulletin from the built-in plan: every figure in it is that of `status --json`."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfReader

from fsdesk.demo.story import Story
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.output.official import official
from fsdesk.domain.output.pages import Align, LineItem, TextItem
from fsdesk.domain.periods import Period, months_of
from fsdesk.domain.plan.indicators import number_text
from fsdesk.domain.status.shares import share_text
from fsdesk.places import project_file
from fsdesk.reports.word.bulletin_template import TEMPLATE, default_template
from fsdesk.services import word_templates
from fsdesk.services.as_json import status_json
from fsdesk.services.care import setup
from fsdesk.services.care.maintenance import back_up, restore
from fsdesk.services.output import bulletin, charts
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation
from fsdesk.workspace import open_workspace
from tests.office import write_again
from tests.papers import seen_on
from tests.templates import edited
from tests.workspaces import Clock, all_year

pytestmark = pytest.mark.slow

SEPTEMBER = Period.parse("2026-09")


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """Nine months of three units, typed in at the office; one of them lags."""
    folder = tmp_path_factory.mktemp("bulletin") / "office"
    plan = setup.read_plan(None, 2026)
    clock = Clock("2026-10-08T01:00:00+00:00")
    with setup.create_office(folder, plan, clock=clock, begin=all_year(2026)) as made:
        for unit in ("scjg", "mzj", "jyj"):
            story = Story(plan, unit, slow=unit == "mzj")
            for month in months_of(2026)[:9]:
                recording.save_all(made, story.entries(month))
        yield made


@pytest.fixture(scope="module")
def status(office):
    return status_json(aggregation.status(office, SEPTEMBER))


@pytest.fixture(scope="module")
def document(office):
    return Document(BytesIO(bulletin.bulletin(office, SEPTEMBER)))


def percent(fraction):
    return "—" if fraction is None else f"{fraction * 100:.1f}%"


def body(document):
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def rows(document, number):
    table = document.tables[number]
    head = [cell.text for cell in table.rows[0].cells]
    return [
        dict(zip(head, (cell.text for cell in row.cells), strict=True)) for row in table.rows[1:]
    ]


def test_the_overall_figures_are_those_of_the_status(document, status):
    text = body(document)
    assert f"总进度为{percent(status['progress'])}，序时进度为{percent(status['pace'])}" in text
    lights = [task["light"] for task in status["tasks"]]
    counted = re.search(
        r"(\d+)项任务按整体计算（各责任单位合并），正常(\d+)项、偏慢(\d+)项、滞后(\d+)项、数据不足(\d+)项",
        text,
    )
    wanted = [len(lights), *(lights.count(name) for name in ("green", "yellow", "red", "grey"))]
    assert [int(number) for number in counted.groups()] == wanted
    reached = [found["light"] for found in status["indicators"]]
    counted = re.search(
        r"(\d+)项量化指标中，达到序时进度(\d+)项、未达到(\d+)项、数据不足(\d+)项", text
    )
    below = reached.count("yellow") + reached.count("red")
    wanted = [len(reached), reached.count("green"), below, reached.count("grey")]
    assert [int(number) for number in counted.groups()] == wanted
    assert f"本期报送率{percent(status['reporting_rate'])}" in text
    assert f"本期及时率{percent(status['timeliness'])}" in text


def test_lights_by_section_add_up_to_those_of_the_status(document, status):
    found = rows(document, 0)
    words = {"正常": "green", "偏慢": "yellow", "滞后": "red", "数据不足": "grey"}
    for word, light in words.items():
        assert sum(int(row[word]) for row in found) == sum(
            task["light"] == light for task in status["tasks"]
        )
    assert sum(int(row["任务数"]) for row in found) == 46


def test_every_indicator_stands_in_the_annex_with_its_figures(document, status):
    found = {row["指标"]: row for row in rows(document, 2)}
    assert len(found) == len(status["indicators"])
    for indicator in status["indicators"]:
        row = found[official(indicator["name"])]
        if indicator["attainment"] is not None:
            assert row["完成率"] == percent(indicator["attainment"])
            assert row["完成值"] == f"{number_text(indicator['value'])}{indicator['unit']}"
        else:
            assert row["完成率"] in {"未报", "—"}
        assert row["序时进度"] == percent(indicator["pace"])
        assert row["年度目标"].endswith(f"{number_text(indicator['target'])}{indicator['unit']}")


def test_every_unit_stands_in_the_annex_with_its_progress(document, status):
    found = {row["单位"]: row for row in rows(document, 3)}
    assert {name: row["单位进度"] for name, row in found.items()} == {
        official(unit["name"]): percent(unit["progress"]) for unit in status["units"]
    }


def test_lagging_tasks_are_told_by_unit_with_their_gap(office, document):
    judged = aggregation.status(office, SEPTEMBER)
    wanted = {
        (unit.name, task.task.title)
        for unit in judged.units
        for task in unit.tasks
        if task.light == "red"
    }
    assert wanted
    found = rows(document, 1)
    assert {(row["单位"], row["任务"]) for row in found} == wanted
    text = body(document)
    whole = sum(task.light == "red" for task in judged.tasks)
    assert f"滞后共{len(wanted)}家次（一项任务在一个单位计一家次）" in text
    assert f"按任务整体计算（各责任单位合并），滞后{whole}项" in text
    for unit in {name for name, _ in wanted}:
        count = sum(name == unit for name, _ in wanted)
        assert f"{unit}承担的任务滞后{count}项：" in text


def test_who_has_not_reported_is_named_and_asked(office, document):
    missing = [official(r.name) for r in aggregation.reports_of(office, SEPTEMBER) if not r.state]
    text = body(document)
    assert f"未报送：{'、'.join(missing)}" in text
    # Five working days after the 8th: the 10th, a Saturday, is worked in lieu of the holidays.
    assert "2026年10月14日前（5个工作日内）补报2026年9月工作情况" in text


def test_the_forecast_is_that_of_the_chart(office, document):
    ahead = charts.numbers(office, "trend", SEPTEMBER).trend.forecast
    assert f"预计达到{share_text(ahead.expected / 100)}" in body(document)


def test_pages_fonts_and_pictures_follow_the_standard(document):
    section = document.sections[0]
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(margin.mm) for margin in margins] == [37, 28, 26, 35]
    assert [round(shape.width.mm) for shape in document.inline_shapes] == [156, 156]
    assert not section.different_first_page_header_footer
    fonts = next(p for p in document.part.package.iter_parts() if "fontTable" in p.partname)
    words = fonts.blob.decode()
    assert 'w:name="仿宋_GB2312"' in words
    assert "Noto Serif SC" in words
    for table in document.tables[:-1]:  # the last one is the imprint
        assert table.rows[0]._tr.xml.count("w:tblHeader") == 1
        assert all("w:cantSplit" in row._tr.xml for row in table.rows)


def test_no_place_of_the_template_is_left_open(document):
    everything = body(document) + "".join(
        cell.text for table in document.tables for row in table.rows for cell in row.cells
    )
    assert "{" not in everything
    assert "None" not in everything


def test_the_template_that_is_kept_is_the_one_that_the_script_builds():
    def parts(data):
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    assert parts(project_file(TEMPLATE).read_bytes()) == parts(default_template())


@pytest.mark.foreign("soffice")
def test_libreoffice_opens_it_with_header_rows_and_page_numbers(office, tmp_path):
    bulletin.write_bulletin(office, SEPTEMBER, tmp_path / "a.docx")
    write_again("pdf", tmp_path, tmp_path / "a.docx")
    pages = [page.extract_text() for page in PdfReader(tmp_path / "a.pdf").pages]
    assert len(pages) >= 5
    assert "印发" in pages[-1]
    assert "食品药品安全工作通报" in pages[0].replace(" ", "")
    numbers = [int(number) for text in pages for number in re.findall(r"— (\d+) —", text)]
    assert numbers[:-1] == list(range(1, len(pages)))
    # The imprint is on an even page; one that is blank before it isn't in the PDF.
    assert numbers[-1] == len(pages) + len(pages) % 2
    assert all(re.sub(r"— \d+ —", "", text).strip() for text in pages)


# As pages


def told_in(data):
    """All words of a Word file: paragraphs, cells."""
    document = Document(BytesIO(data))
    cells = (c.text for t in document.tables for row in t.rows for c in row.cells)
    return [*(paragraph.text for paragraph in document.paragraphs), *cells]


def squeezed(text):
    return "".join(text.split())


def test_the_pages_and_the_pdf_say_what_the_word_file_says(office, tmp_path):
    pages = bulletin.pages(office, SEPTEMBER)
    bulletin.write_bulletin(office, SEPTEMBER, tmp_path / "a.pdf")
    reader = PdfReader(tmp_path / "a.pdf")
    assert len(reader.pages) == len(pages)
    assert "工作进展情况的通报" in reader.metadata.title
    numbers = re.compile(r"—\d+—")
    shown = seen_on(pages)
    printed = numbers.sub("", squeezed("".join(page.extract_text() for page in reader.pages)))
    for text in told_in(bulletin.bulletin(office, SEPTEMBER)):
        assert squeezed(text) in shown
        assert squeezed(text) in printed


def test_the_imprint_stands_at_the_foot_of_an_even_last_page(office):
    pages = bulletin.pages(office, SEPTEMBER)
    assert len(pages) % 2 == 0
    last = pages[-1]
    assert "抄送：" in seen_on([last])
    assert "印发" in seen_on([last])
    foot = max(item.y1 for item in last.items if isinstance(item, LineItem))
    assert 297 - foot * 25.4 / 72 == pytest.approx(35)


def test_pages_hold_22_lines_of_28_characters(office):
    for page in bulletin.pages(office, SEPTEMBER):
        texts = [item for item in page.items if isinstance(item, TextItem)]
        lines = {
            round(item.y) for item in texts
            if item.align is Align.LEFT and item.size == 15.75 and "—" not in item.text
        }  # fmt: skip
        assert len(lines) <= 22
        assert all(len(item.text) <= 40 for item in texts)


# The office's own wording


def changed(office, tmp_path, old, new):
    """A file with the bulletin's template, one wording changed."""
    return edited(office, bulletin.TEMPLATE, tmp_path / "模板.docx", old, new)


@pytest.fixture
def own(office):
    yield office
    word_templates.reset(office, bulletin.TEMPLATE)


def test_the_office_changes_the_wording_and_takes_it_back(own, tmp_path):
    file = changed(own, tmp_path, "现将截至", "经区领导同意，现将截至")
    word_templates.take(own, bulletin.TEMPLATE, file)
    assert word_templates.is_own(own, bulletin.TEMPLATE)
    assert "经区领导同意" in body(Document(BytesIO(bulletin.bulletin(own, SEPTEMBER))))
    assert "经区领导同意" in seen_on(bulletin.pages(own, SEPTEMBER))
    word_templates.reset(own, bulletin.TEMPLATE)
    assert "经区领导同意" not in body(Document(BytesIO(bulletin.bulletin(own, SEPTEMBER))))


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("{{ 没有的名称 }}", "“没有的名称”不是可用的名称"),
        ("{% for 项 in 成效 %}", "写得不完整"),
        ("{{ ''.__class__.__mro__ }}", "不是可用的名称|不允许"),
    ],
)
def test_a_template_that_cannot_be_filled_is_refused_and_the_old_one_stays(
    own, tmp_path, new, words
):
    file = changed(own, tmp_path, "现将截至", new)
    with pytest.raises(InputRejectedError, match=words):
        word_templates.take(own, bulletin.TEMPLATE, file)
    assert not word_templates.is_own(own, bulletin.TEMPLATE)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"plain text"])
def test_what_is_no_word_file_is_refused(own, tmp_path, content):
    file = tmp_path / "模板.docx"
    file.write_bytes(content)
    with pytest.raises(InputRejectedError, match="不是可用的 Word 文档"):
        word_templates.take(own, bulletin.TEMPLATE, file)
    with pytest.raises(InputRejectedError, match="不能读取"):
        word_templates.take(own, bulletin.TEMPLATE, tmp_path / "没有.docx")


def test_another_ending_is_refused(office, tmp_path):
    with pytest.raises(InputRejectedError, match="格式"):
        bulletin.write_bulletin(office, SEPTEMBER, tmp_path / "a.txt")


def test_a_backup_carries_the_office_s_own_wording(own, tmp_path):
    word_templates.take(own, bulletin.TEMPLATE, changed(own, tmp_path, "现将截至", "现将全区截至"))
    back_up(own, tmp_path / "b.zip")
    restore(tmp_path / "b.zip", tmp_path / "copy")
    with open_workspace(tmp_path / "copy", write=False) as copy:
        assert word_templates.is_own(copy, bulletin.TEMPLATE)
