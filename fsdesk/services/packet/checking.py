"""Packets that come in: reading them and showing what they would change, without a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk import unforeseen
from fsdesk.domain.clock import packet_doubts
from fsdesk.domain.findings import (
    Finding,
    FindingCode,
    InputRejectedError,
    error,
    raise_errors,
    reject,
    warning,
)
from fsdesk.domain.names import file_name
from fsdesk.domain.packet.heading import HeadingChoice
from fsdesk.domain.packet.packet import BUNDLES, PacketKind
from fsdesk.domain.packet.sheet_choice import CopiesError, SheetChoice
from fsdesk.domain.packet.signing import SignatureState, fingerprint
from fsdesk.domain.periods import Period
from fsdesk.domain.records.attachments import hard_to_open
from fsdesk.domain.records.checks import asked, check_records
from fsdesk.domain.records.merge import Version, admit, differing, leading
from fsdesk.domain.records.records import empty_content
from fsdesk.domain.steps import Progress
from fsdesk.services.packet import headings, parts_below, put_back, sealing, signing, trust
from fsdesk.services.plan.planning import plan_in
from fsdesk.services.records import opinions
from fsdesk.services.records.evidence import late_proof
from fsdesk.services.records.locking import locked, require_open
from fsdesk.services.supervision import follow_up
from fsdesk.store import identity
from fsdesk.store.ledger import ledgers
from fsdesk.store.ledger.ledgers import ImportedRows
from fsdesk.store.packet import keys
from fsdesk.store.plan import plans
from fsdesk.store.records import records, submissions

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence
    from pathlib import Path

    from fsdesk.domain.packet.packet import Packet
    from fsdesk.domain.packet.sheet_choice import SheetCopy, SheetTaken
    from fsdesk.domain.packet.signing import Signer
    from fsdesk.domain.plan.plan import Plan
    from fsdesk.domain.records.records import Content, Record, RecordKey
    from fsdesk.domain.settings import Rules
    from fsdesk.store.records.records import Held
    from fsdesk.store.session import Session
    from fsdesk.workspace import Workspace

ChosenSheets = headings.ChosenFor[SheetChoice]
_NOTHING_TAKEN = ImportedRows()
_MOST_AHEAD = 1000  # by how many revisions a unit may know a later plan than the office
PACKET_FILES = (".xlsx", ".xlsm", ".xls", ".et", ".ods", *BUNDLES)


class RecordChange(Struct, frozen=True):
    """What a packet would change in one record.

    Attributes:
        before: What leads now; None if nothing is recorded.
        conflict: Both sides changed it; both will be kept.
    """

    before: Record | None
    after: Record
    conflict: bool
    versions: tuple[Version[Content], ...]

    @property
    def alters(self) -> bool:
        """Whether something else than what leads now would stand there, or beside it."""
        before = self.before.content if self.before else empty_content(self.after.key.kind)
        return self.conflict or self.after.content != before


class OtherYear(Struct, frozen=True):
    """Where a packet of another year belongs.

    Attributes:
        begins: Whether that year's workspace can be made from it.
        folder: That year's workspace, where one is known on this PC; `other_years` finds it.
    """

    year: int
    begins: bool
    folder: Path | None = None


class OtherYearError(InputRejectedError):
    """A packet belongs to the workspace of another year."""

    def __init__(self, finding: Finding, where: OtherYear) -> None:
        """Keep where it belongs beside what is told."""
        super().__init__(finding)
        self.where = where


class CheckedPacket(Struct, frozen=True):
    """A file after it was read and compared with the workspace.

    Attributes:
        packet: What it says; None when it can't be taken.
        signature: What its seal is worth; None when it can't be taken.
        changes: Row by row; empty when it brings nothing new.
        entries: What it would change in ledgers.
        new_plan: Whether it brings a newer plan than the one here.
        newest: Whether the rules and all else that is handed down with it are newer than here.
        news: What else it brings, in words: a review, letters.
        reviews: Those of the news that say what the office decided on a report.
        needs_yes: Whether a person has to say that it may be taken.
        plan_doubt: What would change by a plan for which no known key of the office vouches, and
            whose it says it is: taken only when a person says so of this plan.
        findings: Everything to tell; errors mean that it can't be taken.
        elsewhere: Where it belongs when it is another year's.
        copies: Sheets of it that look like its own and say something else.
    """

    file: Path
    packet: Packet | None
    signature: SignatureState | None = None
    changes: tuple[RecordChange, ...] = ()
    entries: ImportedRows = _NOTHING_TAKEN
    new_plan: bool = False
    newest: bool = False
    news: tuple[str, ...] = ()
    reviews: tuple[str, ...] = ()
    needs_yes: bool = False
    plan_doubt: str = ""
    findings: tuple[Finding, ...] = ()
    elsewhere: OtherYear | None = None
    copies: tuple[SheetCopy, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether it can be taken."""
        return self.packet is not None

    @property
    def unknown_key(self) -> bool:
        """Whether it is refused for its key alone, which a person may register."""
        return any(finding.code is FindingCode.UNKNOWN_KEY for finding in self.findings)

    @property
    def lacks_seal(self) -> bool:
        """Whether its sender always signs, and this file is not signed."""
        return self.signature is SignatureState.MISSING

    @property
    def unsigned_words(self) -> str:
        """What of it nobody signed, where a person has to say yes to that."""
        if self.packet is not None and self.packet.seal is not None:
            return "中手工填写的内容没有签名"
        return "没有签名，可能是手工填写的"

    @property
    def heading_differs(self) -> bool:
        """Whether it waits for a person to say which counts, its heading or its hidden sheet."""
        return any(finding.code is FindingCode.HEADING for finding in self.findings) and not self.ok

    @property
    def sheets(self) -> tuple[SheetTaken, ...]:
        """What was read of it, sheet by sheet."""
        return self.packet.sheets if self.packet else ()

    @property
    def digest(self) -> str:
        """Digest of what it says; empty when it can't be taken."""
        return self.packet.digest if self.packet else ""

    @property
    def fingerprint(self) -> str:
        """Fingerprint of the key that signed it; empty when it is not signed."""
        seal = self.packet.seal if self.packet else None
        return fingerprint(seal.public_key) if seal else ""

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """Which of the findings tell of wrong clocks, and of databases that were put back."""
        return tuple(each for each in self.findings if each.code is FindingCode.HISTORY)

    @property
    def conflicts(self) -> int:
        """How many rows were changed on both sides."""
        return sum(change.conflict for change in self.changes) + self.entries.conflicts

    @property
    def brings_anything(self) -> bool:
        """Whether taking it would change anything but the list of packets."""
        return bool(self.changed or self.new_plan or self.news)

    @property
    def changed(self) -> int:
        """How many records and rows of ledgers it would change."""
        return len(self.changes) + self.entries.added + self.entries.updated


