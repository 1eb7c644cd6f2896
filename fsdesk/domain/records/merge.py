"""Merging of records that were edited on several PCs, by version vectors.

Every opening of a workspace is an author of its own and counts its edits of a record: its id is
the workspace's, and what was drawn at random when it was opened and is stored nowhere. A workspace
that was put back to an earlier state, however that was done, so never gives an edit the number of
one that it forgot. A revision lists, for each author, how many of its edits a state contains. One
state is based on another exactly when it contains all of its edits; so the order of imports,
repetition and delay make no difference. Two states that each hold an edit that the other lacks
differ for good reason: both are kept until a person decides.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct

from fsdesk.domain.findings import reject

if TYPE_CHECKING:
    from collections.abc import Iterable

# The author of an edit in a spreadsheet, and how many digits follow its letter; ids of workspaces
# are hexadecimal and never begin with it.
_BY_HAND, _HAND_DIGITS = "h", 15
_FORM = re.compile(r"(?:[0-9a-z]+:[0-9]{1,15}(?:,[0-9a-z]+:[0-9]{1,15})*)?")
_T = TypeVar("_T")


class Revision(Struct, frozen=True):
    """Which edits a state of a record contains.

    Attributes:
        edits: Pairs of an author's id and number of its edits, sorted by id; no zeros.
    """

    edits: tuple[tuple[str, int], ...] = ()

    @classmethod
    def parse(cls, text: str) -> Revision:
        """Read the text form; InputRejectedError when the text is not a revision."""
        found = _parse(text)
        if found is None:
            raise reject(f"修订标记“{text[:40]}”已损坏", "请向发件单位索要原始文件")
        return found

    def __str__(self) -> str:
        """Return the text form, e.g. ``1a2b:3,9f8e:1``; empty when there were no edits."""
        return _text(self.edits)

    def __bool__(self) -> bool:
        """Whether any edit is in it."""
        return bool(self.edits)

    def edited_by(self, author: str) -> Revision:
        """Return the revision after one more edit by an author."""
        counts = dict(self.edits)
        counts[author] = counts.get(author, 0) + 1
        return Revision(tuple(sorted(counts.items())))

    def contains(self, other: Revision) -> bool:
        """Tell whether every edit of another revision is in this one."""
        if not other.edits or self.edits == other.edits:
            return True
        counts = dict(self.edits)
        return all(counts.get(author, 0) >= count for author, count in other.edits)

    def of(self, workspace: str) -> Revision:
        """Return the edits among them that were made in a workspace, by its id."""
        return _of(self.edits, workspace)

    def without(self, workspace: str) -> Revision:
        """Return the edits among them that were made elsewhere than in a workspace."""
        return Revision(tuple(edit for edit in self.edits if not edit[0].startswith(workspace)))

    @property
    def by_hand(self) -> bool:
        """Whether an edit in a spreadsheet is in it, which anybody may have made."""
        return any(is_hand(author) for author, _ in self.edits)

    def joined(self, other: Revision) -> Revision:
        """Return the revision that contains the edits of both."""
        counts = dict(self.edits)
        for author, count in other.edits:
            counts[author] = max(counts.get(author, 0), count)
        return Revision(tuple(sorted(counts.items())))


# Many records share few revisions, so both ways are remembered.
@lru_cache(maxsize=4096)
def _parse(text: str) -> Revision | None:
    if not _FORM.fullmatch(text):
        return None
    counts: dict[str, int] = {}
    for author, count in (part.split(":") for part in text.split(",") if part):
        counts[author] = max(counts.get(author, 0), int(count))
    return Revision(tuple(sorted((a, n) for a, n in counts.items() if n > 0)))


@lru_cache(maxsize=4096)
def _text(edits: tuple[tuple[str, int], ...]) -> str:
    return ",".join(f"{author}:{count}" for author, count in edits)


@lru_cache(maxsize=4096)
def _of(edits: tuple[tuple[str, int], ...], workspace: str) -> Revision:
    return Revision(tuple(edit for edit in edits if edit[0].startswith(workspace)))


NO_EDITS = Revision()


class Version(Struct, Generic[_T], frozen=True):
    """One state of a record that no other known state contains."""

    content: _T
    revision: Revision

    def supersedes(self, other: Version[_T]) -> bool:
        """Tell whether whoever made this version had seen the other one, or it is the same.

        Two copies of one workspace (a backup that was put back, a copied folder) may give two
        different edits the same number. Neither had seen the other then.
        """
        if self.revision == other.revision:
            return self.content == other.content
        return self.revision.contains(other.revision)


def admit(held: tuple[Version[_T], ...], incoming: Version[_T]) -> tuple[Version[_T], ...]:
    """Add an incoming version to those held, dropping whatever is based on less.

    The result is the set of versions of which none contains another. It depends only on which
    versions were ever admitted, not on their order or on repetition.

    `held`: versions here, none containing another; empty when nothing is recorded.

    Returns:
        The versions to hold; `held` itself when the incoming one brings nothing new.
    """
    if not held:
        return (incoming,)
    if any(version.supersedes(incoming) for version in held):
        return held
    kept = (version for version in held if not incoming.supersedes(version))
    return tuple(sorted((*kept, incoming), key=_order))


def _order(version: Version[Any]) -> tuple[str, str]:
    return str(version.revision), repr(version.content)


def leading(versions: tuple[Version[_T], ...], local: str) -> Version[_T]:
    """Choose the version that is shown and counted while several are held.

    What was typed on this PC stays in front, then what was never filled in by hand: that is the
    word of whoever signed it. Otherwise the choice is arbitrary but the same whatever the order of
    arrival.

    `versions`: at least one.
    `local`: id of this workspace.
    """
    if len(versions) == 1:  # nearly always
        return versions[0]
    return max(
        versions,
        key=lambda version: (
            bool(version.revision.of(local)),
            not version.revision.by_hand,
            _order(version),
        ),
    )


def differing(versions: tuple[Version[_T], ...], chosen: Version[_T]) -> tuple[Version[_T], ...]:
    """Return the versions whose content really differs from the chosen one: the conflicts."""
    return tuple(v for v in versions if v.content != chosen.content)


def succeed(versions: tuple[Version[_T], ...], content: _T, author: str) -> Version[_T]:
    """Make the version that a person's edit or decision here puts in place of all others."""
    known = joined(version.revision for version in versions)
    return Version(content, known.edited_by(author))


def seen_by(author: str, seen: Revision, versions: tuple[Version[Any], ...]) -> Revision:
    """Return which edits an author knows of: all in what it typed over, and its own since.

    `versions`: held now.
    """
    held = joined(version.revision for version in versions)
    return seen.joined(Revision(tuple(edit for edit in held.edits if edit[0] == author)))


def joined(revisions: Iterable[Revision]) -> Revision:
    """Return the revision that contains the edits of all."""
    found = NO_EDITS
    for revision in revisions:
        found = found.joined(revision)
    return found


def hand_edit(base: Revision, packet: str, key: str, content: str) -> Revision:
    """Return the revision of a row that somebody changed in a spreadsheet program.

    The edit's author is made from the packet and what was typed, so that the same file twice is
    the same edit, and two different fillings of one file are two edits.

    `base`: revision of the row when the packet was written.
    """
    seed = f"{packet}\x00{key}\x00{base}\x00{content}".encode()
    return base.edited_by(_BY_HAND + hashlib.sha256(seed).hexdigest()[:_HAND_DIGITS])


def is_hand(author: str) -> bool:
    """Tell whether an edit's author is one that `hand_edit` makes."""
    return author.startswith(_BY_HAND) and len(author) == 1 + _HAND_DIGITS
