"""The workspace: one folder that holds everything; copying it moves everything."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from msgspec.structs import replace

from fsdesk import files
from fsdesk.domain.clock import clock_doubts
from fsdesk.domain.findings import (
    FindingCode,
    FsdeskError,
    WorkspaceError,
    error,
    warning,
    workspace_error,
)
from fsdesk.holding import (
    HOLDER,
    KEYS,
    LOCK,
    SUBFOLDERS,
    acquire,
    check_folder,
    holding,
    lock_of,
    person,
)
from fsdesk.places import portable_data
from fsdesk.store import audit, identity, migrate, session, shelf, vault
from fsdesk.store.care import backup, copies, journal, outside, raw, replacing, restored
from fsdesk.store.care.raw import DATABASE
from fsdesk.store.engine import let_go_of_pages, make_engine, sqlite_url
from fsdesk.store.opening import Opening
from fsdesk.store.server.address import FILE, is_on_server
from fsdesk.store.server.places import new_place, place_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from filelock import FileLock

    from fsdesk.domain.findings import Finding
    from fsdesk.domain.settings import Rules
    from fsdesk.store.engine import Engine
    from fsdesk.store.identity import Identity
    from fsdesk.store.server.listening import Listener
    from fsdesk.store.server.places import Place
    from fsdesk.store.session import Session, Writing

# All that a workspace's folder holds when it was just made.
_PARTS = (DATABASE, *raw.beside(DATABASE), FILE, LOCK, HOLDER, *SUBFOLDERS)
# What only one that was in use has filled; a key may be left of one whose making was cut off.
_REMAINS = ("attachments", "packets", "backups")
_APP = "fsdesk"


def default_folder() -> Path:
    """Return the workspace folder that is used when none is named."""
    portable = portable_data()
    if portable is not None:
        return portable / _APP
    import platformdirs  # most commands are told the folder

    return Path(platformdirs.user_data_dir(_APP, appauthor=False))


def utc_now() -> datetime:
    """Return the present time in UTC."""
    return datetime.now(UTC)


@dataclasses.dataclass
class Workspace:
    """An open workspace.

    Attributes:
        clock: Gives the present time in UTC; fixed in tests and in the demo year.
        warnings: What the user should know of its opening.
        as_published: Whether a published month is looked at as it was published; see `latest`.
        desk: What tells this desk from others on a server; empty where there are none.
        account: Who signed in at the server; empty where there is none.
        may_write: Whether that account may record anything.
        stored: How many transactions changed something since it was opened.
    """

    folder: Path
    engine: Engine
    clock: Callable[[], datetime] = utc_now
    _lock: FileLock | None = dataclasses.field(default=None, repr=False)
    warnings: tuple[Finding, ...] = ()
    as_published: bool = True
    desk: str = ""
    account: str = ""
    may_write: bool = True
    stored: int = dataclasses.field(default=0, init=False)
    _opening: Opening = dataclasses.field(default_factory=Opening, repr=False)
    _shelf: shelf.Shelf | None = dataclasses.field(default=None, repr=False)
    _listener: Listener | None = dataclasses.field(default=None, init=False, repr=False)

    @property
    def latest(self) -> Workspace:
        """The same workspace, every month of it looked at by what is known now."""
        return self._looked_at(as_published=False)

    @property
    def published(self) -> Workspace:
        """The same workspace, each published month of it looked at as it was published."""
        return self._looked_at(as_published=True)

    def _looked_at(self, *, as_published: bool) -> Workspace:
        found = dataclasses.replace(self, as_published=as_published)
        found.identity = self.identity  # it is the same, and need not be read again
        return found

    @cached_property
    def identity(self) -> Identity:
        """Whose workspace this is; WorkspaceError when it was never set up."""
        with self.reading() as opened:
            found = identity.load_identity(opened)
            known = found is not None or audit.newest(opened) is not None
        if found is None:
            raise _not_ours(self.folder) if known else _not_set_up(self.folder)
        return found

    @property
    def is_in_folder(self) -> bool:
        """Whether its database is the file in its folder, and on no server."""
        return _file_of(self.engine) == self.folder / DATABASE

    @property
    def is_on_server(self) -> bool:
        """Whether its database lies on a server, where other desks may write to it as well."""
        return self.engine.dialect.name != "sqlite"

    def others_stored(self) -> bool:
        """Tell whether other desks stored something since this was asked last; no waiting.

        WorkspaceError when the server can't be reached.
        """
        if not self.is_on_server:
            return False
        if self._listener is None:
            from fsdesk.store.server.listening import Listener  # for those who have one

            self._listener = Listener(self.engine, self.author.edits)
        return self._listener.heard()

    @property
    def packets(self) -> Path:
        """Folder of the packets that were sent or received."""
        return self.folder / "packets"

    @property
    def attachments(self) -> Path:
        """Folder of the evidence files, named by digest."""
        return self.folder / "attachments"

    @property
    def is_held(self) -> bool:
        """Whether it is open for writing, and no other process can write to it."""
        return self._lock is not None

    @property
    def has_password(self) -> bool:
        """Whether what lies in its folder is encrypted."""
        return self.is_in_folder and vault.is_protected(self.folder)

    @property
    def keys(self) -> Path:
        """Folder of the workspace's own signing key."""
        return self.folder / KEYS

    @property
    def rules(self) -> Rules:
        """The district's rules."""
        with self.reading() as opened:
            return identity.load_rules(opened)

    @contextmanager
    def reading(self) -> Generator[Session]:
        """Open a transaction that only reads."""
        with session.reading(self.engine) as opened:
            yield opened

    @contextmanager
    def writing(self, packet: str = "") -> Generator[Writing]:
        """Open a transaction that is stored when its block ends well, else undone."""
        self._check_place()
        with session.writing(self.engine, self.author, self.now(), packet) as opened:
            if not self._opening.goes_on(opened.session):
                raise self._replaced("刚才这一步没有保存")
            before = session.rows_changed(opened)
            came_to = self._beside_others(opened.session)
            yield opened
            line, after = audit.newest(opened.session), session.rows_changed(opened)
            shared = shelf.around(self.attachments)
            sent = shared.store(opened.session) if shared else []
            if self.is_on_server and line != came_to:
                _tell_others(opened)
        if shared is not None:
            shared.stored(sent)
        self._opening.note(line)
        self.stored += after is None or after != before

    def _beside_others(self, opened: Session) -> audit.Line | None:
        """See to it that this program may still write, and give how far the log has come."""
        if not self.is_on_server:
            return None
        migrate.check_present(opened)
        return audit.newest(opened)

    def _check_place(self) -> None:
        """Keep what this program holds when another file took its database's place, and tell."""
        if self._opening.ended is not None:
            raise self._opening.ended
        if not self._opening.moved():
            return
        copy = files.unused(self.folder / "backups" / f"replaced-{self.clock():%Y%m%d-%H%M%S}.db")
        backup.rescue(self.engine, copy)
        raise self._replaced(
            f"刚才这一步没有保存，此前的数据已另存为“{copy.name}”（在 backups 文件夹）"
        )

    def _replaced(self, then: str) -> WorkspaceError:
        gone = (
            self.engine.dialect.name == "sqlite"
            and not Path(self.engine.url.database or "").exists()
        )
        what = "不见了（被移走或删除）" if gone else "被换成了另一份（例如有人拷回了备份）"
        words = f"打开期间，数据库{what}，{then}"
        remedy = "请关闭程序后重新打开工作区，核对数据后再填"
        self._opening.ended = found = workspace_error(words, remedy)
        return found

    @property
    def author(self) -> session.Author:
        """Who edits here, since this opening."""
        return _author(self.identity.id, self._opening.mark, self.account)

    def now(self) -> str:
        """Return the present time as ISO text in UTC."""
        return self.clock().isoformat(timespec="seconds")

    def rest(self) -> None:
        """Let go of what only makes the next questions quicker; the database stays open."""
        let_go_of_pages(self.engine)

    def close(self) -> None:
        """Let go of the database and of the lock."""
        with suppress(FsdeskError):  # where it was replaced, what was held is kept as far as can be
            self._check_place()
        if self._listener is not None:
            self._listener.close()
        _let_go(self.engine, self._lock, self._shelf)

    def __enter__(self) -> Self:
        """Give the workspace itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close it."""
        self.close()


