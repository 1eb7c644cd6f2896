"""Remarks about the order of names, followed through the document: 列第一位的为牵头单位,下同."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsdesk.documents.official.answers.remarks import order_in, ordered
from fsdesk.domain.plan_document import TextSpan

if TYPE_CHECKING:
    from fsdesk.documents.official.answers.remarks import Order
    from fsdesk.documents.official.draft import DocumentDraft

_WHERE = {True: "已按此读取，以下各项相同", False: "已按此读取，其他各项没有这样写，不受影响"}


def follow_orders(draft: DocumentDraft) -> None:
    """Give lists of names the roles that a remark gives them.

    A remark in a bracket holds for that bracket, and with 下同 until another one says otherwise;
    one in the text, in a note or in a table's header holds for the whole document.
    """
    general = _outside_of_brackets(draft)
    for span, order in [*general, *draft.orders]:
        shown = "全文" if (span, order) in general else ""
        words = f"文件注明{_said(order)}，{shown}{'已按此读取' if shown else _WHERE[order.below]}"
        if order.first or order.mark:
            draft.tell(words, "请核对责任分工", span)
    if not general and not any(order.below or order.mark for _, order in draft.orders):
        return
    lasting = sorted(
        [(TextSpan(0, 0, 0), order) for _, order in general]
        + [(span, order) for span, order in draft.orders if order.below],
        key=lambda one: one[0],
    )
    for clause in draft.clauses:
        told = any(one.tail or one.span in draft.settled for one in clause.answers)
        if told or not clause.answers:
            continue
        place = max(answer.span for answer in clause.answers)
        holding = [order for span, order in lasting if span < place]
        orders = [order for order in holding if order.mark] + [
            order for order in holding if not order.mark
        ][-1:]
        for order in orders:
            clause.answers = ordered(clause.answers, order)


def _outside_of_brackets(draft: DocumentDraft) -> list[tuple[TextSpan, Order]]:
    """Return the remarks that stand in no bracket that says who answers."""
    found: list[tuple[TextSpan, Order]] = []
    for passage in draft.passages:
        order = order_in(passage.plain)
        if order is None or not (order.first or order.mark):
            continue
        here = passage.spans()
        if not any(
            span.line == taken.line and span.start <= taken.start < span.end
            for span in here
            for taken, _ in draft.orders
        ):
            found.append((passage.span(order.start, order.end), order))
    return found


def _said(order: Order) -> str:
    if order.mark:
        return f"带“{order.mark}”的为{order.role.label}单位"
    return "第一个单位牵头" if order.first == 1 else f"前{order.first}个单位牵头"
