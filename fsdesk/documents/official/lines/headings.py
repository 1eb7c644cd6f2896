"""The line of a heading: where its title ends and what is asked for begins."""

from __future__ import annotations

import re

LONGEST_TITLE = 42
_ENDS = "。:"
_OPEN, _CLOSE = "([“《", ")]”》"
_NOT_TASKS = re.compile(
    r"保障措施|进度安排|推进步骤|工作要求|组织保障|组织领导|有关要求|工作保障|实施步骤|工作步骤|时间安排|方法步骤|加强领导|强化保障|相关要求|实施要求"
)
_ANSWERS = re.compile(
    r"^(?:责任|职责|任务|工作)?(?:分工|单位|部门|落实|主体)(?:及时限|和时限|及完成时限)?$"
    r"|^(?:完成|进度|时间)(?:时限|安排|节点)$"
)
_REQUIREMENT = re.compile(
    r"总体要求|总则|指导思想|工作思路|总体思路|基本原则|总体目标|主要目标|工作目标|目标任务|基本思路|目标要求|工作原则|总体安排"
)


def title_end(text: str, closer: int) -> int:
    """Return where the title of a heading's line ends; its mark has been taken off.

    `text`: the line in half width.
    `closer`: where who answers begins in it; its length when nobody is named.
    """
    depth = 0
    for at, character in enumerate(text[:closer]):
        depth += (character in _OPEN) - (character in _CLOSE and depth > 0)
        if depth == 0 and character in _ENDS:
            return at if at <= LONGEST_TITLE and ";" not in text[:at] else 0
    end = min(closer, len(text))
    return end if end <= LONGEST_TITLE or end == len(text) else 0


def is_about_the_how(title: str) -> bool:
    """Tell whether a section only says how the work is to be led, naming no work."""
    return bool(_NOT_TASKS.search(title))


def is_about_answers(title: str) -> bool:
    """Tell whether a heading only says that who answers, or by when, follows."""
    return bool(_ANSWERS.match(title))


def is_requirement(title: str) -> bool:
    """Tell whether a section states the overall requirement and goals."""
    return bool(_REQUIREMENT.search(title))
