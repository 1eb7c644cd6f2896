"""Many rows at once, as the driver takes and gives them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, bindparam, insert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sqlalchemy import BindParameter, Dialect, Select, Table
    from sqlalchemy.orm import Session

_PART = 500
AMONG: BindParameter[Any] = bindparam("among", expanding=True)


def rows_among(
    session: Session, query: Select[*tuple[Any, ...]], values: Sequence[str]
) -> Iterator[Sequence[Any]]:
    """Yield the rows of a query that asks for what is `AMONG` many values.

    It is ten times as fast as by way of expressions.

    `query`: one that is kept for the next time; its columns are given as they are stored.
    """
    connection = session.connection()
    for start in range(0, len(values), _PART):
        part = tuple(values[start : start + _PART])
        if connection.dialect.positional:
            text, before, after = _asking(query, len(part), connection.dialect)
            yield from connection.exec_driver_sql(text, (*before, *part, *after))
        else:
            yield from connection.execute(query, {AMONG.key: part})


@lru_cache(maxsize=256)
def _asking(
    query: Select[*tuple[Any, ...]], count: int, dialect: Dialect
) -> tuple[str, Sequence[Any], Sequence[Any]]:
    """Return a statement for so many values, and its other parameters before and after them."""
    compiled = query.compile(dialect=dialect)
    state = compiled.construct_expanded_state({AMONG.key: [""] * count})
    first = list(state.positiontup or ()).index(f"{AMONG.key}_1")
    fixed = state.positional_parameters
    return state.statement, fixed[:first], fixed[first + count :]


def insert_rows(
    session: Session, table: Table, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert rows, which is twice as fast as by way of expressions.

    `columns`: names of the columns, in the order of the values of each row and of the table.
    """
    if not rows:
        return
    session.flush()  # what was added before comes first
    connection = session.connection()
    text, is_positional, converted = _statement(table, tuple(columns), connection.dialect)
    if converted:
        changed = [list(row) for row in rows]
        for place, convert in converted:
            for row in changed:
                row[place] = convert(row[place])
        rows = [tuple(row) for row in changed]
    if is_positional:
        connection.exec_driver_sql(text, list(rows))
    else:
        connection.exec_driver_sql(text, [dict(zip(columns, row, strict=True)) for row in rows])


@lru_cache(maxsize=64)
def _statement(
    table: Table, columns: tuple[str, ...], dialect: Dialect
) -> tuple[str, bool, list[tuple[int, Callable[[Any], Any]]]]:
    """Return a statement, whether it takes values by place, and which are to be converted how."""
    compiled = insert(table).inline().compile(dialect=dialect, column_keys=list(columns))
    if [column.name for column in table.columns if column.name in columns] != list(columns):
        raise ValueError(columns)
    converted: list[tuple[int, Callable[[Any], Any]]] = []
    for place, name in enumerate(columns):
        kind = table.c[name].type
        convert = kind.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None and not isinstance(kind, Boolean):  # which every driver knows
            converted.append((place, convert))
    return str(compiled), compiled.positional, converted
