"""The way to a server, encrypted: what each choice of 加密 asks, tried with real certificates."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from fsdesk.bench import cluster
from fsdesk.domain.accounts import AccountRole
from fsdesk.domain.findings import FsdeskError
from fsdesk.services.care import joining, setup
from fsdesk.store.engine import make_engine
from fsdesk.workspace import open_workspace
from tests.plans import small_plan
from tests.workspaces import Clock

pytestmark = [pytest.mark.postgres, pytest.mark.foreign("openssl")]


def certificate(folder: Path, name: str) -> Path:
    """Make a certificate of a server that vouches for itself, with its key beside it."""
    made, key = folder / f"{name}.crt", folder / f"{name}.key"
    command = [
        "openssl",
        "req",
        "-new",
        "-x509",
        "-days",
        "2",
        "-nodes",
        "-newkey",
        "rsa:2048",
        "-subj",
    ]
    command += [f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    subprocess.run([*command, "-out", made, "-keyout", key], check=True, capture_output=True)
    key.chmod(0o600)
    if os.geteuid() == 0:
        shutil.chown(key, "postgres")
    return made


@pytest.fixture(scope="module")
def encrypted():
    """A server that is reached over the network and has a certificate, and the certificates."""
    with tempfile.TemporaryDirectory(prefix="fsdesk-pg-") as place, socket.socket() as free:
        folder = Path(place)
        folder.chmod(0o755)
        own = certificate(folder, "localhost")
        certificate(folder, "elsewhere")
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        settings = ["ssl=on", f"ssl_cert_file={own}", f"ssl_key_file={own.with_suffix('.key')}"]
        settings += ["listen_addresses=localhost", f"port={port}", *cluster.QUICK]
        server = cluster.make_server(folder / "server", settings)
        server.port = port
        try:
            yield server, folder
        finally:
            server.stop("immediate")


def address(server, way, schema="fsdesk"):
    account = cluster.ACCOUNT
    return f"postgresql://{account}@localhost:{server.port}/postgres?schema={schema}&sslmode={way}"


def is_encrypted(place):
    engine = make_engine(place)
    try:
        with engine.connect() as connection:
            asked = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            return connection.exec_driver_sql(asked).scalar()
    finally:
        engine.dispose()


def test_a_workspace_is_made_and_opened_where_the_certificate_is_checked(encrypted, tmp_path):
    server, folder = encrypted
    place = address(server, f"verify-full&sslrootcert={folder / 'localhost.crt'}", "checked")
    setup.create_office(tmp_path / "a", small_plan(), clock=Clock(), database=place).close()
    with open_workspace(tmp_path / "a", clock=Clock()) as office:
        assert office.is_on_server
    assert is_encrypted(place)


@pytest.mark.parametrize(("way", "told"), [("disable", False), ("prefer", True), ("require", True)])
def test_each_way_is_what_it_says(encrypted, way, told):
    assert is_encrypted(address(encrypted[0], way)) is told


def test_another_certificate_than_the_office_has_is_refused_in_words(encrypted, tmp_path):
    server, folder = encrypted
    place = address(server, f"verify-full&sslrootcert={folder / 'elsewhere.crt'}")
    with pytest.raises(FsdeskError, match="证书") as refused:
        joining.check_at(place, AccountRole.ADMINISTRATOR)
    assert "sslmode" in str(refused.value.findings[0].remedy)
    with pytest.raises(FsdeskError, match="证书"):
        setup.create_office(tmp_path / "a", small_plan(), clock=Clock(), database=place)
    assert not (tmp_path / "a").exists()
