"""What the window's tests share: the house's font and theme, and an empty memory of shapes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QPalette, QPixmapCache

from ui.fonts import install_font
from ui.theme import Mode, Theme


@pytest.fixture(autouse=True)
def own_settings(tmp_path):
    """Keep what the window remembers away from the user's own settings."""
    QSettings.setPath(
        QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(tmp_path / "settings")
    )


@pytest.fixture(scope="session")
def with_font(qapp):
    install_font(qapp)
    return qapp


@pytest.fixture
def theme(with_font, own_settings):
    """The light theme on the application; taken off again."""
    made = Theme(with_font)
    made.set_mode(Mode.LIGHT)
    yield made
    with_font.setStyleSheet("")
    with_font.setPalette(QPalette())
    QPixmapCache.clear()
    made.deleteLater()
