"""The one font of the window, and Qt's own texts in Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFont, QFontDatabase

from fsdesk.places import project_file
from ui.theme import TYPE_BODY

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

FONT_FILE = "resources/fonts/NotoSansSC-Regular.ttf"


def install_font(application: QApplication) -> None:
    """Make the bundled Noto Sans SC the font of everything.

    It carries every character of GBK, so names such as 鳊 鲫 鳢 show on every machine. Its figures
    are tabular by design: all ten have the same width.
    """
    path = project_file(FONT_FILE)
    number = QFontDatabase.addApplicationFont(str(path))
    families = QFontDatabase.applicationFontFamilies(number)
    if not families:
        raise FileNotFoundError(f"缺少字体文件“{path.name}”，请重新安装程序。")
    font = QFont(families[0])
    font.setPixelSize(TYPE_BODY)
    application.setFont(font)


def install_language(application: QApplication) -> None:
    """Put Qt's own dialogs, menus of inputs and dates into Simplified Chinese."""
    QLocale.setDefault(QLocale(QLocale.Language.Chinese, QLocale.Country.China))
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    translator = QTranslator(application)
    if translator.load("qtbase_zh_CN", folder):
        application.installTranslator(translator)
