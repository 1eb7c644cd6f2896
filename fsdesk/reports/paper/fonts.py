"""The fonts of papers: drawn by reportlab, by matplotlib and by the window, measured alike.

Tables and pictures are in the one bundled sans. Official papers are set in the faces that GB/T
9704—2012 names: the PC's own where they are installed and may be embedded, else bundled free ones.
"""

# reportlab and fontTools carry no annotations, and matplotlib's are incomplete.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false
# pyright: reportUnknownArgumentType=false, reportMissingTypeStubs=false
# pyright: reportAttributeAccessIssue=false

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from fsdesk.domain.output.pages import Face
from fsdesk.domain.status.lights import Light
from fsdesk.domain.text import fold
from fsdesk.places import project_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from matplotlib.font_manager import FontProperties
    from matplotlib.ft2font import FT2Font

# Stands for a character that the font lacks, as in Chinese proofs since lead type.
MISSING = "〓"
# Share of the font size above and below the baseline that Chinese characters take.
ASCENT = 0.88
DESCENT = 0.12
_FONTS = "resources/fonts"
_BUNDLED = {
    Face.PLAIN: "NotoSansSC-Regular.ttf",
    Face.TITLE: "NotoSerifSC-Title.ttf",
    Face.BODY: "ZhuqueFangsong-Text.ttf",
    Face.KAI: "ZhuqueFangsong-Text.ttf",
    Face.HEAD: "NotoSansSC-Regular.ttf",
    Face.SONG: "ZhuqueFangsong-Text.ttf",
}
# The names under which the faces of official papers are installed, the standard's own first.
_KNOWN = {
    Face.TITLE: (
        "方正小标宋_GBK", "方正小标宋简体", "FZXiaoBiaoSong-B05", "FZXiaoBiaoSong-B05S", "小标宋",
    ),
    Face.BODY: ("仿宋_GB2312", "FangSong_GB2312", "方正仿宋_GBK", "仿宋", "FangSong", "华文仿宋"),
    Face.KAI: ("楷体_GB2312", "KaiTi_GB2312", "方正楷体_GBK", "楷体", "KaiTi", "华文楷体"),
    Face.HEAD: ("黑体", "SimHei", "方正黑体_GBK", "华文黑体"),
    Face.SONG: ("宋体", "SimSun", "方正书宋_GBK", "华文宋体"),
}  # fmt: skip
_MARKS = frozenset(light.mark for light in Light)
_NAMES = {1, 4, 16}  # family, full name, typographic family in a font's table of names
_NO_BREAK = 0xA0  # where a font lacks it, reportlab draws a common space
_NO_EMBEDDING = 0x0002  # the licence doesn't allow it (OS/2 fsType)


class PaperFont(Struct, frozen=True):
    """The font in which a face is set on this PC.

    Attributes:
        name: Under which reportlab knows it.
        number: Its place in a collection.
        installed: Whether it is the PC's own; bundled ones stand in for it.
    """

    name: str
    file: Path
    number: int = 0
    installed: bool = False


def font_file() -> Path:
    """Return the path of the bundled sans."""
    return project_file(f"{_FONTS}/{_BUNDLED[Face.PLAIN]}")


@cache
def font_of(face: Face) -> PaperFont:
    """Return the font of a face: the PC's own where it may be used, else the bundled one."""
    own = next(
        (found for name in _KNOWN.get(face, ()) if (found := _installed().get(fold(name)))), None
    )
    if own is not None:
        return PaperFont(f"own-{face.value}", *own, installed=True)
    file = project_file(f"{_FONTS}/{_BUNDLED[face]}")
    return PaperFont(file.stem, file)


# The names of the licensed fonts that people look for on official papers.
_WORDS = {Face.TITLE: "方正小标宋", Face.BODY: "仿宋_GB2312"}


def missing_fonts() -> tuple[str, ...]:
    """Return the names of the fonts that bundled ones stand in for on this PC."""
    return tuple(word for face, word in _WORDS.items() if not font_of(face).installed)


