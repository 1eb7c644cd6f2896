"""Numbers as official documents write them: 十二, ⑫, 1.9万, 百分之三十."""

from __future__ import annotations

_DIGITS = {
    **{character: value for value, character in enumerate("零一二三四五六七八九")},
    "〇": 0,
    "两": 2,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_MYRIAD, _HUNDRED_MILLION = 10_000, 100_000_000
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CHINESE_DIGITS = "".join((*_DIGITS, *_UNITS, "万", "亿"))


def chinese(number: int) -> str:
    """Write a number below ten thousand in Chinese digits: 12 is 十二."""
    digits = "零一二三四五六七八九"
    if not 0 < number < _MYRIAD:
        return str(number)
    text = ""
    gap = False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            text += ("零" if gap and text else "") + digits[digit] + name
        gap = digit == 0
    return text.removeprefix("一") if text.startswith("一十") else text


def circled(number: int) -> str:
    """Write a number in a circle: 3 is ③."""
    return _CIRCLED[number - 1] if 0 < number <= len(_CIRCLED) else f"({number})"


def uncircled(character: str) -> int:
    """Return the number in a circle; 0 when the character is none."""
    return _CIRCLED.find(character) + 1


def from_chinese(text: str) -> int | None:
    """Return the number that Chinese digits stand for, or None: 二十二 is 22, 一百 is 100."""
    if not text or any(character not in CHINESE_DIGITS for character in text):
        return None
    if all(character in _DIGITS for character in text):  # a year such as 二〇二六
        return int("".join(str(_DIGITS[character]) for character in text))
    total = section = digit = 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit = 0
        else:
            total = (total + section + digit) * (_MYRIAD if character == "万" else _HUNDRED_MILLION)
            section = digit = 0
    return total + section + digit
