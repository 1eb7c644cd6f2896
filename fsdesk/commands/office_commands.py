"""`office`: what the office says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from fsdesk.commands.opening import opened
from fsdesk.commands.output import DONE, answer
from fsdesk.domain.findings import reject
from fsdesk.domain.supervision.letters import LetterKind, number_word
from fsdesk.services.supervision import office_identity

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

    from fsdesk.services.supervision.office_identity import OfficeDetails

_NAMES = ("district", "name", "committee", "seal", "signatory", "contact", "phone")


def office(options: Namespace) -> int:
    """Show what the office has said of itself, or change it."""
    changing = options.action == "set"
    with opened(options, write=changing) as workspace:
        if changing:
            told = office_identity.details(workspace).told
            said = {name: getattr(options, name) for name in _NAMES}
            given = {name: text.strip() for name, text in said.items() if text is not None}
            words = {**told.by_kind, **{k.value: word for k, word in _pairs(options.word)}}
            numbers = {kind: _number(text) for kind, text in _pairs(options.next)}
            office_identity.save(workspace, replace(told, **given).with_words(words), numbers)
        found = office_identity.details(workspace)
    answer(options, _plain(found), _lines(found))
    return DONE


def _pairs(texts: Sequence[str]) -> list[tuple[LetterKind, str]]:
    found: list[tuple[LetterKind, str]] = []
    for text in texts:
        name, _, value = text.partition("=")
        kind = next((each for each in LetterKind if name in (each.value, each.label)), None)
        if kind is None or not value.strip():
            kinds = "、".join(each.value for each in LetterKind)
            raise reject(f"“{text}”不是“种类=内容”", f"种类可以是：{kinds}")
        found.append((kind, value.strip()))
    return found


def _number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise reject(f"“{text}”不是序号", "请填 1 或更大的整数")
    return int(text)


def _plain(found: OfficeDetails) -> dict[str, object]:
    told, issuer = found.told, found.issuer
    return {
        "district": told.district,
        "name": told.office_name(issuer),
        "committee": told.committee_name(issuer),
        "seal": told.seal_name(issuer),
        "signatory": told.signatory,
        "contact": told.contact,
        "phone": told.phone,
        "words": {kind.value: number_word(kind, told, found.office) for kind in LetterKind},
        "next": {kind.value: number for kind, number in found.next_numbers.items()},
        "lacking": list(found.lacking),
    }


def _lines(found: OfficeDetails) -> list[str]:
    told, issuer = found.told, found.issuer
    lines = [
        f"所在地区\t{told.district or '（未填）'}",
        f"办公室全称\t{told.office_name(issuer)}",
        f"委员会全称\t{told.committee_name(issuer)}",
        f"落款单位\t{told.seal_name(issuer)}",
        f"签发人\t{told.signatory or '（未填）'}",
        f"联系人\t{told.contact or '（未填）'}",
        f"联系电话\t{told.phone or '（未填）'}",
    ]
    lines += [
        f"{kind.label}\t{number_word(kind, told, found.office)}，下一号 {number}"
        for kind, number in found.next_numbers.items()
    ]
    return lines
