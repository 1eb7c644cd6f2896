"""What a file holds beside the text that is read is told at its place, in every form of file."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from docx import Document
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Text
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.plan.sheets import HEADERS
from fsdesk.services.plan_document.plan_documents import export_plan, read_document
from tests.documents.official.forms import ofd_file, pdf_file

PLAN = load_builtin_plan(2026)
HEAD = ["序号", "工作任务", "目标", "责任单位"]
TEXT = """2026年食品药品安全工作要点
一、压实责任
1. 强化抽检监测
开展食品监督抽检，全年不少于1500批次。[区市场监管局负责]
开展科普宣传进社区，全年不少于20场。[区教育局负责]
"""


def told(file):
    """Where each doubt lies and what it says."""
    parsed = read_document(file)
    return [(parsed.lines[it.span.line - 1].place, it.message) for it in parsed.doubts]


def png_bytes():
    """A small white picture."""
    file = BytesIO()
    Image.new("RGB", (4, 4), "white").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def table(tmp_path):
    """A table of tasks; what is done to it beforehand is a test's own."""

    def saved(change):
        book = Workbook()
        sheet = book.worksheets[0]
        sheet.title = "任务"
        sheet.append(HEAD)
        sheet.append([1, "开展食品监督抽检，全年不少于1900批次", "1900批次", "区市场监管局"])
        sheet.append([2, "开展科普宣传进社区，全年不少于20场", "", "区教育局"])
        change(book, sheet)
        file = tmp_path / "任务分解.xlsx"
        book.save(file)
        return told(file)

    return saved


def hidden_sheet(book, _sheet):
    other = book.create_sheet("补充")
    other.sheet_state = "hidden"
    other.append([1, "药店检查，全年不少于30家次", "", "区教育局"])


def error_value(_book, sheet):
    sheet["D3"] = "#REF!"
    sheet["D3"].data_type = "e"


def formula(_book, sheet):
    sheet["C3"] = "=10+10"


def comment(_book, sheet):
    sheet["B3"].comment = Comment("改为30场", "王")


def hidden_row(_book, sheet):
    sheet.row_dimensions[3].hidden = True


def hidden_column(_book, sheet):
    sheet.column_dimensions["D"].hidden = True


def far_away(_book, sheet):
    sheet.cell(3, 70).value = "另加10场"


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (hidden_sheet, "工作表“补充”", "是隐藏的，没有读取"),
        (error_value, "工作表“任务”第 3 行", "第 D 列单元格是错误值"),
        (formula, "工作表“任务”第 3 行", "第 C 列公式没有保存计算结果，没有读取"),
        (comment, "工作表“任务”第 3 行", "批注或文本框“改为30场”没有读取"),
        (hidden_row, "工作表“任务”第 3 行", "有 1 行是隐藏的，或被筛选掉，照常读取"),
        (hidden_column, "工作表“任务”第 1 行", "第 D 列是隐藏的，照常读取"),
        (far_away, "工作表“任务”第 3 行", "第 60 列以后的内容没有读取"),
    ],
)
def test_what_a_table_of_tasks_holds_beside_its_texts(table, change, place, words):
    before = table(lambda *_: None)
    new = [each for each in table(change) if each not in before]
    assert any(where == place and words in message for where, message in new), new
    assert not any("#REF!" in message for _, message in new)


def test_a_target_that_stands_in_text_and_column_is_taken_and_not_called_left_out(table):
    assert not any("没有列为指标" in message for _, message in table(lambda *_: None))


@pytest.fixture
def exported(tmp_path):
    """The plan's workbook, edited and read again."""

    def edited(change):
        file = tmp_path / "计划.xlsx"
        export_plan(PLAN, file)
        book = load_workbook(file)
        change(book)
        book.save(file)
        return file

    return edited


def test_hidden_sheets_of_an_exported_plan_are_read(exported):
    def hide(book):
        for title in HEADERS:
            if title in book.sheetnames:
                book[title].sheet_state = "hidden"

    assert read_document(exported(hide)).plan == PLAN


