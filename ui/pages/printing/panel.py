"""What the panels of all outputs share: which output, of which period, about what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from fsdesk.services.output.outputs import Chosen
from ui.widgets.choice import Choice
from ui.widgets.fields import passing
from ui.widgets.label import label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fsdesk.domain.periods import Period
    from fsdesk.services.output.outputs import Output
    from ui.desk import Desk


class OutputPanel(QWidget):
    """What can be chosen for an output, and a look at what will come of it."""

    _output: Output
    _period: Period

    def __init__(self, desk: Desk) -> None:
        """Wait for an output."""
        super().__init__()
        self._desk = desk
        self._kind = ""  # of the output that is shown; empty before the first

    def use(self, desk: Desk) -> None:
        """Take figures from the workspace of a desk from now on."""
        self._desk = desk

    @property
    def chosen(self) -> Chosen | None:
        """What is chosen; None while there is nothing to make."""
        return Chosen()

    @property
    def title(self) -> str:
        """What the output is called, and its file."""
        return self._output.title

    def show_output(self, output: Output, period: Period) -> None:
        """Show an output of a period."""
        self._output, self._period, self._kind = output, period, output.kind
        self._load()

    def want(self, item: str) -> None:
        """Let the next output that is shown be about this."""

    def _load(self) -> None:
        """Make what is to be seen of the output as it is chosen now."""


class ItemPanel(OutputPanel):
    """For outputs that are about one thing at a time: a ledger, a unit, an indicator, a letter."""

    def __init__(self, desk: Desk) -> None:
        """Begin without anything to choose from."""
        super().__init__(desk)
        self._last: dict[str, str] = {}
        self._wanted = ""
        self.item_label, self.item = label("", "muted"), passing(Choice(""))
        self.item.chosen.connect(self._choose)

    @property
    def item_code(self) -> str:
        """Code of what the output is about; empty where it isn't about one thing."""
        return str(self.item.value or "") if self._output.items is not None else ""

    @property
    def chosen(self) -> Chosen | None:
        """What is chosen."""
        return Chosen(item=self.item_code)

    def want(self, item: str) -> None:
        """Let the next output that is shown be about this."""
        self._wanted = item

    def show_output(self, output: Output, period: Period) -> None:
        """Show an output of a period, once what it may be about is known."""
        self._output, self._period, self._kind = output, period, output.kind
        items = output.items
        for part in (self.item_label, self.item):
            part.setVisible(items is not None)
        if items is None:
            self._load()
            return
        self.item_label.setText(items.word)
        self.item.setAccessibleName(items.word)
        self.item.setToolTip(items.word)
        self._desk.run(items.found, lambda found: self._offer(output, found))

    def _offer(self, output: Output, found: Iterable[tuple[str, str]]) -> None:
        if output is not self._output:
            return
        self.item.set_entries(found)
        self.item.set_value(self._wanted or self._last.get(output.kind))
        self._wanted = ""
        self._load()

    def _choose(self, item: str) -> None:
        self._last[self._kind] = item
        self._load()
