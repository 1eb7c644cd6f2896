"""The one font carries the plan's characters; icons are sharp and in the theme's colour."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtGui import QColor, QFontInfo, QFontMetrics, QRawFont
from PySide6.QtWidgets import QDialogButtonBox

from fsdesk.places import project_file
from ui import fonts, icons
from ui.appearance import Mode
from ui.theme import DARK, LIGHT


def test_the_applications_font_is_the_bundled_one_and_has_rare_characters(with_font):
    info = QFontInfo(with_font.font())
    assert info.family() == "Noto Sans SC"
    assert info.pixelSize() == 13
    raw = QRawFont.fromFont(with_font.font())
    assert all(raw.supportsCharacter(character) for character in "鳊鲫鳢●▲■○—…")


def test_figures_are_tabular(with_font):
    metrics = QFontMetrics(with_font.font())
    assert len({metrics.horizontalAdvance(digit * 20) for digit in "0123456789"}) == 1


def test_a_missing_font_is_named(with_font, monkeypatch):
    monkeypatch.setattr(fonts, "FONT_FILE", "resources/fonts/none.ttf")
    with pytest.raises(FileNotFoundError, match=r"none\.ttf"):
        fonts.install_font(with_font)


def test_qts_own_buttons_speak_chinese(qapp, qtbot):
    before = QLocale()
    fonts.install_language(qapp)
    try:
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        qtbot.addWidget(box)
        assert "取消" in box.button(QDialogButtonBox.StandardButton.Cancel).text()
        assert QLocale().name() == "zh_CN"
    finally:
        QLocale.setDefault(before)
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)


NAMES = sorted(
    path.stem for path in project_file("resources/icons").glob("*.svg") if path.stem != "fsdesk"
)


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_drawn_in_the_tone(theme, name):
    image = icons.pixmap(name, "accent", ratio=2.0).toImage()
    seen = [
        image.pixelColor(x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 120
    ]
    assert seen
    wanted = QColor(LIGHT.accent)
    assert all(abs(colour.red() - wanted.red()) < 6 for colour in seen)


def test_an_icon_has_as_many_pixels_as_the_screen_needs(theme):
    sharp = icons.pixmap("printer", ratio=2.0)
    assert sharp.width() == 2 * icons.SIZE
    assert sharp.deviceIndependentSize().width() == icons.SIZE


def test_an_icon_follows_the_theme(theme):
    light = icons.pixmap("printer").toImage()
    theme.set_mode(Mode.DARK)
    assert icons.pixmap("printer").toImage() != light
    assert DARK.text != LIGHT.text


def test_the_programs_own_icon_comes_in_several_sizes(theme):
    sizes = {size.width() for size in icons.application_icon().availableSizes()}
    assert {16, 32, 48} <= sizes