def column_of(sheet, name):
    return next(cell.column_letter for cell in sheet[1] if cell.value == name)


def rename_sheet(book):
    book["指标"].title = "指标（改）"


def drop_sheet(book):
    del book["分解目标"]


def rename_column(book):
    book["指标"][f"{column_of(book['指标'], '填报单位')}1"] = "谁来填"


def double_column(book):
    book["任务"].cell(1, 9).value = "内容"


def plan_error(book):
    book["指标"]["G3"] = "#REF!"
    book["指标"]["G3"].data_type = "e"


def plan_formula(book):
    book["指标"]["G3"] = "=10*10"


def no_word(book):
    book["单位"][f"{column_of(book['单位'], '按季度报送')}3"] = "√"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (rename_sheet, "缺少工作表“指标”"),
        (drop_sheet, "缺少工作表“分解目标”"),
        (rename_column, "缺少“填报单位”列"),
        (double_column, "“内容”列有 2 个"),
        (plan_error, "工作表“指标” 单元格 G3：单元格是错误值"),
        (plan_formula, "工作表“指标” 单元格 G3：公式没有保存计算结果"),
        (no_word, "“按季度报送”的取值“√”无效"),
    ],
)
def test_an_exported_plan_that_lost_something_is_refused(exported, change, words):
    with pytest.raises(InputRejectedError, match=words):
        read_document(exported(change))


def other_name(book):
    book["责任分工"]["C2"] = "区教育局"


def other_day(book):
    book["计划"]["B7"] = "2026-05-01"


def further_column(book):
    book["指标"]["V3"] = "请改为100"


def further_sheet(book):
    book.create_sheet("补充指标")["A1"] = "新增指标"


def a_comment(book):
    book["任务"]["B3"].comment = Comment("改为牵头", "王")


def printed_over(book):
    book["任务分解表"]["G5"] = "食品监督抽检 2500 批次"


@pytest.mark.parametrize(
    ("change", "place", "words"),
    [
        (other_name, "工作表“责任分工” 单元格 C2", "“区教育局”没有采用，读作"),
        (other_day, "工作表“计划” 单元格 B7", "没有采用，读作“2026-01-01”"),
        (further_column, "工作表“指标” 单元格 V3", "“请改为100”没有读取"),
        (further_sheet, "工作表“补充指标”", "不属于计划，没有读取"),
        (a_comment, "工作表“任务” 单元格 B3", "批注或文本框“改为牵头”没有读取"),
        (printed_over, "工作表“任务分解表”第 5 行", "供打印，不读取"),
    ],
)
def test_what_is_written_into_an_exported_plan_and_not_taken_is_told(
    exported, change, place, words
):
    ((where, message),) = told(exported(change))
    assert where == place
    assert words in message


def word_file(tmp_path):
    document = Document()
    for line in TEXT.splitlines():
        document.add_paragraph(line)
    return document, tmp_path / "工作要点.docx"


def test_comments_hidden_text_and_pictures_of_a_word_file(tmp_path):
    document, file = word_file(tmp_path)
    document.add_comment(document.paragraphs[3].runs, text="改为1600批次", author="王")
    hidden = document.paragraphs[4].add_run("夜间检查不少于99次")
    hidden.font.hidden = True
    struck = document.paragraphs[4].add_run("试点先行")
    struck.font.strike = True
    document.add_picture(BytesIO(png_bytes()))
    document.save(file)
    found = told(file)
    assert ("第 4 段", "批注“改为1600批次”没有读取") in found
    assert ("第 5 段", "隐藏的文字“夜间检查不少于99次”没有读取") in found
    assert ("第 5 段", "带删除线的文字“试点先行”照常读取") in found
    assert ("第 6 段", "文件中有 1 处图片或图形，其中的文字没有读取") in found
    assert not any("99" in item.target_text for item in read_document(file).plan.indicators)


