"""A quantified target, as a clause names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from fsdesk.domain.plan.indicators import Operator


class Target(Struct, frozen=True):
    """A quantified target that a clause names.

    Attributes:
        name: What is counted or measured.
        value: The number; in per cent for ratios.
        start: Where its words begin in the clause, with those that compare.
        per: How many heads one unit of the denominator holds; 0 for no such target.
        part_of: Place in the list of the target that contains this one; None for none.
        source: For a target by heads, the place of the count that it is derived from.
        doubt: Why it isn't sure; empty when it is.
        change: Whether it is a change against an earlier figure (增长, 下降).
        lasting: Whether it tells a state (设立22家哨点), not a sum of what was done.
        baseline: What it was before (从80%提高到95%); None when nothing is said.
    """

    name: str
    operator: Operator
    value: float
    unit: str
    start: int
    end: int
    per: float = 0
    part_of: int | None = None
    source: int | None = None
    doubt: str = ""
    change: bool = False
    lasting: bool = False
    baseline: float | None = None