@cache
def _installed() -> Mapping[str, tuple[Path, int]]:
    """Return the fonts of this PC that can be embedded, with their number, by their names."""
    from matplotlib.font_manager import findSystemFonts

    wanted = {fold(name) for names in _KNOWN.values() for name in names}
    found: dict[str, tuple[Path, int]] = {}
    for path in sorted(map(Path, findSystemFonts())):
        for number, names in enumerate(_names_in(path)):
            found |= {name: (path, number) for name in names & wanted if name not in found}
    return found


def _names_in(path: Path) -> Iterator[set[str]]:
    """Yield the names of each font in a file; none of one that can't be embedded or read."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError

    try:
        with path.open("rb") as stream:
            collection = path.suffix.lower() in {".ttc", ".otc"}
            fonts = TTCollection(stream, lazy=True) if collection else [TTFont(stream, lazy=True)]
            for font in fonts:
                usable = "glyf" in font and not font["OS/2"].fsType & _NO_EMBEDDING
                told = font["name"].names if usable else ()
                yield {fold(str(name)) for name in told if name.nameID in _NAMES}
    except (TTLibError, OSError, KeyError, ValueError, struct.error):
        return  # a damaged font is none


@cache
def register_for_pdf(face: Face = Face.PLAIN) -> Mapping[int, float]:
    """Make a face's font known to reportlab, once; widths are in 1/1000 of the size."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    known = font_of(face)
    font = TTFont(known.name, str(known.file), subfontIndex=known.number)
    pdfmetrics.registerFont(font)
    return cast("Mapping[int, float]", font.face.charWidths)


@cache
def chart_font() -> FontProperties:
    """Make the font known to matplotlib, once, and return its properties."""
    from matplotlib import font_manager

    path = str(font_file())
    font_manager.fontManager.addfont(path)
    return font_manager.FontProperties(fname=path)


def text_width(text: str, size: float, face: Face = Face.PLAIN) -> float:
    """Return the width of a line of text in points."""
    widths = _widths(face)
    return sum(widths[ord(char)] for char in text) * size / 1000


def drawable(text: str) -> str:
    """Return a text in which 〓 stands for each character that no font has; new lines stay."""
    known = register_for_pdf()
    return "".join(
        char if char == "\n" or ord(char) in known else MISSING
        for char in text.replace("\t", " ").replace("\r", "")
    )


def runs(text: str, face: Face) -> Iterator[tuple[Face, str]]:
    """Cut a text where a character isn't set in its face: the sans, which has all, stands in.

    The marks of lights are always the sans's: in other faces they are of different sizes.
    """
    known = register_for_pdf(face)
    run, current = "", face
    for char in text:
        needed = Face.PLAIN if ord(char) not in known or char in _MARKS else face
        if needed is not current and run:
            yield current, run
            run = ""
        current, run = needed, run + char
    if run:
        yield current, run


class _Widths(dict[int, float]):
    """Widths of a face's characters, as they are asked; the sans stands in as in `runs`."""

    def __init__(self, face: Face) -> None:
        super().__init__()
        self._face = face

    def __missing__(self, key: int) -> float:
        width = None if chr(key) in _MARKS else _width_in(self._face, key)
        if width is None:
            width = _width_in(Face.PLAIN, key)
        self[key] = _widths(Face.PLAIN)[ord(MISSING)] if width is None else width
        return self[key]


def _width_in(face: Face, code: int) -> float | None:
    """Return the width of a character in a face's own font, in 1/1000 of the size.

    A bundled font is only looked into, by the library that draws charts: reportlab would read all
    of it, thirty thousand characters, which the first chart at the start would wait for.
    """
    if font_of(face).installed:
        return register_for_pdf(face).get(code)
    from matplotlib.ft2font import LoadFlags

    font = _bundled(face)
    code = ord(" ") if code == _NO_BREAK and not font.get_char_index(code) else code
    if not font.get_char_index(code):
        return None
    return font.load_char(code, LoadFlags.NO_SCALE).horiAdvance * 1000 / font.units_per_EM


@cache
def _bundled(face: Face) -> FT2Font:
    from matplotlib.ft2font import FT2Font

    return FT2Font(str(font_of(face).file))


@cache
def _widths(face: Face) -> _Widths:
    return _Widths(face)
