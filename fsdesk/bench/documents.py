"""How the time to read an official document grows with its length."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from fsdesk.bench.packets import YEAR
from fsdesk.documents.plan_file import load_builtin_plan
from fsdesk.services.plan_document.plan_documents import read_pasted

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZES = (150_000, 300_000)


def measure_documents(sizes: Sequence[int] = SIZES) -> dict[str, float]:
    """Read documents of so many characters, each sentence another one.

    Returns:
        Seconds of the processor by size, and ``growth``: by how much more than the length the time
        grows from the last size but one to the last, 1 being linear.
    """
    seconds: list[float] = []
    for size in sizes:
        text = _document(size)
        begun = time.process_time()
        read_pasted(text)
        seconds.append(time.process_time() - begun)
    found = {f"{size}_seconds": each for size, each in zip(sizes, seconds, strict=True)}
    found["growth"] = seconds[-1] / seconds[-2] / (sizes[-1] / sizes[-2])
    return found


def _document(size: int) -> str:
    """Write the built-in plan over and over, with numbers of its own in each task."""
    plan = load_builtin_plan(YEAR)
    names = plan.directory
    lines, length, number = [f"{YEAR}年食品药品安全工作要点", "一、重点任务"], 0, 0
    while length < size:
        for task in plan.tasks:
            number += 1
            who = "、".join(names.name(each.party) for each in task.assignments)
            line = f"{task.text.strip()}检查第{number}批对象{number}家。（{who}负责）"
            if number % len(plan.sections) == 1:
                line = f"（{number}）{task.title}。{line}"
            lines.append(line)
            length += len(line)
    return "\n".join(lines)
