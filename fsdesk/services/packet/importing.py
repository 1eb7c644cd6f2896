"""Taking packets, each all or nothing, in batches that can be undone."""

from __future__ import annotations

import gc
from enum import StrEnum
from functools import partial
from typing import IO, TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from fsdesk import files
from fsdesk.domain.clock import judged_at
from fsdesk.domain.findings import reject
from fsdesk.domain.names import file_name
from fsdesk.domain.output.issued_papers import Kept
from fsdesk.domain.packet.signing import FIRST_CONTACT, SignatureState, Signer
from fsdesk.domain.periods import Period
from fsdesk.domain.records.submissions import Direction, SubmissionState
from fsdesk.domain.steps import Progress
from fsdesk.services.packet import parts_below, receipts, recovering
from fsdesk.services.packet.checking import CheckedPacket, PacketChecker, packet_files
from fsdesk.services.packet.exchange import copy_of, keep_copy, packet_note
from fsdesk.services.packet.import_undo import ImportTrail
from fsdesk.services.packet.put_back import note_numbers, note_source
from fsdesk.services.packet.signing import signed_answers
from fsdesk.services.records import opinions
from fsdesk.services.supervision import amendments, follow_up, kept_letters
from fsdesk.store import audit, identity, kept
from fsdesk.store.agenda import take_events
from fsdesk.store.ledger import ledgers
from fsdesk.store.packet import keys
from fsdesk.store.plan import plans
from fsdesk.store.quality.choices import save_choices
from fsdesk.store.records import attachments, records, submissions
from fsdesk.store.records.submissions import Submission
from fsdesk.store.supervision import letters

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Iterable, Mapping, Sequence
    from pathlib import Path

    from fsdesk.domain.packet.directives import Directives, LetterNotice
    from fsdesk.domain.packet.exchanged import PacketNote
    from fsdesk.domain.packet.packet import Packet
    from fsdesk.services.packet.checking import ChosenSheets
    from fsdesk.services.packet.headings import Chosen
    from fsdesk.store.session import Writing
    from fsdesk.workspace import Workspace


class Result(StrEnum):
    """What became of a file; the value goes into JSON."""

    IMPORTED = "imported"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """The word on screen."""
        return {"imported": "已导入", "unchanged": "无变化", "rejected": "未接收"}[self.value]


class ImportedFile(Struct, frozen=True):
    """What became of one file, in words."""

    file: Path
    result: Result
    message: str
    checked: CheckedPacket


class ImportSummary(Struct, frozen=True):
    """What became of all files, in the order in which they were taken."""

    files: tuple[ImportedFile, ...] = field(default=())

    def count(self, result: Result) -> int:
        """Return how many files had a result."""
        return sum(item.result is result for item in self.files)

    @property
    def conflicts(self) -> int:
        """How many rows were kept twice."""
        return sum(item.checked.conflicts for item in self.files if item.result is Result.IMPORTED)


def import_packets(  # noqa: PLR0913 - each is a question of its own
    workspace: Workspace,
    paths: Sequence[Path],
    shown: Mapping[Path, str] | None = None,
    *,
    accept_unsigned: bool = False,
    accepted: Accepted | None = None,
    heading: Chosen = None,
    sheets: ChosenSheets = None,
) -> Generator[Progress, None, ImportSummary]:
    """Take packets, each in a transaction of its own: all of it or nothing.

    ``shown`` holds by file the digest of what the user was shown of it; a file that says something
    else by now is refused. ``heading``, ``sheets``: as for `checking.PacketChecker`.
    ``accepted``: to what else a person has said yes, in place of ``accept_unsigned``.
    """
    found = packet_files(paths)
    accepted = accepted or Accepted(unsigned=accept_unsigned)
    importing = Importing(workspace, accepted, heading, sheets)
    taken: list[ImportedFile] = []
    # Packets leave little behind: all that is there need not be looked through with every few.
    usual = gc.get_threshold()
    gc.set_threshold(_SELDOM, *usual[1:])
    try:
        for count, file in enumerate(found):
            yield Progress(count, len(found), f"正在导入 {file.name}")
            taken.append(importing.take(file, (shown or {}).get(file)))
    finally:
        gc.set_threshold(*usual)
    yield Progress(len(found), len(found), "导入完成")
    return ImportSummary(tuple(taken))


