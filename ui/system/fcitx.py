"""Chinese typing with fcitx 4, the input method of older UOS and Kylin.

The Qt of the wheels has no plug-in for it, and unlike fcitx5 it answers to no other one's name. So
keys go to it over D-Bus before the window sees them, and the words that it sends back are put where
the cursor is. Its own small window shows what is being spelt.
"""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSocketNotifier, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QInputMethodQueryEvent, QKeyEvent

if TYPE_CHECKING:
    from jeepney import DBusAddress
    from jeepney.io.blocking import DBusConnection

_SERVICE, _METHODS = "org.fcitx.Fcitx", "org.fcitx.Fcitx.InputMethod"
_CONTEXT = "org.fcitx.Fcitx.InputContext"
# fcitx5 and ibus answer under this name, and Qt has a plug-in for that.
_PORTAL = "org.freedesktop.portal.IBus"
_PRESS, _RELEASE = 0, 1
_SECONDS = 0.5  # a key that is not answered in time goes to the window


def connect(application: QGuiApplication) -> Bridge | None:
    """Let a running fcitx 4 type into the application; None where there is none."""
    from jeepney.io.blocking import open_dbus_connection

    display = os.environ.get("DISPLAY", "").rpartition(":")[2].partition(".")[0]
    try:
        line = open_dbus_connection(bus="SESSION")
    except (OSError, KeyError, ValueError):
        return None
    service = f"{_SERVICE}-{display or 0}"
    try:
        if not _has_owner(line, _PORTAL) and _has_owner(line, service):
            return Bridge(application, line, service)
    except (OSError, TimeoutError):  # the bus or fcitx hangs: keys go to the window
        pass
    line.close()
    return None


def _has_owner(line: DBusConnection, name: str) -> bool:
    from jeepney.bus_messages import message_bus

    reply = line.send_and_get_reply(message_bus.NameHasOwner(name), timeout=_SECONDS)
    return reply.body == (True,)  # a bus that is busy or broken says something else


class Bridge(QObject):
    """Carries keys to fcitx and words back."""

    def __init__(self, application: QGuiApplication, line: DBusConnection, service: str) -> None:
        """Ask for a context of one's own and listen."""
        from jeepney import DBusAddress, MatchRule
        from jeepney.bus_messages import message_bus

        super().__init__(application)
        self._line, self._news = line, deque[Any]()
        methods = DBusAddress("/inputmethod", service, _METHODS)
        made = self._call(methods, "CreateICv3", "si", ("fsdesk", os.getpid()))
        if not made:
            raise TimeoutError("fcitx gives no context")
        self._context = DBusAddress(f"/inputcontext_{made[0]}", service, _CONTEXT)
        rule = MatchRule(type="signal", interface=_CONTEXT, path=self._context.object_path)
        line.send_and_get_reply(message_bus.AddMatch(rule), timeout=_SECONDS)
        self._filter = line.filter(rule, queue=self._news)
        self._filter.__enter__()
        self._notifier = QSocketNotifier(line.sock.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._receive)
        self._call(self._context, "EnableIC")
        application.focusObjectChanged.connect(self._follow_focus)
        application.installEventFilter(self)
        self._follow_focus(application.focusObject())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Offer keys to fcitx first; those that it takes go no further."""
        if watched.isWindowType() and isinstance(event, QKeyEvent) and _takes_words():
            return self._offer(event)
        return super().eventFilter(watched, event)

    def _offer(self, event: QKeyEvent) -> bool:
        pressed = event.type() == QEvent.Type.KeyPress
        self._tell_place()
        key = (
            event.nativeVirtualKey(),
            event.nativeScanCode(),
            event.nativeModifiers(),
            _PRESS if pressed else _RELEASE,
            event.timestamp() & 0xFFFFFFFF,
        )
        answer = self._call(self._context, "ProcessKeyEvent", "uuuiu", key)
        self._take_news()
        return bool(answer and answer[0] > 0)

    def _call(
        self,
        address: DBusAddress,
        method: str,
        signature: str = "",
        body: tuple[Any, ...] = (),
    ) -> tuple[Any, ...]:
        """Call fcitx; one that has gone away or hangs leaves the keys to the window."""
        from jeepney import MessageType, new_method_call

        message = new_method_call(address, method, signature or None, body)
        try:
            reply = self._line.send_and_get_reply(message, timeout=_SECONDS)
        except (OSError, TimeoutError):
            return ()
        failed = reply.header.message_type is MessageType.error
        return () if failed else tuple(reply.body)

    def _follow_focus(self, _focused: object) -> None:
        self._call(self._context, "FocusIn" if _takes_words() else "FocusOut")

    def _tell_place(self) -> None:
        """Say where the cursor is, so that the candidates appear below it."""
        window = QGuiApplication.focusWindow()
        if window is None:
            return
        spot = QGuiApplication.inputMethod().cursorRectangle().toRect()
        corner, ratio = window.mapToGlobal(spot.topLeft()), window.devicePixelRatio()
        sizes = (corner.x(), corner.y(), spot.width(), spot.height())
        self._call(self._context, "SetCursorRect", "iiii", tuple(round(n * ratio) for n in sizes))

    def _receive(self) -> None:
        try:
            self._line.recv_messages(timeout=0)
        except TimeoutError:
            pass
        except OSError:  # the session's bus has gone
            self._notifier.setEnabled(False)
        self._take_news()

    def _take_news(self) -> None:
        from jeepney import HeaderFields

        while self._news:
            message = self._news.popleft()
            target = QGuiApplication.focusObject()
            if message.header.fields.get(HeaderFields.member) == "CommitString" and target:
                event = QInputMethodEvent()
                event.setCommitString(str(message.body[0]))
                QGuiApplication.sendEvent(target, event)


def _takes_words() -> bool:
    """Tell whether the focus is where text is typed that may be seen."""
    focused = QGuiApplication.focusObject()
    if focused is None:
        return False
    asked = QInputMethodQueryEvent(Qt.InputMethodQuery.ImEnabled | Qt.InputMethodQuery.ImHints)
    QGuiApplication.sendEvent(focused, asked)
    hints = asked.value(Qt.InputMethodQuery.ImHints) or 0
    hidden = Qt.InputMethodHint.ImhHiddenText
    return bool(asked.value(Qt.InputMethodQuery.ImEnabled)) and not int(hints) & hidden.value
