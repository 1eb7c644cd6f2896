"""Long work that tells how far it is: a generator of progress that returns its result."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias, TypeVar

from msgspec import Struct

Result = TypeVar("Result")


class Progress(Struct, frozen=True):
    """How far long work has come.

    Attributes:
        total: All steps; 0 while their number is unknown.
        message: What is being done, in Chinese; may be empty.
    """

    done: int
    total: int
    message: str = ""


_MINUTE = 60
_ENOUGH = 2.0  # seconds after which the pace says something


def time_left(progress: Progress, seconds: float) -> str:
    """Say how long the rest will take, if it goes on as it went; empty while that is unknown."""
    if seconds < _ENOUGH or not 0 < progress.done < progress.total:
        return ""
    left = seconds / progress.done * (progress.total - progress.done)
    if left < _MINUTE:
        return f"约还需 {max(1, round(left))} 秒"
    return f"约还需 {round(left / _MINUTE)} 分钟"


# What long work returns to its caller: each `next` does a step; the result is the return value.
# Closing the generator between two steps cancels the work.
Steps: TypeAlias = Generator[Progress, None, Result]


def run_through(steps: Steps[Result]) -> Result:
    """Do long work to its end without showing progress, and give its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
