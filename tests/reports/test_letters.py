from __future__ import annotations

import subprocess
from datetime import date

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from pypdf import PdfReader

from fsdesk.domain.supervision import LetterKind
from fsdesk.reports.letter_papers import LetterPaper, write_letter_paper
from fsdesk.reports.letters import fact_text, lagging_facts


def make_letter(status, unit="scjg", times=1):
    facts = lagging_facts(status, unit) * times
    return LetterPaper(
        kind=LetterKind.REMINDER,
        number="滨食药安办函〔2026〕3号",
        addressee=status.plan.directory.name(unit),
        period=status.period.label,
        body=["根据工作进度安排，现函告如下：", *(fact_text(n, f) for n, f in enumerate(facts, 1))],
        reply_by=date(2026, 7, 20),
        signatory="区食药安办",
        day=date(2026, 7, 3),
    )


def east_asian_fonts(paragraph):
    fonts = [run._element.rPr.find(qn("w:rFonts")) for run in paragraph.runs]
    return {font.get(qn("w:eastAsia")) for font in fonts}


def test_facts_are_what_lags_with_the_figure_that_it_is_judged_by(status):
    (fact,) = lagging_facts(status, "scjg")
    assert (fact.code, fact.item, fact.value) == ("T02-1", "食品监督抽检批次", "各单位合计650批次")
    assert fact.pace == "50%"
    assert lagging_facts(status, "nobody") == ()


def test_a_missed_date_without_a_report_is_a_fact(status):
    (fact,) = lagging_facts(status, "sya")
    assert (fact.value, fact.target, fact.gap) == ("未报", "2026年3月31日前完成", "")


def test_page_and_letters_follow_the_standard(status, tmp_path):
    write_letter_paper(tmp_path / "函.docx", make_letter(status))
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
    write_letter_paper(tmp_path / "函.docx", make_letter(status))
    texts = [found.text for found in Document(tmp_path / "函.docx").paragraphs]
    assert "滨食药安办函〔2026〕3号" in texts
    assert "区市场监管局：" in texts
    told = next(text for text in texts if text.startswith("1."))
    for words in (
        "食品监督抽检批次",
        "开展监督抽检",
        "各单位合计650批次",
        "50%",
        "落后",
        "区市场监管局",
    ):
        assert words in told


@pytest.mark.foreign("soffice")
def test_libreoffice_prints_28_characters_a_line_and_numbers_later_pages(status, tmp_path):
    write_letter_paper(tmp_path / "a.docx", make_letter(status, times=9))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path,
         tmp_path / "a.docx"],
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
    reader = PdfReader(tmp_path / "a.pdf")
    assert len(reader.pages) >= 2
    assert "— 2 —" in reader.pages[1].extract_text()
    # The type area holds 22 lines.
    lines = [line for line in reader.pages[1].extract_text().splitlines() if line.strip()]
    assert len(lines) <= 23
    assert max(len(line.strip()) for line in lines) >= 28


@pytest.mark.foreign("soffice")
def test_libreoffice_draws_the_lower_rule_20_mm_above_the_end(status, tmp_path):
    write_letter_paper(tmp_path / "a.docx", make_letter(status))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path,
         tmp_path / "a.docx"],
        check=True, capture_output=True, timeout=100,
    )  # fmt: skip
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
