"""The units and groups that a document names, matched to known ones or made new.

A document may call one body by two names: 区委宣传部 and 区委宣传部(网信办). It may also come from
another district altogether; then names that are known here by chance must not be mixed up.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec import Struct, field

from fsdesk.domain.likeness import core, likeness
from fsdesk.domain.plan.units import Directory, Unit, UnitGroup, UnitKind
from fsdesk.domain.plan_document import NewParty
from fsdesk.domain.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fsdesk.documents.official.draft import Answer

_BRACKET = re.compile(r"^(?P<head>[^()]+)\((?P<inside>.+)\)$")
_LEVEL = re.compile(r"^(?:[区县省州旗镇乡]|市(?!场))")
_GROUP = re.compile(
    r"^各|^(?:街道办事处|街道|乡镇|乡镇人民政府|镇人民政府|街道办|管委会)$|(?:成员单位|有关部门"
    r"|相关部门|有关单位|相关单位)$"
)
_STREETS = re.compile(r"街道|镇|乡|街办|园区|管委会")
_STREET = re.compile(r"(?:街道|街道办事处|街办|镇|乡|镇政府|乡政府|镇人民政府|乡人民政府)$")
_JUDICIAL = re.compile(r"法院$|检察院$")
_VERTICAL = re.compile(r"海关|税务局|邮政管理局|烟草|消防救援|气象局|通信管理|国安")
_OFFICE = re.compile(
    r"(?:食药安办|食安办|药安办|食药安委办|食安委办|食药安委办公室|食安委办公室|安全委员会办公室)$"
)
# A directory that doesn't know this share of a document's units isn't that document's.
_STRANGE_SHARE, _STRANGE_COUNT = 0.25, 3
_LIKE = 0.5


class Parties(Struct):
    """All that a document's names stand for.

    Attributes:
        directory: Known and new units and groups.
        codes: Code by the name as written.
        strange: Whether the document comes from a place whose units aren't known here.
        by_alias: Names that were matched by another name, with the known one.
    """

    directory: Directory
    codes: dict[str, str] = field(default_factory=dict[str, str])
    new: list[NewParty] = field(default_factory=list[NewParty])
    strange: bool = False
    by_alias: dict[str, str] = field(default_factory=dict[str, str])


def resolve(lists: Sequence[Sequence[Answer]], known: Directory, *, ours: bool) -> Parties:
    """Match the names of a document.

    `lists`: those who answer, for each clause.
    `known`: the units and groups that are known.
    `ours`: whether they are the user's own, so that their aliases hold for this document.
    """
    names = _PartyNames(lists)
    unknown = [name for name in names.units if known.find(name) is None]
    strange = len(unknown) >= _STRANGE_COUNT and (len(unknown) > _STRANGE_SHARE * len(names.units))
    parties = Parties(Directory() if strange and not ours else known, strange=strange)
    matching = _Matching(parties, known, names, ours=ours and not strange)
    for name in names.first:
        matching.match(name)
    matching.finish()
    return parties


class _PartyNames:
    """The names of a document, and which of them are one body's."""

    def __init__(self, lists: Sequence[Sequence[Answer]]) -> None:
        self.first: dict[str, Answer] = {}
        self.together: list[set[str]] = []
        for answers in lists:
            self.together.append({answer.name for answer in answers})
            for answer in answers:
                self.first.setdefault(answer.name, answer)
        levels = [each[0] for each in self.first if _LEVEL.match(each)]
        self.level = max(dict.fromkeys(levels), key=levels.count) if levels else ""
        self.units = [name for name in self.first if not _GROUP.search(name)]
        # By what a fuller name may be called for short, so that not each is held against each.
        self._fuller: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for at, other in enumerate(self.first):
            for short in _shorter(other):
                self._fuller[short].append((at, other))
        self._beside: dict[str, list[set[str]]] = defaultdict(list)
        for names in self.together:
            for name in names:
                self._beside[name].append(names)

    def whole(self, name: str) -> str:
        """Return the fuller name that the document itself gives a body, or the name."""
        bare = name[1:] if _LEVEL.match(name) else name
        for _, other in sorted({*self._fuller.get(name, ()), *self._fuller.get(bare, ())}):
            if other != name and self._is_same(name, bare, other):
                return other
        with_level = self.level + name
        if self.level and not _LEVEL.match(name) and with_level in self.first:
            return self.whole(with_level)
        return name

    def lists_of(self, name: str) -> Sequence[set[str]]:
        """Return the lists of those who answer together in which a name stands."""
        return self._beside.get(name, ())

    def _is_same(self, name: str, bare: str, other: str) -> bool:
        """Tell whether a name is a part of another one with brackets: 区发改局(农业农村局)."""
        match = _BRACKET.match(other)
        if match is None or any(name in names for names in self.lists_of(other)):
            return False
        inside = _inside(match)
        return name == match["head"] or (len(bare) > 2 and (name in inside or bare in inside))  # noqa: PLR2004