def test_revisions_and_footnotes_of_a_word_file(tmp_path):
    document, file = word_file(tmp_path)
    document.save(file)
    revised = (
        '</w:t></w:r><w:del w:id="1" w:author="王"><w:r><w:delText>20场</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="王"><w:r><w:t>30场</w:t></w:r></w:ins>'
        '<w:r><w:footnoteReference w:id="5"/></w:r><w:r><w:t>'
    )
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    body = parts["word/document.xml"].decode()
    parts["word/document.xml"] = body.replace("20场", revised).encode()
    parts["word/footnotes.xml"] = (
        f'<w:footnotes {space}><w:footnote w:id="5"><w:p><w:r><w:t>含线上</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    ).encode()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    assert "≥30场" in {item.target_text for item in read_document(file).plan.indicators}
    found = told(file)
    assert ("第 5 段", "文件中有 2 处修订，按接受全部修订后的文字读取") in found
    assert ("第 5 段", "脚注“含线上”没有读取") in found


def with_picture(data, width):
    """Lay a picture over the foot of a PDF file's first page."""
    picture = BytesIO()
    canvas = Canvas(picture, pagesize=A4)
    canvas.drawImage(ImageReader(BytesIO(png_bytes())), 60, 60, width, width)
    canvas.save()
    writer = PdfWriter(clone_from=BytesIO(data))
    writer.pages[0].merge_page(PdfReader(picture).pages[0])
    return writer


@pytest.mark.parametrize(("width", "is_told"), [(300, True), (110, False)])
def test_a_picture_on_a_page_of_text_is_told_unless_it_is_small_as_a_seal(tmp_path, width, is_told):
    file = tmp_path / "工作要点.pdf"
    with_picture(pdf_file(TEXT), width).write(file)
    assert any("第 1 页有图片" in message for _, message in told(file)) == is_told


def test_notes_on_a_pdf_files_pages(tmp_path):
    file = tmp_path / "工作要点.pdf"
    writer = PdfWriter(clone_from=BytesIO(pdf_file(TEXT)))
    writer.add_annotation(0, Text(rect=(50, 550, 200, 650), text="改为1600批次"))
    writer.add_annotation(0, FreeText(rect=(50, 450, 200, 500), text="请教育局牵头"))
    writer.write(file)
    messages = [message for _, message in told(file)]
    assert "第 1 页的批注“改为1600批次”没有读取" in messages
    assert "第 1 页的批注“请教育局牵头”没有读取" in messages


def test_pictures_notes_and_scanned_pages_of_an_ofd_file(tmp_path):
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    with zipfile.ZipFile(BytesIO(ofd_file(TEXT))) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    page = "Doc_0/Pages/Page_0/Content.xml"
    picture = '<ofd:ImageObject ID="9" Boundary="20 150 160 100" ResourceID="3"/></ofd:Layer>'
    parts[page] = parts[page].replace("</ofd:Layer>", picture)
    parts["Doc_0/Pages/Page_1/Content.xml"] = f"<ofd:Page {space}><ofd:Content/></ofd:Page>"
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(
        "</ofd:Pages>",
        '<ofd:Page ID="7" BaseLoc="Pages/Page_1/Content.xml"/></ofd:Pages>'
        "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>",
    )
    parts["Doc_0/Annots/Annotations.xml"] = (
        f'<ofd:Annotations {space}><ofd:Page PageID="0"><ofd:FileLoc>Page_0.xml</ofd:FileLoc>'
        "</ofd:Page></ofd:Annotations>"
    )
    parts["Doc_0/Annots/Page_0.xml"] = (
        f'<ofd:PageAnnot {space}><ofd:Annot Type="Highlight"><ofd:Remark>改为1600批次</ofd:Remark>'
        "</ofd:Annot></ofd:PageAnnot>"
    )
    file = tmp_path / "工作要点.ofd"
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    messages = [message for _, message in told(file)]
    assert "第 1 页有图片，图中的文字没有读取" in messages
    assert "第 1 页的批注“改为1600批次”没有读取" in messages
    assert "第 2 页没有文字，可能是扫描页，没有读入" in messages