def create_workspace(
    folder: Path,
    whose: Callable[[datetime], Identity],
    database: str | None = None,
    clock: Callable[[], datetime] = utc_now,
    fill: Callable[[Writing], None] | None = None,
) -> Workspace:
    """Make a new workspace and open it for writing.

    `folder`: an empty or new folder; when it can't be made, what lay there stays and all else goes.
    `database`: URL of the database; SQLite in the folder by default.
    `fill`: stores what it begins with, in the transaction that makes it a workspace: it is made
        with all of that or not at all.
    WorkspaceError when there is a workspace already, or the folder can't be used.
    """
    present = {name for name in _PARTS if (folder / name).exists()}
    is_new = not folder.exists()
    try:
        return _created(folder, whose, database, clock, fill)
    except BaseException as problem:
        # What belongs to a workspace that is there, or that another process makes now, stays.
        in_use = isinstance(problem, FsdeskError) and problem.tells(FindingCode.WORKSPACE_IN_USE)
        if not in_use and not present & {DATABASE, FILE}:
            for name in _PARTS:
                if name not in present:
                    files.discard(folder / name)
            if is_new:
                files.discard_empty(folder)
        raise


def _created(
    folder: Path,
    whose: Callable[[datetime], Identity],
    database: str | None,
    clock: Callable[[], datetime],
    fill: Callable[[Writing], None] | None,
) -> Workspace:
    check_folder(folder)
    lock = acquire(folder)
    engine: Engine | None = None
    shared: shelf.Shelf | None = None
    try:
        place = new_place(folder, database)
        if database is None:
            _check_not_gone(folder)
            _check_ours(folder)
        engine = _engine(folder, database)
        place.make(engine)
        _check_unused(place, engine)
        migrate.upgrade(engine)
        opening = Opening(_file_of(engine))
        account, may_write = place.signed_in(engine)
        shared = _shelved(folder, engine, first=True, is_new=True)
        workspace = Workspace(
            folder, engine, clock, lock, account=account, may_write=may_write,
            _opening=opening, _shelf=shared,
        )  # fmt: skip
        new = whose(clock())
        author = _author(new.id, opening.mark, account)
        with session.writing(workspace.engine, author, workspace.now()) as opened:
            _check_empty(place, opened.session)  # another desk may have been faster
            identity.save_identity(opened, new)
            if fill is not None:
                fill(opened)
            if shared is not None:
                shared.stored(shared.store(opened.session))
                shared.is_new = False
            workspace.desk = place.confirm(new.id, note=True)
    except BaseException:
        _let_go(engine, lock, shared)
        raise
    return workspace


