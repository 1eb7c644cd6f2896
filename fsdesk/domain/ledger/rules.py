"""Rules by which the rows of a ledger are examined, declared as data."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from fsdesk.domain.ledger.conditions import Condition  # noqa: TC001 - field types are read at run time by the codec


class RuleKind(StrEnum):
    """What a rule looks for; the value is the word in declarations."""

    AT_MOST = "at_most"
    NOT_BEFORE = "not_before"
    FUTURE = "future"
    EXPIRED = "expired"
    REQUIRED = "required"
    SHARED = "shared"
    OUTLIER = "outlier"


class Rule(Struct, frozen=True):
    """One rule.

    Attributes:
        other: For comparisons, the column that `column` is held against.
        where: Only rows for which all of these hold are examined.
    """

    kind: RuleKind
    column: str
    other: str = ""
    where: tuple[Condition, ...] = ()
    message: str = ""
