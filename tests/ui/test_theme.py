"""The design system: contrast that can be computed, and switching while the window runs."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QPushButton, QWidget

from fsdesk.domain.status.lights import Light
from fsdesk.places import project_file
from ui import icons, remember
from ui.appearance import Mode, Theme
from ui.theme import (
    CONTRAST,
    DARK,
    LIGHT,
    THEMES,
    colours,
    contrast,
    palette_of,
    style_sheet_of,
)

GROUNDS = ("window", "surface", "raised", "chosen")
INKS = ("text", "muted", "accent", "green", "yellow", "red", "grey")
# Text on a ground, as the style sheet, the palette and the painted widgets combine them.
TEXT_PAIRS = [
    *((ink, ground) for ink in INKS for ground in GROUNDS if (ink, ground) != ("accent", "raised")),
    *((light.value, f"{light.value}_ground") for light in Light),
    ("text", "yellow_ground"),
    ("on_accent", "accent"),
    ("on_accent", "accent_strong"),
    ("surface", "red"),  # the number on a badge
    ("accent", "raised"),
    ("red", "red_ground"),
]


@pytest.mark.parametrize("tones", THEMES, ids=lambda tones: tones.name)
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-on-".join)
def test_every_text_has_a_contrast_of_four_and_a_half(tones, pair):
    ink, ground = (getattr(tones, name) for name in pair)
    assert contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("tones", THEMES, ids=lambda tones: tones.name)
def test_borders_of_inputs_and_marks_of_focus_stand_out_by_three(tones):
    for mark in (tones.edge, tones.accent):
        assert contrast(mark, tones.surface) >= 3
    for mark in (tones.green, tones.yellow, tones.red):  # the bar's part reached, on its track
        assert contrast(mark, tones.raised) >= 3


@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-on-".join)
def test_the_theme_of_high_contrast_reaches_seven(pair):
    assert contrast(*(getattr(CONTRAST, name) for name in pair)) >= 7


def test_every_pair_of_text_and_ground_in_the_style_sheet_is_among_those_computed():
    """A rule that sets both is checked as it stands; disabled things are exempt in WCAG."""
    for tones in THEMES:
        rules = re.findall(r"([^{}]+)\{([^}]*)\}", style_sheet_of(tones))
        pairs = {
            (ink.group(1), ground.group(1))
            for where, body in rules
            if ":disabled" not in where
            and (ink := re.search(r"(?<![-\w])color: (#\w{6})", body))
            and (ground := re.search(r"background: (#\w{6})", body))
        }
        assert len(pairs) >= 4
        assert min(contrast(*pair) for pair in pairs) >= 4.5


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("tones", THEMES, ids=lambda tones: tones.name)
def test_the_style_sheet_uses_colours_of_the_design_only(tones):
    sheet = style_sheet_of(tones)
    allowed = {value for value in tones if str(value).startswith("#")}
    assert set(re.findall(r"#[0-9a-f]{6}\b", sheet)) <= allowed
    assert "gradient" not in sheet.split("*/", 1)[1]


@pytest.mark.parametrize("tones", THEMES, ids=lambda tones: tones.name)
def test_the_style_sheets_pictures_exist_in_the_themes_colours(tones):
    names = set(re.findall(r"url\((.+?)\)", style_sheet_of(tones)))
    assert names
    for name in names:
        drawing = project_file(name).read_text(encoding="utf-8")
        assert tones.muted in drawing or tones.on_accent in drawing


def test_the_palette_selects_with_the_chosen_ground():
    palette = palette_of(DARK)
    assert palette.color(QPalette.ColorRole.Highlight) == QColor(DARK.chosen)
    assert palette.color(QPalette.ColorRole.HighlightedText) == QColor(DARK.text)


def test_switching_repaints_widgets_and_icons(theme, qtbot):
    button = QPushButton("打印")
    qtbot.addWidget(button)
    icons.put(button, "printer")
    button.show()  # what isn't seen follows later
    before = button.icon().pixmap(18, 18).toImage()
    with qtbot.waitSignal(theme.changed):
        theme.toggle()
    assert colours() is DARK
    assert button.grab().toImage().pixelColor(5, 16) == QColor(DARK.surface)
    assert button.icon().pixmap(18, 18).toImage() != before
    theme.toggle()
    assert button.icon().pixmap(18, 18).toImage() == before


def test_icons_that_were_hidden_at_the_switch_follow_when_they_are_shown(theme, qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    button = QPushButton("打印", page)
    icons.put(button, "printer")
    before = button.icon().pixmap(18, 18).toImage()
    page.show()
    for hidden in (page, button):
        hidden.hide()
        theme.toggle()
        hidden.show()
        after = button.icon().pixmap(18, 18).toImage()
        assert after != before
        before = after


def test_the_choice_is_remembered(theme, with_font):
    theme.set_mode(Mode.DARK)
    again = Theme(with_font)
    assert again.mode is Mode.DARK
    again.deleteLater()


def test_high_contrast_is_put_on_and_taken_off(theme, qtbot):
    theme.set_mode(Mode.CONTRAST)
    assert colours() is CONTRAST
    theme.set_mode(Mode.LIGHT)
    assert colours() is LIGHT


def test_an_unknown_choice_follows_the_system(theme, with_font):
    remember.store("theme", "sepia")
    again = Theme(with_font)
    assert again.mode is Mode.SYSTEM
    again.deleteLater()


def test_following_the_system_takes_the_systems_colours(theme, with_font):
    theme.set_mode(Mode.DARK)
    theme.set_mode(Mode.SYSTEM)
    dark = with_font.styleHints().colorScheme() is Qt.ColorScheme.Dark
    assert colours() is (DARK if dark else LIGHT)


def test_every_mode_has_its_word():
    assert [mode.label for mode in Mode] == ["跟随系统", "浅色", "深色", "高对比度"]
