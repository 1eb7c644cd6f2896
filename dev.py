"""Set up, run, test and check fsdesk: the one tool of its developers, standard library only.

    python3 dev.py run [ARGUMENTS OF main.py]
    python3 dev.py test [--strict] [--quick] [ARGUMENTS OF pytest]
    python3 dev.py check
    python3 dev.py package [amd64] [arm64] [windows] [ARGUMENTS OF installers]

Each command first makes what is missing (system libraries, .venv, packages) and is quick when
nothing is. The syntax stays old on purpose, so that an old Python gets a message, not a traceback.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "fsdesk-installed"
OLDEST, TOO_NEW = (3, 11), (3, 14)  # numpy 2.1.3 has wheels up to Python 3.13
NAMES = ("python3.11", "python3.12", "python3.13", "python3")  # the tested one first
REQUIREMENTS = {
    "run": ("requirements.txt",),
    "dev": ("requirements.txt", "requirements-dev.txt"),
}
# What the PySide6 wheels expect of the system, by Debian's package names.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
CHECKS = {
    "代码规则": ("-m", "ruff", "check"),
    "代码格式": ("-m", "ruff", "format", "--check"),
    "类型": ("-m", "basedpyright"),
    "导入方向": ("-c", "from importlinter import cli; cli.lint_imports_command()", "--no-logo"),
}
# Tests on all processors at once; what one has done early it takes from another.
SPREAD = ("-n", "logical", "--dist", "worksteal")
# What finds most faults soon: no long tests, no other programs, of the window the main ways only.
QUICK = ("-m", "not slow and not foreign and (not window or quick)")
# What packages are made with, by the program's name and Debian's package of it.
PACKAGERS = {"debootstrap": "debootstrap", "Xvfb": "xvfb", "xauth": "xauth", "xz": "xz-utils"}
# Beside them, to run programs of another processor.
EMULATORS = {"qemu-aarch64-static": "qemu-user-static", "update-binfmts": "binfmt-support"}
USAGE = """用法：
  python3 dev.py run    准备环境并启动程序（没有屏幕时改为生成演示数据）
  python3 dev.py test   准备环境并运行全部测试（--quick：只运行较快的一部分，约一分半钟）
  python3 dev.py check  检查代码规则、格式、类型和导入方向
  python3 dev.py package  生成并试装 Linux 软件包（amd64、arm64）和 Windows 安装程序（windows）"""


def say(text: str) -> None:
    """Tell the developer something, at once even when the output goes to a file."""
    print(text, flush=True)


def give_up(text: str) -> NoReturn:
    """End with a message and exit code 2."""
    say(text)
    raise SystemExit(2)


def suits(version: Sequence[int]) -> bool:
    """Tell whether a Python of this version (major, minor) can run fsdesk."""
    return OLDEST <= tuple(version[:2]) < TOO_NEW


def version_of(python: str | Path, module: str = "sys") -> tuple[int, ...]:
    """Ask a Python for its version (major, minor); empty when it, or a module of it, is broken."""
    code = f"import sys, {module}; print(*sys.version_info[:2])"
    try:
        done = subprocess.run(
            [str(python), "-c", code], capture_output=True, text=True, timeout=60, check=True
        )
        return tuple(int(part) for part in done.stdout.split())
    except (OSError, ValueError, subprocess.SubprocessError):
        return ()


def choose_python(
    own: Sequence[int],
    find: Callable[[str], str | None] = shutil.which,
    ask: Callable[[str], tuple[int, ...]] = version_of,
) -> str | None:
    """Find the Python to build with: the one that runs this if it suits, else one on PATH.

    Args:
        own: The version that runs this.
        find: Gives the path of a program, or None.
        ask: Gives the version of the Python at a path.
    """
    if suits(own):
        # Inside a virtual environment the Python behind it is meant: .venv may be made anew.
        return getattr(sys, "_base_executable", None) or sys.executable
    paths = (path for path in map(find, NAMES) if path)
    return next((path for path in paths if suits(ask(path))), None)


def missing_packages(load: Callable[[str], object] = ctypes.CDLL) -> list[str]:
    """Name Debian's packages of those shared libraries that cannot be loaded."""
    missing: list[str] = []
    for library, package in LIBRARIES.items():
        try:
            load(library)
        except OSError:
            missing.append(package)
    return missing


