"""The identity of the coordinating office: what its papers are headed, numbered and signed with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk.domain.findings import reject

if TYPE_CHECKING:
    from collections.abc import Mapping

# How a name begins that doesn't say which district it is of; 市场监管局 is of any.
_LEVEL = re.compile("[区县旗州省](?!域)|市(?!场)")
_OFFICE = "办公室"
_LONGEST = 60
_SUBJECT = "食品药品安全"


class OfficeIdentity(Struct, frozen=True):
    """What the office has said of itself; what is empty is derived from the plan.

    Attributes:
        district: Which district, such as 某市某区.
        name: Full name of the office, such as 某市某区食品药品安全委员会办公室.
        committee: Full name of the committee whose office it is.
        seal: Name on the seal (落款), under the office's letters.
        signatory: Who signs (签发人).
        contact: Whom to ask (联系人).
        phone: Under which number.
        words: Kind of letter, and the letters in front of its numbers (机关代字).
    """

    district: str = ""
    name: str = ""
    committee: str = ""
    seal: str = ""
    signatory: str = ""
    contact: str = ""
    phone: str = ""
    words: tuple[tuple[str, str], ...] = ()

    @property
    def by_kind(self) -> Mapping[str, str]:
        """The letters in front of document numbers, by the kind of letter."""
        return dict(self.words)

    def with_words(self, words: Mapping[str, str]) -> OfficeIdentity:
        """Return it with other letters in front of document numbers; empty ones are none."""
        return replace(self, words=tuple(sorted((k, word) for k, word in words.items() if word)))

    @property
    def is_told(self) -> bool:
        """Whether the office has said anything."""
        return self != OfficeIdentity()

    def in_full(self, name: str) -> str:
        """Return a name with the district's own: no 区 without which; others as they are."""
        if not self.district or not name or name.startswith(self.district):
            return name
        level = level_in(name)
        same = level and self.district.endswith(level)
        return self.district + name.removeprefix(level) if same else name

    def office_name(self, issuer: str) -> str:
        """Return in whose name the office's papers are; ``issuer`` is what the plan calls it."""
        return self.name or self.in_full(issuer)

    def committee_name(self, issuer: str) -> str:
        """Return in whose name the committee's letters are."""
        return self.committee or committee_of(self.office_name(issuer))

    def seal_name(self, issuer: str) -> str:
        """Return whose seal is under the office's papers."""
        return self.seal or self.office_name(issuer)

    @property
    def contact_line(self) -> str:
        """Whom to ask, as it stands under a letter; empty where nobody is named."""
        parts = [f"联系人：{self.contact}" if self.contact else "",
                 f"联系电话：{self.phone}" if self.phone else ""]  # fmt: skip
        words = "，".join(part for part in parts if part)
        return f"（{words}）" if words else ""

    def area(self, whole: str) -> str:
        """Return what the district is called in a sentence; ``whole``: 全区, 全市 and the like."""
        return self.district or whole

    def copies_to(self, level: str) -> str:
        """Return who gets copies of a bulletin (抄送); ``level`` is 区, 市 and the like."""
        if not self.district:
            return f"{level}委办公室、{level}政府办公室" if level else "党委办公室、政府办公室"
        return f"中共{self.district}委办公室、{self.district}人民政府办公室"

    def proposed(self, subject: str = _SUBJECT) -> OfficeIdentity:
        """Return the names that follow from the district and a plan's subject, where untold."""
        if not self.district or not subject:
            return self
        committee = self.committee or f"{self.district}{subject}委员会"
        return replace(self, committee=committee, name=self.name or f"{committee}{_OFFICE}")


UNTOLD = OfficeIdentity()


def level_in(name: str) -> str:
    """Return the level with which a name begins: 区 of 区食药安办; empty where it doesn't say."""
    found = _LEVEL.match(name)
    return found.group() if found else ""


def committee_of(office: str) -> str:
    """Return whose office a coordinating office is, by its name, e.g. 区食药安办."""
    committee = office.removesuffix(_OFFICE)
    if committee.endswith("委员会"):
        return committee
    if office.endswith("食药安办"):
        return f"{office.removesuffix('办')}委"
    return f"{office.removesuffix('办')}会" if office.endswith("委办") else office


def check_identity(identity: OfficeIdentity) -> None:
    """Refuse what can't stand on paper, or would give two letters the same number."""
    names = (identity.district, identity.name, identity.committee, identity.seal)
    people = (identity.signatory, identity.contact, identity.phone)
    words = identity.by_kind.values()
    if any("\n" in text or len(text) > _LONGEST for text in (*names, *people, *words)):
        told = f"名称、代字和联系方式都应写在一行内，不超过 {_LONGEST} 个字"
        raise reject(told, "请改短后再保存")
    wrong = next((word for word in words if set(word) & set("〔〕[]号")), "")
    if wrong:
        raise reject(
            f"机关代字“{wrong}”不应带年份和序号", "只写代字，如“某食药安办函”，年份和序号自动编排"
        )
