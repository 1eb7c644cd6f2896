"""A few columns of the rows of a ledger, for rules that look at every row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import null, select

from fsdesk.store.ledger.declarations import declared
from fsdesk.store.ledger.doubles import Rows, rows_in
from fsdesk.store.ledger.layout import LedgerLayout
from fsdesk.store.ledger.tables import LEDGER_ENTRY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from fsdesk.store.session import Session

_COLUMNS = LEDGER_ENTRY.c


def columns(
    session: Session,
    ledger: str,
    titles: Sequence[str],
    rows: Rows = Rows.COUNTED,
    answering: Collection[str] = (),
) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """Give the unit and the plain values of the named columns of rows, as they came.

    A column that the ledger doesn't have gives None. Days are ISO text.
    `rows`: without more said, those that count.
    `answering`: as for `fsdesk.store.ledger.doubles.doubles`.
    InputRejectedError when the ledger isn't declared.
    """
    layout = LedgerLayout(declared(session, ledger))
    wanted = [
        _COLUMNS[layout.slots[title]] if title in layout.slots else null() for title in titles
    ]
    query = select(_COLUMNS.unit, *wanted).where(*rows_in(session, ledger, rows, answering))
    for row in session.execute(query.order_by(_COLUMNS.n)):
        yield row[0], tuple(row[1:])
