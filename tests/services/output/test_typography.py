"""Every PDF that the program makes, read back: layout, faces, language, parts.

In a district of 60 units with long names, for the office and for one of its units.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from fsdesk.domain.findings import InputRejectedError
from fsdesk.domain.output.arrangement import Arrangement
from fsdesk.domain.output.kinds import KINDS, LEDGER, SCORE, Form, kinds_of
from fsdesk.domain.output.pages import Align, Face, Paper, PaperPage, PaperSize, TextItem
from fsdesk.reports.paper.pdf import pdf_bytes
from fsdesk.reports.word.amendment_papers import AmendmentPaper, amendment_pages
from fsdesk.services.output import outputs, reporting
from fsdesk.services.output.outputs import Chosen
from tests.papers import NEEDS_LAST_YEAR
from tests.reports.long_names import ADDRESSEE, JUNE, make_large_office, make_long_named_unit
from tests.reports.typography import (
    BOTTOM,
    LEFT,
    PITCH,
    cut_numbers,
    file_faults,
    official_faults,
    part_faults,
    picture_faults,
    sheets_of,
    table_faults,
)

pytestmark = pytest.mark.slow

WITHOUT_PDF = (Form.EVIDENCE_PACK, Form.SET)
PRINTED = [
    each
    for each in KINDS
    if each.form not in WITHOUT_PDF and (each.form, each.kind) != NEEDS_LAST_YEAR
]
PAPERS = [Paper(size, across) for size in PaperSize for across in (False, True)]


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("long names")
    with (
        make_large_office(folder / "office") as office,
        make_long_named_unit(office, folder / "unit") as unit,
    ):
        yield {True: office, False: unit}


def about(workspace, kind):
    if kind.form is Form.LETTER:
        return [key for _, key in outputs.find(kind.form, kind.kind).items.found(workspace)]
    return [{SCORE: ADDRESSEE, LEDGER: "sampling"}.get(kind.kind, "")]


def faults_of(data, form):
    """All that is wrong with a paper of a form."""
    sheets = sheets_of(data)
    found = [*file_faults(data), *part_faults(data, sheets)]
    if form is Form.TABLE:
        return found + list(table_faults(sheets))
    if form is Form.CARD:
        found += [fault for sheet in sheets for fault in cut_numbers(sheet)]
    if form in (Form.CHART, Form.POSTER, Form.CARD):
        return found + list(picture_faults(sheets))
    # In letter form the first page bears no number; such a paper has no imprint.
    imprint = any(line.plain.endswith("印发") for line in sheets[-1].lines)
    return found + list(official_faults(sheets, numbered_from=1 if imprint else 2))


def saved(workspace, kind, item, file, paper=None):
    arrangement = (
        Arrangement(size=paper.size, landscape=paper.landscape) if paper else Arrangement()
    )
    output = outputs.find(kind.form, kind.kind)
    output.save(workspace, JUNE, Chosen(item=item, arrangement=arrangement), file)
    return file.read_bytes()


@pytest.mark.parametrize("kind", PRINTED, ids=lambda each: f"{each.form}/{each.kind}")
@pytest.mark.parametrize("is_office", [True, False], ids=["office", "unit"])
def test_every_pdf_is_set_as_it_should_be(both, tmp_path, kind, is_office):
    workspace = both[is_office]
    if not kind.maker.may_be(office=is_office):
        with pytest.raises(InputRejectedError, match=kind.title):
            saved(workspace, kind, "", tmp_path / "a.pdf")
        return
    items = about(workspace, kind)
    assert items
    for number, item in enumerate(items):
        data = saved(workspace, kind, item, tmp_path / f"{number}.pdf")
        assert faults_of(data, kind.form) == []


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: paper.label)
@pytest.mark.parametrize("kind", kinds_of(Form.TABLE), ids=lambda each: each.kind)
def test_every_table_is_whole_on_every_paper_or_is_refused(both, kind, paper):
    (item,) = about(both[True], kind)
    arrangement = Arrangement(size=paper.size, landscape=paper.landscape)
    sheets = reporting.table_sheets(both[True], kind.kind, JUNE, arrangement, item)
    if sheets.refused is not None:
        assert "会被拆断" in str(sheets.refused)
        assert paper not in sheets.instead
        return
    assert list(table_faults(sheets_of(pdf_bytes(sheets.pages, kind.title)))) == []


@pytest.mark.parametrize("paragraphs", [1, 4, 9])
def test_a_notice_about_a_letter_is_set_as_it_should_be(paragraphs):
    name = "某市某某新城经济技术开发区食品药品安全委员会办公室"
    text = "经研究，同意将回复期限延长至2026年8月19日，请抓紧办理，不得再次延期" * 3 + "。"
    paper = AmendmentPaper(
        "食药安办督办〔2026〕1号", "关于延长办理期限的复函", f"第2{name}（知识产权局）",
        [text] * paragraphs, name, name, date(2026, 7, 8), "（联系人：欧阳某某）",
    )  # fmt: skip
    assert faults_of(pdf_bytes(amendment_pages(paper), paper.name), Form.LETTER) == []


# The check itself


def wrong(change):
    """What is said of a letter whose first page is changed."""
    page = PaperPage(595.28, 841.89, ())
    lines = [text("关于抽检工作的函", 22, 150, Face.TITLE, Align.CENTRE, 300)]
    words = "各单位要按时报送重点工作进展情况和数据并核对以前各月所报"  # 28 characters
    lines += [text(words[:28], 15.75, 250 + PITCH * n) for n in range(3)]
    lines.append(text("— 1 —", 14, BOTTOM + 27, Face.SONG, Align.RIGHT, 521.57 - 14))
    data = pdf_bytes((replace(page, items=tuple(change(lines))),), "函")
    return [*official_faults(sheets_of(data))]


def text(words, size, y, face=Face.BODY, align=Align.LEFT, x=LEFT):
    return TextItem(x, y, words, size, face=face, align=align)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines, None),
        (lambda lines: [*lines[:1], replace(lines[1], text=lines[1].text + "多"), *lines[2:]],
         "out of the type area"),
        (lambda lines: [*lines[:2], replace(lines[2], y=lines[2].y - 8), *lines[3:]],
         "points apart"),
        (lambda lines: [lines[0], replace(lines[1], text=lines[1].text[1:]), *lines[2:]],
         "end at the edge"),
        (lambda lines: [replace(lines[0], face=Face.BODY), *lines[1:]], "title in"),
        (lambda lines: [lines[0], replace(lines[1], face=Face.PLAIN), *lines[2:]], "text in"),
        (lambda lines: lines[:-1], "numbered []"),
        (lambda lines: [*lines[:-1], replace(lines[-1], x=200)], "points off"),
        (lambda lines: [*lines, text("压在上面的字", 15.75, lines[1].y + 1)], "text over text"),
        (lambda lines: [*lines[:3], text("数量为12", 15.75, 250 + 3 * PITCH),
                        text("34件。", 15.75, 250 + 4 * PITCH), lines[-1]], "a number is cut"),
        (lambda lines: [*lines[:-1], text("2026年7月8日印发", 14, 600), lines[-1]], "odd page"),
    ],
)  # fmt: skip
def test_the_check_finds_what_is_wrong_with_a_letter(change, said):
    found = wrong(change)
    if said is None:
        assert found == []
    else:
        assert any(said in each for each in found)


def test_the_parts_of_a_table_are_told_with_what_goes_over_several_rows(both, tmp_path):
    kind = next(each for each in kinds_of(Form.TABLE) if each.kind == "tasks")
    data = saved(both[True], kind, "", tmp_path / "a.pdf")
    root = PdfReader(BytesIO(data)).trailer["/Root"]
    document = root["/StructTreeRoot"]["/K"]
    kinds = [each.get_object()["/S"] for each in document["/K"]]
    assert kinds[0] == "/H1"
    table = document["/K"][kinds.index("/Table")].get_object()
    rows = [row.get_object() for row in table["/K"]]
    head = {cell.get_object()["/S"] for cell in rows[0]["/K"]}
    assert head == {"/TH"}
    first = rows[-48]["/K"][0].get_object()
    assert first["/S"] == "/TD"
    assert first["/A"]["/RowSpan"] == 16
