"""打印: every output with its preview; what is shown is what is saved."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document
from msgspec.structs import replace
from openpyxl import load_workbook
from PIL import Image, ImageDraw
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QPageLayout
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QLabel

from fsdesk.domain.ledger.ledger import ColumnType, Ledger, LedgerColumn, LedgerEntry
from fsdesk.domain.output.kinds import Form, kinds_of
from fsdesk.domain.output.pages import PaperPage, PaperSize, PictureItem
from fsdesk.domain.periods import Period, date_text
from fsdesk.domain.records.records import DataValue, RecordKey, RecordKind
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.reports.paper import fonts
from fsdesk.services import word_templates
from fsdesk.services.care import known, setup
from fsdesk.services.ledger import ledger_declarations, ledgers
from fsdesk.services.output import bulletin, layouts, publishing
from fsdesk.services.records import recording
from fsdesk.services.supervision import follow_up, letter_files, supervision
from fsdesk.store.packet import keys
from tests.papers import seen_on
from tests.plans import small_plan
from tests.workspaces import SETTLED, Clock
from ui.pages.printing.printing import PrintingPage
from ui.printing import print_pages

LEFT = Qt.MouseButton.LeftButton

CHARTS = [each.kind for each in kinds_of(Form.CHART) if each.kind != "years"]


@pytest.fixture
def desk(page_test, office, theme):
    for month, value in ((1, 90.0), (2, 110.0), (3, 100.0)):
        key = RecordKey(RecordKind.VALUE, "I01-1", "scj", f"2026-{month:02d}")
        recording.save(office, key, DataValue(value))
    return page_test(office)


@pytest.fixture
def page(desk, theme):
    return desk.show(PrintingPage(desk.desk, theme))


def choose(desk, page, form, kind=None):
    page.show_item((form, kind or form))
    assert (page.output.form, page.output.kind) == (form, kind or form)
    desk.settle()


def save_to(desk, page, monkeypatch, file, button):
    monkeypatch.setattr(desk.files, "save", lambda *_: file)
    desk.qtbot.mouseClick(button, LEFT)
    desk.settle()
    return file


# Tables


def test_a_table_is_shown_page_by_page_and_drawn_when_it_is_seen(desk, page):
    assert len(page.panel.preview.sheets) > 0
    desk.qtbot.waitUntil(lambda: page.panel.preview.sheets[0].drawn)


def test_paper_and_columns_change_what_is_shown_and_saved(desk, page, tmp_path, monkeypatch):
    choose(desk, page, "table", "breakdown")
    tables = page.panel
    tables.paper.set_value((PaperSize.A3, False))
    tables.paper.chosen.emit(None)
    chooser = tables.columns.list
    for row in range(2, chooser.count()):
        chooser.item(row).setCheckState(Qt.CheckState.Unchecked)
    chooser.insertItem(0, chooser.takeItem(1))
    tables.columns.menu().aboutToHide.emit()
    tables.preparer.setText("张三")
    tables.preparer.editingFinished.emit()
    desk.settle()
    assert tables.columns.columns == ("要点", "部分")
    assert round(tables.preview.sheets[0].page.width) == round(297 * 72 / 25.4)
    file = save_to(desk, page, monkeypatch, tmp_path / "a.pdf", page.save)
    text = PdfReader(file).pages[-1].extract_text()
    assert "制表：张三" in text
    assert "工作要求" not in text
    sheet = load_workbook(
        save_to(desk, page, monkeypatch, tmp_path / "a.xlsx", page.save_other)
    ).worksheets[0]
    assert sheet.page_setup.paperSize == 8
    assert [cell.value for cell in sheet[3]] == ["要点", "部分"]


def test_a_layout_is_kept_chosen_and_forgotten(desk, page, office):
    tables = page.panel
    tables.section_pages.setChecked(True)
    tables.name.setText("给领导")
    desk.qtbot.mouseClick(tables.keep, LEFT)
    desk.settle()
    assert [kept.name for kept in layouts.saved(office, "tasks")] == ["给领导"]
    assert "已保存版式：给领导" in desk.told.news
    choose(desk, page, "table", "units")
    assert not tables.section_pages.isChecked()
    choose(desk, page, "table", "tasks")
    tables.layouts.set_value("给领导")
    tables.layouts.chosen.emit("给领导")
    desk.settle()
    assert tables.section_pages.isChecked()
    desk.qtbot.mouseClick(tables.forget, LEFT)
    desk.settle()
    assert layouts.saved(office, "tasks") == ()
    assert not tables.forget.isEnabled()


def test_a_layout_without_a_name_is_refused_in_words(desk, page):
    desk.qtbot.mouseClick(page.panel.keep, LEFT)
    desk.settle()
    assert desk.told.errors


def test_the_rows_of_the_chosen_ledger_are_shown(desk, page, office, tmp_path, monkeypatch):
    ledgers.save_rows(office, [LedgerEntry("", "sampling", "scj", {"抽样编号": "SC9"})])
    choose(desk, page, "table", "ledger")
    page.panel.item.set_value("sampling")
    page.panel.item.chosen.emit("sampling")
    desk.settle()
    file = save_to(desk, page, monkeypatch, tmp_path / "a.pdf", page.save)
    assert "SC9" in PdfReader(file).pages[0].extract_text()


# Charts


def drawn(desk, page):
    desk.settle()
    page.panel.draw(page.panel.view.size(), 1.0)
    desk.settle()
    return page.panel.view


@pytest.mark.parametrize(
    "kind", [each.kind for each in kinds_of(Form.CHART) if each.kind != "years"]
)
def test_a_click_in_each_chart_opens_its_numbers(desk, page, kind):
    choose(desk, page, "chart", kind)
    view = drawn(desk, page)
    assert view.drawing.spots
    desk.qtbot.keyClick(view, Qt.Key.Key_Right)
    desk.qtbot.keyClick(view, Qt.Key.Key_Return)
    said = page.panel.numbers.toPlainText()
    assert said
    assert len(said) >= len("市场监管局")


def test_the_course_of_an_indicator_is_chosen_by_its_name(desk, page):
    choose(desk, page, "chart", "trend")
    drawn(desk, page)
    page.panel.item.set_value("I01-1")
    page.panel.item.chosen.emit("I01-1")
    view = drawn(desk, page)
    assert "3月：300批次" in view.drawing.spots[2][1].words
    desk.qtbot.keyClick(view, Qt.Key.Key_Right)
    desk.qtbot.keyClick(view, Qt.Key.Key_Return)
    assert "全年预计 1200批次" in page.panel.numbers.toPlainText()
    choose(desk, page, "chart", "heat")
    assert not page.panel.item.isVisible()


def test_without_last_year_the_place_of_the_chart_says_so(desk, page):
    choose(desk, page, "chart", "years")
    assert "2025年度" in page.panel.view.accessibleDescription()
    assert not desk.told.errors


def test_last_year_s_workspace_on_this_pc_is_taken_by_itself(desk, page, office, tmp_path):
    plan = replace(small_plan(), year=2025)
    clock = Clock("2025-04-02T01:00:00+00:00")
    keys.own_key(office.keys)
    with setup.create_office(tmp_path / "2025", plan, clock=clock) as made:
        keys.copy_key(office.keys, made.keys)
        known.remember(made)
        key = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2025-03")
        recording.save(made, key, DataValue(240.0))
    choose(desk, page, "chart", "years")
    assert "去年同期240批次" in drawn(desk, page).drawing.spots[0][1].words


def test_last_year_s_workspace_is_chosen_once_and_remembered(
    desk, page, office, tmp_path, monkeypatch
):
    folder = tmp_path / "2025"
    plan = replace(small_plan(), year=2025)
    with setup.create_office(folder, plan, clock=Clock("2025-04-02T01:00:00+00:00")) as made:
        key = RecordKey(RecordKind.VALUE, "I01-1", "scj", "2025-03")
        recording.save(made, key, DataValue(240.0))
    choose(desk, page, "chart", "years")
    monkeypatch.setattr(desk.files, "folder", lambda *_: folder)
    desk.qtbot.mouseClick(page.panel.earlier, LEFT)
    view = drawn(desk, page)
    assert "300批次，去年同期240批次，+25.0%" in view.drawing.spots[0][1].words
    choose(desk, page, "chart", "units")
    assert not page.panel.earlier.isVisible()
    choose(desk, page, "chart", "years")
    file = save_to(desk, page, monkeypatch, tmp_path / "y.png", page.save)
    assert file.is_file()


def test_a_chart_is_saved_and_copied_as_it_is_printed(desk, page, tmp_path, monkeypatch):
    choose(desk, page, "chart", "units")
    drawn(desk, page)
    file = save_to(desk, page, monkeypatch, tmp_path / "a.svg", page.save)
    assert file.read_bytes().startswith(b"<?xml")
    page.panel.copy()
    desk.settle()
    image = QGuiApplication.clipboard().image()
    assert image.width() >= 2000
    assert image.pixelColor(2, 2).name() == "#ffffff"
    assert "图已复制" in desk.told.news[-1]


# Bulletin, page for leaders, pack for inspections


def test_the_bulletin_is_shown_as_it_will_be_written(desk, page, tmp_path, monkeypatch):
    choose(desk, page, "bulletin")
    shown = on_pages(page.panel.preview)
    assert "食品药品安全工作通报" in shown
    assert "第3期" in shown
    page.panel.issue.setValue(7)
    page.panel.issue.editingFinished.emit()
    desk.settle()
    shown = on_pages(page.panel.preview)
    file = save_to(desk, page, monkeypatch, tmp_path / "a.docx", page.save)
    paragraphs = [paragraph.text for paragraph in Document(file).paragraphs]
    assert "第7期" in paragraphs
    assert all("".join(line.split()) in shown for line in paragraphs)
    assert page.print.isVisible()
    saved = save_to(desk, page, monkeypatch, tmp_path / "a.pdf", page.save_other)
    assert len(PdfReader(saved).pages) == len(page.panel.preview.sheets)


def on_pages(preview):
    return seen_on(sheet.page for sheet in preview.sheets)


def test_the_wording_goes_out_comes_back_and_is_reset(desk, page, office, tmp_path, monkeypatch):
    choose(desk, page, "bulletin")
    panel = page.panel.templates
    assert not panel.reset.isEnabled()
    file = save_to(desk, page, monkeypatch, tmp_path / "模板.docx", panel.export)
    document = Document(file)
    document.paragraphs[-1].add_run("（本区用语）")
    document.save(file)
    monkeypatch.setattr(desk.files, "open_one", lambda *_: file)
    desk.qtbot.mouseClick(panel.take, LEFT)
    desk.settle()
    assert word_templates.is_own(office, bulletin.TEMPLATE)
    assert "本单位的模板" in page.panel.note.text()
    assert "按软件的公文版式排版" in page.panel.note.text()
    assert "（本区用语）" in on_pages(page.panel.preview)
    desk.told.answer = "恢复"
    desk.qtbot.mouseClick(panel.reset, LEFT)
    desk.settle()
    assert not word_templates.is_own(office, bulletin.TEMPLATE)


def test_a_table_too_wide_for_its_paper_says_so_and_offers_paper_that_is_wide_enough(desk, page):
    columns = tuple(LedgerColumn(f"送达日期{n}", ColumnType.DATE) for n in range(13))
    day = dict.fromkeys((column.title for column in columns), date(2026, 3, 5))
    number = LedgerColumn("编号", ColumnType.TEXT)
    wide = Ledger("", "送达登记", (number, *columns), ("编号",))
    served = ledger_declarations.save(desk.desk.workspace, wide).code
    row = LedgerEntry("", served, "scj", {"编号": "甲", **day})
    ledgers.save_rows(desk.desk.workspace, [row])
    choose(desk, page, "table", "ledger")
    tables = page.panel
    tables.item.set_value(served)
    tables.item.chosen.emit(served)
    tables.paper.set_value((PaperSize.A4, False))
    tables.paper.chosen.emit(None)
    desk.settle()
    assert tables.too_wide.isVisible()
    said = " ".join(part.text() for part in tables.too_wide.findChildren(QLabel))
    assert "A4 纵向放不下这张表的 16 列" in said
    desk.qtbot.mouseClick(tables.too_wide.button, LEFT)
    desk.settle()
    assert tables.preview.isVisible()
    assert tables.paper.value != (PaperSize.A4, False)
    words = {item.text for item in tables.preview.sheets[0].page.items if hasattr(item, "text")}
    assert "2026-03-05" in words


def test_the_page_for_leaders_is_shown_and_saved_on_the_chosen_paper(
    desk, page, tmp_path, monkeypatch
):
    choose(desk, page, "poster")
    (sheet,) = page.panel.preview.sheets
    page.panel.paper.set_value(PaperSize.A3)
    page.panel.paper.chosen.emit(PaperSize.A3)
    desk.settle()
    (larger,) = page.panel.preview.sheets
    assert larger.page.width > sheet.page.width
    file = save_to(desk, page, monkeypatch, tmp_path / "a.pdf", page.save)
    assert round(float(PdfReader(file).pages[0].mediabox.width)) == 842


def test_a_pack_is_made_and_checked_from_the_window(desk, page, tmp_path, monkeypatch):
    choose(desk, page, "inspection")
    panel = page.panel
    file = save_to(desk, page, monkeypatch, tmp_path / "迎检.zip", panel.make_zip)
    assert file.is_file()
    assert "2 项任务" in panel.result.toPlainText()
    monkeypatch.setattr(desk.files, "open_one", lambda *_: file)
    desk.qtbot.mouseClick(panel.check_zip, LEFT)
    desk.settle()
    assert "完好" in panel.result.toPlainText()
    monkeypatch.setattr(desk.files, "folder", lambda *_: tmp_path)
    desk.qtbot.mouseClick(panel.make_folder, LEFT)
    desk.settle()
    made = tmp_path / "迎检台账-2026-03"
    (made / "目录.pdf").unlink()
    monkeypatch.setattr(desk.files, "folder", lambda *_: made)
    desk.qtbot.mouseClick(panel.check_folder, LEFT)
    desk.settle()
    assert "缺少：目录.pdf" in panel.result.toPlainText()


def test_a_file_dialog_that_is_cancelled_does_nothing(desk, page, monkeypatch):
    monkeypatch.setattr(desk.files, "save", lambda *_: None)
    monkeypatch.setattr(desk.files, "folder", lambda *_: None)
    monkeypatch.setattr(desk.files, "open_one", lambda *_: None)
    for form, buttons in {
        "poster": lambda _panel: (page.save,),
        "inspection": lambda it: (it.make_zip, it.make_folder, it.check_zip, it.check_folder),
        "bulletin": lambda it: (page.save, it.templates.export, it.templates.take),
        "letter": lambda it: (it.templates.export,),
    }.items():
        choose(desk, page, form)
        for button in buttons(page.panel):
            button.click()
    choose(desk, page, "table", "tasks")
    page.save.click()
    page.save_other.click()
    desk.settle()
    assert desk.told.news == []


# Letters


@pytest.fixture
def letter(office, clock):
    """A draft and a letter that was issued."""
    clock.set("2026-05-11T01:00:00+00:00")
    april = Period.parse("2026-04")
    for kind in (LetterKind.REMINDER, LetterKind.INTERVIEW):
        draft = supervision.draft_for(office, april, "scj", kind)
    supervision.draft_for(office, april, "fgj", LetterKind.REMINDER)
    supervision.arrange(office, draft.key, SETTLED)
    return supervision.issue(office, [draft.key])[0]


def test_a_letter_is_shown_on_paper_printed_and_saved(desk, page, letter, tmp_path, monkeypatch):
    page.show_item(("letter", "letter", letter.key))
    desk.settle()
    assert page.panel.title == f"{letter.document_number}　区市场监管局"
    assert len(page.panel.preview.sheets) >= 2
    printed = tmp_path / "printed.pdf"
    monkeypatch.setattr(page, "_printer", lambda _size, **_: printer_to(printed))
    desk.qtbot.mouseClick(page.print, LEFT)
    desk.settle()
    assert len(PdfReader(printed).pages) == len(page.panel.preview.sheets)
    file = save_to(desk, page, monkeypatch, tmp_path / "函.pdf", page.save)
    assert "约谈通知书" in PdfReader(file).metadata.title
    file = save_to(desk, page, monkeypatch, tmp_path / "函.docx", page.save)
    assert letter.document_number in [paragraph.text for paragraph in Document(file).paragraphs]


def test_an_issued_letter_is_shown_as_it_was_kept_with_what_was_granted_since(
    desk, page, office, letter
):
    before = letter_files.pages_of(office, letter.key)
    until = letter.reply_by + timedelta(days=12)
    follow_up.ask_extension(office, letter.key, until, "设备检修")
    follow_up.answer_extension(office, letter.key, granted=True)
    page.show_item(("letter", "letter", letter.key))
    desk.settle()

    assert [sheet.page for sheet in page.panel.preview.sheets] == list(before)
    note = page.panel.note.text()
    assert "本件印发时留存" in note
    assert f"其后回复期限已改为{date_text(until)}" in note


def test_what_was_issued_about_a_letter_is_shown_printed_and_saved_like_it(
    desk, page, office, letter, tmp_path, monkeypatch
):
    follow_up.ask_extension(office, letter.key, date(2026, 6, 26), "设备检修")
    follow_up.answer_extension(office, letter.key, granted=True)
    (made,) = follow_up.register(office)[0].amendments
    page.show_item(("letter", "letter", made.key))
    desk.settle()
    assert page.panel.title == f"{letter.document_number}（同意延期，2026-05-11）　区市场监管局"
    assert "本件印发时留存" in page.panel.note.text()
    assert page.panel.templates.isHidden()
    file = save_to(desk, page, monkeypatch, tmp_path / "复函.pdf", page.save)
    assert "关于同意约谈通知书延期的复函" in PdfReader(file).metadata.title


def test_over_a_kept_paper_nothing_is_said_of_the_fonts_of_this_pc_but_of_its_own(
    desk, page, office, letter, monkeypatch
):
    monkeypatch.setattr(fonts, "missing_fonts", lambda: ("楷体",))
    page.show_item(("letter", "letter", letter.key))
    desk.settle()
    note = page.panel.note.text()
    assert "本机没有可用的" not in note
    assert "留存时用自带的字体代替" in note
    assert "楷体" not in note


def test_a_published_table_is_shown_as_it_was_published_and_another_layout_says_so(
    desk, page, office, clock
):
    clock.set("2026-04-06T01:00:00+00:00")
    publishing.publish(office, Period.parse("2026-03"))
    page.refresh("2026-03")
    choose(desk, page, "table", "indicators")
    assert "本件印发时留存" in page.panel.note.text()
    page.panel.preparer.setText("张三")
    page.panel.preparer.editingFinished.emit()
    desk.settle()
    assert "不是发布时留存的原件" in page.panel.note.text()
    choose(desk, page, "table", "register")
    assert page.panel.note.isHidden()


def test_an_issued_bulletin_says_since_when_it_stands_and_not_which_fonts_are_missing(
    desk, page, office, clock, tmp_path
):
    clock.set("2026-04-06T01:00:00+00:00")
    march = Period.parse("2026-03")
    bulletin.write_bulletin(office, march, tmp_path / "a.docx", publish=True)
    page.refresh("2026-03")
    choose(desk, page, "bulletin")
    assert page.panel.note.text().startswith("本件印发时留存")
    assert "本机没有" not in page.panel.note.text()


def test_the_template_of_the_letter_that_is_shown_is_replaced(
    desk, page, office, letter, tmp_path, monkeypatch
):
    page.show_item(("letter", "letter", letter.key))
    desk.settle()
    panel = page.panel
    file = save_to(desk, page, monkeypatch, tmp_path / "模板.docx", panel.templates.export)
    assert "{{ 主送单位 }}：" in [paragraph.text for paragraph in Document(file).paragraphs]
    monkeypatch.setattr(desk.files, "open_one", lambda *_: file)
    desk.qtbot.mouseClick(panel.templates.take, LEFT)
    desk.settle()
    assert word_templates.is_own(office, letter_files.TEMPLATES[LetterKind.INTERVIEW])
    assert "正在使用本单位的模板" in panel.note.text()
    drafts = [n for n in range(panel.item.count()) if "拟稿" in panel.item.itemText(n)]
    panel.item.setCurrentIndex(drafts[0])
    panel.item.activated.emit(drafts[0])
    desk.settle()
    assert "正在使用默认模板" in panel.note.text()


def test_without_letters_it_is_said_where_they_come_from(desk, page):
    choose(desk, page, "letter")
    assert "还没有函件" in page.panel.note.text()
    page.save.click()
    page.print.click()
    assert desk.told.news == []


def test_a_unit_prints_its_letters_but_no_bulletin(page_test, unit, theme):
    desk = page_test(unit)
    page = desk.show(PrintingPage(desk.desk, theme))
    titles = {page.outputs.item(row).text() for row in range(page.outputs.count())}
    assert not titles & {"工作通报", "一图读懂", "单位完成情况表", "单位进度图"}
    assert {"来函", "迎检台账", "台账明细", "走势与预测图"} <= titles


# The printer


def printer_to(file):
    """A printer that writes a file, its paper as the page asked for it."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(file))
    printer.setFullPage(True)
    return printer