def open_workspace(
    folder: Path,
    database: str | None = None,
    *,
    write: bool = True,
    clock: Callable[[], datetime] = utc_now,
    copy: bool = True,
) -> Workspace:
    """Open a workspace; an older one is backed up, then brought to the present schema.

    `database`: URL of the database; SQLite in the folder by default.
    `write`: whether it will be changed; only one process at a time may.
    `copy`: whether a copy is made now if one is due; who opens it for hours does so by the way.
    WorkspaceError when there is none, it is held by another process, lies on a network drive, was
    made by a newer program, is damaged (`FindingCode.DAMAGED`), or has a password that was not
    given (`FindingCode.PASSWORD`).
    """
    place = place_of(folder, database, holds_file=(folder / DATABASE).is_file())
    database = place.database
    if database is None:
        _check_there(folder)
    check_folder(folder)
    lock = acquire(folder) if write else None
    engine: Engine | None = None
    shared: shelf.Shelf | None = None
    try:
        if replacing.is_waiting(folder):
            _go_on(folder, locked=write)
        if write:
            files.sweep(folder)
        lost = _looked_at(folder, held=write) if database is None else ()
        engine = _engine(folder, database)
        place.check(engine)
        _migrate(folder, engine, clock, locked=write)
        opening = Opening(_file_of(engine))
        account, may_write = place.signed_in(engine)
        shared = _shelved(folder, engine, first=write)
        workspace = Workspace(
            folder, engine, clock, lock, lost, account=account, may_write=may_write,
            _opening=opening, _shelf=shared,
        )  # fmt: skip
        workspace.desk = place.confirm(workspace.identity.id, note=write)
        workspace.warnings += _clock_doubts(workspace)
        if workspace.is_on_server:
            with workspace.reading() as opened:  # another desk may put it back at any time
                opening.note(audit.newest(opened))
        if write:
            made = copies.keep(folder, engine, clock()) if copy and database is None else ()
            workspace.warnings += (*_tell_restored(workspace), *made)
    except BaseException as problem:
        _let_go(engine, lock, shared)
        told = _explained(folder, problem) if database is None else None
        if told is not None:
            raise told from problem
        raise
    return workspace


def _tell_others(writing: Writing) -> None:
    from fsdesk.store.server.listening import tell_others  # for those who have one

    tell_others(writing.session, writing.author.edits)


