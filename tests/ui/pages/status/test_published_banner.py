"""A published month says so on 总览, 汇总 and 打印, and opens what differs from today's data."""

from __future__ import annotations

import pytest
from docx import Document
from PySide6.QtWidgets import QApplication

from fsdesk.domain.records.records import DataValue
from fsdesk.services.output import bulletin, publishing
from fsdesk.services.records import recording
from fsdesk.services.status import aggregation, published
from tests.papers import seen_on
from tests.workspaces import MARCH
from ui.pages.overview.overview import OverviewPage
from ui.pages.plan.plan import PlanPage
from ui.pages.printing.printing import PrintingPage
from ui.pages.status.aggregate import AggregatePage
from ui.pages.status.published_differences import DifferencesDialog

PAGES = (OverviewPage, AggregatePage, PrintingPage)


@pytest.fixture
def clock(clock):
    clock.set("2026-04-06T01:00:00+00:00")
    return clock


@pytest.fixture
def bench(page_test, office):
    recording.record_value(office, "I01-1", "2026-03", DataValue(120), unit="scj")
    return page_test(office)


@pytest.fixture
def corrected(bench, office, clock):
    """March was published with 120, and corrected to 130 two days later."""
    published.publish(office, MARCH, "工作通报第3期")
    clock.set("2026-04-08T01:00:00+00:00")
    recording.record_value(office, "I01-1", "2026-03", DataValue(130), unit="scj")
    return bench


def samples(page):
    return page._status.indicators[0].figure.value


def dialog():
    shown = (w for w in QApplication.topLevelWidgets() if w.isVisible())
    (found,) = (w for w in shown if isinstance(w, DifferencesDialog))
    return found


@pytest.mark.parametrize("kind", PAGES)
def test_a_published_month_says_when_and_how_much_differs(corrected, theme, kind):
    page = corrected.show(kind(corrected.desk, theme))
    count = len(published.differences(corrected.desk.workspace, MARCH))
    assert page.banner.words.text() == (
        "本月数字已于2026年4月6日随工作通报第3期发布，以下为发布时的数字。"
        f"现在的数据与发布时有 {count} 处不同。"
    )


@pytest.mark.parametrize("kind", PAGES)
def test_a_month_that_is_not_published_says_nothing(bench, theme, kind):
    page = bench.show(kind(bench.desk, theme))
    assert page.banner.isHidden()


def test_the_figures_are_those_that_were_published_until_the_latest_are_wanted(corrected, theme):
    page = corrected.show(AggregatePage(corrected.desk, theme))
    assert samples(page) == 120
    corrected.press("按最新数据看")
    assert samples(page) == 130
    assert page.banner.words.text().startswith(
        "以下为最新数据，不是2026年4月6日随工作通报第3期发布的数字。"
    )
    corrected.press("看发布的数字")
    assert samples(page) == 120


def test_another_month_begins_with_what_was_published(corrected, theme):
    page = corrected.show(AggregatePage(corrected.desk, theme))
    corrected.press("按最新数据看")
    page.refresh("2026-02")
    corrected.settle()
    assert page.banner.isHidden()
    page.refresh("2026-03")
    corrected.settle()
    assert samples(page) == 120


def test_what_differs_is_opened_line_by_line_with_its_cause(corrected, theme):
    corrected.show(AggregatePage(corrected.desk, theme))
    corrected.press("查看")
    opened = dialog()
    line = next(row for row in opened.model.rows if row.name == "抽检批次")
    opened.table.selectRow(opened.model.rows.index(line))
    assert "120批次" in line.published
    assert "130批次" in line.now
    assert "120批次 → 130批次" in opened.causes.toPlainText()
    opened.shut.click()


def test_a_paper_that_was_replaced_since_is_opened_and_saved_where_its_month_is_looked_at(
    bench, theme, office, tmp_path, monkeypatch
):
    first, second = tmp_path / "1.pdf", tmp_path / "2.pdf"
    bulletin.write_bulletin(office, MARCH, first, 3, publish=True)
    recording.record_value(office, "I01-1", "2026-03", DataValue(130), unit="scj")
    bulletin.write_bulletin(office, MARCH, second, 3, publish=True)
    bench.show(AggregatePage(bench.desk, theme))
    bench.press("查看")
    opened = dialog()
    words = "工作通报（第1次：2026年4月6日随工作通报第3期发布）（已被以后的发布取代）"
    opened.papers.setCurrentText(words)
    launched, saved = [], tmp_path / "saved.pdf"
    monkeypatch.setattr(bench.files, "launch", lambda file: launched.append(file.read_bytes()))
    monkeypatch.setattr(bench.files, "save", lambda *_: saved)
    opened.open_paper.click()
    opened.save_paper.click()
    bench.settle()

    assert launched == [first.read_bytes()] == [saved.read_bytes()]
    opened.papers.setCurrentIndex(0)
    opened.save_paper.click()
    bench.settle()
    assert saved.read_bytes() == second.read_bytes()
    opened.shut.click()


def test_a_publishing_is_revoked_after_a_question(corrected, theme, office):
    page = corrected.show(AggregatePage(corrected.desk, theme))
    corrected.press("查看")
    dialog().revoke.click()
    corrected.settle()
    assert published.published(office, MARCH) is not None  # the answer was no
    corrected.told.answer = "撤销发布"
    corrected.press("查看")
    dialog().revoke.click()
    corrected.settle()
    assert published.published(office, MARCH) is None
    assert page.banner.isHidden()
    assert samples(page) == 130


