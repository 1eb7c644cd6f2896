"""延期复函 and 更正通知 on pages: in letter form, whatever the length of what is put right."""

from __future__ import annotations

from datetime import date

import pytest

from fsdesk.domain.output.pages import POINTS_PER_MM, Align, TextItem
from fsdesk.domain.supervision.amendments import AmendmentKind, amendment_title
from fsdesk.domain.supervision.letters import LetterKind
from fsdesk.reports.paper.fonts import text_width
from fsdesk.reports.word.amendment_papers import AmendmentPaper, amendment_pages

OFFICE = "某市某某新城经济技术开发区食品药品安全委员会办公室"


def pages_of(lines=1, kind=LetterKind.LISTED, what=AmendmentKind.CORRECTED):
    body = [
        "我委印发的函件，有关内容更正如下：",
        *["“不低于30%”更正为“不低于35%”。" * 3] * lines,
        "特此通知。",
    ]
    number = "某食药安委督办〔2026〕12号"
    paper = AmendmentPaper(
        number, amendment_title(what, kind), f"{OFFICE}某某街道办事处", body, OFFICE, OFFICE,
        date(2026, 11, 30), "（联系人：张三，联系电话：0123-4567890）",
    )  # fmt: skip
    return amendment_pages(paper)


def texts(page):
    return [item for item in page.items if isinstance(item, TextItem)]


@pytest.mark.parametrize("what", AmendmentKind)
@pytest.mark.parametrize("kind", LetterKind)
def test_the_title_stands_in_one_line_of_the_type_area(kind, what):
    (title,) = (item for item in texts(pages_of(1, kind, what)[0]) if item.text.startswith("关于"))
    assert text_width(title.text, title.size, title.face) <= 156 * POINTS_PER_MM


@pytest.mark.parametrize("lines", [1, 3, 5, 6, 7, 12, 40])
def test_nothing_leaves_the_type_area_and_the_signature_never_stands_alone(lines):
    pages = pages_of(lines)
    for page in pages:
        for item in texts(page):
            if item.align is Align.LEFT:
                width = text_width(item.text, item.size, item.face)
                assert item.x + width <= 184.5 * POINTS_PER_MM
            assert item.y <= 277 * POINTS_PER_MM
    last = [item.text for item in texts(pages[-1])]
    assert {"特此通知。", "2026年11月30日"} <= set(last)
    assert OFFICE in "".join(last)  # a long name takes two lines