def _shelved(
    folder: Path, engine: Engine, *, first: bool, is_new: bool = False
) -> shelf.Shelf | None:
    """Let the files of a workspace on a server be found in its database; None in a folder."""
    if engine.dialect.name == "sqlite":
        return None
    made = shelf.Shelf(folder, engine, is_new=is_new)
    made.put_up(first=first)
    return made


@contextmanager
def put_on_server(
    folder: Path, database: str, fill: Callable[[Engine], None]
) -> Generator[Workspace]:
    """Let a new folder belong to a schema on a server that is filled now; gives it open.

    `fill`: puts the rows of a workspace into the empty tables, all or none.
    WorkspaceError when there is a workspace in the one or the other already.
    """
    place = new_place(folder, database)
    if place.server is None or holds_workspace(folder):
        raise place.taken()
    engine = _engine(folder, database)
    try:
        place.make(engine)
        _check_unused(place, engine)
        migrate.upgrade(engine)
        fill(engine)
    finally:
        engine.dispose()
    with open_workspace(folder, database) as made:
        yield made


def _check_there(folder: Path) -> None:
    if not replacing.is_waiting(folder):
        _check_not_gone(folder)
        if not holds_workspace(folder):
            raise _not_set_up(folder)


def _looked_at(folder: Path, *, held: bool) -> tuple[Finding, ...]:
    """Look at a folder's database file before it is opened; see `_loss`."""
    vault.of(folder)  # before anything is asked of what only its password opens
    _check_ours(folder)
    return _loss(folder, held=held)


def _explained(folder: Path, problem: BaseException) -> WorkspaceError | None:
    # What it needs is loaded for this alone.
    from fsdesk.store.verification.database import explained

    return explained(folder, problem)


def _check_unused(place: Place, engine: Engine) -> None:
    if migrate.schema_version(engine):
        with session.reading(engine) as opened:
            _check_empty(place, opened)


def _check_empty(place: Place, opened: Session) -> None:
    if identity.load_identity(opened) is not None:
        raise place.taken()


def _engine(folder: Path, database: str | None) -> Engine:
    if database is not None:
        return make_engine(database)
    found = vault.of(folder)
    return make_engine(sqlite_url(folder / DATABASE), found.key if found else None)


def _let_go(engine: Engine | None, lock: FileLock | None, shared: shelf.Shelf | None) -> None:
    if shared is not None:
        shared.take_down()
    if engine is not None:
        engine.dispose()
    if lock is not None:
        lock.release()


def _clock_doubts(workspace: Workspace) -> tuple[Finding, ...]:
    with workspace.reading() as opened:
        newest = audit.newest_time(opened)
    return tuple(clock_doubts(workspace.now(), newest, workspace.identity.year))


def _author(workspace: str, opening: str, account: str) -> session.Author:
    """Return who edits: at this PC its user, on a server whoever signed in there."""
    return session.Author(workspace, workspace + opening, account or person())


def is_workspace(folder: Path) -> bool:
    """Tell whether a folder holds a workspace that can be reached now, also one half put back."""
    try:
        return holds_workspace(folder)
    except OSError:
        return False


def holds_workspace(folder: Path) -> bool:
    """Tell whether a folder holds a workspace; OSError where that can't be known.

    For what would otherwise call a workspace missing, or write in its place.
    """
    file = folder / DATABASE
    return file.is_file() or replacing.is_waiting(folder) or is_on_server(folder)


def is_locked(folder: Path) -> bool:
    """Tell whether a workspace has a password that was not given yet; see `vault.is_protected`."""
    return vault.is_locked(folder)


def _go_on(folder: Path, *, locked: bool) -> None:
    """Finish the putting back that something interrupted."""
    if locked:
        replacing.finish(folder, DATABASE)
    else:
        with holding(folder):
            pass


def _tell_restored(workspace: Workspace) -> tuple[Finding, ...]:
    """Return, once to each desk, to what state the workspace was put back."""
    with workspace.reading() as opened:
        found = restored.load_restored(opened)
    if found is None or found.is_told(workspace.desk):
        return ()
    with suppress(FsdeskError), workspace.writing() as writing:  # a full disk must not bar the door
        restored.note_told(writing, found, workspace.desk)
    return (found.finding(office=workspace.identity.is_office),)


def _file_of(engine: Engine) -> Path | None:
    """Return the file of a database; None where it is none, e.g. on a server."""
    name = engine.url.database
    return Path(name) if engine.dialect.name == "sqlite" and name else None


