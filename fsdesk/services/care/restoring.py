"""Going back to an earlier state: what there is to go back to, what it lacks, and putting it back.

All of it works on a closed workspace, and as well where its database can't be opened or is gone.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fsdesk import files
from fsdesk.domain.findings import FindingCode, FsdeskError, InputRejectedError, notice, reject
from fsdesk.domain.labelled import LabelledEnum
from fsdesk.domain.plain import from_plain, to_plain
from fsdesk.domain.plan.units import WorkspaceRole
from fsdesk.domain.restored import RESTORED, Restored
from fsdesk.domain.steps import Progress
from fsdesk.services.care.lost_changes import LostChanges, describe
from fsdesk.services.care.maintenance import unpack
from fsdesk.store import copies, migrate, outside, replacing
from fsdesk.store.packet.keys import protect
from fsdesk.workspace import DATABASE, holding, is_workspace, utc_now

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable
    from datetime import datetime

    from fsdesk.domain.steps import Steps
    from fsdesk.store.outside import Inside

BACKUP_NAME = "食药安工作台备份"
_ZIP = ".zip"
_KEPT = "before-restore"
_KEY = "keys/signing.pem"
_DATABASE_ENDINGS = (".db", ".sqlite", ".bak")


class PointKind(LabelledEnum):
    """What a workspace can be brought back from."""

    AUTOMATIC = "automatic", "自动备份"
    BEFORE_UPGRADE = "before_upgrade", "升级前的数据"
    BEFORE_RESTORE = "before_restore", "恢复前的数据"
    BACKUP = "backup", "备份文件"
    DATABASE = "database", "数据库文件"


@dataclass(frozen=True, slots=True)
class RestorePoint:
    """A state that a workspace can be brought back to.

    Attributes:
        as_of: When the newest change in it was made, ISO text in UTC; empty where it has none, or
            it can't be read.
        size: Of the file, in bytes.
        whose: Whose it is, such as ``市场监管局 2026年度``; empty where it can't be read.
        problem: Why it can't be used, in Chinese; empty when it is sound.
        locked: Whether it can't be looked into without a passphrase.
    """

    file: Path
    kind: PointKind
    as_of: str
    size: int
    whose: str = ""
    problem: str = ""
    locked: bool = False

    @property
    def state(self) -> str:
        """The word on screen: 完好, or why it can't be used."""
        return self.problem or "完好"


@dataclass(frozen=True, slots=True)
class Preview:
    """What going back to a state means, before the yes.

    Attributes:
        lost: What was done since and is not in it; None where the present database can't be read.
            Where there is no database nothing is lost.
        extra: What it holds and the present state lacks, since the two went apart.
        notes: What else is to be known, in Chinese.
    """

    point: RestorePoint
    lost: LostChanges | None
    extra: LostChanges
    notes: tuple[str, ...] = ()


def restore_points(
    folder: Path, others: Iterable[Path] = ()
) -> Steps[tuple[RestorePoint, ...]]:
    """Return all that a workspace can be brought back from, the newest content first.

    `others`: files elsewhere; those that are no backups at all are left out.
    """
    whose = _owner(folder)
    found = [copy.file for copy in copies.copies_of(folder)]
    near = [*(folder / copies.FOLDER).glob(f"*{_ZIP}"), *folder.parent.glob(f"{BACKUP_NAME}*{_ZIP}")]
    wanted = list(dict.fromkeys(file.absolute() for file in (*found, *near, *others)))
    points: list[RestorePoint] = []
    for number, file in enumerate(wanted):
        yield Progress(number, len(wanted), f"正在检查 {file.name}")
        with suppress(OSError):  # gone meanwhile
            points.append(_inspect(file, whose))
    return tuple(sorted(points, key=lambda p: (p.as_of, p.file.name), reverse=True))


def preview(folder: Path, file: Path, passphrase: str = "") -> Preview:
    """Tell what going back to a copy would lose and bring; nothing is changed.

    Raises:
        InputRejectedError: When the copy can't be used for this workspace.
    """
    with _database_in(file, passphrase) as database:
        point = _usable(folder, file, database)
        notes = _notes(folder, file, database, passphrase)
        none = LostChanges(0)
        if not is_workspace(folder):
            return Preview(point, none, none, notes)
        present = folder / DATABASE
        try:
            apart = outside.compare_logs(present, database)
        except FsdeskError:
            return Preview(point, None, none, notes)
        names = outside.names_in(present)
        lost, extra = (describe(lines, names) for lines in (apart.lacking, apart.extra))
        return Preview(point, lost, extra, notes)


