"""Going back to an earlier state: what there is to go back to, what it lacks, and putting it back.

All of it works on a closed workspace, and as well where its database can't be opened or is gone.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from fsdesk import files
from fsdesk.domain.clock import clock_text
from fsdesk.domain.findings import (
    FindingCode,
    FsdeskError,
    InputRejectedError,
    error,
    notice,
    reject,
)
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.plan.units import WorkspaceRole
from fsdesk.domain.restored import RESTORED, Restored
from fsdesk.domain.steps import Progress
from fsdesk.holding import holding, person
from fsdesk.services.care.lost_changes import LostChanges, describe
from fsdesk.services.care.maintenance import unpack
from fsdesk.services.care.protecting import is_covered
from fsdesk.store import kept, migrate, vault
from fsdesk.store.care import copies, outside, raw, replacing
from fsdesk.store.care.outside import NewSetting
from fsdesk.store.engine import make_engine
from fsdesk.store.packet.keys import protect
from fsdesk.store.server import address
from fsdesk.store.verification.database import problems_in
from fsdesk.workspace import DATABASE, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Generator, Iterable
    from datetime import datetime

    from fsdesk.domain.steps import Steps
    from fsdesk.store.care.outside import Inside
    from fsdesk.store.server.address import ServerAddress

BACKUP_NAME = "食药安工作台备份"
_ZIP = ".zip"
_KEPT, _DAMAGED = "before-restore", ".damaged"
_KEY = "keys/signing.pem"
_MOST_WRONG = 3
_DATABASE_ENDINGS = (".db", ".sqlite", ".bak")


class PointKind(LabelledEnum):
    """What a workspace can be brought back from."""

    AUTOMATIC = "automatic", "自动备份"
    BEFORE_UPGRADE = "before_upgrade", "升级前的数据"
    BEFORE_RESTORE = "before_restore", "恢复前的数据"
    BACKUP = "backup", "备份文件"
    DATABASE = "database", "数据库文件"


class RestorePoint(Struct, frozen=True):
    """A state that a workspace can be brought back to.

    Attributes:
        as_of: When the newest change in it was made, ISO text in UTC; empty where it has none, or
            it can't be read.
        size: Of the file, in bytes.
        whose: Whose it is, such as ``市场监管局 2026年度``; empty where it can't be read.
        problem: Why it can't be used, in Chinese; empty when it is sound.
        locked: Whether it can't be looked into without a passphrase or password.
        by_password: Whether that is the password that the workspace had then.
    """

    file: Path
    kind: PointKind
    as_of: str
    size: int
    whose: str = ""
    problem: str = ""
    locked: bool = False
    by_password: bool = False

    @property
    def state(self) -> str:
        """The word on screen: 完好, or why it can't be used."""
        return self.problem or "完好"


class Preview(Struct, frozen=True):
    """What going back to a state means, before the yes.

    Attributes:
        lost: What was done since and is not in it; None where that can't be known, since there is
            no database, or it can't be read.
        extra: What it holds and the present state lacks, since the two went apart.
        notes: What else is to be known, in Chinese.
    """

    point: RestorePoint
    lost: LostChanges | None
    extra: LostChanges
    notes: tuple[str, ...] = ()


def restore_points(folder: Path, others: Iterable[Path] = ()) -> Steps[tuple[RestorePoint, ...]]:
    """Return all that a workspace can be brought back from, the newest content first.

    `others`: files elsewhere; those that are no backups at all are left out.
    WorkspaceError, with FindingCode.PASSWORD, when the workspace's password was not given.
    """
    vault.of(folder)
    whose = _owner(folder)
    found = [copy.file for copy in copies.copies_of(folder)]
    near = [
        *(folder / copies.FOLDER).glob(f"*{_ZIP}"),
        *folder.parent.glob(f"{BACKUP_NAME}*{_ZIP}"),
    ]
    wanted = list(dict.fromkeys(file.absolute() for file in (*found, *near, *others)))
    points: list[RestorePoint] = []
    for number, file in enumerate(wanted):
        yield Progress(number, len(wanted), f"正在检查 {file.name}")
        with suppress(OSError):  # gone meanwhile
            points.append(_inspect(file, whose))
    return tuple(sorted(points, key=lambda p: (p.as_of, p.file.name), reverse=True))


def find_copy(folder: Path, file: Path) -> Path:
    """Return the file that is meant: as it is written, or one of the workspace's own copies."""
    own = folder / copies.FOLDER / file.name
    return own if not file.exists() and own.is_file() else file