def _check_not_gone(folder: Path) -> None:
    """Refuse to begin anew where only the database of a workspace is gone."""
    file = folder / DATABASE
    if has_remains(folder) and (not file.is_file() or not file.stat().st_size):
        raise database_gone(folder)


def _check_ours(folder: Path) -> None:
    """Refuse a database of another program; opened as one's own, it would be changed."""
    file = folder / DATABASE
    if not file.is_file():
        return
    try:
        with raw.opened(file) as connection:
            foreign = outside.is_foreign(connection)
    except raw.faults():  # damage is told where it is met
        return
    if foreign:
        raise _not_ours(folder)


def has_remains(folder: Path) -> bool:
    """Tell whether something lies in a folder that only a workspace in use leaves."""
    try:
        return any(item.is_file() for name in _REMAINS for item in (folder / name).glob("**/*"))
    except OSError:
        return False


def database_gone(folder: Path, whose: str = "") -> WorkspaceError:
    """Say that of a workspace only what lies beside its database is left."""
    return workspace_error(
        f"文件夹“{folder}”中有工作区{whose}的备份或报送包，"
        f"其中的数据文件 {DATABASE} 却不见了，或是空的。"
        f"{copies.way_back(folder)}",
        "如果数据文件被移走或改名，请放回原处；否则请从备份恢复（命令为“restore”）",
        FindingCode.WORKSPACE_GONE,
    )


def _not_ours(folder: Path) -> WorkspaceError:
    return workspace_error(
        f"工作区“{folder}”的数据库不是本程序的，或其中的内容不完整",
        "请不要改动它，核对是否放错了文件；有备份时请从备份恢复",
        FindingCode.UNREADABLE,
    )


def _not_set_up(folder: Path) -> WorkspaceError:
    return workspace_error(
        f"文件夹“{folder}”中还没有工作区",
        "请先运行“init”建立，或用 --workspace 指定位置",
        FindingCode.NO_WORKSPACE,
    )


def _empty_schema(engine: Engine) -> WorkspaceError:
    return workspace_error(
        f"数据库“{engine.url.database}”的这个模式里还没有工作区",
        "请核对地址中的 schema；新建工作区请先运行“init”",
    )


def _loss(folder: Path, *, held: bool) -> tuple[Finding, ...]:
    """Tell of what was saved last and can't be read, before the database passes over it.

    `held`: whether this process holds the workspace; if nobody does, it is for this moment.
    """
    if not journal.is_left(folder / DATABASE):
        return ()
    lock = lock_of(folder)
    try:
        if not held:
            lock.acquire()
        words = journal.loss(folder / DATABASE)
    except OSError:  # somebody is writing, or the folder is only read
        return ()
    finally:
        lock.release()
    if not words:
        return ()
    return (replace(warning(words, "如有遗漏请补录"), code=FindingCode.LOST),)


def _migrate(folder: Path, engine: Engine, clock: Callable[[], datetime], *, locked: bool) -> None:
    version = migrate.schema_version(engine)
    migrate.check_readable(version)
    if version == migrate.HEAD:
        return
    if not version:
        raise _not_set_up(folder) if engine.dialect.name == "sqlite" else _empty_schema(engine)
    lock = None if locked else acquire(folder)
    copy: Path | None = None
    try:
        if engine.dialect.name == "sqlite":
            stamp = clock().strftime("%Y%m%d-%H%M%S")
            file = files.unused(folder / "backups" / f"before-{version}-{stamp}.db")
            backup.snapshot(engine, file)
            copy = file  # not before it is whole: what is put back must never be less
        migrate.upgrade(engine)
        _check_whole(engine)
    except Exception as problem:
        # The steps are one transaction; the copy is for whatever else may have gone wrong.
        if copy is not None:
            backup.put_back(copy, engine)
        raise _not_upgraded(problem) from problem
    finally:
        if lock is not None:
            lock.release()


def _check_whole(engine: Engine) -> None:
    if backup.damage(engine):
        raise _not_upgraded()


def _not_upgraded(cause: Exception | None = None) -> WorkspaceError:
    told = cause.findings if isinstance(cause, FsdeskError) else ()
    return WorkspaceError(
        error(
            "工作区没有升级成功，已恢复到升级前的样子，数据没有丢失",
            "请确认磁盘未满后重新打开；仍不成功时请装回原来的版本，并联系技术人员",
        ),
        *told,
    )
