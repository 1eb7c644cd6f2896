"""What several sheets say of one row, put together; two different values are for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsdesk.domain.findings import Finding, Place, error
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.typed import read_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, MutableMapping

_SHOWN = 40


def merge_values(
    known: MutableMapping[str, tuple[Any, Place]],
    more: Mapping[str, tuple[Any, Place]],
    titles: Mapping[str, str],
) -> Iterator[Finding]:
    """Add what another sheet says of a row; yield where it says something else.

    `known`, `more`: value and cell by field. `titles`: headers of the fields.
    """
    for field, (value, place) in more.items():
        before, other = known.setdefault(field, (value, place))
        if before != value:
            yield error(
                f"“{titles.get(field, field)}”两处不同：{_where(other)}是“{_shown(before)}”，"
                f"{_where(place)}是“{_shown(value)}”，程序不替您选",
                "请把其中一处改对或清空，或改为只读其中一张",
                place,
            )


def _where(place: Place) -> str:
    return f"“{place.sheet}”表 {place.cell} "


def _shown(value: Any) -> str:  # noqa: ANN401 - each field has its type
    return read_text(value.label if isinstance(value, LabelledEnum) else value)[:_SHOWN]
