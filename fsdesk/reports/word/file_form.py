"""What a Word file says of itself: its language, its dates, and the styles of its paragraphs."""

# python-docx has no public way to languages and outline levels: its XML is set directly.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportPrivateUsage=false

from __future__ import annotations

from datetime import datetime, time
from enum import Enum
from typing import TYPE_CHECKING, cast

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

if TYPE_CHECKING:
    from datetime import date

    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from docx.text.paragraph import Paragraph

AUTHOR = "食药安工作台"
CHINESE = "zh-CN"
# Figures and codes are in no language: as Chinese ones, LibreOffice would break them anywhere.
NO_LANGUAGE = "x-none"
# Of a template, whose letters have dates of their own; without one each writing would differ.
NO_DAY = datetime(2026, 1, 1)  # noqa: DTZ001 - Word's properties know no time zones


class Style(Enum):
    """The styles of an official paper, by the names that Word shows, with their outline level."""

    RED_HEAD = "公文红头", None
    NUMBER = "发文字号", None
    TITLE = "公文标题", 0
    ADDRESSEE = "主送机关", None
    BODY = "公文正文", None
    HEADING = "公文一级标题", 1
    SUBHEADING = "公文二级标题", 2
    CAPTION = "图表标题", None
    ANNEX_LIST = "附件说明", None
    ANNEX = "附件", 0
    SIGNATURE = "落款", None
    IMPRINT = "版记", None
    TABLE = "表格文字", None
    REMARK = "表注", None

    @property
    def title(self) -> str:
        """The name that Word shows."""
        return self.value[0]

    @property
    def level(self) -> int | None:
        """Its place in the outline, 0 the outermost; None for text."""
        return self.value[1]


def describe(document: Document, title: str, day: date | None = None) -> None:
    """Say title, author and day of a file, and that it is in Chinese."""
    properties = document.core_properties
    properties.title, properties.author, properties.language = title, AUTHOR, CHINESE
    properties.last_modified_by = AUTHOR
    date_file(document, day)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), NO_LANGUAGE)
        language.set(qn("w:eastAsia"), CHINESE)
    for language in document.settings.element.iter(qn("w:themeFontLang")):
        for script in ("val", "eastAsia"):
            language.set(qn(f"w:{script}"), CHINESE)


def date_file(document: Document, day: date | None) -> None:
    """Say when a file was made: on the day that stands on the paper, so that copies are equal."""
    made = datetime.combine(day, time(9)) if day else NO_DAY
    document.core_properties.created = document.core_properties.modified = made


def put_style(
    document: Document, paragraph: Paragraph, style: Style, font: str, size: float
) -> None:
    """Give a paragraph a style, made with its font and size when it is first used."""
    styles = document.styles
    if style.title not in styles:
        made = cast("ParagraphStyle", styles.add_style(style.title, WD_STYLE_TYPE.PARAGRAPH))
        made.base_style = styles["Normal"]  # pyright: ignore[reportAttributeAccessIssue]
        made.quick_style = True
        made.font.size = Pt(size)
        made.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
        if style.level is not None:
            outline = OxmlElement("w:outlineLvl")
            outline.set(qn("w:val"), str(style.level))
            made.element.get_or_add_pPr().append(outline)
    paragraph.style = styles[style.title]  # pyright: ignore[reportAttributeAccessIssue]