def put_back(
    folder: Path,
    file: Path,
    passphrase: str = "",
    clock: Callable[[], datetime] = utc_now,
) -> Steps[Restored]:
    """Bring a closed workspace back to a copy; the state before is kept beside.

    No evidence file, packet or other copy goes. Whatever fails or ends this leaves the state
    before or the one after, never something between.

    Raises:
        InputRejectedError: When the copy can't be used for this workspace, or the disk fails.
        WorkspaceError: When the workspace is open somewhere.
    """
    yield Progress(0, _STEPS, "正在核对副本")
    with holding(folder), _database_in(file, passphrase) as database:
        found = preview(folder, file, passphrase)
        restored = _noted(folder, file, database, found)
        restored = replace(restored, at=clock().isoformat(timespec="seconds"))
        kept = _Kept(folder, clock())
        with kept.unless_done(), replacing.replacing(folder, DATABASE) as new:
            yield Progress(1, _STEPS, "正在读取副本")
            _fetch_files(folder, file, new, passphrase)
            yield Progress(2, _STEPS, "正在保存现在的数据")
            kept.keep(new)
            restored = replace(restored, kept=kept.name)
            outside.copy_whole(database, new / DATABASE, {RESTORED: to_plain(restored)})
            yield Progress(3, _STEPS, "正在恢复")
    return restored


_STEPS = 4


