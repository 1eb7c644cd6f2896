"""The state of a few things as text, so that an import can be undone."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Date, and_, bindparam, delete, insert, select

from fsdesk.domain.findings import reject
from fsdesk.domain.plan.codec import plan_from_dict, plan_to_dict
from fsdesk.domain.supervision.amendments import PREFIX
from fsdesk.store import audit, issued_papers
from fsdesk.store.ladder.parts import PartSheetRow
from fsdesk.store.packet.keys import SignerRow
from fsdesk.store.plan import plans
from fsdesk.store.records.attachments import AttachmentRow
from fsdesk.store.records.tables import REVIEW_COMMENT, SUBMISSION
from fsdesk.store.supervision.tables import LetterRow, SupervisionCaseRow
from fsdesk.store.tables import SettingRow

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, FromClause, Select, Table

    from fsdesk.store.session import Session, Writing

# By kind of thing: its tables, parents first, and the columns that its name is made of.
_ROWS: dict[str, tuple[tuple[FromClause, ...], tuple[str, ...]]] = {
    "submission": ((SUBMISSION, REVIEW_COMMENT), ("unit", "period")),
    "evidence": ((AttachmentRow.__table__,), ("unit", "period")),
    "signer": ((SignerRow.__table__,), ("fingerprint",)),
    "parts": ((PartSheetRow.__table__,), ("unit", "period")),
    "rules": ((SettingRow.__table__,), ("name",)),
    "letter": ((LetterRow.__table__, SupervisionCaseRow.__table__), ("kind", "year", "number")),
}


# In the state of a letter: the papers that were issued about it since.
_AMENDMENTS = "amendments"


def state_of(session: Session, kind: str, name: str) -> str:
    """Return the state of a thing as text; equal states give equal texts.

    `kind`: ``submission``, ``evidence``, ``signer``, ``parts``, ``rules``, ``letter`` or ``plan``.
    `name`: its key, parts joined by ``/``.
    """
    if kind == "plan":
        session.flush()
        plan = plans.load_plan(session, int(name))
        return state_with(plan_to_dict(plan) if plan else None)
    rows: dict[str, Any] = rows_of(session, kind, name)
    if kind == "letter" and (since := _amendments(session, name)):
        rows |= {_AMENDMENTS: since}
    return state_with(rows)


def rows_of(session: Session, kind: str, name: str) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that a thing of such a kind has in each of its tables, by their columns."""
    session.flush()
    rows: dict[str, list[dict[str, Any]]] = {}
    for table in _tables(kind):
        found = session.execute(_rows_of(table, kind), _parts(kind, name)).mappings()
        rows[table.name] = sorted((dict(row) for row in found), key=str)
    return rows


def state_with(rows: object) -> str:
    """Return the state of a thing with these rows; see `state_of`."""
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, default=str)


def put_back(writing: Writing, kind: str, name: str, state: str) -> None:
    """Bring a thing back to a state that `state_of` gave."""
    session = writing.session
    if kind == "plan":
        plan = json.loads(state)
        if plan is None:
            raise reject("不能撤销：导入之前没有计划", "请重新建立工作区")
        plans.save_plan(writing, plan_from_dict(plan))
        return
    rows = json.loads(state)
    for table in reversed(_tables(kind)):
        session.execute(delete(table).where(_where(table, kind)), _parts(kind, name))
    for table in _tables(kind):
        if rows[table.name]:
            session.execute(insert(table), [_typed(table, row) for row in rows[table.name]])
    if kind == "letter":
        for subject in set(_amendments(session, name)).difference(rows.get(_AMENDMENTS, ())):
            issued_papers.remove(writing, subject)
    session.expire_all()
    audit.log(writing, "undo", f"{kind}/{name}", None, rows)


def _amendments(session: Session, name: str) -> list[str]:
    """Return the names of the papers that were issued about a letter since."""
    return sorted(
        each for each in issued_papers.known(session) if each.startswith(f"{PREFIX}{name}/")
    )


def _tables(kind: str) -> list[Table]:
    return [cast("Table", table) for table in _ROWS[kind][0]]


@cache  # asked twice with every packet
def _rows_of(table: Table, kind: str) -> Select[Any]:
    return select(table).where(_where(table, kind))


def _where(table: Table, kind: str) -> ColumnElement[bool]:
    return and_(*(table.c[column] == bindparam(f"its_{column}") for column in _ROWS[kind][1]))


def _parts(kind: str, name: str) -> dict[str, str]:
    columns = _ROWS[kind][1]
    parts = name.split("/", len(columns) - 1)
    return {f"its_{column}": part for column, part in zip(columns, parts, strict=True)}


def _typed(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    dates = {column.name for column in table.columns if isinstance(column.type, Date)}
    return {
        name: date.fromisoformat(value) if name in dates and value else value
        for name, value in row.items()
    }