def words_of(found: Preview) -> list[str]:
    """Say what going back to a state means, line by line."""
    lines = [f"副本：{found.point.file.name}，{found.point.whose}"]
    if found.point.as_of:
        lines.append(f"数据截至：{clock_text(found.point.as_of)}")
    if found.lost is None:
        lines.append("现在的数据库读不出，恢复后会失去哪些改动无法得知")
    elif found.lost.count:
        lines += [f"恢复后失去 {found.lost}", *(f"  {line}" for line in found.lost.told)]
    else:
        lines.append("这一份之后没有改动，恢复不会失去数据")
    if found.extra.count:
        lines.append(f"这一份有、现在没有的 {found.extra}")
        lines += [f"  {line}" for line in found.extra.told]
    return [*lines, *found.notes]


def preview(folder: Path, file: Path, passphrase: str = "", password: str = "") -> Preview:
    """Tell what going back to a copy would lose and bring; nothing is changed.

    `password`: of the workspace when the copy was made, where that is another one than now.

    Raises:
        InputRejectedError: When the copy can't be used for this workspace; with
            FindingCode.PASSPHRASE when a passphrase is missing or wrong, and with
            FindingCode.PASSWORD when that of the copy is.
        WorkspaceError: When the workspace's own password was not given.
    """
    vault.of(folder)
    with (
        _brought(file, passphrase, password, only=(DATABASE, _KEY)) as brought,
        _present(folder) as present,
    ):
        return _compared(folder, present, brought, _usable(folder, brought))


def needs_password(file: Path, passphrase: str = "") -> bool:
    """Tell whether a backup opens by a password that was not given yet.

    InputRejectedError when it can't be read, or its passphrase is missing or wrong.
    """
    try:
        with _brought(file, passphrase, only=()):
            return False
    except InputRejectedError as problem:
        if problem.tells(FindingCode.PASSWORD):
            return True
        raise


def put_back(
    folder: Path,
    file: Path,
    passphrase: str = "",
    password: str = "",
    clock: Callable[[], datetime] = utc_now,
) -> Steps[Restored]:
    """Bring a closed workspace back to a copy; the state before is kept beside.

    The workspace keeps its password, or its having none, whatever the copy has; where there was no
    workspace, it gets that of the copy. `password`: see `preview`.

    No evidence file, packet or other copy goes. Whatever fails or ends this leaves the state
    before or the one after, never something between.

    Raises:
        InputRejectedError: When the copy can't be used for this workspace, or the disk fails; with
            FindingCode.PASSPHRASE when a passphrase is missing or wrong.
        WorkspaceError: When the workspace is open somewhere.
    """
    vault.of(folder)
    yield Progress(0, _STEPS, "正在读取副本")
    there = address.remembered(folder)
    if there is not None:
        return (
            yield from _put_back_on_server(
                folder, there.address, file, passphrase, password, clock()
            )
        )
    with _brought(file, passphrase, password, only=(DATABASE,)) as brought:
        point = _usable(folder, brought)  # before anything is made in the folder
    with holding(folder), _brought(file, passphrase, password, folder / DATABASE) as brought:
        yield Progress(1, _STEPS, "正在比较")
        now = clock()
        kept = _Kept(folder, now)
        present = folder / DATABASE
        restored = _noted(present, brought, _compared(folder, present, brought, point), now)
        with kept.unless_done(), replacing.replacing(folder, DATABASE) as new:
            if not (folder / DATABASE).is_file():
                vault.bring(brought.files, new)
            _fetch_files(folder, brought, new)
            yield Progress(2, _STEPS, "正在保存现在的数据")
            restored = replace(restored, kept=kept.keep(new))
            yield Progress(3, _STEPS, "正在恢复")
            note = NewSetting(RESTORED, to_plain(restored), restored.at, person())
            own = vault.around(new / DATABASE)
            outside.copy_whole(brought.database, new / DATABASE, own and own.key, note)
    return restored


_STEPS = 4


