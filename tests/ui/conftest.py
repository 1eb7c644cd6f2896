"""What the window's tests share: the house's font and theme, and an empty memory of shapes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings

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


@pytest.fixture(scope="session")
def only_theme(with_font):
    """The application's theme: as in the program, it is put on once."""
    return Theme(with_font)


@pytest.fixture
def theme(only_theme):
    """The light theme on the application."""
    only_theme.set_mode(Mode.LIGHT)
    return only_theme
