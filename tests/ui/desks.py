"""A desk for tests of single pages: real workspace, real runner, and what was told and asked."""

from __future__ import annotations

from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget

from fsdesk.services.drafts import kept
from ui.desk import Desk
from ui.drafts import Drafts
from ui.files import Files
from ui.messages import Messages
from ui.tasks import TaskRunner

WAIT = 20_000


def dispose(window):
    """Close a window and free it, or every later change of the theme would paint it anew."""
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@dataclass
class Told:
    """What a page told and asked; `answer` is what the user says."""

    news: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    errors: list[object] = field(default_factory=list)
    questions: list[tuple[str, str]] = field(default_factory=list)
    switched: list[object] = field(default_factory=list)  # folders of workspaces to open instead
    handed: list[object] = field(default_factory=list)  # files to be checked there
    offers: dict[str, object] = field(default_factory=dict)  # verbs beside news, such as 撤销
    answer: str | None = None


class PageTest:
    """One page in a window of its own over a workspace."""

    def __init__(self, qtbot, monkeypatch, workspace, size=(1366, 728)):
        self.qtbot, self.told = qtbot, Told()
        self.messages = Messages()
        told = self.told

        def info(text, verb="", action=None, **_):
            told.news.append(text)
            told.offers |= {verb: action} if verb else {}

        def ask(question, detail="", verbs=("继续",), *, danger=False):
            told.questions.append((question, detail))
            return told.answer

        def switch_to(folder, files=(), words=""):
            told.switched.append(folder)
            told.handed += files
            told.news += [words] if words else []

        monkeypatch.setattr(self.messages, "info", info)
        monkeypatch.setattr(
            self.messages, "warn", lambda text, *_, **__: told.warnings.append(text)
        )
        monkeypatch.setattr(self.messages, "error", lambda it, *_: told.errors.append(it))
        monkeypatch.setattr(self.messages, "ask", ask)
        self.window = QWidget()
        self.window.resize(*size)
        self.runner = TaskRunner(self.messages.error, self.window)
        self.files = Files(self.window)
        whose = workspace.identity
        self.desk = Desk(
            workspace,
            self.messages,
            self.runner,
            self.files,
            whose.is_office,
            whose.unit,
            switch_to=switch_to,
            leave_for=lambda job, *_: told.switched.append(job),
            drafts=Drafts(workspace, self.runner, self.messages, kept(workspace)),
        )

    def show(self, page, period="2026-03"):
        column = QVBoxLayout(self.window)
        column.addWidget(page)
        self.window.show()
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow, timeout=WAIT)
        page.refresh(period)
        self.settle()
        return page

    def settle(self):
        self.qtbot.waitUntil(lambda: not self.runner.busy, timeout=WAIT)

    def press(self, words):
        """Press the one button that can be seen with these words, as soon as it can be."""

        def seen():
            buttons = self.window.findChildren(QAbstractButton)
            return [it for it in buttons if it.isVisible() and it.text() == words]

        self.qtbot.waitUntil(lambda: len(seen()) == 1, timeout=WAIT)
        (button,) = seen()
        self.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def close(self):
        self.runner.close()
        dispose(self.window)