def _put_back_on_server(
    folder: Path,
    there: ServerAddress,
    file: Path,
    passphrase: str,
    password: str,
    now: datetime,
) -> Steps[Restored]:
    """Bring a workspace on a server back to a copy; the state before goes into a schema beside.

    Other desks may have it open: what they would store next is refused, and they are told why.
    """
    from fsdesk.store.server.replacing import NewState, put_in_place, unused_schema

    place = Path(tempfile.gettempdir()) / DATABASE
    with (
        holding(folder),
        _brought(file, passphrase, password) as brought,
        _present(folder) as present,
        files.scratch(place) as aside,
    ):
        point = _usable(folder, brought)
        yield Progress(1, _STEPS, "正在比较")
        schema = unused_schema(there, now)
        found = _compared(folder, present, brought, point)
        restored = _noted(present, brought, found, now)
        restored = replace(restored, kept=f"服务器上的模式 {schema}")
        who = there.user or person()
        note = NewSetting(RESTORED, to_plain(restored), restored.at, who)
        outside.copy_whole(brought.database, aside / DATABASE, setting=note)
        migrate.upgrade_file(aside / DATABASE)  # an older one
        yield Progress(2, _STEPS, "正在写入服务器")
        newest = outside.newest_line(present)
        put_in_place(there, NewState(aside / DATABASE, brought.files, newest, schema))
    return restored


@contextmanager
def _present(folder: Path) -> Generator[Path]:
    """Give the database file as it is now; of a workspace on a server a passing copy."""
    there = address.remembered(folder)
    if there is None:
        yield folder / DATABASE
        return
    from fsdesk.store.server.transfer import into_file  # for those who have one

    engine = make_engine(there.address.text)
    with files.scratch(Path(tempfile.gettempdir()) / DATABASE) as aside:
        try:
            into_file(engine, aside / DATABASE)
        finally:
            engine.dispose()
        yield aside / DATABASE


class _Kept:
    """The state before, kept beside: the database, and files that others take the place of."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self._folder = folder
        name = f"{_KEPT}-{now:%Y%m%d-%H%M%S}.db"
        self._file = files.unused(folder / copies.FOLDER / name, _DAMAGED)
        self._beside = self._file.with_suffix("")

    @contextmanager
    def unless_done(self) -> Generator[None]:
        """Take it away when nothing was put back after all."""
        try:
            yield
        except BaseException as problem:
            if replacing.is_waiting(self._folder):
                raise _goes_on(problem) from problem
            if outside.setting_in(self._folder / DATABASE, RESTORED).get("kept") == self._name:
                raise  # the new database is in its place already
            for each in (self._file, self._written_last, self._beside):
                files.discard(each)
            raise

    @property
    def _written_last(self) -> Path:
        return self._file.with_name(f"{self._file.name}{raw.WRITTEN_LAST}")

    @property
    def _name(self) -> str:
        return self._file.relative_to(self._folder).as_posix()

    def keep(self, new: Path) -> str:
        """Keep the database, and the files in whose place others come.

        Returns:
            Where it lies, relative to the workspace; empty when there was no database.
        """
        database = self._folder / DATABASE
        if not database.is_file():
            return ""
        try:
            with files.scratch(self._file) as aside:
                own = vault.around(database)
                outside.copy_whole(database, aside / self._file.name, own and own.key)
                files.move_tree(aside, self._file.parent)
        except FsdeskError:  # damaged: as it lies there, and not among the copies
            self._file = self._file.with_name(f"{self._file.name}{_DAMAGED}")
            kept.copy_in(database, self._file)
            wal = database.with_name(f"{DATABASE}{raw.WRITTEN_LAST}")
            if wal.is_file():
                kept.copy_in(wal, self._written_last)
        for name in _names(new):
            if (self._folder / name).is_file():
                if is_covered(Path(name)):
                    kept.copy(self._folder / name, self._beside / name, private=True)
                else:
                    kept.copy_in(self._folder / name, self._beside / name)
        return self._name


def _goes_on(problem: BaseException) -> InputRejectedError:
    told = problem.findings if isinstance(problem, FsdeskError) else ()
    return InputRejectedError(*told, notice("恢复没有做完，下次打开这个工作区时会接着完成"))


class _Brought(Struct, frozen=True):
    """What a copy holds: its database, and the folder of the files that go with it.

    Attributes:
        passing: Whether that folder is one that goes when the copy was used.
    """

    file: Path
    database: Path
    files: Path
    passing: bool


@contextmanager
def _brought(
    file: Path,
    passphrase: str = "",
    password: str = "",
    near: Path | None = None,
    only: Collection[str] | None = None,
) -> Generator[_Brought]:
    """Give what a copy holds.

    `near`: a path on the disk to unpack on; the system's own place by default.
    `only`: names of what is wanted of a backup; all when left out.
    """
    if not file.is_file():
        raise reject(f"没有文件“{file}”", "请确认它没有被移走")
    if not _is_backup(file):
        yield _Brought(file, file, file.with_suffix(""), passing=False)
        return
    with files.scratch(near or Path(tempfile.gettempdir()) / DATABASE) as aside:
        unpack(file, aside, passphrase, None if only is None else (*only, vault.FILE))
        if not vault.is_protected(aside):  # also where it is unpacked beside what is protected
            files.save_bytes(aside / vault.FILE, vault.OPEN)
        elif vault.is_locked(aside):
            if not password:
                words = f"“{file.name}”受工作区当时的密码保护"
                raise InputRejectedError(
                    error(words, "请输入做这份备份时的密码", code=FindingCode.PASSWORD)
                )
            vault.unlock(aside, password)
        yield _Brought(file, aside / DATABASE, aside, passing=True)


def _fetch_files(folder: Path, brought: _Brought, new: Path) -> None:
    """Bring the files that go with a copy, other than those that are there already."""
    for name in _names(brought.files):
        if name == DATABASE or name in vault.FILES:
            continue
        source, present = brought.files / name, folder / name
        covered = is_covered(Path(name))  # templates are not: they lie as they are
        readable = brought.passing and not covered
        digest = files.sha256_of(source) if readable else _digest(source)
        damaged = not digest or (name.startswith("attachments/") and digest != source.name)
        digest_of = _digest if covered else files.sha256_of
        if damaged or (present.is_file() and digest == digest_of(present)):
            continue
        files.make_folder((new / name).parent)
        if readable or (brought.passing and vault.around(source) == vault.around(new / name)):
            files.move(source, new / name)
        elif covered:
            kept.copy(source, new / name)
        else:
            kept.copy_out(source, new / name)
    if (new / "keys").is_dir():
        protect(new / "keys")


def _usable(folder: Path, brought: _Brought) -> RestorePoint:
    """Judge a copy; refused when it can't be used for this workspace."""
    whose = _owner(folder)
    point = _judged(brought.file, brought.database, whose)
    if point.problem:
        raise reject(f"不能恢复到“{brought.file.name}”：{point.problem}", "请选择另一份副本")
    if address.is_on_server(folder) and not _is_of(brought.database, whose):
        # The folders of all desks belong to the one that is there.
        raise reject(
            f"“{brought.file.name}”来自同一单位另外建立的工作区，不能放到服务器上这个工作区的位置",
            "请恢复到另一个空的模式（restore 加 --database），核对后让各台电脑改连那里",
        )
    return point


