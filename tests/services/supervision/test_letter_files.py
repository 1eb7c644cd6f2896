"""The four letters and their register as files, laid out as GB/T 9704—2012 asks."""

from __future__ import annotations

import re
from datetime import date

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook
from pypdf import PdfReader

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.output.kinds import REGISTER
from fsdesk.domain.periods import Period
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.reports.word.letter_papers import LetterPaper, default_template, letter_document
from fsdesk.services import word_templates
from fsdesk.services.output import reporting
from fsdesk.services.supervision import letter_files, supervision
from fsdesk.services.supervision import letters as one_step
from fsdesk.store.supervision import letters
from tests.office import write_again
from tests.templates import edited
from tests.workspaces import SETTLED

pytestmark = pytest.mark.slow

APRIL = Period.parse("2026-04")


@pytest.fixture
def issued(office, clock):
    """An office with a letter of each kind, and one draft."""
    clock.set("2026-05-11T01:00:00+00:00")
    for kind in LetterKind:
        draft = supervision.draft_for(office, APRIL, "scj", kind)
        if kind is LetterKind.INTERVIEW:
            supervision.arrange(office, draft.key, SETTLED)
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
    body = next(p for p in document.paragraphs if p.text.startswith("（1）"))
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


def test_several_are_written_at_once_each_by_its_name_as_word_file_and_pdf(issued, tmp_path):
    written = letter_files.write_letters(issued, list(keys_of(issued).values()), tmp_path)

    assert len({file.name for file in written}) == 8
    assert all(Document(file).paragraphs for file in written if file.suffix == ".docx")
    assert sum(file.suffix == ".pdf" and bool(PdfReader(file).pages) for file in written) == 4


def test_drafts_and_letters_are_listed_the_newest_first(issued):
    found = letter_files.listed(issued)

    assert found[0].name.startswith("提醒敦促函（拟稿）　区发改局")
    assert {each.key for each in found[1:]} == set(keys_of(issued).values())


def test_the_register_holds_letters_and_drafts(issued, unit, tmp_path):
    reporting.write_table(issued, REGISTER, APRIL, tmp_path / "登记簿.xlsx")

    rows = list(load_workbook(tmp_path / "登记簿.xlsx").active.values)
    head = next(n for n, row in enumerate(rows) if row[:3] == ("文号", "种类", "责任单位"))
    assert rows[head + 1][0] == "（拟稿，未编号）"
    assert {row[1] for row in rows[head + 1 : head + 6]} == {kind.label for kind in LetterKind}
    assert reporting.write_table(issued, REGISTER, APRIL, tmp_path / "登记簿.pdf") == 1
    with pytest.raises(InputRejectedError, match="督办登记簿反映各单位的情况，由区食药安办出具"):
        reporting.write_table(unit, REGISTER, APRIL, tmp_path / "x.xlsx")


def test_what_is_no_letter_or_no_word_file_is_refused(issued, tmp_path):
    with pytest.raises(InputRejectedError, match="登记簿中没有这份函件"):
        letter_files.write_letter(issued, "reminder/2026/99", tmp_path / "x.docx")
    with pytest.raises(InputRejectedError, match="不能保存为"):
        letter_files.write_letter(issued, "reminder/2026/1", tmp_path / "x.txt")


@pytest.mark.parametrize("kind", list(LetterKind))
def test_the_pdf_and_the_preview_say_what_the_word_file_says(issued, tmp_path, kind):
    key = keys_of(issued)[kind]
    letter_files.write_letter(issued, key, tmp_path / "函件.docx")
    letter_files.write_letter(issued, key, tmp_path / "函件.pdf")

    reader = PdfReader(tmp_path / "函件.pdf")
    told = "".join("".join(page.extract_text().split()) for page in reader.pages)
    told = re.sub(r"—\d—", "", told)  # the numbers of pages
    for paragraph in Document(tmp_path / "函件.docx").paragraphs:
        assert "".join(paragraph.text.split()) in told
    assert len(letter_files.pages_of(issued, key)) == len(reader.pages)
    assert kind.label in reader.metadata.title


def test_the_last_letter_is_issued_in_the_committee_s_name(issued, tmp_path):
    letter_files.write_letter(issued, keys_of(issued)[LetterKind.LISTED], tmp_path / "a.docx")

    texts = [paragraph.text for paragraph in Document(tmp_path / "a.docx").paragraphs]
    assert "区食药安委" in texts
    assert "区食药安办" not in texts


def test_no_number_is_used_when_the_file_of_a_reminder_cannot_be_written(office, tmp_path):
    (tmp_path / "busy.docx").mkdir()
    with pytest.raises(InputRejectedError, match="不能写入文件"):
        one_step.issue_reminder(office, "scj", APRIL, tmp_path / "busy.docx")
    assert not keys_of(office)
    assert not supervision.drafts(office)
    letter = one_step.issue_reminder(office, "scj", APRIL, tmp_path / "a.pdf", days=3)
    assert letter.number == 1


# The office's own templates


def test_an_office_edits_a_template_in_word_and_goes_back(issued, tmp_path):
    template = letter_files.TEMPLATES[LetterKind.REMINDER]
    file = edited(issued, template, tmp_path / "模板.docx", "的提醒敦促函", "的督促函")
    word_templates.take(issued, template, file)
    assert word_templates.is_own(issued, template)

    (draft,) = supervision.drafts(issued)

    def texts():
        letter_files.write_letter(issued, draft.key, tmp_path / "函.docx")
        return [paragraph.text for paragraph in Document(tmp_path / "函.docx").paragraphs]

    assert "和报送情况的督促函" in texts()
    word_templates.reset(issued, template)
    assert "和报送情况的提醒敦促函" in texts()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{{ 文号 }}", "第1号", "模板中缺少{{ 文号 }}"),
        ("{{ 主送单位 }}", "{{ 收文单位 }}", "模板中缺少{{ 主送单位 }}"),
        ("关于", "{{ 收文单位 }}关于", "“收文单位”不是可用的名称"),
    ],
)
def test_a_template_that_makes_no_whole_letter_is_refused(issued, tmp_path, old, new, words):
    template = letter_files.TEMPLATES[LetterKind.REMINDER]
    file = edited(issued, template, tmp_path / "模板.docx", old, new)
    document = Document(file)
    for table in document.tables:
        table._element.getparent().remove(table._element)
    document.save(file)
    with pytest.raises(InputRejectedError, match=re.escape(words)):
        word_templates.take(issued, template, file)
    assert not word_templates.is_own(issued, template)


@pytest.mark.foreign
@pytest.mark.parametrize("kind", list(LetterKind))
def test_the_signature_stands_with_the_body_and_the_form_on_a_page_of_its_own(tmp_path, kind):
    fact = (
        "1.食品监督抽检批次（任务“抽检监测”）：目标为≥1900批次，目前为1200批次，完成率63.2%，"
        "应达到序时进度75.0%，落后11.8个百分点。责任单位：区市场监管局。"
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
    file.write_bytes(letter_document(paper, default_template(kind, "区食药安办")))
    write_again("pdf", tmp_path, file)

    pages = [page.extract_text() for page in PdfReader(file.with_suffix(".pdf")).pages]
    assert len(pages) == 2 + (kind is not LetterKind.REMINDER)
    assert "请你单位" in pages[-2]
    assert "附件：" in pages[-2]
    assert "督办事项回复表" in pages[-1]
    assert "请你单位" not in pages[-1]
