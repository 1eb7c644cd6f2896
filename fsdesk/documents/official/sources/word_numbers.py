"""The numbers that Word puts before paragraphs: they are not in the text and must be counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.documents.official.numerals import chinese, circled

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9


class _Level(Struct):
    """How one level of a list is numbered."""

    form: str = "decimal"
    pattern: str = ""
    start: int = 1


class _List(Struct):
    """A list that paragraphs belong to: its levels, and how far each has been counted."""

    levels: dict[int, _Level] = field(default_factory=dict[int, _Level])
    counts: dict[int, int] = field(default_factory=dict[int, int])


class Numbering:
    """Counts the numbered paragraphs of a document as Word does."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        """Take the document's lists and styles; either may be missing."""
        self._lists = _lists(numbering)
        self._by_style = _by_style(styles)
        self._headings = _headings(styles)

    def next(self, paragraph: Element) -> str:
        """Return the number that stands before a paragraph, or nothing; call it in order."""
        found = self._place(paragraph)
        numbered = self._lists.get(found[0]) if found else None
        if found is None or numbered is None:
            return ""
        level = found[1]
        here = numbered.levels.get(level)
        if here is None or here.form in {"bullet", "none"}:
            return ""
        numbered.counts[level] = numbered.counts.get(level, here.start - 1) + 1
        for deeper in range(level + 1, _LEVELS):
            numbered.counts.pop(deeper, None)
        text = numbered.levels[level].pattern
        for at in range(level + 1):
            of = numbered.levels.get(at)
            if of is not None:
                form = "decimal" if at < level and "." in text else of.form
                count = numbered.counts.get(at, of.start)
                text = text.replace(f"%{at + 1}", _FORMS.get(form, str)(count))
        return text

    def heading(self, paragraph: Element) -> int:
        """Return a paragraph's level as a heading, from 1; 0 for a paragraph of text."""
        own = _value(paragraph.find(f"{W}pPr/{W}outlineLvl"))
        if own.isdigit():
            return int(own) + 1 if int(own) < _LEVELS else 0
        return self._headings.get(_value(paragraph.find(f"{W}pPr/{W}pStyle")), 0)

    def _place(self, paragraph: Element) -> tuple[str, int] | None:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None
        style = properties.find(f"{W}pStyle")
        inherited = self._by_style.get(_value(style)) if style is not None else None
        own = properties.find(f"{W}numPr")
        if own is None:
            return inherited
        number = _value(own.find(f"{W}numId")) or (inherited[0] if inherited else "")
        level = _value(own.find(f"{W}ilvl"))
        return number, int(level) if level.isdigit() else (inherited[1] if inherited else 0)


def _roman(number: int) -> str:
    return "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"[number - 1] if 0 < number <= 12 else str(number)  # noqa: PLR2004


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26)


_FORMS: dict[str, Callable[[int], str]] = {
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "chineseLegalSimplified": chinese,
    "ideographTraditional": chinese,
    "taiwaneseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "upperRoman": _roman,
    "lowerRoman": _roman,
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
}


def _value(element: Element | None) -> str:
    return "" if element is None else element.get(f"{W}val", "")


def _lists(numbering: Element | None) -> dict[str, _List]:
    if numbering is None:
        return {}
    shapes = {
        shape.get(f"{W}abstractNumId", ""): _levels(shape)
        for shape in numbering.iter(f"{W}abstractNum")
    }
    counted: dict[str, dict[int, int]] = {}
    lists: dict[str, _List] = {}
    for one in numbering.iter(f"{W}num"):
        shape = _value(one.find(f"{W}abstractNumId"))
        levels = dict(shapes.get(shape, {}))
        starts = [o for o in one.iter(f"{W}lvlOverride") if o.find(f"{W}startOverride") is not None]
        # Lists of one shape go on counting where the other stopped, unless told to begin anew.
        counts = {} if starts else counted.setdefault(shape, {})
        lists[one.get(f"{W}numId", "")] = _List(levels, counts)
    return lists


def _levels(shape: Element) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for level in shape.iter(f"{W}lvl"):
        at = level.get(f"{W}ilvl", "0")
        start = _value(level.find(f"{W}start"))
        levels[int(at) if at.isdigit() else 0] = _Level(
            _value(level.find(f"{W}numFmt")) or "decimal",
            _value(level.find(f"{W}lvlText")),
            int(start) if start.isdigit() else 1,
        )
    return levels


def _headings(styles: Element | None) -> dict[str, int]:
    found: dict[str, int] = {}
    for style in styles.iter(f"{W}style") if styles is not None else ():
        level = _value(style.find(f"{W}pPr/{W}outlineLvl"))
        if level.isdigit() and int(level) < _LEVELS:
            found[style.get(f"{W}styleId", "")] = int(level) + 1
    return found


def _by_style(styles: Element | None) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    if styles is None:
        return found
    for style in styles.iter(f"{W}style"):
        number = _value(style.find(f"{W}pPr/{W}numPr/{W}numId"))
        level = _value(style.find(f"{W}pPr/{W}numPr/{W}ilvl"))
        if number:
            found[style.get(f"{W}styleId", "")] = (number, int(level) if level.isdigit() else 0)
    return found
