"""Debian systems in folders: made once from a recipe, kept by its digest, entered by chroot."""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

_APT = "apt-get -q -y --no-install-recommends -o Acquire::Retries=5"
# Mounts live in a namespace of their own and end with it, and so do daemons left behind.
_ENTER = ("unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private")
_ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games",
    "HOME": "/root",
    "LANG": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}
_ATTEMPTS = 3


class BuildError(Exception):
    """A step of building or trying out failed; the message says which."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a root holds; the digest of all this is the name of its folder.

    Attributes:
        suite: Debian's name of the release, such as ``bullseye``.
        source_suite: Another release whose source packages can be fetched, or empty.
        script: Shell commands that finish it.
        keyring: A root that knows the keys of this release when this system may not.
        architecture: Debian's name of the processor.
    """

    name: str
    suite: str
    packages: tuple[str, ...] = ()
    source_suite: str = ""
    script: str = ""
    architecture: str = "amd64"
    keyring: Recipe | None = None

    @property
    def digest(self) -> str:
        """Short digest of everything that decides what is in the root."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]

    @property
    def has_updates(self) -> bool:
        """Whether mirrors still hold security updates: for Debian 11 on ARM only their list."""
        return (self.suite, self.architecture) != ("bullseye", "arm64")


def cache_folder() -> Path:
    """Return where roots and downloads are kept between builds, outside the checkout."""
    own = os.environ.get("FSDESK_BUILD_CACHE")
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(own) if own else Path(base) / "fsdesk-build"


def made(recipe: Recipe) -> Path:
    """Return the folder of a root, made now if it is not kept yet.

    Raises:
        BuildError: When it can't be made.
    """
    root = cache_folder() / "roots" / f"{recipe.name}-{recipe.digest}"
    if root.is_dir():
        return root
    root.parent.mkdir(parents=True, exist_ok=True)
    for old in root.parent.glob(f"{recipe.name}-*"):  # what an earlier recipe left
        call(["rm", "-rf", "--one-file-system", str(old)])
    partial = root.with_name(root.name + ".part")
    say(f"正在建立 {recipe.name}（{recipe.suite}，{recipe.architecture}）……")
    _retry(lambda: _bootstrap(recipe, partial))
    _finish(recipe, partial)
    partial.rename(root)
    return root


def _bootstrap(recipe: Recipe, folder: Path) -> None:
    # In a namespace of mounts as well: a broken-off debootstrap leaves /proc mounted, and then
    # clearing away would go through it.
    if folder.exists():
        call(["rm", "-rf", "--one-file-system", str(folder)])
    command = ["debootstrap", "--variant=minbase", f"--arch={recipe.architecture}"]
    if recipe.keyring is not None:
        keys = made(recipe.keyring) / "usr/share/keyrings/debian-archive-keyring.gpg"
        command.append(f"--keyring={keys}")
    call([*_ENTER, *command, recipe.suite, str(folder)], quiet=True)


def _finish(recipe: Recipe, root: Path) -> None:
    # debootstrap wrote its mirror there; security updates lie beside it.
    sources = root / "etc/apt/sources.list"
    mirror = sources.read_text(encoding="utf-8").split()[1]
    lines = [f"deb {mirror} {recipe.suite} main"]
    if recipe.has_updates:
        lines.append(f"deb {mirror}-security {recipe.suite}-security main")
    if recipe.source_suite:
        lines.append(f"deb-src {mirror} {recipe.source_suite} main")
    sources.write_text("\n".join(lines) + "\n", encoding="utf-8")
    install = f"install {' '.join(recipe.packages)}"
    for step in ("update", "dist-upgrade", *([install] if recipe.packages else [])):
        _retry(lambda step=step: enter(root, ["sh", "-ec", f"{_APT} {step}"], quiet=True))
    if recipe.script:
        enter(root, ["sh", "-ec", recipe.script], quiet=True)
    enter(root, ["sh", "-ec", "apt-get clean; rm -rf /var/lib/apt/lists/*"])


@contextmanager
def copied(root: Path) -> Generator[Path]:
    """Give a copy of a root that may be changed, removed at the end."""
    scratch = Path(mkdtemp(prefix="fsdesk-root-", dir=cache_folder()))
    try:
        copy = scratch / "root"
        call(["cp", "-a", "--reflink=auto", str(root), str(copy)])
        yield copy
    finally:
        shutil.rmtree(scratch)


def enter(
    root: Path,
    command: Sequence[str],
    *,
    binds: Mapping[Path, str] | None = None,
    environment: Mapping[str, str] | None = None,
    quiet: bool = False,
    check: bool = True,
) -> subprocess.CompletedProcess[str]:
    """Run a command inside a root.

    Binds are folders of this system and where they appear; quiet shows output only after a failure.

    Raises:
        BuildError: When the command fails.
    """
    lines = ['mount -t proc proc "$root/proc"', 'mount -t tmpfs tmpfs "$root/dev/shm"']
    for outside, inside in (binds or {}).items():
        target = root / inside.lstrip("/")
        target.mkdir(parents=True, exist_ok=True)
        lines.append(f'mount --bind {shlex.quote(str(outside))} "$root"{shlex.quote(inside)}')
    proxies = {name: value for name, value in os.environ.items() if name.endswith("_proxy")}
    variables = {**_ENVIRONMENT, **proxies, **(environment or {})}
    script = "; ".join(['set -e; root=$1; shift; mkdir -p "$root/dev/shm"', *lines])
    script += '; exec chroot "$root" /usr/bin/env -i "$@"'
    pairs = [f"{name}={value}" for name, value in variables.items()]
    whole = [*_ENTER, "sh", "-c", script, "sh", str(root), *pairs, *command]
    return call(whole, quiet=quiet, check=check)


def call(
    command: Sequence[str],
    *,
    quiet: bool = False,
    check: bool = True,
    variables: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run a command of this system.

    Quiet shows output only after a failure; variables are set beside this process's own.

    Raises:
        BuildError: When the command fails.
    """
    done = subprocess.run(
        list(command),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if quiet else None,
        stderr=subprocess.STDOUT if quiet else None,
        text=True,
        errors="replace",
        env={**os.environ, **(variables or {})},
        check=False,
    )
    if check and done.returncode:
        if quiet:
            sys.stdout.write("".join(done.stdout.splitlines(keepends=True)[-60:]))
        raise BuildError(f"没有成功（{done.returncode}）：{shlex.join(command)[-300:]}")
    return done


def _retry(action: Callable[[], object]) -> None:
    """Mirrors fail for a moment now and then."""
    for attempt in range(1, _ATTEMPTS + 1):
        try:
            action()
        except BuildError:
            if attempt == _ATTEMPTS:
                raise
        else:
            return


def say(text: str) -> None:
    """Tell the builder something, at once even when the output goes to a file."""
    print(text, flush=True)
