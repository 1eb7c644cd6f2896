"""The four letters and their register as files, laid out as GB/T 9704—2012 asks."""

from __future__ import annotations

import subprocess
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.periods import Period
from fsdesk.domain.supervision import LetterKind
from fsdesk.reports.letter_papers import LetterPaper, write_letter_paper
from fsdesk.services import letter_files, reporting, supervision
from fsdesk.store import letters

APRIL = Period.parse("2026-04")


@pytest.fixture
def issued(office, clock):
    """An office with a letter of each kind, and one draft."""
    clock.set("2026-05-11T01:00:00+00:00")
    for kind in LetterKind:
        draft = supervision.draft_for(office, APRIL, "scj", kind)
        supervision.issue(office, [draft.key])
    supervision.draft_for(office, APRIL, "fgj", LetterKind.REMINDER)
    return office


def keys_of(office):
    with office.reading() as session:
        return {letter.kind: letter.key for letter in letters.letters(session)}


@pytest.mark.parametrize("kind", list(LetterKind))
def test_each_kind_is_laid_out_after_the_standard(issued, tmp_path, kind):
    letter_files.write_letter(issued, keys_of(issued)[kind], tmp_path / "函件.docx")

    document = Document(tmp_path / "函件.docx")
    section = document.sections[0]
    margins = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(margin.mm) for margin in margins] == [37, 28, 26, 35]
    # 22 lines: 225 mm are 637.8 points, each line 28.99.
    grid = section._sectPr.find(qn("w:docGrid"))
    assert int(grid.get(qn("w:linePitch"))) == 580
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert any(kind.label in text for text in texts)
    assert any("〔2026〕1号" in text for text in texts)
    assert "区市场监管局：" in texts
    assert "附件：督办事项回复表" in texts
    assert "2026年5月11日" in texts
    body = next(p for p in document.paragraphs if p.text.startswith("1."))
    assert body.runs[0].font.size.pt == 16
    assert body.runs[0]._element.rPr.find(qn("w:rFonts")).get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert document.tables[0].cell(1, 1).text.endswith("〔2026〕1号")


def test_a_draft_is_written_without_a_number(issued, tmp_path):
    with issued.reading() as session:
        (draft,) = letters.drafts(session)
    letter_files.write_letter(issued, draft.key, tmp_path / "拟稿.docx")

    texts = [paragraph.text for paragraph in Document(tmp_path / "拟稿.docx").paragraphs]
    assert "（拟稿，未编号）" in texts
    assert not any("〔2026〕" in text for text in texts)


def test_several_are_written_at_once_each_by_its_name(issued, tmp_path):
    written = letter_files.write_letters(issued, list(keys_of(issued).values()), tmp_path)

    assert len({file.name for file in written}) == 4
    assert all(file.exists() for file in written)


def test_the_register_holds_letters_and_drafts(issued, unit, tmp_path):
    reporting.write_table(issued, reporting.REGISTER, APRIL, tmp_path / "登记簿.xlsx")

    rows = list(load_workbook(tmp_path / "登记簿.xlsx").active.values)
    head = next(n for n, row in enumerate(rows) if row[:3] == ("文号", "种类", "责任单位"))
    assert rows[head + 1][0] == "（拟稿，未编号）"
    assert {row[1] for row in rows[head + 1 : head + 6]} == {kind.label for kind in LetterKind}
    assert reporting.write_table(issued, reporting.REGISTER, APRIL, tmp_path / "登记簿.pdf") == 1
    with pytest.raises(InputRejectedError, match="只有区食药安办可以导出督办登记簿"):
        reporting.write_table(unit, reporting.REGISTER, APRIL, tmp_path / "x.xlsx")


def test_what_is_no_letter_or_no_word_file_is_refused(issued, tmp_path):
    with pytest.raises(InputRejectedError, match="登记簿中没有这份函件"):
        letter_files.write_letter(issued, "reminder/2026/99", tmp_path / "x.docx")
    with pytest.raises(InputRejectedError, match="不能保存为"):
        letter_files.write_letter(issued, "reminder/2026/1", tmp_path / "x.txt")


@pytest.mark.foreign
@pytest.mark.parametrize("kind", list(LetterKind))
def test_the_signature_stands_with_the_body_and_the_form_on_a_page_of_its_own(tmp_path, kind):
    fact = (
        "1.食品监督抽检批次（任务“抽检监测”）：目标为≥1900批次，目前为1200批次，完成率63.2%，"
        "应达到序时进度75%，落后11.8个百分点。责任单位：区市场监管局。"
    )
    body = [
        "根据《2026年工作要点》和2026年度工作进度安排，你单位有1项工作进度滞后，有关情况如下：",
        fact,
        "请你单位于2026年10月20日前将整改落实情况书面反馈我办。",
    ]
    paper = LetterPaper(
        kind, "食药安办〔2026〕1号", "2026年9月", "区市场监管局", body, "区食药安办",
        date(2026, 10, 9), date(2026, 10, 20),
    )  # fmt: skip
    file = tmp_path / "函.docx"
    write_letter_paper(file, paper)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "pdf", "--outdir", tmp_path, file],
        check=True, capture_output=True, timeout=110,
    )  # fmt: skip

    pages = [page.extract_text() for page in PdfReader(file.with_suffix(".pdf")).pages]
    assert len(pages) == 2 + (kind is not LetterKind.REMINDER)
    assert "请你单位" in pages[-2]
    assert "附件：" in pages[-2]
    assert "督办事项回复表" in pages[-1]
    assert "请你单位" not in pages[-1]