def test_the_month_is_locked_and_published_by_a_button(bench, theme, office):
    page = bench.show(AggregatePage(bench.desk, theme))
    with bench.qtbot.waitSignal(page.data_changed):
        bench.press("锁定并发布本月")
    bench.settle()
    assert str(published.published(office, MARCH)) == "2026年4月6日锁定并发布"
    assert page.banner.isVisible()
    assert bench.told.news == ["2026年3月的数字已锁定并发布"]


def test_a_table_that_could_not_be_kept_is_told_after_publishing(bench, theme, monkeypatch):
    monkeypatch.setattr(publishing, "keep_papers", lambda *_: ("单位完成情况表（放不下）",))
    bench.show(AggregatePage(bench.desk, theme))
    bench.press("锁定并发布本月")
    bench.settle()
    words = "2026年3月的数字已锁定并发布。没有生成、没有留存的表：单位完成情况表（放不下）"
    assert bench.told.news == [words]


def test_a_month_that_is_not_over_cannot_be_locked(bench, theme):
    page = bench.show(AggregatePage(bench.desk, theme), "2026-04")
    assert not page.publish.isEnabled()
    assert "还没有结束" in page.publish.toolTip()


def test_the_plan_page_says_that_its_figures_are_the_latest(corrected):
    page = corrected.show(PlanPage(corrected.desk))
    assert "截至2026年3月（最新数据，与发布数可能不同）" in page.header._note.text()


def test_a_unit_sees_no_publishing(page_test, unit, theme):
    one = page_test(unit)
    page = one.show(AggregatePage(one.desk, theme))
    assert page.publish.isHidden()
    assert page.banner.isHidden()


# The bulletin


@pytest.fixture
def printing(bench, theme):
    page = bench.show(PrintingPage(bench.desk, theme))
    page.show_item(("bulletin", "bulletin"))
    bench.settle()
    return page


def save(bench, page, monkeypatch, file):
    monkeypatch.setattr(bench.files, "save", lambda *_: file)
    page.save.click()
    bench.settle()


def test_the_bulletin_publishes_its_month_unless_that_is_unchecked(
    bench, printing, office, tmp_path, monkeypatch
):
    assert printing.panel.publish.isChecked()
    save(bench, printing, monkeypatch, tmp_path / "a.docx")
    assert str(published.published(office, MARCH)) == "2026年4月6日随工作通报第3期发布"
    assert bench.told.news == ["已保存：a.docx，本期数字已发布"]
    assert printing.banner.isVisible()
    assert not printing.panel.publish.isChecked()  # once is enough
    save(bench, printing, monkeypatch, tmp_path / "b.docx")
    assert len(published.publications(office)) == 1


def test_a_bulletin_of_a_running_month_publishes_nothing(bench, printing):
    printing.refresh("2026-04")
    bench.settle()
    box = printing.panel.publish
    assert not box.isEnabled()
    assert not box.isChecked()
    assert "还没有结束" in box.text()


def test_a_corrected_month_is_shown_and_printed_as_published_until_it_is_published_anew(
    corrected, theme, office, tmp_path, monkeypatch
):
    page = corrected.show(PrintingPage(corrected.desk, theme))
    page.show_item(("bulletin", "bulletin"))
    corrected.settle()
    assert "120批次" in seen_on(sheet.page for sheet in page.panel.preview.sheets)
    save(corrected, page, monkeypatch, tmp_path / "old.docx")
    page.panel.publish.click()
    corrected.settle()
    assert "130批次" in seen_on(sheet.page for sheet in page.panel.preview.sheets)
    save(corrected, page, monkeypatch, tmp_path / "new.docx")
    assert aggregation.status(office, MARCH).indicators[0].figure.value == 130
    for name, figure in (("old", "120批次"), ("new", "130批次")):
        cells = [
            cell.text
            for table in Document(tmp_path / f"{name}.docx").tables
            for row in table.rows
            for cell in row.cells
        ]
        assert figure in cells


def test_what_shows_no_figures_of_the_month_is_not_called_published(corrected, theme):
    page = corrected.show(PrintingPage(corrected.desk, theme))
    for form, kind in (("table", "breakdown"), ("table", "register"), ("inspection", "inspection")):
        page.show_item((form, kind))
        corrected.settle()
        assert page.banner.isHidden()
    page.show_item(("table", "units"))
    corrected.settle()
    assert page.banner.isVisible()


def test_a_table_is_printed_from_the_latest_figures_where_they_are_wanted(corrected, theme):
    page = corrected.show(PrintingPage(corrected.desk, theme))
    page.show_item(("table", "indicators"))
    corrected.settle()
    before = page.panel.preview.sheets[0].page
    corrected.press("按最新数据看")
    after = page.panel.preview.sheets[0].page
    texts = [
        "".join(item.text for item in page.items if hasattr(item, "text"))
        for page in (before, after)
    ]
    assert "以上为2026年4月6日随工作通报第3期发布的数字" in texts[0]
    assert "以上为最新数据" in texts[1]
