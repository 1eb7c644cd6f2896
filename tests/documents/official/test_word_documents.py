"""Word files as offices make them: heading styles, lists, changes tracked, odd tables."""

from __future__ import annotations

from io import BytesIO

import pytest
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from fsdesk.documents.official.parser import Known, parse
from fsdesk.documents.official.sources.word import read_word
from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.domain.findings import InputRejectedError
from fsdesk.services.plan_document.plan_documents import read_pasted
from tests.documents.official.corpus_files import word_file

KNOWN = Known(load_builtin_plan(2026).directory, year=2026)
ANSWER = "（区教育局负责）"


def saved(document):
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def plan_of(data):
    return parse(read_word(data, "a.docx"), KNOWN).plan


def lines_of(data):
    return [line.text for line in read_word(data, "a.docx").lines]


def numbered(document, form, pattern, texts, start=1):
    """Put paragraphs with Word's own numbers of one form."""
    numbering = document.part.numbering_part.element
    number = str(200 + len(numbering))
    shape = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}"><w:lvl w:ilvl="0">'
        f'<w:start w:val="{start}"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/>'
        f"</w:lvl></w:abstractNum>"
    )
    numbering.insert(0, shape)
    numbering.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
        )
    )
    for text in texts:
        properties = document.add_paragraph(text)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().set(qn("w:val"), number)


def test_headings_by_style_need_no_numbers():
    document = Document()
    document.add_paragraph("2026年工作要点")
    document.add_heading("压实责任", 1)
    document.add_heading("落实机制", 2)
    document.add_paragraph(f"完善机制。{ANSWER}")
    document.add_heading("强化培训", 2)
    document.add_paragraph(f"开展培训2期。{ANSWER}")
    plan = plan_of(saved(document))

    assert [section.title for section in plan.sections] == ["压实责任"]
    assert [point.title for point in plan.points] == ["落实机制", "强化培训"]
    assert [len(task.indicators) for task in plan.tasks] == [0, 1]


@pytest.mark.parametrize(
    ("form", "pattern", "start", "shown"),
    [
        ("chineseCountingThousand", "%1、", 1, ["一、", "二、"]),
        ("japaneseCounting", "（%1）", 9, ["（九）", "（十）"]),
        ("decimal", "%1.", 3, ["3.", "4."]),
        ("decimalEnclosedCircle", "%1", 1, ["①", "②"]),
        ("upperRoman", "%1.", 1, ["Ⅰ.", "Ⅱ."]),
        ("lowerLetter", "%1)", 1, ["a)", "b)"]),
        ("upperLetter", "%1.", 1, ["A.", "B."]),
        ("bullet", "", 1, ["", ""]),
    ],
)
def test_numbers_that_word_makes_stand_in_the_text(form, pattern, start, shown):
    document = Document()
    numbered(document, form, pattern, ["甲", "乙"], start)

    assert lines_of(saved(document)) == [f"{shown[0]}甲", f"{shown[1]}乙"]


def test_deleted_text_is_gone_and_inserted_text_is_there():
    document = Document()
    paragraph = document.add_paragraph("1.开展")
    for tag, text_tag, text in (("w:del", "w:delText", "检查"), ("w:ins", "w:t", "培训")):
        change, run, words = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(text_tag)
        words.text = text
        run.append(words)
        change.append(run)
        paragraph._p.append(change)
    paragraph.add_run("2期。").add_break()
    paragraph.add_run(f"下一行\t{ANSWER}")

    assert lines_of(saved(document)) == ["1.开展培训2期。", f"下一行 {ANSWER}"]


def test_a_frame_of_cells_around_text_is_read_as_text():
    document = Document()
    table = document.add_table(3, 1)
    for row, text in enumerate(["一、压实责任", f"1.完善机制。{ANSWER}", f"2.开展培训。{ANSWER}"]):
        table.cell(row, 0).text = text

    assert [point.title for point in plan_of(saved(document)).points] == ["完善机制", "开展培训"]


def test_a_bold_beginning_is_the_title():
    plan = plan_of(word_file(f"一、压实责任\n[2] **完善机制**建立会商机制。{ANSWER}\n"))

    assert [point.title for point in plan.points] == ["完善机制"]
    assert plan.tasks[0].text == "建立会商机制。"


TABLE = """2026年任务分解表
| 序号 | 重点任务 | 牵头单位 | 配合单位 |
| 一 | 校园安全 | < | < |
| 1 | 开展检查 | 区教育局 | 区卫健局 |
| 2 | 开展培训 | 区教育局 | 无 |
| ^ | ^ | 区公安分局 | 区商务局 |
| 合计 | | | |
"""


def test_rows_of_merged_tasks_add_those_who_answer():
    plan = plan_of(word_file(TABLE))
    names = plan.directory
    found = [[(names.name(a.party), a.role.value) for a in t.assignments] for t in plan.tasks]

    assert found == [
        [("区教育局", "LEAD"), ("区卫健局", "SUPPORT")],
        [("区教育局", "LEAD"), ("区公安分局", "LEAD"), ("区商务局", "SUPPORT")],
    ]
    assert [section.title for section in plan.sections] == ["校园安全"]


@pytest.mark.parametrize(
    ("column", "names", "sections"),
    [
        ("责任事项", ["农村整治", "校园守护"], 1),
        ("重点任务", ["加强监管", "加强监管"], 1),
        ("类别", ["农村整治", "校园守护"], 2),
    ],
)
def test_a_column_of_names_beside_the_contents_names_the_tasks(column, names, sections):
    rows = "\n".join(
        f"{name}\t{text}\t区教育局"
        for name, text in zip(names, ("检查商户100家。", "检查食堂20家。"), strict=True)
    )
    plan = read_pasted(f"2026年任务清单\n{column}\t工作内容\t责任单位\n{rows}").plan
    named = [point.title for point in plan.points]

    assert len(plan.sections) == sections
    assert (named == names) == (column == "责任事项")


def test_a_header_that_is_repeated_on_the_next_page_is_no_task():
    lines = TABLE.splitlines()
    plan = plan_of(word_file("\n".join([*lines[:5], lines[1], *lines[5:6]])))

    assert len(plan.tasks) == 2


def test_what_stands_in_a_column_of_units_and_is_none_is_told():
    parsed = parse(read_word(word_file(TABLE.replace("区卫健局", "详见附件。")), "a.docx"), KNOWN)

    assert any("不像单位的全称" in doubt.message for doubt in parsed.warnings)


def test_a_table_that_repeats_the_text_is_not_taken_twice():
    text = f"""2026年工作要点
一、压实责任
1.完善机制。建立食品安全会商机制，每季度通报情况。{ANSWER}
2.强化培训。开展学校食堂从业人员培训两期。{ANSWER}
附件：任务分解表
| 序号 | 任务 | 责任单位 | 完成时限 |
| 1 | 建立食品安全会商机制，每季度通报情况。 | 区教育局 | 全年 |
| 2 | 开展学校食堂从业人员培训两期。 | 区教育局 | 6月底 |
"""
    parsed = parse(read_word(word_file(text), "a.docx"), KNOWN)

    assert len(parsed.plan.tasks) == 2
    assert any("同一批任务" in doubt.message for doubt in parsed.doubts)


def test_a_table_of_other_things_is_no_plan():
    with pytest.raises(InputRejectedError, match="不像工作要点"):
        plan_of(word_file("| 姓名 | 电话 |\n| 甲 | 1 |\n| 乙 | 2 |\n"))
