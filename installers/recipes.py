"""What each root holds: the one to build in, clean systems to try in, and the one with wine."""

from __future__ import annotations

from installers.roots import Recipe

# Of the oldest Debian whose glibc every wheel of the pins accepts; what is built there runs on
# anything newer. Its own Python is too old, so CPython and SQLite come from Debian 12's sources.
_COMPILER = (
    "build-essential", "pkg-config", "dpkg-dev", "tcl", "zlib1g-dev", "libssl-dev", "libffi-dev",
    "libbz2-dev", "liblzma-dev", "libexpat1-dev",
)  # fmt: skip
# What the PySide6 wheels load, so that PyInstaller finds it and takes it along.
_WINDOW = (
    "libegl1", "libgl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1", "libglib2.0-0",
    "libgssapi-krb5-2", "libxcb-cursor0", "libxkbcommon-x11-0", "libxcb-icccm4", "libxcb-image0",
    "libxcb-keysyms1", "libxcb-randr0", "libxcb-render-util0", "libxcb-shape0", "libxcb-xkb1",
    "libxcb-xinerama0", "libsm6", "libice6", "libwayland-client0", "libwayland-cursor0",
    "libwayland-egl1",
)  # fmt: skip
# Debian builds expat's module into the interpreter and its patches count on that, hence the define.
# On amd64 five functions are asked for by the version that glibc has had all along instead of
# that of 2.29, and one of 2.30 is done without, so that the program also starts on glibc 2.28.
_PYTHON = """
mkdir /build
cd /build
cat > old.h <<'END'
#if defined(__x86_64__)
__asm__(".symver exp,exp@GLIBC_2.2.5");
__asm__(".symver exp2,exp2@GLIBC_2.2.5");
__asm__(".symver log,log@GLIBC_2.2.5");
__asm__(".symver log2,log2@GLIBC_2.2.5");
__asm__(".symver pow,pow@GLIBC_2.2.5");
#endif
END
apt-get -q -o Acquire::Retries=5 source --only-source sqlite3 python3.11
cd /build/sqlite3-*/
./configure -q --disable-static --disable-tcl --disable-readline \
    CFLAGS="-include /build/old.h -O2 -DSQLITE_ENABLE_FTS5 -DSQLITE_ENABLE_RTREE"
make -s -j2 >/dev/null
make -s install >/dev/null
ldconfig
cd /build/python3.11-*/
./configure -q --enable-shared --without-ensurepip --disable-test-modules --with-system-expat \
    LIBEXPAT_CFLAGS=-DPy_BUILD_CORE_MODULE CFLAGS="-include /build/old.h" \
    ac_cv_func_sem_clockwait=no \
    OPT="-DNDEBUG -fwrapv -O3 -Wall" LDFLAGS="-Wl,-s"
make -s -j2 >/dev/null
make -s install >/dev/null
ldconfig
cd /
rm -rf /build
python3.11 -c 'import ssl, ctypes, lzma, bz2, zlib, pyexpat, decimal'
python3.11 -c 'import json, platform, sqlite3
print(json.dumps({"CPython": platform.python_version(), "SQLite": sqlite3.sqlite_version}))' \
    > /built.json
"""


def build_root(architecture: str = "amd64") -> Recipe:
    """Return the root in which the program for Linux is built."""
    return Recipe(
        name=f"build-{architecture}",
        suite="bullseye",
        packages=_COMPILER + _WINDOW,
        source_suite="bookworm",
        script=_PYTHON,
        architecture=architecture,
    )


# The releases that a package is tried on: nothing but the smallest system.
CLEAN_SUITES = ("bullseye", "bookworm")


def clean_root(suite: str, architecture: str = "amd64") -> Recipe:
    """Return a system as bare as it can be, to try packages on."""
    return Recipe(name=f"clean-{suite}-{architecture}", suite=suite, architecture=architecture)


def checking_root() -> Recipe:
    """Return a system with what holds packages against Debian's and the desktops' rules."""
    return Recipe(
        name="checking-amd64",
        suite="bookworm",
        packages=("lintian", "desktop-file-utils", "appstream"),
    )


# NSIS is Debian 13's; the workflow for a real Windows installs the very same version.
NSIS = "3.11"


def wine_root() -> Recipe:
    """Return a system with wine 10, the first on which the window opens, and NSIS."""
    return Recipe(
        name="wine-amd64",
        suite="trixie",
        packages=("wine", "wine64", "nsis", "osslsigncode", "openssl"),
        keyring=clean_root("bookworm"),
    )