_SELDOM = 2_000_000  # new objects before Python looks for unused ones


class Accepted(Struct, frozen=True):
    """To what a person has said yes; each is a question of its own.

    Attributes:
        unsigned: Files that are filled by hand and never had a signature.
        missing: Files without the signature that their sender always sets.
        plan: A plan for which no known key of the office vouches.
    """

    unsigned: bool = False
    missing: bool = False
    plan: bool = False

    def check(self, checked: CheckedPacket) -> None:
        """Refuse a file to which nobody has said yes."""
        name = checked.file.name
        if checked.lacks_seal and not self.missing:
            raise reject(
                f"“{name}”应有签名而没有：发件单位平时用已登记的密钥签名，这个文件的签名不见了，"
                "可能被人改动或冒名",
                "请打电话与发件单位核实是否由其发出，最好请其重新导出；"
                "核实后命令加 --accept-missing-signature",
            )
        if checked.needs_yes and not checked.lacks_seal and not self.unsigned:
            raise reject(
                f"“{name}”{checked.unsigned_words}",
                "请与发件单位核对内容，确认后选择“接收未签名文件”（命令加 --accept-unsigned）",
            )
        if checked.plan_doubt and not self.plan:
            raise reject(
                f"“{name}”{checked.plan_doubt}",
                "请打电话与汇总端核实，确认后再接收（命令加 --accept-plan）",
            )


class Importing:
    """Takes packets one after another; all that it takes is one batch that can be undone."""

    def __init__(
        self,
        workspace: Workspace,
        accepted: Accepted,
        heading: Chosen = None,
        sheets: ChosenSheets = None,
    ) -> None:
        self._workspace = workspace
        self._checker = PacketChecker(workspace, heading, sheets)
        self._accepted = accepted
        self._batch = 0

    def take(self, file: Path, shown: str | None = None) -> ImportedFile:
        """Take one packet; a refused one changes nothing.

        ``shown`` is the digest of what the user was shown.
        """
        try:
            checked, changed = self._store(file, self._checker.read(file), shown)
        except Exception as problem:  # noqa: BLE001 - no file stops another
            checked = self._checker.failed(file, problem)
            message = "；".join(str(finding).rstrip("。") for finding in checked.findings)
            return ImportedFile(file, Result.REJECTED, message, checked)
        result = Result.IMPORTED if changed else Result.UNCHANGED
        message = _summary(checked) if changed else "内容已在库中，没有变化"
        told = (str(finding).rstrip("。") for finding in checked.doubts)
        return ImportedFile(file, result, "；".join([message, *told]), checked)

    def _store(self, file: Path, packet: Packet, shown: str | None) -> tuple[CheckedPacket, bool]:
        workspace = self._workspace
        places = [copy_of(workspace, file, packet.digest, Direction.RECEIVED)]
        places += (workspace.attachments / each.digest for each in packet.files)
        new = [place for place in places if not place.exists()]
        with files.all_or_none(*new), workspace.writing(packet.header.packet_id) as writing:
            checked, held = self._checker.compare(writing.session, file, packet, ledgers_too=False)
            if shown not in {None, checked.digest}:
                raise reject(f"“{file.name}”在检查之后又被改动", "请重新检查，再接收")
            self._accepted.check(checked)
            copy = keep_copy(workspace, file, packet.digest, Direction.RECEIVED)
            packet = checked.packet or packet  # opened, or taken by its heading
            note = packet_note(workspace, packet, copy, Direction.RECEIVED, checked.signature)
            trail = ImportTrail(writing, self._batch)
            versions = {change.after.key: change.versions for change in checked.changes}
            trail.took(held, versions)
            with audit.logged_at_once(writing):
                records.take(writing, (change.after for change in checked.changes), held, versions)
                applying = _Applying(workspace, writing, checked, trail)
                applying.apply()
                if packet.entries:
                    taken = ledgers.take_entries(writing, packet.entries)
                    trail.took_entries(taken.trails)
                    checked = self._checker.with_rows(checked, taken)
                applying.remember(replace(note, name=file.name))
                self._batch = trail.store() or self._batch
        if packet.directives is not None:
            self._checker.forget()
        elif checked.signature is SignatureState.NEW:
            self._checker.forget_keys()
        return checked, trail.changed


