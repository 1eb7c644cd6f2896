"""What a plan is about, of which level it is and who issued it, as papers and packets say it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fsdesk.domain.office import level_in

if TYPE_CHECKING:
    from fsdesk.domain.plan.plan import Plan

_TITLE = re.compile(
    r"(?:[0-9〇零一二三四五六七八九]{4}年度?|[^，。年]{0,12}?[区县市旗州省])*"
    r"(?P<subject>(?!关于|印发|转发|全[区县市旗州省])[\u4e00-\u9fff]{2,12}?)(?:重点)?工作.*"
)
_FOOD, _FOOD_SHORT = "食品药品安全", "食药安"  # as its own offices are called in short


def subject_of(plan: Plan) -> str:
    """Return what a plan is about, e.g. 食品药品安全; empty where neither title nor office say."""
    match = _TITLE.fullmatch(plan.title)
    found = match["subject"] if match else ""
    if not found and _FOOD_SHORT in office_of(plan):
        return _FOOD
    return found


def office_of(plan: Plan) -> str:
    """Return what the coordinating office is called, e.g. 区食药安办."""
    office = plan.directory.office
    return office.name if office else plan.issuer or "统筹办公室"


def level_of(plan: Plan) -> str:
    """Return of which level a plan is, by its office's name: 区, 市; empty where it doesn't say."""
    return level_in(office_of(plan))


def whole_of(plan: Plan) -> str:
    """Return how all units together are called: 全区, 全市; 合计 where no level is known."""
    level = level_of(plan)
    return f"全{level}" if level else "合计"


def level_word(plan: Plan) -> str:
    """Return the word for what is judged at a plan's level: 区级, 市级; 本级 where unknown."""
    return f"{level_of(plan) or '本'}级"


def field_of(plan: Plan) -> str:
    """Return a plan's field as short as its office is called: 食药安, 安全生产; may be empty."""
    return _FOOD_SHORT if _FOOD_SHORT in office_of(plan) else subject_of(plan)


def without_level(office: str) -> str:
    """Return an office's name without its level: 食药安办 of 区食药安办."""
    return office.removeprefix(level_in(office))
