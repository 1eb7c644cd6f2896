"""The plan as a tree that can be dragged about in; the plan itself does the moving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QTreeWidget, QTreeWidgetItem

from fsdesk.domain.plan.outline import OutlineLevel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from PySide6.QtGui import QDropEvent

    from fsdesk.domain.plan.plan import Plan

Node = tuple[OutlineLevel, str]  # and its number or code
_NODE = Qt.ItemDataRole.UserRole


class OutlineTree(QTreeWidget):
    """Sections, points and tasks; several tasks may be chosen."""

    chosen = Signal(object)  # the first chosen Node, or None
    dropped = Signal(object, int)  # the Node that takes what is chosen, and the place in it

    def __init__(self) -> None:
        """Begin without a plan."""
        super().__init__()
        self.setHeaderHidden(True)
        self.setAccessibleName("计划结构")
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.itemSelectionChanged.connect(self._tell)

    def show_plan(self, plan: Plan, *, follow_new: bool = False) -> None:
        """Show a plan; what was chosen stays chosen, or else what is new, or the first task."""
        before, wanted = set(self._items()), self.nodes()
        titles = {node: _title(item) for node, item in self._items().items()}
        self.blockSignals(True)
        self._fill(plan)
        items = self._items()
        new = [node for node in items if node not in before]
        if follow_new and before and new:
            wanted = new[-1:]
        found = [now for node in wanted if (now := _same(node, titles.get(node), items))]
        first = [node for node in items if node[0] == OutlineLevel.TASK] or list(items)
        self._select(found or first[:1])
        self.blockSignals(False)
        self._tell()

    def choose(self, node: Node) -> None:
        """Choose one thing, and nothing else."""
        if node in self._items():
            self._select([node])

    def nodes(self) -> list[Node]:
        """Return what is chosen, in the tree's order."""
        return [node for node, item in self._items().items() if item.isSelected()]

    def tasks(self) -> list[str]:
        """Return the codes of the chosen tasks."""
        return [code for kind, code in self.nodes() if kind == OutlineLevel.TASK]

    def dropEvent(self, event: QDropEvent) -> None:
        """Work out which point or section takes what is dragged, and where."""
        item, chosen = self.itemAt(event.position().toPoint()), self.currentItem()
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()
        if item is None or chosen is None:
            return
        spot, places = self.dropIndicatorPosition(), QAbstractItemView.DropIndicatorPosition
        parent = item.parent()
        if spot == places.OnItem and _depth(item) == _depth(chosen) - 1:
            self.dropped.emit(item.data(0, _NODE), item.childCount())
        elif parent is not None and _depth(item) == _depth(chosen):
            at = parent.indexOfChild(item) + (spot == places.BelowItem)
            own = parent.indexOfChild(chosen)
            self.dropped.emit(parent.data(0, _NODE), at - (0 <= own < at))

    def _fill(self, plan: Plan) -> None:
        self.clear()
        for section in plan.sections:
            node = (OutlineLevel.SECTION, str(section.number))
            top = _item(f"{section.number}、{section.title}", node)
            self.addTopLevelItem(top)
            for point in section.points:
                node = (OutlineLevel.POINT, str(point.number))
                middle = _item(f"{point.number}. {point.title}", node)
                top.addChild(middle)
                for task in point.tasks:
                    node = (OutlineLevel.TASK, task.code)
                    middle.addChild(_item(f"{task.code} {task.title}", node))
        self.expandAll()

    def _select(self, nodes: Iterable[Node]) -> None:
        items = self._items()
        for number, node in enumerate(nodes):
            if number == 0:
                self.setCurrentItem(items[node])
                self.scrollToItem(items[node])
            items[node].setSelected(True)

    def _tell(self) -> None:
        nodes = self.nodes()
        self.chosen.emit(nodes[0] if nodes else None)

    def _items(self) -> dict[Node, QTreeWidgetItem]:
        found: dict[Node, QTreeWidgetItem] = {}
        waiting = [self.invisibleRootItem()]
        while waiting:
            item = waiting.pop()
            node = item.data(0, _NODE)
            if node is not None:
                level, name = node  # Qt may have made plain texts of them
                found[OutlineLevel(level), name] = item
            waiting += [item.child(n) for n in reversed(range(item.childCount()))]
        return found


def _same(node: Node, title: str | None, items: Mapping[Node, QTreeWidgetItem]) -> Node | None:
    """Return what a node is called now: sections and points are numbered as they stand."""
    alike = (n for n, item in items.items() if n[0] == node[0] and _title(item) == title)
    return next(alike, node if node in items else None)


def _title(item: QTreeWidgetItem) -> str:
    return item.text(0).split(maxsplit=1)[-1].split("、", maxsplit=1)[-1]


def _depth(item: QTreeWidgetItem) -> int:
    depth, parent = 0, item.parent()
    while parent is not None:
        depth, parent = depth + 1, parent.parent()
    return depth


def _item(text: str, node: Node) -> QTreeWidgetItem:
    item = QTreeWidgetItem([text])
    item.setData(0, _NODE, node)
    item.setToolTip(0, text)
    return item
