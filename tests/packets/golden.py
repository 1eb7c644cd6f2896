"""Writes the packets that every later version has to read; run once for each format version.

Run as ``python -m tests.packets.golden``. The files of a released version are never written again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from msgspec.structs import asdict, replace
from nacl.signing import SigningKey

from fsdesk.documents.ledger_file import load_builtin_ledgers
from fsdesk.domain.ledger.codec import entry_to_dict
from fsdesk.domain.ledger.ledger import LedgerEntry
from fsdesk.domain.packet.directives import Directives, LetterNotice, directives_to_dict
from fsdesk.domain.packet.packet import FORMAT_VERSION, Packet, PacketHeader, PacketKind, Seal
from fsdesk.domain.records.attachments import Attachment
from fsdesk.domain.records.merge import Revision
from fsdesk.domain.records.records import (
    DataValue,
    Milestone,
    ProgressReport,
    Record,
    Status,
    content_to_dict,
    empty_content,
)
from fsdesk.domain.records.submissions import Review, ReviewState, RowComment
from fsdesk.domain.settings import Rules
from fsdesk.domain.supervision.letters import Letter, LetterKind, LetterState
from fsdesk.packets.bundle import pack
from fsdesk.packets.writer import write_packet
from fsdesk.services.packet.exchange import form_keys
from tests.office import write_again
from tests.plans import YEAR, small_plan
from tests.workspaces import MARCH

FOLDER = Path(__file__).resolve().parents[1] / "golden" / "packets" / f"v{FORMAT_VERSION}"
_PLAN = small_plan(revision=3)
_PROOF = b"\xff\xd8\xff a picture that proves something"
_CONTENTS = {
    "T01-1": ProgressReport(Status.UNDER_WAY, "已抽检 53 批次。\n=不是公式", "人手不足", "继续"),
    "T01-2": ProgressReport(Status.DONE, "鳊、鲫、鳢 均合格 _x0041_"),
    "I01-1": DataValue(53.0, note="含快检"),
    "I01-2": DataValue(0.0),
    "I01-3": DataValue(None, 49.0, 50.0),
    "I01-4": DataValue(not_applicable=True),
    "D01-1-1": Milestone(Status.DONE, date(2026, 3, 5), "食药安〔2026〕3号"),
}


def _header(kind: PacketKind) -> PacketHeader:
    return PacketHeader(
        packet_id=f"golden-{kind.value.lower()}",
        kind=kind,
        unit="scj",
        unit_name="区市场监管局",
        period=str(MARCH),
        year=YEAR,
        plan_revision=3,
        author="a1b2c3d4e5f6",
        created_at=datetime(2026, 4, 2, 1, 2, 3, 456789, UTC),
        due="2026-04-05",
    )


def _records() -> tuple[Record, ...]:
    keys = form_keys(_PLAN, "scj", MARCH)
    return tuple(
        Record(
            key,
            _CONTENTS.get(key.item, empty_content(key.kind)),
            Revision.parse("a1b2c3d4e5f6:2,0f0f0f:1" if key.item in _CONTENTS else ""),
        )
        for key in keys
    )


def _packet(kind: PacketKind) -> Packet:
    ledger = next(x for x in load_builtin_ledgers() if x.code == "sampling")
    proof = Attachment("", "照片.jpg", len(_PROOF), _records()[0].key)
    rows = (
        LedgerEntry("e1", ledger.code, "scj", {"抽样编号": "0012"}, Revision.parse("a1:1")),
        LedgerEntry(
            "e2", ledger.code, "scj", {"抽样编号": "13"}, Revision.parse("a1:2"), gone=True
        ),
    )
    packet = Packet(_header(kind), _records(), (ledger,), rows)
    if kind is PacketKind.REPORT:
        return replace(packet, files=(replace(proof, digest=hashlib.sha256(_PROOF).hexdigest()),))
    key = packet.records[0].key
    letter = Letter(
        LetterKind.REMINDER, YEAR, 3, "scj", "2026-03", date(2026, 4, 10), date(2026, 4, 25),
        LetterState.ISSUED,
    )  # fmt: skip
    review = Review(
        ReviewState.RETURNED, "请核对", "2026-04-08T01:00:00+00:00", (RowComment(key, "补充"),), "d"
    )
    feedback = kind is PacketKind.FEEDBACK
    return replace(
        packet,
        directives=Directives(
            _PLAN,
            Rules(due_days=7),
            (ledger,),
            review if feedback else None,
            (LetterNotice(letter, ("T01-1",), "正文"),) if feedback else (),
        ),
    )


def _sign(digest: str) -> Seal:
    key = SigningKey(b"golden key, known to everybody. ")
    return Seal(bytes(key.verify_key).hex(), key.sign(digest.encode()).signature.hex())


def told(packet: Packet) -> dict[str, object]:
    """Return what a packet says as plain values."""
    header = {name: str(value) for name, value in asdict(packet.header).items()}
    directives = packet.directives
    return {
        "header": header,
        "records": {
            str(r.key): {**content_to_dict(r.content), "revision": str(r.revision)}
            for r in packet.records
        },
        "entries": sorted((entry_to_dict(e) for e in packet.entries), key=str),
        "files": [[f.digest, f.name, f.size, str(f.record)] for f in packet.files],
        "handed_down": directives_to_dict(directives) if directives else None,
        "digest": packet.digest,
        "noted": packet.noted,
        "signed_by": packet.seal.public_key if packet.seal else None,
    }


def main() -> None:
    """Write packets and what they say."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    said: dict[str, object] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for kind in PacketKind:
            packet = replace(_packet(kind), files=())
            file = FOLDER / f"{kind.value.lower()}.xlsx"
            said[file.name] = told(write_packet(file, packet, _PLAN, None, _sign))
        book = Path(scratch) / "book.xlsx"
        report = write_packet(book, _packet(PacketKind.REPORT), _PLAN, None, _sign)
        (Path(scratch) / report.files[0].digest).write_bytes(_PROOF)
        pack(FOLDER / "report.zip", book, report.files, Path(scratch))
        said["report.zip"] = told(report)
        for ending in ("ods", "xls"):
            _save_as(FOLDER / "report.xlsx", ending, Path(scratch))
            said[f"report.{ending}"] = said["report.xlsx"]
    text = json.dumps(said, ensure_ascii=False, indent=1, default=str)
    (FOLDER / "said.json").write_text(text + "\n", encoding="utf-8")


def _save_as(file: Path, ending: str, scratch: Path) -> None:
    write_again(ending, scratch, file)
    shutil.copyfile(scratch / f"{file.stem}.{ending}", FOLDER / f"{file.stem}.{ending}")


if __name__ == "__main__":
    main()
