from __future__ import annotations

import re
import zipfile
from datetime import date

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from msgspec.structs import replace
from pypdf import PdfReader

from fsdesk.domain.output.official import listed
from fsdesk.domain.output.pages import POINTS_PER_MM, Align, LineItem, TextItem
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.reports.paper.fonts import text_width
from fsdesk.reports.word.letter_facts import fact_text, lagging_facts
from fsdesk.reports.word.letter_pages import letter_pages
from fsdesk.reports.word.letter_papers import LetterPaper, default_template, letter_document
from fsdesk.reports.word.official_document import LINE_PITCH
from tests.office import write_again
from tests.reports.typography import cut_numbers, sheets_of


def make_letter(status, unit="scjg", times=1):
    facts = lagging_facts(status, unit) * times
    return LetterPaper(
        kind=LetterKind.REMINDER,
        number="滨食药安办函〔2026〕3号",
        addressee=status.plan.directory.name(unit),
        period=status.period.label,
        body=[
            "根据工作进度安排，现函告如下：",
            *(listed(n, fact_text(f)) for n, f in enumerate(facts, 1)),
        ],
        reply_by=date(2026, 7, 20),
        signatory="区食药安办",
        day=date(2026, 7, 3),
    )


def write_letter(file, paper):
    file.write_bytes(letter_document(paper, default_template(paper.kind, paper.signatory)))


def east_asian_fonts(paragraph):
    fonts = [run._element.rPr.find(qn("w:rFonts")) for run in paragraph.runs]
    return {font.get(qn("w:eastAsia")) for font in fonts}


@pytest.mark.parametrize("kind", LetterKind)
def test_a_word_file_is_in_chinese_dated_as_its_paper_and_has_styles(status, tmp_path, kind):
    paper = replace(make_letter(status), kind=kind)
    write_letter(tmp_path / "a.docx", paper)
    document = Document(tmp_path / "a.docx")
    told = document.core_properties
    assert (told.language, told.created.date(), told.modified.date()) == ("zh-CN", *[paper.day] * 2)
    names = [paragraph.style.name for paragraph in document.paragraphs if paragraph.text.strip()]
    assert set(names) >= {"公文标题", "主送机关", "公文正文", "附件说明", "落款", "附件"}
    assert "Normal" not in names
    with zipfile.ZipFile(tmp_path / "a.docx") as archive:
        xml = archive.read("word/styles.xml") + archive.read("word/settings.xml")
    languages = set(re.findall(rb'w:(?:val|eastAsia)="([a-z]{2}-[A-Z]{2})"', xml))
    assert languages == {b"zh-CN"}


def test_facts_are_what_lags_with_the_figure_that_it_is_judged_by(status):
    (fact,) = lagging_facts(status, "scjg")
    assert (fact.code, fact.item, fact.value) == ("T02-1", "食品监督抽检批次", "各单位合计650批次")
    assert fact.pace == "50.0%"
    assert lagging_facts(status, "nobody") == ()


def test_a_missed_date_without_a_report_is_a_fact(status):
    (fact,) = lagging_facts(status, "sya")
    assert (fact.value, fact.target, fact.gap) == ("未报", "要求2026年3月31日前完成", "")


def test_page_and_letters_follow_the_standard(status, tmp_path):
    write_letter(tmp_path / "函.docx", make_letter(status))
    document = Document(tmp_path / "函.docx")
    section = document.sections[0]
    assert round(section.page_width.mm) == 210
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(margin.mm) for margin in margins] == [37, 28, 26, 35]
    paragraphs = {found.text: found for found in document.paragraphs}
    title = paragraphs["进度滞后的提醒敦促函"]
    assert title.runs[0].font.size.pt == 22
    assert east_asian_fonts(title) == {"方正小标宋简体"}
    body = next(found for text, found in paragraphs.items() if text.startswith("根据"))
    assert body.runs[0].font.size.pt == 16
    assert east_asian_fonts(body) == {"仿宋_GB2312"}
    assert body.paragraph_format.line_spacing.pt == pytest.approx(28.99, abs=0.02)
    dated = paragraphs["2026年7月3日"]
    assert dated.alignment is WD_ALIGN_PARAGRAPH.RIGHT
    assert dated.paragraph_format.right_indent.pt == pytest.approx(63, abs=0.5)
    assert document.settings.odd_and_even_pages_header_footer
    assert "PAGE" in section.footer._element.xml


def test_the_letter_says_who_what_how_far_and_until_when(status, tmp_path):
    write_letter(tmp_path / "函.docx", make_letter(status))
    texts = [found.text for found in Document(tmp_path / "函.docx").paragraphs]
    assert "滨食药安办函〔2026〕3号" in texts
    assert "区市场监管局：" in texts
    told = next(text for text in texts if text.startswith("（1）"))
    for words in (
        "食品监督抽检批次",
        "开展监督抽检",
        "各单位合计650批次",
        "应达到序时进度50.0%",
        "落后",
        "区市场监管局",
    ):
        assert words in told