def packet_files(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Return the files named and all packets below the folders named, each once.

    Lock files that office programs leave beside an open document (``~$``, ``.~``) are left out.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        for file in sorted(path.rglob("*")):
            hidden = file.name.startswith(("~$", "."))
            if file.suffix.lower() in PACKET_FILES and file.is_file() and not hidden:
                found[file] = None
    return tuple(found)


def read(file: Path, sheets: SheetChoice | None = None) -> Packet:
    """Read a packet's file, wherever it comes from; ``sheets``: as for `read_packet`.

    Raises:
        InputRejectedError: With every reason why it can't be read.
    """
    from fsdesk.packets.reader import read_packet  # the readers are needed from here on

    return read_packet(file, sheets)


def read_handed_down(file: Path) -> Packet:
    """Read a packet of which nothing is taken but what the office hands down.

    What was typed into it, and on which sheets, makes no difference then.

    Raises:
        InputRejectedError: With every reason why it can't be read.
    """
    return read(file, SheetChoice())


def check_packets(
    workspace: Workspace,
    paths: Sequence[Path],
    heading: headings.Chosen = None,
    sheets: ChosenSheets = None,
) -> Generator[Progress, None, tuple[CheckedPacket, ...]]:
    """Read packets and say what they would change, changing nothing; one entry a file.

    ``heading``, ``sheets``: as for `PacketChecker`.
    """
    files = packet_files(paths)
    checker = PacketChecker(workspace, heading, sheets)
    checked: list[CheckedPacket] = []
    for count, file in enumerate(files):
        yield Progress(count, len(files), f"正在检查 {file.name}")
        checked.append(checker.check(file))
    yield Progress(len(files), len(files), "检查完成")
    return tuple(checked)


def has_bad_cells(item: CheckedPacket) -> bool:
    """Tell whether a file was refused for what stands in its cells."""
    return not item.ok and any(finding.place.cell for finding in item.findings)


def annotate(checked: Iterable[CheckedPacket], folder: Path) -> tuple[Path, ...]:
    """Write a copy of every refused workbook, with a comment on each cell that is wrong.

    Return the copies; their folder is made if it does not exist.

    One that can't be written stops no other.

    Raises:
        InputRejectedError: When no copy can be written.
        PartlyDoneError: When some can't.
    """
    # openpyxl is needed from here on
    from fsdesk.packets.annotate import annotatable
    from fsdesk.packets.annotate import annotate as write_comments

    copies: list[Path] = []
    several, taken = unforeseen.Several(), list[str]()
    for item in checked:
        with several.attempt():
            if has_bad_cells(item) and annotatable(item.file):
                taken.append(file_name(f"批注-{item.file.stem}.xlsx", taken))
                write_comments(item.file, item.findings, folder / taken[-1])
                copies.append(folder / taken[-1])
    names = "、".join(copy.name for copy in copies)
    several.end(f"只写成了 {len(copies)} 个批注文件：{names}" if copies else "")
    return tuple(copies)


class PacketChecker:
    """Compares packets with a workspace, one after another.

    `heading`: what counts where a heading contradicts the hidden sheet.
    `sheets`: how sheets are read that look like a packet's own.
    """

    def __init__(
        self,
        workspace: Workspace,
        heading: headings.Chosen = None,
        sheets: ChosenSheets = None,
    ) -> None:
        self._workspace = workspace
        self._heading, self._sheets = heading, sheets
        self._plan: Plan | None = None
        self._signers: tuple[Signer, ...] | None = None
        self._rules: Rules | None = None

    def check(self, file: Path) -> CheckedPacket:
        """Read one packet and compare it with the workspace.

        Whatever goes wrong is what is told of this file, and ends nothing else.
        """
        try:
            packet = self.read(file)
            with self._workspace.reading() as session:
                return self.compare(session, file, packet)[0]
        except Exception as problem:  # noqa: BLE001 - the next file shall be looked at
            return self.failed(file, problem)

    def read(self, file: Path) -> Packet:
        """Read a packet with the sheets that were chosen for it, as `read` does."""
        return read(file, headings.choice_for(self._sheets, file))

    def failed(self, file: Path, problem: Exception) -> CheckedPacket:
        """Return what is told of a file that can't be taken, whatever the cause."""
        found = self._damage(problem)
        found = found or unforeseen.told(problem, self._workspace.folder / "logs")
        where = problem.where if isinstance(problem, OtherYearError) else None
        copies = problem.copies if isinstance(problem, CopiesError) else ()
        return CheckedPacket(file, None, findings=found, elsewhere=where, copies=copies)

    def _damage(self, problem: Exception) -> tuple[Finding, ...]:
        """Tell that the database is what is damaged, where nobody foresaw a fault."""
        if unforeseen.explained(problem) or not self._workspace.is_in_folder:
            return ()
        # What it needs is loaded for this alone.
        from fsdesk.store.verification.database import explained

        told = explained(self._workspace.folder, problem)
        return told.findings if told else ()

    def forget(self) -> None:
        """Load plan, keys and rules again, since a packet brought others."""
        self._plan, self._rules = None, None
        self.forget_keys()

    def forget_keys(self) -> None:
        """Load the keys again, since a packet brought one."""
        self._signers = None

    def compare(
        self, session: Session, file: Path, packet: Packet, *, ledgers_too: bool = True
    ) -> tuple[CheckedPacket, dict[RecordKey, tuple[Held, ...]]]:
        """Check a packet against the workspace's rules and list what it would change.

        Return what was found, and the versions held now of the packet's unit and period.

        Raises:
            InputRejectedError: With every reason why it can't be taken.
        """
        signers = self._present_signers(session)
        if packet.header.year != self._workspace.identity.year:
            raise self._of_other_year(file, packet, signers)
        present = self._present_plan(session)
        chosen = headings.choice_for(self._heading, file)
        self._check_address(file, packet, present)
        at_office, was_sealed = self._workspace.identity.is_office, packet.seal is not None
        signing.judge(packet, present, signers, at_office=at_office)  # before anything else
        packet = headings.settle(packet, file, present, chosen)
        self._check_address(file, packet, present)
        judged = trust.judged(session, packet, present, signers, at_office=at_office)
        brought = judged.brought
        plan = packet.plan if packet.plan and brought.new_plan else present
        signature = judged.signature
        if was_sealed and packet.seal is None:  # a person said that it counts as filled by hand
            signature = SignatureState.UNSIGNED
        packet = sealing.open_contents(self._workspace, judged.packet)
        if at_office:
            _check_sender(packet, plan)
        else:
            packet = replace(packet, replies=packet.own_replies)
        packet = _vouched_parts(packet, at_office=at_office)
        findings = list(self._all_findings(session, plan, packet))
        raise_errors(findings)
        whose, period = packet.header.unit, packet.header.period
        kinds = {record.key.kind for record in packet.records}
        held = records.load_versions(session, unit=whose, period=period, kinds=kinds)
        packet, claims = self._grounded(session, packet, held, chosen)
        findings += claims
        changes = tuple(_row_changes(packet.records, held, self._workspace.identity.id))
        if at_office and locked(session, whose, period):  # that of all its rows
            require_open(session, plan, [c.after.key for c in changes if c.alters])
            parts_below.refuse_change(session, packet, plan, _made_at(packet))
        # The office has to say yes to what nobody signed; so has a unit to what comes down.
        unsigned = signature in {SignatureState.UNSIGNED, SignatureState.MISSING}
        needs_yes = unsigned if at_office else packet.seal is None or packet.hand_edited
        entries = self._preview(session, packet) if ledgers_too else _NOTHING_TAKEN
        reviews = () if at_office else tuple(_reviews(session, packet))
        checked = CheckedPacket(
            file=file,
            packet=packet,
            signature=signature,
            changes=changes,
            copies=packet.copies,
            new_plan=brought.new_plan,
            newest=brought.newest,
            news=(
                *reviews,
                *_news(session, packet, at_office=at_office),
                *_replies(session, packet),
            ),
            reviews=reviews,
            needs_yes=needs_yes,
            plan_doubt=judged.plan_doubt,
            findings=(*findings, *brought.findings, *self._doubts(session, packet, present, held)),
        )
        return self.with_rows(checked, entries), held

    def _all_findings(self, session: Session, plan: Plan, packet: Packet) -> Iterable[Finding]:
        """Yield what is to be told of what it holds, apart from what stands here."""
        yield from packet.findings
        yield from self._check_rows(session, plan, packet)
        yield from parts_below.tell_gaps(packet, plan)
        yield from _check_ledgers(session, packet)
        yield from self._left_open(session, packet)
        yield from hard_to_open(file.name for file in packet.files)

    def _grounded(
        self,
        session: Session,
        packet: Packet,
        held: dict[RecordKey, tuple[Held, ...]],
        chosen: HeadingChoice | None,
    ) -> tuple[Packet, tuple[Finding, ...]]:
        """Return a packet based on nothing but what it may be based on, and what that tells."""
        if chosen is HeadingChoice.TITLE:
            packet = headings.without_known(packet, held)
        if self._plan is None:
            return packet, ()
        whose, signers = self._workspace.identity, self._signers or ()
        ground = trust.Ground(
            held,
            self._plan,
            "" if whose.is_office else whose.id,
            self._workspace.now(),
            signs=any(s.unit == packet.header.unit and not s.revoked for s in signers),
        )
        return trust.grounded(session, packet, ground)

    def with_rows(self, checked: CheckedPacket, rows: ImportedRows) -> CheckedPacket:
        """Return a packet with what becomes of its rows of ledgers, and what that tells."""
        if checked.packet is None or self._plan is None:
            return checked
        header, count = checked.packet.header, rows.found_again
        found = put_back.found_again(self._workspace, self._plan, header, count)
        return replace(checked, entries=rows, findings=(*checked.findings, *found))

    def _doubts(
        self,
        session: Session,
        packet: Packet,
        plan: Plan,
        held: dict[RecordKey, tuple[Held, ...]],
    ) -> Iterable[Finding]:
        """Yield what the packet tells of clocks that are wrong and databases that were put back."""
        whose, header = self._workspace.identity, packet.header
        made_at = header.created_at.isoformat(timespec="seconds")
        report = header.kind is PacketKind.REPORT
        period = Period.parse(header.period) if report else None
        doubts = tuple(packet_doubts(made_at, self._workspace.now(), period))
        yield from doubts
        name = plan.unit_name(header.unit)
        count = put_back.count_forgotten(packet.records, held, whose.id)
        yield from put_back.found_again(self._workspace, plan, header, count)
        if whose.is_office:
            yield from late_proof(session, packet, name)
            yield from trust.by_hand(packet, self._signers or (), name)
            yield from put_back.plan_ahead(header, plan, name)
            if packet.seal is not None:
                yield from put_back.sender_forgot(session, packet, held, name, doubted=bool(doubts))
            yield from put_back.replies_not_taken(session, header.unit, name, packet.replies)
            return
        yield from put_back.own_replies_not_taken(session, packet)
        if packet.directives is not None:
            yield from put_back.letters_of_one_number(session, packet.directives.letters)
            if packet.directives.review is not None:
                review = packet.directives.review
                yield from put_back.review_not_taken(session, header, review)

    def _preview(self, session: Session, packet: Packet) -> ImportedRows:
        """Tell what a packet would change in ledgers; those that come with it are all new."""
        known = {ledger.code for ledger in ledgers.load_ledgers(session)}
        entries = [entry for entry in packet.entries if entry.ledger in known]
        found = ledgers.preview_taking(session, entries, self._workspace.identity.id)
        return replace(found, added=found.added + len(packet.entries) - len(entries))

    def _present_plan(self, session: Session) -> Plan:
        """Return the workspace's plan; it is loaded again only when its revision is another."""
        year = self._workspace.identity.year
        if self._plan is None or plans.revision(session, year) != self._plan.revision:
            self._plan = plan_in(session, year)
        return self._plan

    def _check_address(self, file: Path, packet: Packet, present: Plan) -> None:
        """Refuse a packet that is for another year or unit."""
        header, whose = packet.header, self._workspace.identity
        if whose.is_office and header.unit not in present.units_in_year:
            remedy = "请核对文件来源"
            if header.kind is PacketKind.PLAN:
                remedy += (
                    "；如果是上级下发给本级的，请点右上角“工作区”中的“新建…”打开它，"
                    "建立本级在上级计划中的工作区"
                )
            raise reject(f"计划中没有单位“{header.unit_name}”（{header.unit}）", remedy)
        self._check_whose(file, packet)

    def _check_whose(self, file: Path, packet: Packet) -> None:
        header, whose = packet.header, self._workspace.identity
        if not whose.is_office and header.unit != whose.unit:
            raise reject(f"“{file.name}”属于{header.unit_name}，不属于本单位", "请选择本单位的文件")

    def _of_other_year(
        self, file: Path, packet: Packet, signers: tuple[Signer, ...]
    ) -> OtherYearError:
        """Say what a packet of another year is, and where it belongs.

        InputRejectedError when it is not this unit's, or not from the office that is known here.
        """
        self._check_whose(file, packet)
        header, whose = packet.header, self._workspace.identity
        what = f"“{file.name}”是 {header.year} 年度的{header.kind.label}"
        later = not whose.is_office and header.year > whose.year
        plan = packet.plan if later and header.kind is PacketKind.PLAN else None
        begins = plan is not None and packet.seal is not None
        if plan is not None:
            signing.judge(packet, plan, signers, at_office=False)
        remedy = f"请打开 {header.year} 年的工作区，再在其中接收"
        if begins:
            remedy = f"请在“交换”页点“建立 {header.year} 年工作区”，两个年度都能继续使用"
        elif later:
            remedy = f"请先用已签名的 {header.year} 年下发包建立该年的工作区，再在其中接收"
        message = f"{what}，本工作区是 {whose.year} 年度"
        return OtherYearError(error(message, remedy), OtherYear(header.year, begins))

    def _check_rows(self, session: Session, plan: Plan, packet: Packet) -> Iterable[Finding]:
        """Check every row as if it had been typed here, beside all others of the packet."""
        unit, period = packet.header.unit, packet.header.period
        units = {each.record.unit for each in packet.files} | {e.unit for e in packet.entries}
        mixed = any((r.key.unit, r.key.period) != (unit, period) for r in packet.records)
        if mixed or units - {unit}:
            yield error("文件中混有其他单位或其他报告期的内容", "请使用原始的下发包或报送包")
            return
        if packet.header.kind is PacketKind.REPORT and packet.directives is not None:
            yield error("报送包中混有下发的计划", "请使用原始的下发包或报送包")
            return
        rules = self._present_rules(session)
        today = self._workspace.clock().astimezone().date()
        known = records.load_values(session, unit=unit)
        wanted = packet.records
        if packet.header.plan_revision != plan.revision:
            wanted = tuple(record for record in wanted if asked(plan, record.key))
            yield from _no_longer_asked(plan, packet)
        found = check_records(plan, wanted, known, rules, today)
        for key, findings in found.items():
            if findings:
                place, cells = packet.places.get(key), packet.cells.get(key, {})
                for finding in findings:
                    own = cells.get(finding.field, place)
                    yield finding.at(own) if own else finding

    def _present_signers(self, session: Session) -> tuple[Signer, ...]:
        if self._workspace.is_on_server:  # another desk may have taken a key, or let go of one
            self._rules = self._signers = None
        if self._signers is None:
            self._signers = keys.signers(session)
        return self._signers

    def _present_rules(self, session: Session) -> Rules:
        if self._rules is None:
            self._rules = identity.load_rules(session)
        return self._rules

    def _left_open(self, session: Session, packet: Packet) -> Iterable[Finding]:
        """Tell the office of rows that should have come sealed: the sender can't yet, or chose."""
        if not self._workspace.identity.is_office or packet.header.kind is not PacketKind.REPORT:
            return
        rules = self._present_rules(session)
        sealed = {part.note.ledger for part in packet.sealed}
        came = {entry.ledger for entry in packet.entries} - sealed
        titles = [f"“{x.title}”" for x in packet.ledgers if x.code in came and rules.seals(x.code)]
        if titles:
            yield warning(
                f"台账{'、'.join(titles)}要求密封报送，这个报送包没有密封",
                "请提醒发件单位升级程序、导入最新的下发包；已发出的文件请妥善保管",
            )


def _vouched_parts(packet: Packet, *, at_office: bool) -> Packet:
    """Leave out what a packet says of units below where nobody signed it, or it isn't a report."""
    if packet.part_sheet is None:
        return packet
    report = at_office and packet.header.kind is PacketKind.REPORT
    if report and packet.seal is not None:
        return packet
    told = warning("文件没有签名，其中分单位的数没有采用", "请向发件单位索要重新导出的报送包")
    return replace(packet, part_sheet=None, findings=(*packet.findings, told))


def _made_at(packet: Packet) -> str:
    made = packet.header.created_at
    if packet.hand_edited or packet.header.kind is not PacketKind.REPORT:
        made = packet.modified_at or made
    return made.isoformat(timespec="seconds")


def _check_sender(packet: Packet, plan: Plan) -> None:
    header = packet.header
    # The office's next plan is numbered above what its units report on.
    if header.plan_revision > plan.revision + _MOST_AHEAD:
        raise reject(
            f"文件自称按第 {header.plan_revision} 版计划填报，而本工作区只有第 {plan.revision} 版",
            "请与发件单位核对，由其导入本办最新的下发包后重新导出",
        )
    if packet.is_blank:
        found = error(
            f"{plan.unit_name(header.unit)}的文件中没有填报任何内容",
            "请确认发来的是填好的文件，而不是空白的下发包",
        )
        # What was typed in places that are not read may be all that was meant to be sent.
        raise InputRejectedError(found, *packet.findings)


def _check_ledgers(session: Session, packet: Packet) -> Iterable[Finding]:
    """A packet's ledgers must be declared here, or come with it."""
    if not packet.ledgers:
        return
    known = {ledger.code for ledger in ledgers.load_ledgers(session)}
    if packet.directives is not None:
        known |= {ledger.code for ledger in packet.directives.ledgers}
    for ledger in packet.ledgers:
        if ledger.code not in known:
            yield error(f"本工作区没有台账“{ledger.title}”", "请先导入汇总端最新的下发包")


def _no_longer_asked(plan: Plan, packet: Packet) -> Iterable[Finding]:
    """What an older plan asked for is kept; it only doesn't count any longer."""
    for record in packet.filled:
        if not asked(plan, record.key):
            yield warning(
                f"计划在这一报告期不再要求该单位填报“{record.key.item}”",
                "数据已保留，不计入汇总；可以重新下发计划",
                packet.places.get(record.key),
            )


def _row_changes(
    incoming: Iterable[Record], held: dict[RecordKey, tuple[Held, ...]], local: str
) -> Iterable[RecordChange]:
    for record in incoming:
        if not record.revision.edits:
            continue
        items = held.get(record.key, ()) if held else ()  # mostly nothing is
        old = records.plain_versions(items) if items else ()
        new = admit(old, Version(record.content, record.revision))
        if new is old:
            continue
        before = next((item.record for item in items if item.leading), None)
        conflict = len(new) > 1 and bool(differing(new, leading(new, local)))
        yield RecordChange(before, record, conflict, new)


def _news(session: Session, packet: Packet, *, at_office: bool) -> Iterable[str]:
    header, directives = packet.header, packet.directives
    if at_office:
        answers = signing.signed_answers(packet)
        new = opinions.new_answers(session, header.unit, header.period, answers)
        if new:
            yield f"答复意见 {len(new)} 条"
        below = packet.part_sheet
        if below is not None and parts_below.would_change(session, packet, _made_at(packet)):
            count = len({part.path for part in below.parts})
            yield f"分单位的数（{count} 个下级单位）"
        return
    for notice in directives.letters if directives else ():
        yield f"{notice.letter.kind.label} {notice.letter.document_number}"


def _reviews(session: Session, packet: Packet) -> Iterable[str]:
    review = packet.directives.review if packet.directives else None
    if review and submissions.review_is_news(session, packet.header, review):
        yield opinions.review_words(Period.parse(packet.header.period), review)


def _replies(session: Session, packet: Packet) -> Iterable[str]:
    """Yield which letters are answered with something new."""
    for reply in packet.replies:
        now = follow_up.replied(session, packet.header.unit, reply, packet.directives)
        if now is not None:
            said = "申请延期" if now.asks_extension else "回复"
            yield f"{'提出异议' if now.objects else said} {now.document_number}"