class _Kept:
    """The state before, kept beside: the database, and files that others take the place of."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self._folder = folder
        stamp = f"{_KEPT}-{now:%Y%m%d-%H%M%S}"
        backups = folder / copies.FOLDER
        tries = (f"{stamp}{f'-{n}' if n else ''}.db" for n in range(1000))
        self._file = next(backups / name for name in tries if not (backups / name).exists())

    @property
    def name(self) -> str:
        """Where it lies, relative to the workspace; empty when there was no database."""
        there = self._file.exists()
        return self._file.relative_to(self._folder).as_posix() if there else ""

    @contextmanager
    def unless_done(self) -> Generator[None]:
        """Take it away when nothing was put back after all."""
        try:
            yield
        except BaseException as problem:
            if replacing.is_waiting(self._folder):
                raise _goes_on(problem) from problem
            for each in (self._file, self._file.with_name(f"{self._file.name}-wal"), self._beside):
                files.discard(each)
            raise

    @property
    def _beside(self) -> Path:
        return self._file.with_suffix("")

    def keep(self, new: Path) -> None:
        """Keep the database, and what differs of the files that come in its place."""
        database = self._folder / DATABASE
        if not database.is_file():
            return
        try:
            with files.scratch(self._file) as aside:
                outside.copy_whole(database, aside / self._file.name)
                files.move_tree(aside, self._file.parent)
        except FsdeskError:  # damaged: as it lies there
            files.copy_file(database, self._file)
            wal = self._folder / f"{DATABASE}-wal"
            if wal.is_file():
                files.copy_file(wal, self._file.with_name(f"{self._file.name}-wal"))
        for name in _names(new):
            if (self._folder / name).is_file():
                data = (self._folder / name).read_bytes()
                files.save_bytes(self._beside / name, data, private=True)


def _goes_on(problem: BaseException) -> InputRejectedError:
    told = problem.findings if isinstance(problem, FsdeskError) else ()
    return InputRejectedError(*told, notice("恢复没有做完，下次打开这个工作区时会接着完成"))


def _fetch_files(folder: Path, file: Path, new: Path, passphrase: str) -> None:
    """Bring the files that go with a copy, other than those that are there already."""
    if _is_backup(file):
        unpack(file, new)
        files.remove(new / DATABASE)
    else:
        for name in _names(file.with_suffix("")):
            files.copy_file(file.with_suffix("") / name, new / name)
    for name in _names(new):
        fetched, present = new / name, folder / name
        damaged = name.startswith("attachments/") and files.sha256_of(fetched) != fetched.name
        if damaged or (present.is_file() and files.sha256_of(present) == files.sha256_of(fetched)):
            files.remove(fetched)
    if (new / "keys").is_dir():
        protect(new / "keys")


def _noted(folder: Path, file: Path, database: Path, found: Preview) -> Restored:
    """Return what the workspace shall remember of it."""
    known = [
        from_plain(Restored, values)
        for each in (folder / DATABASE, database)
        if each.is_file() and (values := outside.setting_in(each, RESTORED))
    ]
    lost = found.lost or LostChanges(0)
    letters = dict(lost.letters)
    for series, number in (pair for each in known for pair in each.letters.items()):
        letters[series] = max(number, letters.get(series, 0))
    return Restored(
        at="",
        copy=file.name,
        as_of=found.point.as_of,
        lost=None if found.lost is None else found.lost.count,
        reports=lost.reports,
        letters=letters,
        revision=max([lost.revision, *(each.revision for each in known)]),
    )


def _usable(folder: Path, file: Path, database: Path) -> RestorePoint:
    """Return a copy that can be used for this workspace; refused otherwise."""
    point = _judged(file, _kind_of(file), database, _owner(folder))
    if point.problem:
        raise reject(
            f"不能恢复到“{file.name}”：{point.problem}", "请选择另一份副本，现在的数据没有改动"
        )
    return point


def _notes(folder: Path, file: Path, database: Path, passphrase: str) -> tuple[str, ...]:
    """Return what else is to be known before the yes."""
    notes: list[str] = []
    copy, present = outside.look_inside(database), _inside(folder / DATABASE)
    if is_workspace(folder) and present is None:
        notes.append("现在的数据库已损坏，读不出其中的内容；它会原样保存在 backups 文件夹")
    if present is not None and present.id != copy.id:
        notes.append("这份副本来自同一单位另外建立的工作区，两边的改动互不相干")
    if copy.schema < migrate.HEAD:
        notes.append("这份副本由较早版本的程序建立，恢复后打开时自动升级")
    if _keys_differ(folder, file, passphrase):
        notes.append(
            "备份中的签名密钥与现在的不同：恢复后用备份中的密钥签名，现在的密钥一并保存在"
            " backups 文件夹；对方如提示密钥不符，请核对后登记"
        )
    return tuple(notes)


def _keys_differ(folder: Path, file: Path, passphrase: str) -> bool:
    if not (folder / _KEY).is_file():
        return False
    with files.scratch(Path(tempfile.gettempdir()) / _KEPT) as aside:
        if _is_backup(file):
            unpack(file, aside)
            brought = aside / _KEY
        else:
            brought = file.with_suffix("") / _KEY
        return brought.is_file() and brought.read_bytes() != (folder / _KEY).read_bytes()


def _inspect(file: Path, whose: Inside | None) -> RestorePoint:
    kind, size = _kind_of(file), file.stat().st_size
    try:
        with _database_in(file) as database:
            return _judged(file, kind, database, whose)
    except FsdeskError as problem:
        return RestorePoint(file, kind, "", size, problem="已损坏或不是备份文件")


def _judged(file: Path, kind: PointKind, database: Path, whose: Inside | None) -> RestorePoint:
    """Look at a copy's database: whether it is whole, this workspace's, and known to us."""
    size = file.stat().st_size
    damaged = copies.problems_of(database)
    found = _inside(database)
    if damaged or found is None:
        words = damaged[0] if damaged else "其中没有工作区"
        as_of = found.newest if found else ""
        return RestorePoint(file, kind, as_of, size, problem=f"已损坏：{words}")
    problem = ""
    if found.schema > migrate.HEAD:
        problem = "由更高版本的程序建立，请先升级本程序"
    elif whose is not None and _belongs(found) != _belongs(whose):
        problem = f"属于{_owner_words(found)}，不是本工作区（{_owner_words(whose)}）的"
    return RestorePoint(file, kind, found.newest, size, _owner_words(found), problem)


def _belongs(inside: Inside) -> tuple[str, str, int]:
    return inside.role, inside.unit, inside.year


def _owner_words(inside: Inside) -> str:
    role = "（汇总端）" if inside.role == WorkspaceRole.OFFICE else ""
    return f"{inside.unit_name or inside.unit}{role}{inside.year}年度"


def _owner(folder: Path) -> Inside | None:
    """Return whose a workspace is, by its database or else by the newest copy that tells."""
    own = (folder / DATABASE, *(copy.file for copy in copies.copies_of(folder)))
    return next((found for file in own if (found := _inside(file)) is not None), None)


def _inside(database: Path) -> Inside | None:
    if not database.is_file():
        return None
    with suppress(FsdeskError):
        return outside.look_inside(database)
    return None


@contextmanager
def _database_in(file: Path, passphrase: str = "") -> Generator[Path]:
    """Give the database of a copy or of a backup."""
    if not file.is_file():
        raise reject(f"没有文件“{file}”", "请确认它没有被移走")
    if not _is_backup(file):
        yield file
        return
    with files.scratch(Path(tempfile.gettempdir()) / _KEPT) as aside:
        unpack(file, aside, whole=False)
        yield aside / DATABASE


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
