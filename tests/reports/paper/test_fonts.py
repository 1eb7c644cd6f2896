"""Which font a face is set in: the PC's own where it is installed and may be embedded."""

from __future__ import annotations

from io import BytesIO

import pytest
from fontTools.ttLib import TTFont
from matplotlib import font_manager
from pypdf import PdfReader

from fsdesk.domain.output.pages import Align, Face, PaperPage, TextItem
from fsdesk.reports.paper import fonts
from fsdesk.reports.paper.pdf import pdf_bytes

CACHES = (fonts.font_of, fonts._installed, fonts.register_for_pdf, fonts._widths)
NO_EMBEDDING = 0x0002


@pytest.fixture
def pc(monkeypatch, tmp_path):
    """A PC with just the fonts that are put into it."""
    installed = []
    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: list(map(str, installed)))

    def install(family, *, licence=0):
        font = TTFont(fonts.project_file("resources/fonts/NotoSerifSC-Title.ttf"))
        names = font["name"]
        names.names = [record for record in names.names if record.nameID not in {1, 4}]
        names.setName("Font", 1, 3, 1, 0x409)
        names.setName(family, 1, 3, 1, 0x804)  # as Chinese fonts have it
        font["OS/2"].fsType = licence
        installed.append(tmp_path / f"{len(installed)}.ttf")
        font.save(installed[-1])
        for each in CACHES:
            each.cache_clear()
        return installed[-1]

    for each in CACHES:
        each.cache_clear()
    yield install
    for each in CACHES:
        each.cache_clear()


def drawn(face, text="关于2026年6月进展的函"):
    page = PaperPage(400, 200, (TextItem(200, 100, text, 22, align=Align.CENTRE, face=face),))
    reader = PdfReader(BytesIO(pdf_bytes((page,), "函")))
    return reader.pages[0]


def embedded(page):
    found = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert all(
        "/FontFile2" in font["/FontDescriptor"] for font in found if "/FontDescriptor" in font
    )
    return {font["/BaseFont"][8:] for font in found}


@pytest.mark.parametrize("face", Face)
def test_without_fonts_of_its_own_a_pc_uses_the_bundled_ones(pc, face):
    font = fonts.font_of(face)
    assert not font.installed
    assert font.file.parent == fonts.font_file().parent
    page = drawn(face)
    assert page.extract_text().strip() == "关于2026年6月进展的函"
    assert embedded(page) != {"NotoSansSC-Regular"} or face in {Face.PLAIN, Face.HEAD}


@pytest.mark.parametrize(
    ("face", "family"),
    [
        (Face.BODY, "仿宋_GB2312"), (Face.BODY, "FangSong"), (Face.TITLE, "方正小标宋简体"),
        (Face.KAI, "KaiTi"), (Face.HEAD, "黑体"),
    ],
)  # fmt: skip
def test_the_pcs_own_font_is_used_by_any_of_its_names(pc, face, family):
    file = pc(family)
    assert fonts.font_of(face) == fonts.PaperFont(f"own-{face.value}", file, installed=True)
    assert drawn(face).extract_text().strip() == "关于2026年6月进展的函"


def test_of_several_fonts_the_one_that_the_standard_names_is_used(pc):
    pc("仿宋")
    named = pc("仿宋_GB2312")
    assert fonts.font_of(Face.BODY).file == named


def test_a_font_whose_licence_forbids_embedding_is_left_alone(pc):
    pc("仿宋_GB2312", licence=NO_EMBEDDING)
    assert not fonts.font_of(Face.BODY).installed


def test_a_damaged_font_is_passed_over(pc, tmp_path):
    file = pc("仿宋_GB2312")
    file.write_bytes(file.read_bytes()[:5000])
    assert not fonts.font_of(Face.BODY).installed


@pytest.mark.parametrize("face", [Face.PLAIN, Face.TITLE, Face.BODY])
def test_a_bundled_font_is_as_wide_measured_as_drawn(face):
    known = fonts.register_for_pdf(face)
    assert known[ord("中")] == 1000
    for code in known:
        if code < 0xFFFF and chr(code) not in fonts._MARKS:
            assert fonts.text_width(chr(code), 1000, face) == known[code]


def test_a_character_that_the_face_lacks_is_in_the_sans_at_its_place(pc):
    text = "区𬬭药鳊办"  # the name of a fish is beyond the smaller fonts
    width = fonts.text_width(text, 10, Face.BODY)
    parts = list(fonts.runs(fonts.drawable(text), Face.BODY))
    assert "".join(part for _, part in parts) == fonts.drawable(text)
    assert width == pytest.approx(sum(fonts.text_width(part, 10, face) for face, part in parts))
    assert "鳊" in drawn(Face.BODY, fonts.drawable(text)).extract_text()
