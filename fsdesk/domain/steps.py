"""Long work that tells how far it is: a generator of progress that returns its result."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work has come.

    Attributes:
        done: Steps that are finished.
        total: All steps; 0 while their number is unknown.
        message: What is being done, in Chinese; may be empty.
    """

    done: int
    total: int
    message: str = ""


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
