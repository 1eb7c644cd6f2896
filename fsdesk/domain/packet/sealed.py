"""What of a packet travels sealed: only its receiver can open it, everybody sees how much it is."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from fsdesk.domain.packet.packet import sha256
from fsdesk.domain.plain import canonical

_LEDGER = "ledger/"
FILES = "files"  # the list of evidence files, and the key of their contents
PART_ROWS = "parts"  # ledger rows of units below


class SealedNote(Struct, frozen=True):
    """What everybody may know of a sealed part.

    Attributes:
        about: What it holds, such as ``ledger/complaint``.
        count: How many rows, without removed ones.
        receiver: Code of the unit that can open it.
        digest: SHA-256 of its sealed form.
    """

    about: str
    count: int
    receiver: str
    receiver_name: str
    digest: str

    @property
    def ledger(self) -> str:
        """Code of the ledger whose rows it holds; empty for anything else."""
        return self.about.removeprefix(_LEDGER) if self.about.startswith(_LEDGER) else ""

    @property
    def line(self) -> tuple[str, str, str]:
        """As a row of a packet's digest: key, revision and digest."""
        told = [self.count, self.receiver, self.receiver_name, self.digest]
        return f"sealed/{self.about}", "", sha256(canonical(told))


class SealedPart(Struct, frozen=True):
    """A part in its sealed form.

    Attributes:
        keys: By fingerprint of each key of the receiver, the part's own key sealed with it.
        body: What only the part's own key opens; like the keys in base64.
    """

    note: SealedNote
    keys: tuple[tuple[str, str], ...]
    body: str

    @property
    def text(self) -> str:
        """The sealed form as text."""
        return sealed_text(self.keys, self.body)


def sealed_text(keys: tuple[tuple[str, str], ...], body: str) -> str:
    """Return the sealed form of a part as text."""
    return canonical([[list(key) for key in keys], body])


def sealed_part(note: SealedNote, plain: Any) -> SealedPart:  # noqa: ANN401 - whatever JSON holds
    """Rebuild a part from its `text` as JSON; ValueError or TypeError for anything else."""
    keys, body = plain
    return SealedPart(note, tuple((str(mark), str(key)) for mark, key in keys), str(body))


def about_ledger(code: str) -> str:
    """Return the name of the part that holds the rows of a ledger."""
    return f"{_LEDGER}{code}"