def _is_of(database: Path, whose: Inside | None) -> bool:
    return whose is not None and outside.look_inside(database).id == whose.id


def _compared(folder: Path, present: Path, brought: _Brought, point: RestorePoint) -> Preview:
    """Tell what going back to a copy means."""
    notes = _notes(folder, present, brought)
    if _inside(present) is None:
        return Preview(point, None, LostChanges(0), notes)
    names = outside.names_in(brought.database)
    try:
        apart = outside.compare_logs(present, brought.database)
    except FsdeskError:
        return Preview(point, None, LostChanges(0), notes)
    names = {kind: {**known, **outside.names_in(present)[kind]} for kind, known in names.items()}
    return Preview(point, describe(apart.lacking, names), describe(apart.extra, names), notes)


def _noted(present: Path, brought: _Brought, found: Preview, now: datetime) -> Restored:
    """Return what the workspace shall remember of it."""
    known = [
        from_plain(Restored, values)
        for each in (present, brought.database)
        if each.is_file() and (values := outside.setting_in(each, RESTORED))
    ]
    lost = found.lost or LostChanges(0)
    letters = dict(lost.letters)
    for series, number in (pair for each in known for pair in each.letters.items()):
        letters[series] = max(number, letters.get(series, 0))
    return Restored(
        at=now.isoformat(timespec="seconds"),
        copy=brought.file.name,
        as_of=found.point.as_of,
        lost=None if found.lost is None else found.lost.count,
        reports=lost.reports,
        letters=letters,
        plan_lost=lost.revision,
        revision=max([lost.revision, *(each.revision for each in known)]),
    )


