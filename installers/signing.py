"""Signs programs for Windows with any certificate (Authenticode), and verifies signatures."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from installers import recipes
from installers.roots import BuildError, enter, made

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# The certificate's password and a server that stamps the time come from the environment, since
# everybody sees a command line.
PASSWORD, TIME_SERVER = "FSDESK_SIGN_PASSWORD", "FSDESK_SIGN_TIME"
_TITLE = "食药安工作台"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its key (PKCS#12), and a file with the password to it.

    `time_server`: its address; a signature without a stamp ends with the certificate.
    """

    file: Path
    password: Path
    time_server: str = ""

    @property
    def binds(self) -> dict[Path, str]:
        """What a root has to see of it: a folder, or two, and where they appear."""
        return {self.password.parent: "/password", self.file.parent: "/certificate"}

    def seen(self, file: Path) -> str:
        """Return where a root sees one of its files."""
        return f"{self.binds[file.parent]}/{file.name}"


def from_environment(file: Path, folder: Path) -> Certificate:
    """Return the certificate in a file; its password is written into a folder of ours alone.

    BuildError when there is no such file.
    """
    if not file.is_file():
        raise BuildError(f"没有这份证书：{file}")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    password = folder / "password"
    password.write_text(os.environ.get(PASSWORD, ""), encoding="utf-8")
    return Certificate(file.resolve(), password, os.environ.get(TIME_SERVER, ""))


def command(file: str, certificate: Certificate) -> str:
    """Return the shell command that signs a file of a root, in its place."""
    parts = ["osslsigncode", "sign", "-pkcs12", certificate.seen(certificate.file)]
    parts += ["-readpass", certificate.seen(certificate.password), "-h", "sha256", "-n", _TITLE]
    parts += ["-ts", certificate.time_server] if certificate.time_server else []
    parts += ["-in", file, "-out", f"{file}.signed"]
    return f"{shlex.join(parts)} && mv {shlex.quote(f'{file}.signed')} {shlex.quote(file)}"


def sign(files: Sequence[Path], certificate: Certificate) -> None:
    """Sign files of one folder, in their place; BuildError when that fails."""
    folder = files[0].parent
    script = "; ".join(command(f"/sign/{file.name}", certificate) for file in files)
    binds = {folder: "/sign", **certificate.binds}
    enter(made(recipes.wine_root()), ["sh", "-ec", script], binds=binds, quiet=True)


def verify(files: Sequence[Path], authority: Path) -> None:
    """Hold the signatures of files against who may have signed them; BuildError when one fails.

    `authority`: certificate in PEM form of who vouches for the signer.
    """
    for file in files:
        told = ["osslsigncode", "verify", "-CAfile", f"/authority/{authority.name}"]
        binds = {file.parent: "/signed", authority.parent: "/authority"}
        command = [*told, "-in", f"/signed/{file.name}"]
        enter(made(recipes.wine_root()), command, binds=binds, quiet=True)


def self_made(folder: Path) -> tuple[Certificate, Path]:
    """Make a certificate to try signing out; return it, and what vouches for it: itself."""
    folder.mkdir(parents=True, exist_ok=True)
    password = folder / "password"
    password.write_text("only to try out", encoding="utf-8")
    script = """
        openssl req -x509 -newkey rsa:2048 -sha256 -days 2 -nodes -subj "/CN=fsdesk trial" \
            -addext extendedKeyUsage=codeSigning -keyout /made/key.pem -out /made/trial.pem
        openssl pkcs12 -export -inkey /made/key.pem -in /made/trial.pem -out /made/trial.pfx \
            -passout file:/made/password
    """
    enter(made(recipes.wine_root()), ["sh", "-ec", script], binds={folder: "/made"}, quiet=True)
    return Certificate(folder / "trial.pfx", password), folder / "trial.pem"