@pytest.mark.foreign("soffice")
def test_libreoffice_prints_28_characters_a_line_and_cuts_no_number(status, tmp_path):
    write_letter(tmp_path / "a.docx", make_letter(status, times=9))
    write_again("pdf", tmp_path, tmp_path / "a.docx")
    reader = PdfReader(tmp_path / "a.pdf")
    assert len(reader.pages) >= 2
    assert "— 2 —" in reader.pages[1].extract_text()
    # The type area holds 22 lines.
    lines = [line for line in reader.pages[1].extract_text().splitlines() if line.strip()]
    assert len(lines) <= 23
    assert max(len(line.strip()) for line in lines) >= 28
    for sheet in sheets_of((tmp_path / "a.pdf").read_bytes()):
        assert list(cut_numbers(sheet)) == []


@pytest.mark.foreign("soffice")
def test_libreoffice_draws_the_lower_rule_20_mm_above_the_end(status, tmp_path):
    write_letter(tmp_path / "a.docx", make_letter(status))
    write_again("pdf", tmp_path, tmp_path / "a.docx")
    places = []

    def keep(operator, operands, matrix, _text):
        if operator in (b"l", b"m"):
            x, y = (float(each) for each in operands)
            a, b, c, d, e, f = matrix
            places.append((a * x + c * y + e, b * x + d * y + f))

    PdfReader(tmp_path / "a.pdf").pages[0].extract_text(visitor_operand_before=keep)
    rule = [(x, y) for x, y in places if y < 85]  # below the type area, in points
    assert min(y for _x, y in rule) * 25.4 / 72 == pytest.approx(20, abs=1.5)
    assert (max(x for x, _y in rule) - min(x for x, _y in rule)) * 25.4 / 72 == pytest.approx(
        170, abs=1
    )


def words_of(page):
    return [item.text for item in page.items if isinstance(item, TextItem)]


def test_on_pages_a_letter_says_the_same_within_the_type_area(status):
    paper = make_letter(status, times=12)
    pages = letter_pages(paper)
    assert len(pages) == 4
    told = "".join(text for page in pages for text in words_of(page) if "—" not in text)
    for text in paper.body:
        assert text in told
    first = words_of(pages[0])
    assert first[:2] == ["区食药安办", "滨食药安办函〔2026〕3号"]
    # A letter's first page bears no number, the second has it at the left.
    assert not any("—" in text for text in first)
    (number,) = [item for item in pages[1].items if getattr(item, "text", "") == "— 2 —"]
    assert number.align is Align.LEFT
    for page in pages:
        for item in page.items:
            if isinstance(item, TextItem) and item.align is Align.LEFT:
                width = text_width(item.text, item.size, item.face)
                assert item.x + width <= 184.5 * POINTS_PER_MM


@pytest.mark.parametrize("times", range(1, 12))
def test_on_pages_the_signature_never_stands_alone(status, times):
    pages = letter_pages(make_letter(status, times=times))
    signed = next(words_of(page) for page in reversed(pages[:-1]) if words_of(page))
    assert {"区食药安办", "2026年7月3日", "附件：督办事项回复表"} <= set(signed)
    assert any("责任单位" in text or text.endswith("。") for text in signed)
    assert "督办事项回复表" in words_of(pages[-1])


def test_on_pages_both_rules_of_a_letter_are_where_the_standard_has_them(status):
    rules = [
        item for item in letter_pages(make_letter(status))[0].items if isinstance(item, LineItem)
    ]
    for rule in rules:
        assert (rule.x2 - rule.x1) / POINTS_PER_MM == pytest.approx(170)
    lowest = max(rule.y1 for rule in rules)
    assert 297 - lowest / POINTS_PER_MM == pytest.approx(20)
    assert min(rule.y1 for rule in rules) / POINTS_PER_MM == pytest.approx(41.8, abs=0.1)


@pytest.mark.parametrize("kind", LetterKind)
def test_on_pages_an_annex_has_its_word_on_the_first_line_and_its_title_on_the_third(status, kind):
    pages = letter_pages(replace(make_letter(status), kind=kind, printer="区食药安办"))
    annex = next(page for page in pages if "附件" in words_of(page))
    first, title = (item for item in annex.items if isinstance(item, TextItem)
                    and item.text in {"附件", "督办事项回复表"})  # fmt: skip
    middles = [item.y - item.size * 0.38 for item in (first, title)]
    assert (middles[1] - middles[0]) / LINE_PITCH == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("times", range(1, 6))
@pytest.mark.parametrize("kind", LetterKind)
def test_on_pages_a_notice_ends_with_its_imprint_on_an_even_page_and_a_letter_has_none(
    status, kind, times
):
    paper = replace(make_letter(status, times=times), kind=kind, printer="某区食药安办")
    pages = letter_pages(paper)
    has = [n for n, page in enumerate(pages, 1) if "2026年7月3日印发" in words_of(page)]
    if kind is LetterKind.REMINDER:
        assert has == []
    else:
        assert has == [len(pages)]
        assert len(pages) % 2 == 0


def test_on_pages_a_long_addressee_goes_on_in_a_second_line(status):
    name = "某市某某新城经济技术开发区市场监督管理局某某街道市场监督管理所"
    first = letter_pages(replace(make_letter(status), addressee=name))[0]
    lines = [
        item for item in first.items if isinstance(item, TextItem) and item.text in f"{name}："
    ]
    assert "".join(item.text for item in lines) == f"{name}："
    assert len({item.x for item in lines}) == 1
    for item in lines:
        assert item.x + text_width(item.text, item.size, item.face) <= 184.5 * POINTS_PER_MM