def test_the_printer_gets_the_pages_that_are_shown(desk, page, tmp_path, monkeypatch):
    file = tmp_path / "printed.pdf"
    asked = []

    def printer(size, *, across):
        asked.append((size, across))
        return printer_to(file)

    monkeypatch.setattr(page, "_printer", printer)
    choose(desk, page, "table", "tasks")
    desk.qtbot.mouseClick(page.print, LEFT)
    desk.settle()
    assert asked == [(PaperSize.A4, True)]
    assert len(PdfReader(file).pages) == len(page.panel.preview.sheets)


def test_the_printer_gets_the_page_for_leaders(desk, page, tmp_path, monkeypatch):
    file = tmp_path / "printed.pdf"
    monkeypatch.setattr(page, "_printer", lambda _size, **_: printer_to(file))
    choose(desk, page, "poster")
    desk.qtbot.mouseClick(page.print, LEFT)
    desk.settle()
    assert len(PdfReader(file).pages) == 1


def test_a_page_that_is_a_picture_goes_to_the_printer_in_bands_that_cut_no_letter(qapp, tmp_path):
    """While Qt packs a picture no thread goes on: the window would stand still for a whole page."""
    picture = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(picture).line((600, 0, 600, 1753), "black", 3)
    for top in range(40, 1700, 50):
        ImageDraw.Draw(picture).line((100, top, 500, top + 24), "black", 3)
    png, file = BytesIO(), tmp_path / "printed.pdf"
    picture.save(png, "PNG")
    assert print_pages(
        printer_to(file),
        [PaperPage(595, 842, (PictureItem(0, 0, 595, 842, png.getvalue()),))],
    )
    bands = [each.image for each in PdfReader(file).pages[0].images]
    assert len(bands) > 2
    assert sum(each.height - 1 for each in bands) + 1 == 1754
    edges = [each.crop((100, row, 500, row + 1)) for each in bands for row in (0, each.height - 1)]
    assert all(edge.getextrema() == ((255, 255),) * 3 for edge in edges)


