"""What stands before the first heading: title, year, addressee and the overall requirement."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fsdesk.documents.official.numerals import from_chinese
from fsdesk.documents.official.sources.passage import Passage, joined, plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsdesk.documents.official.draft import DocumentDraft

_KIND = (
    r"(?:要点|工作重点|工作安排|重点安排|重点工作|工作计划|任务分解|任务清单|责任清单|任务分工"
    r"|分工方案|实施方案|行动方案|工作方案|行动计划"
    r"|责任分解|分解表|任务表|工作任务|目标任务|工作清单|分工表|责任表|责任书|实事项目|重点项目"
    r"|整治方案|三年行动|若干措施|重点任务|主要任务|攻坚行动|通知|意见)"
)
_TITLE = re.compile(rf"^[^。;]{{0,70}}{_KIND}[^。;:]{{0,20}}$")
_QUOTED = re.compile(rf"《([^《》]*{_KIND}[^《》]*)》")
_ABOUT = re.compile(r"关于(?:印发|下达|做好|公布|明确)?(.{6,}?)的通知$")
_YEAR = re.compile(r"(?<!\d)(20\d\d)\s*(?:-\s*20\d\d\s*)?年")
_CHINESE_YEAR = re.compile(r"(二[〇零][一二三四五六七八九〇零]{2})\s*年")
_LETTER = re.compile(
    r"^(?:现将|经.{1,20}同意|请.{0,10}(?:认真|结合实际|遵照)|特此|根据工作安排)|印发给你们"
    r"|现?予以?印发"
)
_ADDRESSEE = re.compile(r"^(?:各|区|市|县|省|有关|机关)[^。]{1,120}:$")
_NUMBER = re.compile(r"^[^。,]{1,20}\[\s*20\d\d\s*\]\s*第?\d+\s*号$")
_LABELS = re.compile(
    r"^(?:发文机关|成文日期|发布日期|索引号|来源|浏览|阅读|字体|【|主题分类|文号|标题)"
)
LEAST_REQUIREMENT = 25
LONGEST_TITLE = 60
_TITLE_LINES = 3


def read_front(front: Sequence[Passage], draft: DocumentDraft) -> None:
    """Take title, year and overall requirement from the lines before the first heading."""
    title = _title_at(front)
    if title is None:
        front = _with_title_cut_off(front)
        title = _title_at(front)
    if title:
        first, last = title
        draft.head = joined(line.stripped() for line in front[first:last])
        draft.title = draft.head.text.rstrip("。")
    for at, line in enumerate(front):
        if title and title[0] <= at < title[1]:
            continue
        if _is_requirement(line.plain.strip()):
            draft.requirement.append(line)
    draft.year = year_in([draft.title, *(line.plain for line in front)])
    quoted = _QUOTED.search(plain(draft.title))
    if quoted:
        draft.title = draft.title[quoted.start(1) : quoted.end(1)]
    letter = _ABOUT.search(draft.title)
    if letter:
        draft.title = letter[1]


def year_in(texts: Sequence[str]) -> int | None:
    """Return the first year that a text names, or None."""
    for text in texts:
        short = plain(text)
        match = _YEAR.search(short)
        if match:
            return int(match[1])
        written = _CHINESE_YEAR.search(short)
        if written:
            return from_chinese(written[1])
    return None


def is_title(text: str) -> bool:
    """Tell whether a line in half width may be the title of a plan."""
    return len(text) <= LONGEST_TITLE and bool(_TITLE.match(text)) and not _LETTER.search(text)


def _with_title_cut_off(front: Sequence[Passage]) -> list[Passage]:
    """Cut one of the first lines behind its first sentence when that is the title."""
    for at, line in enumerate(front[:_TITLE_LINES]):
        end = line.plain.find("。")
        if end >= 0 and is_title(line.plain[:end].strip()):
            return [*front[:at], line.slice(0, end), line.slice(end + 1), *front[at + 1 :]]
    return list(front)


def _title_at(front: Sequence[Passage]) -> tuple[int, int] | None:
    """Return the first and the last line of the title; the last that may be one is the nearest."""
    found: tuple[int, int] | None = None
    for last in range(1, len(front) + 1):
        here = _title_that_ends(front, last)
        if here is not None and (found is None or found[1] <= here):
            found = (here, last)
    return found


def _title_that_ends(front: Sequence[Passage], last: int) -> int | None:
    """Return the first line of a title that ends with a line: as few as name a year, else all."""
    found: int | None = None
    for first in range(last - 1, max(last - _TITLE_LINES, 0) - 1, -1):
        lines = [line.plain.strip() for line in front[first:last]]
        if _are_title(lines):
            found = first
            if year_in(["".join(lines)]) is not None:
                break
    return found


def _are_title(lines: Sequence[str]) -> bool:
    whole = "".join(lines)
    if not is_title(whole) or whole.count("《") != whole.count("》"):
        return False
    if len(lines) == 1:
        return True
    # A title that is cut into lines has no marks at the cuts, and each line but the last is short.
    heads = lines[:-1]
    return not any(
        line[-1:] in ":。;,、" or _NUMBER.match(line) or is_title(line) or _LABELS.match(line)
        for line in heads
    )


def _is_requirement(text: str) -> bool:
    if len(text) < LEAST_REQUIREMENT or _ADDRESSEE.match(text) or _NUMBER.match(text):
        return False
    if is_title(text) or re.match(r"关于.*的通知$", text):
        return False
    return not _LETTER.search(text) and not _LABELS.match(text)
