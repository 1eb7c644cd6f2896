"""How alike two texts are: names of bodies, titles of tasks."""

from __future__ import annotations

import re
from functools import lru_cache

from fsdesk.domain.text import fold

_LEVEL = re.compile(
    r"^(?:.{2,3}(?=[区县市]))?(?:区|县|市(?!场)|省|州|旗|镇|乡|本)(?:级|直)?(?=.{2})"
)
# What bodies are called in full and in short.
_SHORT = (
    ("人民", ""),
    ("监督管理", "监管"),
    ("卫生健康", "卫健"),
    ("发展和改革", "发改"),
    ("发展改革", "发改"),
    ("经济和信息化", "经信"),
    ("工业和信息化", "工信"),
    ("科学技术", "科技"),
    ("住房和城乡建设", "住建"),
    ("城市管理", "城管"),
    ("文化和旅游", "文旅"),
    ("人力资源和社会保障", "人社"),
    ("交通运输", "交通"),
    ("食品药品安全委员会", "食药安委"),
    ("食品安全委员会", "食安委"),
    ("委员会办公室", "办"),
    ("办公室", "办"),
    ("委员会", "委"),
    ("办事处", ""),
    ("分局", "局"),
    ("市场监管", "市监"),
    ("教育体育", "教体"),
    ("药品监督", "药监"),
    ("政府", ""),
    ("自然资源和规划", "资规"),
    ("规划和自然资源", "资规"),
)
_END = re.compile(r"[局委办厅部]$")


@lru_cache(maxsize=4096)
def core(name: str) -> str:
    """Bring the name of a body to its core: 滨江区卫生健康委员会 and 区卫健局 are 卫健."""
    text = fold(name)
    for long, short in _SHORT:
        text = text.replace(long, short)
    return _END.sub("", _LEVEL.sub("", text, count=1))


def likeness(first: str, second: str) -> float:
    """Return how alike two texts are, from 0 to 1: the share of letter pairs that they share."""
    one, two = _pairs(first), _pairs(second)
    total = sum(one.values()) + sum(two.values())
    if not total:
        return float(first == second)
    return 2 * sum(min(count, two.get(pair, 0)) for pair, count in one.items()) / total


def contained(first: str, second: str) -> float:
    """Return which share of the shorter text's letter pairs stands in the longer one, 0 to 1."""
    one, two = _pairs(first), _pairs(second)
    least = min(sum(one.values()), sum(two.values()))
    if not least:
        return float(first == second)
    return sum(min(count, two.get(pair, 0)) for pair, count in one.items()) / least


@lru_cache(maxsize=4096)
def _pairs(text: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(len(text) - 1):
        pair = text[at : at + 2]
        found[pair] = found.get(pair, 0) + 1
    return found