def _summary(checked: CheckedPacket) -> str:
    parts = [f"更新 {len(checked.changes)} 项"]
    if checked.copies:
        parts.append(f"读取的是{'、'.join(map(str, checked.sheets))}")
    if checked.entries.added or checked.entries.updated:
        parts.append(f"台账新增 {checked.entries.added} 条、更新 {checked.entries.updated} 条")
    if checked.new_plan:
        parts.append("计划已更新")
    parts += checked.news
    if checked.signature is SignatureState.NEW:
        parts.append(f"首次收到，已登记密钥 {checked.fingerprint}")
    if checked.conflicts:
        parts.append(f"{checked.conflicts} 项两边都改过，已并列保留，等待处理")
    others = len(checked.findings) - len(checked.doubts)
    if others:
        parts.append(f"{others} 条提醒")
    return "，".join(parts)


class _Applying:
    """Stores what a packet says beside its records."""

    def __init__(
        self, workspace: Workspace, writing: Writing, checked: CheckedPacket, trail: ImportTrail
    ) -> None:
        self._workspace, self._writing, self._trail = workspace, writing, trail
        self._checked = checked

    def apply(self) -> None:
        packet = self._checked.packet
        if packet is None:
            return
        if self._checked.signature is SignatureState.NEW and packet.seal is not None:
            self._register(packet, packet.seal.public_key)
        if not self._workspace.identity.is_office and packet.directives is not None:
            self._take_over(packet, packet.directives)
        if packet.files:
            self._keep_files(packet)
        if self._workspace.identity.is_office and packet.seal is not None:
            self._note_signed(packet)
        for reply in packet.replies:
            with self._trail.step("letter", reply.letter):
                follow_up.take_reply(self._writing, packet.header.unit, reply)

    def remember(self, note: PacketNote) -> None:
        """Note a packet that is not known yet, once all that it holds was taken."""
        packet, session = self._checked.packet, self._writing.session
        known = submissions.packets(session, note.unit, note.period)
        if packet is None or any(each.digest == note.digest for each in known):
            return
        at_office = self._workspace.identity.is_office
        if not at_office:
            held = receipts.held_in(
                packet, packet.files, receipts.row_marks(session, self._workspace)
            )
            end = 0 if packet.altered_entries else ledgers.newest_batch(session)
            note = replace(note, held=held, rows_end=end)
            with self._trail.step("rules", receipts.RECEIPTS):
                receipts.take(self._writing, packet)
        if at_office and parts_below.to_take(session, packet, note, known):
            with self._trail.step("parts", f"{note.unit}/{note.period}"):
                parts_below.take(self._writing, packet)
        submissions.save_packet(self._writing, note)
        self._trail.added_packet(note.digest)
        if at_office and not packet.only_replies:
            stand = partial(_submission, note, known)
            self._trail.change_submission(note.unit, note.period, stand)

    def _note_signed(self, packet: Packet) -> None:
        """Take what rests on a signature alone."""
        note_numbers(self._writing, packet.header.unit, packet.replies)
        whose = (packet.header.unit, packet.header.period)
        answers = signed_answers(packet)
        if answers:
            with self._trail.step("submission", "/".join(whose)):
                opinions.take_answers(self._writing, *whose, answers)
        if packet.recovery is not None:
            recovering.keep(self._writing, packet.header.unit, packet.recovery)

    def _keep_files(self, packet: Packet) -> None:
        """Store the evidence files that came along, and note what they prove."""
        from fsdesk.packets.bundle import unpack

        stored = self._workspace.attachments
        missing = [file for file in packet.files if not (stored / file.digest).exists()]

        def keep(stream: IO[bytes], wanted: Collection[str]) -> tuple[str, bool]:
            return kept.keep_content(stream, stored, wanted)

        unpack(self._checked.file, missing, keep, packet.file_key)
        with self._trail.step("evidence", f"{packet.header.unit}/{packet.header.period}"):
            for file in packet.files:
                named = replace(file, name=file_name(file.name))
                attachments.save_attachment(self._writing, named)

    def _register(self, packet: Packet, public_key: str) -> None:
        """First contact: the key counts as its unit's from now on."""
        unit = packet.header.unit
        if packet.directives is not None and packet.plan is not None:
            office = packet.plan.directory.office
            unit = office.code if office else unit
        signer = Signer(unit, public_key, added_by=f"{FIRST_CONTACT}{packet.header.packet_id}")
        with self._trail.step("signer", signer.fingerprint):
            keys.save_signer(self._writing, signer)

    def _take_over(self, packet: Packet, directives: Directives) -> None:
        writing, header = self._writing, packet.header
        if self._checked.new_plan:
            with self._trail.step("plan", str(header.year)):
                plans.save_plan(writing, directives.plan)
        newest = self._checked.newest
        if newest and directives.rules != identity.load_rules(writing.session):
            with self._trail.step("rules", "rules"):
                identity.save_rules(writing, directives.rules)
        if newest and directives.office.is_told:
            with self._trail.step("rules", "office"):
                identity.save_office(writing, directives.office)
        if newest and directives.ledgers != ledgers.load_ledgers(writing.session):
            ledgers.save_ledgers(writing, directives.ledgers)
        if newest:
            with self._trail.step("rules", identity.PLAN_SOURCE):
                note_source(writing, header, vouched=packet.seal is not None)
            take_events(writing, directives.events)
            if directives.quality is not None:
                save_choices(writing, directives.quality)
        review = directives.review
        if review and submissions.review_is_news(writing.session, header, review):
            with self._trail.step("submission", f"{header.unit}/{header.period}"):
                submissions.save_review(writing, header.unit, header.period, review)
        for notice in directives.letters:
            letter = notice.letter
            with self._trail.step("letter", f"{letter.kind.value}/{letter.year}/{letter.number}"):
                is_new = letters.find(writing.session, letter.key) is None
                letters.receive(writing, notice)
                if is_new:
                    kept_letters.keep(self._workspace, writing, letter.key, Kept.RECEIVED)
                self._take_amendments(notice)

    def _take_amendments(self, notice: LetterNotice) -> None:
        """Keep what was issued about a letter since, as it came in; known ones stay as they are."""
        session = self._writing.session
        if letters.is_another(session, notice):
            return
        there = {each.number for each in letters.amendments(session, notice.letter.key)}
        for each in notice.amendments:
            if each.number not in there:
                amendments.keep(self._workspace, self._writing, each, Kept.RECEIVED)


def _submission(
    note: PacketNote, known: Iterable[PacketNote], stands: Submission | None
) -> Submission:
    """Return a unit's submission after one more packet of it, whatever the order of arrival.

    `known`: all other packets of the unit and period.
    `stands`: the submission before.

    A report that came in time stays in time when a correction follows; the newest packet is the
    one that stands. A packet that can't have been made when it says counts from its receipt. A
    report that is accepted stays so: a packet that would change it was refused.
    """
    accepted = stands if stands and stands.state is SubmissionState.ACCEPTED else None
    received = [item for item in known if item.direction is Direction.RECEIVED]
    period = Period.parse(note.period)
    by_time = sorted(
        [*received, note],
        key=lambda item: (judged_at(item.made_at, item.handled_at, period), item.digest),
    )
    newest = by_time[-1]
    return Submission(
        unit=note.unit,
        period=str(period),
        state=accepted.state if accepted else SubmissionState.SUBMITTED,
        comment=accepted.comment if accepted else "",
        reviewed_at=accepted.reviewed_at if accepted else "",
        made_at=by_time[0].made_at,
        received_at=min(item.handled_at for item in by_time),
        packet=newest.id,
        digest=newest.digest,
    )