def _shorter(name: str) -> set[str]:
    """Return what a name with brackets may be called for short; nothing for one without."""
    match = _BRACKET.match(name)
    return {match["head"], *_inside(match)} if match else set()


def _inside(match: re.Match[str]) -> set[str]:
    return {part.strip() for part in re.split(r"[、,]", match["inside"])}


class _Matching:
    def __init__(
        self, parties: Parties, known: Directory, names: _PartyNames, *, ours: bool
    ) -> None:
        self._parties = parties
        self._known = known
        self._names = names
        self._ours = ours
        self._units: list[Unit] = []
        self._groups: list[UnitGroup] = []
        self._made: dict[str, str] = {}
        self._given: Counter[str] = Counter()

    def match(self, name: str) -> None:
        whole = self._names.whole(name)
        code = self._known_code(whole) or self._known_code(name)
        if code is None:
            code = self._made.get(fold(whole)) or self._make(whole, self._names.first[name])
        self._parties.codes[name] = code

    def _known_code(self, name: str) -> str | None:
        for tried in (name, self._names.level + name):
            found = self._known.find(tried)
            if found is None or found.code in self._gone:
                continue
            if fold(found.name) == fold(tried):
                return found.code
            if self._ours and not self._is_apart(tried, found.code):
                self._parties.by_alias[name] = found.name
                return found.code
        return None

    @property
    def _foreign(self) -> bool:
        """Whether the draft's directory is the document's own."""
        return self._parties.directory is not self._known

    @cached_property
    def _gone(self) -> set[str]:
        """Codes that don't hold in the draft, whose directory is the document's own."""
        if not self._foreign:
            return set()
        return set(self._known.by_code) | set(self._known.groups_by_code)

    def _is_apart(self, name: str, code: str) -> bool:
        """Tell whether the document lists two names of one known body side by side."""
        for names in self._names.lists_of(name):
            others = names - {name}
            if any((found := self._known.find(o)) and found.code == code for o in others):
                return True
        return False

    def _make(self, name: str, answer: Answer) -> str:
        same = self._known.find(name)
        suggestion = "" if self._foreign else suggest(name, self._known)
        code = self._free_code("g-" if _GROUP.search(name) else "dw")
        if _GROUP.search(name):
            self._groups.append(UnitGroup(code, name, ()))
        else:
            self._units.append(Unit(code, name, _kind(name)))
        self._made[fold(name)] = code
        if not isinstance(same, UnitGroup) or self._foreign:
            self._parties.new.append(NewParty(code, name, suggestion, answer.span))
        return code

    def _free_code(self, stem: str) -> str:
        known = (self._known.by_code, self._known.groups_by_code)
        while True:  # what has been given is never free again
            self._given[stem] += 1
            code = f"{stem}{self._given[stem]}"
            if not any(code in codes for codes in known):
                return code

    def finish(self) -> None:
        """Put known and new ones together and give new groups their members."""
        directory = self._parties.directory
        units = (*directory.units, *_one_office(self._units, directory.office))
        everybody = tuple(unit.code for unit in units)
        streets = tuple(unit.code for unit in units if unit.kind is UnitKind.STREET)
        groups = [
            UnitGroup(group.code, group.name, self._members(group.name, everybody, streets))
            for group in self._groups
        ]
        self._parties.directory = Directory(units, (*directory.groups, *groups))

    def _members(
        self, name: str, everybody: tuple[str, ...], streets: tuple[str, ...]
    ) -> tuple[str, ...]:
        same = self._known.find(name)
        suggested = same.code if isinstance(same, UnitGroup) else suggest(name, self._known)
        group = self._parties.directory.groups_by_code.get(suggested)
        if group:
            return group.members
        if _STREETS.search(name):
            return streets
        return everybody if re.search(r"成员单位|有关|相关|部门|单位", name) else ()


def suggest(name: str, known: Directory) -> str:
    """Return the code of a known unit or group that a name may stand for; empty for none."""
    is_group = bool(_GROUP.search(name))
    best, found = 0.0, ""
    for party in known.groups if is_group else known.units:
        names = party.names if isinstance(party, Unit) else (party.name, *party.aliases)
        for other in names:
            score = 1.0 if core(other) == core(name) else likeness(core(other), core(name))
            if score > best:
                best, found = score, party.code
    return found if best >= _LIKE else ""


def _kind(name: str) -> UnitKind:
    for pattern, kind in (
        (_OFFICE, UnitKind.OFFICE),
        (_STREET, UnitKind.STREET),
        (_JUDICIAL, UnitKind.JUDICIAL),
        (_VERTICAL, UnitKind.VERTICAL),
    ):
        if pattern.search(name):
            return kind
    return UnitKind.DEPARTMENT


def _one_office(units: Iterable[Unit], office: Unit | None) -> Iterable[Unit]:
    """A plan has one coordinating office; a second one is a department like others."""
    for unit in units:
        if unit.kind is UnitKind.OFFICE and office is not None:
            yield Unit(unit.code, unit.name, UnitKind.DEPARTMENT, unit.aliases)
            continue
        office = unit if unit.kind is UnitKind.OFFICE else office
        yield unit
