"""Numbers of a clause that were taken for no target, so that each of them can be told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fsdesk.documents.official.targets.quantities import find_quantities, is_sentence, shifted
from fsdesk.documents.official.targets.targets import with_sentences_open

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.documents.official.targets.quantities import Quantity
    from fsdesk.documents.official.targets.target import Target

_A_DATE = re.compile(r"(?:月|年|第|每)\s*$")


def passed_over(text: str, targets: Sequence[Target]) -> list[tuple[int, int]]:
    """Return where numbers with a unit stand that are no targets, dates or turns of speech.

    `targets`: the targets that were found in the text.
    """
    taken = [(target.start, target.end) for target in targets]
    quoted = [
        (name.start() + 1, name.end() - 1)
        for name in re.finditer(r"“[^”]*”", text)
        if not is_sentence(name[0][1:-1])
    ]
    found = [shifted(q, start) for start, end in quoted for q in find_quantities(text[start:end])]
    found += find_quantities(with_sentences_open(text))
    return sorted(
        (quantity.number_at, quantity.end)
        for quantity in found
        if not any(start <= quantity.number_at < end for start, end in taken)
        and not _is_turn_of_speech(quantity)
        and not _A_DATE.search(text[: quantity.number_at])
    )


def _is_turn_of_speech(quantity: Quantity) -> bool:
    """Tell whether a number in Chinese digits is a turn of speech: 一批, 两个责任, 三类."""
    few = quantity.value == 1 or quantity.unit in {"个", "类", "项", "种", "级", "步", "张", "条"}
    return quantity.chinese and few and not quantity.operator
