"""The design system: sizes, colours, palette and style sheet: light, dark, high contrast.

Everything that has a size or a colour takes it from here. The colours in force are read back from
the application's palette, so nothing has to hold a reference to the theme.
"""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette

from fsdesk.domain.output.light_colours import ON_DARK, ON_PAPER
from fsdesk.places import project_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QWidget

    from fsdesk.domain.output.light_colours import LightColours
    from fsdesk.domain.status.lights import Light

# Distances in logical pixels, from tight to generous.
SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL = 4, 8, 12, 16, 24
# Letter heights in logical pixels: help, body and tables, section, page title, figure of a tile.
TYPE_HELP, TYPE_BODY, TYPE_SECTION, TYPE_TITLE, TYPE_FIGURE = 12, 13, 15, 20, 28
ROW, ROW_DENSE, CONTROL, RADIUS = 32, 26, 32, 6


# Up to here sRGB is linear (WCAG 2.2).
_LINEAR = 0.03928


class Colours(NamedTuple):
    """One set of colours; every pair that is used together has a contrast of at least 4.5:1.

    Attributes:
        name: ``light``, ``dark`` or ``contrast``; also the folder of the style's little pictures.
        dark: Whether light letters stand on a dark ground: charts follow it.
        window: Ground of the frame: bars, navigation, gaps.
        surface: Ground of what is read and typed: pages, tables, inputs.
        raised: Ground of headers and of what the mouse is over.
        line: Hairlines; they carry no meaning.
        edge: Borders of inputs and buttons, at least 3:1 against the surface.
        muted: Help, units, last period's text.
        accent: The one colour of action and focus; `accent_strong` under the mouse.
        chosen: Ground of selected rows and entries, beneath `text`.
        green: Light 正常; likewise `yellow` 偏慢, `red` 滞后 and `grey` 无数据.
        green_ground: Ground of a badge with that light; likewise the others.
    """

    name: str
    dark: bool
    window: str
    surface: str
    raised: str
    line: str
    edge: str
    text: str
    muted: str
    accent: str
    accent_strong: str
    on_accent: str
    chosen: str
    green: str
    yellow: str
    red: str
    grey: str
    green_ground: str
    yellow_ground: str
    red_ground: str
    grey_ground: str

    def light(self, light: Light) -> QColor:
        """Return the colour of a light's shape and word."""
        return QColor(getattr(self, light.value))

    def light_ground(self, light: Light) -> QColor:
        """Return the colour behind a light's badge."""
        return QColor(getattr(self, f"{light.value}_ground"))


def _tones(table: Mapping[Light, LightColours]) -> dict[str, str]:
    """Return the lights' colours of a look, by their fields."""
    inks = {light.value: tones.ink for light, tones in table.items()}
    return inks | {f"{light.value}_ground": tones.ground for light, tones in table.items()}


LIGHT = Colours(
    name="light",
    dark=False,
    window="#f4f6f8",
    surface="#ffffff",
    raised="#eceff3",
    line="#dce0e6",
    edge="#8a929e",
    text="#1d2530",
    muted="#55606e",
    accent="#1f5fa8",
    accent_strong="#184c88",
    on_accent="#ffffff",
    chosen="#dde9f6",
    **_tones(ON_PAPER),
)
DARK = Colours(
    name="dark",
    dark=True,
    window="#171a1f",
    surface="#1f2329",
    raised="#2a3038",
    line="#343b45",
    edge="#717b8a",
    text="#e6e9ed",
    muted="#a6afbb",
    accent="#6aa5e8",
    accent_strong="#8bbaef",
    on_accent="#10202f",
    chosen="#24384f",
    **_tones(ON_DARK),
)
# For weak eyes and bad screens: every text at least 7:1, borders as strong as text.
CONTRAST = Colours(
    name="contrast",
    dark=True,
    window="#000000",
    surface="#000000",
    raised="#1a1a1a",
    line="#9a9a9a",
    edge="#ffffff",
    text="#ffffff",
    muted="#e0e0e0",
    accent="#ffd84a",
    accent_strong="#ffe68a",
    on_accent="#000000",
    chosen="#002b52",
    green="#6df09a",
    yellow="#ffd24a",
    red="#ff9d94",
    grey="#e0e0e0",
    green_ground="#00210d",
    yellow_ground="#2b2000",
    red_ground="#360a06",
    grey_ground="#1a1a1a",
)
THEMES = (LIGHT, DARK, CONTRAST)


def colours() -> Colours:
    """Return the colours in force, told by the application's palette."""
    ground = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return next((tones for tones in THEMES if ground == QColor(tones.window)), LIGHT)


def contrast(first: str, second: str) -> float:
    """Return the contrast of two colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [channel / 255 for channel in bytes.fromhex(colour.removeprefix("#"))]
    red, green, blue = (
        part / 12.92 if part <= _LINEAR else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def palette_of(tones: Colours) -> QPalette:
    """Return the palette for Fusion, also for what the style sheet doesn't reach."""
    role = QPalette.ColorRole
    palette = QPalette(QColor(tones.raised), QColor(tones.window))
    for which, colour in {
        role.WindowText: tones.text,
        role.Base: tones.surface,
        role.AlternateBase: tones.window,
        role.ToolTipBase: tones.surface,
        role.ToolTipText: tones.text,
        role.PlaceholderText: tones.muted,
        role.Text: tones.text,
        role.Button: tones.raised,
        role.ButtonText: tones.text,
        role.BrightText: tones.red,
        role.Light: tones.surface,
        role.Midlight: tones.line,
        role.Mid: tones.edge,
        role.Dark: tones.edge,
        role.Shadow: tones.edge,
        role.Highlight: tones.chosen,
        role.HighlightedText: tones.text,
        role.Link: tones.accent,
        role.LinkVisited: tones.accent,
        role.Accent: tones.accent,
    }.items():
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(tones.edge))
    return palette


def style_sheet_of(tones: Colours) -> str:
    """Return the style sheet with the colours and sizes filled in."""
    sheet = Template(project_file("resources/style/window.qss").read_text(encoding="utf-8"))
    pictures = project_file(f"resources/style/{tones.name}").as_posix()
    sizes = {
        "help_size": TYPE_HELP,
        "body_size": TYPE_BODY,
        "section_size": TYPE_SECTION,
        "title_size": TYPE_TITLE,
        "figure_size": TYPE_FIGURE,
        "radius": RADIUS,
        "control": CONTROL - 10,  # without a border of 1 and a padding of 4 on both sides
    }
    return sheet.substitute(tones._asdict(), pictures=pictures, **sizes)


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget its part in the design, and let the style sheet look at it again.

    Labels: ``title`` ``section`` ``help`` ``figure`` ``error`` ``amber``. Buttons: ``primary``
    ``danger`` ``link``. Frames: ``card`` ``bar`` ``line`` (a hairline). Others stand in
    ``window.qss``.
    """
    widget.setProperty("role", role)
    look_again(widget)


def look_again(widget: QWidget) -> None:
    """Let the style sheet see a changed property; a widget never shown will be seen anyway."""
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        widget.style().unpolish(widget)
        widget.style().polish(widget)