def _notes(folder: Path, database: Path, brought: _Brought) -> tuple[str, ...]:
    """Return what else is to be known before the yes."""
    notes: list[str] = []
    copy, present = outside.look_inside(brought.database), _inside(database)
    if database.is_file() and present is None:
        notes.append("现在的数据库已损坏，读不出其中的内容；它会原样保存在 backups 文件夹")
    if present is not None and present.id != copy.id:
        notes.append("这份副本来自同一单位另外建立的工作区，两边的改动互不相干")
    wrong = problems_in(brought.database, finished=True)
    if wrong:
        notes.append(f"这一份的内容有 {len(wrong)} 处不对：{'；'.join(wrong[:_MOST_WRONG])}")
    if copy.schema < migrate.HEAD:
        notes.append("这份副本由较早版本的程序建立，恢复后打开时自动升级")
    key, own = brought.files / _KEY, folder / _KEY
    if address.is_on_server(folder):
        notes.append(
            "工作区在服务器上：现在的数据另存为服务器上的一个模式；签名仍用服务器上现在的密钥；"
            "其他电脑如果正开着这个工作区，恢复后要重新打开才能继续填报"
        )
    elif not (key.is_file() or own.is_file()):
        notes.append(
            "备份中没有签名密钥（由只读账号备份的没有）：恢复后换成新的密钥，对方会提示密钥不符，"
            "请核对后登记；需要原来的密钥，请用经办或管理员账号另做的备份"
        )
    elif key.is_file() and own.is_file() and _digest(key) != _digest(own):
        notes.append(
            "备份中的签名密钥与现在的不同：恢复后用备份中的密钥签名，现在的密钥一并保存在"
            " backups 文件夹；对方如提示密钥不符，请核对后登记"
        )
    return tuple(notes)


def _inspect(file: Path, whose: Inside | None) -> RestorePoint:
    size = file.stat().st_size
    try:
        with _brought(file, only=(DATABASE,)) as brought:
            return _judged(file, brought.database, whose)
    except FsdeskError as problem:
        sealed, shut = map(problem.tells, (FindingCode.PASSPHRASE, FindingCode.PASSWORD))
        locked = sealed or shut
        words = "用口令加密" if sealed else "受当时的密码保护" if shut else "已损坏，或不是备份文件"
        return RestorePoint(
            file, _kind_of(file), "", size, problem=words, locked=locked, by_password=shut
        )


def _judged(file: Path, database: Path, whose: Inside | None) -> RestorePoint:
    """Look at a copy's database: whether it is whole, this workspace's, and known to us."""
    damaged, found = copies.problems_of(database), _inside(database)
    problem = ""
    if damaged or found is None:
        problem = f"已损坏：{damaged[0] if damaged else '其中没有工作区'}"
    elif found.schema > migrate.HEAD:
        problem = "由更高版本的程序建立，请先升级本程序"
    elif whose is not None and not _same_owner(found, whose):
        problem = f"属于{_owner_words(found)}，不是本工作区（{_owner_words(whose)}）的"
    return RestorePoint(
        file,
        _kind_of(file),
        found.newest if found else "",
        file.stat().st_size,
        _owner_words(found) if found else "",
        problem,
    )


def _same_owner(one: Inside, other: Inside) -> bool:
    """Tell whether two databases are of one unit, role and year.

    Those of one workspace are, even where damage makes one of them say otherwise.
    """
    return one.id == other.id or _belongs(one) == _belongs(other)


def _belongs(inside: Inside) -> tuple[str, str, int]:
    return inside.role, inside.unit, inside.year


def _owner_words(inside: Inside) -> str:
    role = "（汇总端）" if inside.role == WorkspaceRole.OFFICE else ""
    return f"{inside.unit_name or inside.unit}{role}{inside.year}年度"


def _owner(folder: Path) -> Inside | None:
    """Return whose a workspace is, by its database or else by the newest copy that tells."""
    there = address.remembered(folder)
    if there is not None:
        from fsdesk.store.server.transfer import look_inside  # for those who have one

        return look_inside(there.address)
    own = (folder / DATABASE, *(copy.file for copy in copies.copies_of(folder)))
    return next((found for file in own if (found := _inside(file)) is not None), None)


def _inside(database: Path) -> Inside | None:
    if not database.is_file():
        return None
    with suppress(FsdeskError):
        return outside.look_inside(database)
    return None


def _is_backup(file: Path) -> bool:
    return file.suffix.lower() not in _DATABASE_ENDINGS


def _kind_of(file: Path) -> PointKind:
    if _is_backup(file):
        return PointKind.BACKUP
    if file.name.startswith(_KEPT):
        return PointKind.BEFORE_RESTORE
    if file.name.startswith("before-"):
        return PointKind.BEFORE_UPGRADE
    return PointKind.AUTOMATIC if file.name.startswith("daily") else PointKind.DATABASE


def _names(folder: Path) -> list[str]:
    return [
        item.relative_to(folder).as_posix() for item in sorted(folder.rglob("*")) if item.is_file()
    ]


def _digest(file: Path) -> str:
    """Return the digest of what was kept in a file; empty where that is damaged."""
    try:
        return kept.sha256_of(file)
    except kept.DamagedError:
        return ""