def test_the_dialog_offers_the_paper_that_was_chosen(desk, page, monkeypatch):
    monkeypatch.setattr(QPrintDialog, "exec", lambda _dialog: 1)
    printer = page._printer(PaperSize.A3, across=True)
    size = printer.pageLayout().fullRect(QPageLayout.Unit.Millimeter).size()
    assert (round(size.width()), round(size.height())) == (420, 297)
    monkeypatch.setattr(QPrintDialog, "exec", lambda _dialog: 0)
    assert page._printer(PaperSize.A4, across=False) is None


def test_a_printer_that_does_not_answer_is_told(desk, page, monkeypatch):
    broken = printer_to("/nowhere/at all/printed.pdf")
    monkeypatch.setattr(page, "_printer", lambda _size, **_: broken)
    choose(desk, page, "table", "tasks")
    desk.qtbot.mouseClick(page.print, LEFT)
    desk.settle()
    assert desk.told.errors == ["打印机没有响应"]


def test_the_office_prints_the_ranking_and_any_units_score_sheet(desk, page):
    choose(desk, page, "table", "assessment")
    assert page.panel.item.isHidden()
    assert page.panel.preview.sheets
    choose(desk, page, "table", "score")
    page.panel.item.set_value("fgj")
    page.panel.item.chosen.emit("fgj")
    desk.settle()
    texts = [item.text for item in page.panel.preview.sheets[0].page.items if hasattr(item, "text")]
    assert any("评议考核计分表（区发改局" in text for text in texts)