def has_screen(platform: str, environment: Mapping[str, str]) -> bool:
    """Tell whether a window can be shown: on Linux only under X11 or Wayland."""
    if not platform.startswith("linux"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def digest(level: str, version: Sequence[int], root: Path = ROOT) -> str:
    """Sum up what an installed level depends on: its pins and the version of Python."""
    total = hashlib.sha256(repr(tuple(version)).encode())
    for name in REQUIREMENTS[level]:
        total.update((root / name).read_bytes())
    return level + ":" + total.hexdigest()


def is_installed(level: str, version: Sequence[int], stamp: Path, root: Path = ROOT) -> bool:
    """Tell whether the stamp says that this level is installed as the files now want it."""
    return stamp.is_file() and digest(level, version, root) in stamp.read_text().split()


def write_stamp(level: str, version: Sequence[int], stamp: Path, root: Path = ROOT) -> None:
    """Note what is installed; the developers' level holds that of the program too."""
    levels = ["run", "dev"] if level == "dev" else [level]
    stamp.write_text("\n".join(digest(each, version, root) for each in levels) + "\n")


def install_packages(packages: Sequence[str]) -> None:
    """Install Debian packages, or say which and stop where that cannot be done from here."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    if not shutil.which("apt-get") or not (root or shutil.which("sudo")):
        give_up("本机缺少以下系统软件包（按 Debian 的名称），请先安装：" + " ".join(packages))
    say("正在安装系统软件包：" + " ".join(packages))
    apt = [] if root else ["sudo"]
    apt += ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]
    apt += ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    subprocess.run([*apt, "update"], check=False)  # what is known already may be enough
    done = subprocess.run(
        [*apt, "install", "-y", "--no-install-recommends", *packages], check=False
    )
    if done.returncode:
        give_up("系统软件包没有装上，请看上面的提示，处理后重新运行。")


def venv_python() -> Path:
    """Give the path of the virtual environment's Python."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def make_venv(python: str, version: Sequence[int]) -> None:
    """Make .venv anew; Debian keeps a part that this needs in a package of its own."""
    say("正在建立虚拟环境……")
    if VENV.exists():
        shutil.rmtree(VENV)
    if not version_of(python, "ensurepip, venv"):
        install_packages(["python{}.{}-venv".format(*version)])
    if subprocess.run([python, "-m", "venv", str(VENV)], check=False).returncode:
        give_up("虚拟环境没有建成，请看上面的提示，处理后重新运行。")


def set_up(level: str) -> None:
    """Make .venv hold the packages of a level ("run" or "dev"); nothing to do the second time."""
    version = version_of(venv_python(), "pip")
    if suits(version) and is_installed(level, version, STAMP):
        return
    if not suits(version):
        python = choose_python(sys.version_info[:2])
        if python is None:
            give_up("需要 Python 3.11、3.12 或 3.13，本机没有找到，请安装后重新运行。")
        version = version_of(python)
        make_venv(python, version)
    say("正在安装程序所需的软件包，第一次需要几分钟……")
    install = [str(venv_python()), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    files = [part for name in REQUIREMENTS[level] for part in ("-r", str(ROOT / name))]
    if subprocess.run([*install, *files], check=False).returncode:
        give_up("软件包没有装全：请检查网络，或为 pip 设好镜像站，然后重新运行。")
    write_stamp(level, version, STAMP)


def set_up_libraries() -> None:
    """Install the system libraries that the window needs (Linux only)."""
    missing = missing_packages() if sys.platform.startswith("linux") else []
    if missing:
        install_packages(missing)


def start(arguments: Sequence[str], environment: Mapping[str, str] | None = None) -> int:
    """Run the virtual environment's Python in the checkout and give its exit code."""
    command = [str(venv_python()), *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def run(arguments: Sequence[str]) -> int:
    """Start the program, or its demo where no window can be shown."""
    set_up("run")
    main = str(ROOT / "main.py")
    if arguments:
        return start([main, *arguments])
    if has_screen(sys.platform, os.environ):
        set_up_libraries()
        return start([main])
    out = ROOT / "out" / "demo"
    say(f"本机没有屏幕，改为生成演示数据，保存到：{out}")
    return start([main, "demo", "--out", str(out)])


def test(arguments: Sequence[str]) -> int:
    """Run all tests, or with --quick the part that takes a minute and a half.

    --strict lets a missing program fail its tests, as on the build machine.
    """
    set_up_libraries()
    set_up("dev")
    environment = dict(os.environ)
    # Tests start the program many times: its modules shall be compiled once.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if "--strict" in arguments:
        environment["CI"] = "true"
    part = QUICK if "--quick" in arguments else ()
    rest = [argument for argument in arguments if argument not in {"--strict", "--quick"}]
    return start(["-m", "pytest", "-q", *SPREAD, *part, *rest], environment)


def check(arguments: Sequence[str]) -> int:
    """Check rules, format, types and imports, all of them even when one fails."""
    if arguments:
        give_up(USAGE)
    set_up("dev")
    failed: list[str] = []
    for title, command in CHECKS.items():
        say(f"检查{title}……")
        if start(command):
            failed.append(title)
    say("未通过：" + "、".join(failed) if failed else "检查全部通过。")
    return 1 if failed else 0


def package(arguments: Sequence[str]) -> int:
    """Build the packages for Linux and Windows and try them out, on Debian as root."""
    if hasattr(os, "geteuid") and os.geteuid():
        give_up("生成软件包要建立和进入 Debian 系统文件夹，请以管理员（root）身份运行。")
    named = {"amd64", "windows"} & set(arguments)  # without a name all are made
    wanted = {**PACKAGERS, **({} if named and "arm64" not in arguments else EMULATORS)}
    missing = [name for program, name in wanted.items() if not shutil.which(program)]
    if missing:
        install_packages(missing)
    set_up_libraries()
    set_up("dev")
    return start(["-m", "installers", *arguments])


def main(arguments: Sequence[str]) -> int:
    """Do one command and give the exit code."""
    commands = {"run": run, "test": test, "check": check, "package": package}
    if not arguments or arguments[0] not in commands:
        say(USAGE)
        return 2
    rest = list(arguments[1:])
    if rest[:1] == ["--"]:
        rest = rest[1:]
    try:
        return commands[arguments[0]](rest)
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