# Charts as pages, and the month's set


def test_a_chart_is_previewed_as_the_pages_that_are_printed(desk, page):
    choose(desk, page, "chart", "units")
    shown = page.panel.shown
    for row, size in ((1, PaperSize.A4), (2, PaperSize.A3)):
        shown.setCurrentIndex(row)
        shown.activated.emit(row)
        desk.settle()
        (sheet,) = page.panel.preview.sheets
        assert (sheet.page.paper.size, sheet.page.paper.landscape) == (size, True)
        assert page.panel.preview.isVisible()
        lay_out = page.output.pages
        (printed,) = lay_out(desk.desk.workspace, Period.month(2026, 3), page.panel.chosen)
        assert (printed.width, printed.height) == (sheet.page.width, sheet.page.height)
    assert page.print.isVisible()


def test_the_wheel_scrolls_a_chart_that_is_higher_than_its_frame(desk, page):
    choose(desk, page, "chart", "units")
    page.panel.frame.set_least(4000)
    assert page.panel.view.in_scroll
    assert page.panel.view.minimumHeight() == 4000
    page.panel.frame.set_least(0)
    assert not page.panel.view.in_scroll


@pytest.mark.slow
def test_the_months_set_is_made_in_one_click_and_told_file_by_file(
    desk, page, tmp_path, monkeypatch
):
    choose(desk, page, "set")
    assert not page.print.isVisible()
    monkeypatch.setattr(desk.files, "folder", lambda *_: tmp_path)
    desk.qtbot.mouseClick(page.panel.make, LEFT)
    desk.qtbot.waitUntil(page.panel.make.isEnabled, timeout=110_000)
    folder = tmp_path / "2026年3月材料"
    rows = page.panel.rows.rows
    assert [row.name for row in rows if not row.why] == [
        each.name for each in sorted(folder.iterdir()) if not each.name.startswith("00-")
    ]
    assert "已生成" in page.panel.note.text()
    assert page.panel.open.isEnabled()


def test_a_set_that_can_not_be_written_says_so_and_can_be_asked_for_again(
    desk, page, tmp_path, monkeypatch
):
    choose(desk, page, "set")
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setattr(desk.files, "folder", lambda *_: blocked / "below")
    desk.qtbot.mouseClick(page.panel.make, LEFT)
    desk.settle()
    assert desk.told.errors
    assert page.panel.make.isEnabled()
