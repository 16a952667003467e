"""The restore drill: what is backed up comes back whole elsewhere, verified, and nothing is ever overwritten."""

import os
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import psycopg
import pyrage
import pytest
from tests.support.commands.maintenance import Place
from tests.support.servers.embedded import copy_template
from tests.support.steps.installation import Installation
from tests.support.steps.record import a_record

from bankimport.data_rights.erase import erase_user
from bankimport.db.session import plain_url
from bankimport.maintenance.archive import Lock, Opener, opened_backup
from bankimport.maintenance.key_file import UserKeys, write_key_file
from bankimport.processes.postgres import binaries
from bankimport.settings import variable_of

PASSPHRASE = "nine random words make a passphrase"


@pytest.fixture
def source(kept: Installation, database_url: str, tmp_path: Path) -> Place:
    """Where the record is."""
    return Place(tmp_path, database_url, **{variable_of("secret_keys"): os.environ[variable_of("secret_keys")]})


@pytest.fixture
def identity(tmp_path: Path) -> pyrage.x25519.Identity:
    """A key of age; `identity.txt` has its secret half."""
    made = pyrage.x25519.Identity.generate()
    (tmp_path / "identity.txt").write_text(f"# public key: {made.to_public()}\n{made}\n")
    return made


def rows(database_url: str) -> dict[str, list[Any]]:
    """All rows of the tables that matter, as text."""
    with psycopg.connect(plain_url(database_url)) as connection:
        tables = ("users", "bank_connections", "transactions", "raw_responses", "notification_channels")
        return {table: connection.execute(f"SELECT t::text FROM {table} t ORDER BY 1").fetchall() for table in tables}


def test_a_backup_comes_back_whole_on_another_server_and_the_record_is_verified(
    source: Place, database_url: str, empty_place: str, tmp_path: Path, identity: pyrage.x25519.Identity
) -> None:
    source.environment |= {variable_of("calls_per_minute"): "123", variable_of("metrics_token"): "hush"}
    file = tmp_path / "all.backup"
    made = source.run("backup", file, "--recipient", identity.to_public())
    assert file.stat().st_mode & 0o077 == 0
    held = (file.read_bytes(), source.environment[variable_of("secret_keys")].encode())
    assert held[1] not in held[0]
    there = Place(tmp_path / "there", empty_place)

    restored = there.run("restore", file, "--identity", tmp_path / "identity.txt", "--settings", tmp_path / "env")

    assert restored["tables"] == made["tables"]
    assert made["tables"]["transactions"] > 20
    assert rows(empty_place) == rows(database_url)
    assert there.run("verify")["is_sound"] is True
    assert {row["key"] for row in there.run("secrets", "status")["stored"]} == set(made["keys"])
    assert (tmp_path / "there" / "secret.key").stat().st_mode & 0o077 == 0
    variables = dict(line.split("=", 1) for line in (tmp_path / "env").read_text().splitlines())
    assert variables == {
        variable_of("calls_per_minute"): "123",
        variable_of("metrics_token"): "hush",
        variable_of("secret_keys"): source.environment[variable_of("secret_keys")],
    }
    again = there.run("restore", file, "--identity", tmp_path / "identity.txt", code=1)
    assert again["code"] == "would_overwrite"


def test_who_was_erased_since_a_backup_stays_closed_in_it_and_is_left_out(
    installation: Installation, source: Place, empty_place: str, tmp_path: Path, identity: pyrage.x25519.Identity
) -> None:
    gone = a_record(installation, "eve@example.org")
    to, opens = ("--recipient", identity.to_public()), ("--identity", tmp_path / "identity.txt")
    older, keys = tmp_path / "older.backup", tmp_path / "bankimport.user-keys"
    made = source.run("backup", older, *to)
    assert (made["user_keys"], keys.stat().st_mode & 0o077) == (str(keys), 0)
    older_keys = keys.read_bytes()
    with opened_backup(older, Opener(identities=[str(identity)])) as opened:
        dump = tmp_path / "dump"
        with dump.open("wb") as file:
            opened.copy_database(file)
    said = subprocess.run([binaries() / "pg_restore", "--file=-", dump], capture_output=True, check=True).stdout
    assert b"CREATE TABLE public.user_keys" in said
    assert b"COPY public.user_keys" not in said

    erase_user(gone.user_id, None)
    source.run("backup", tmp_path / "newer.backup", *to)

    there = Place(tmp_path / "there", empty_place)
    assert there.run("restore", older, *opens)["erased_since"] == 1
    with psycopg.connect(empty_place) as connection:
        assert connection.execute("SELECT email FROM users").fetchall() == [("ada@example.org",)]
        assert connection.execute("SELECT DISTINCT user_id FROM transactions").fetchall() == [(1,)]
        last = connection.execute("SELECT action, details FROM audit_log ORDER BY id DESC LIMIT 1").fetchone()
    assert last == ("user.erased", {"erased": gone.user_id, "by_restore": True})
    assert there.run("verify", "--user", "ada@example.org")["is_sound"] is True

    newer = tmp_path / "newer.backup"
    keys.write_bytes(older_keys)
    (tmp_path / "other").mkdir()
    nowhere = Place(tmp_path / "other", empty_place)
    assert "older than the backup" in nowhere.run("restore", newer, *opens, code=1)["message"]
    keys.unlink()
    assert "--without-user-keys" in nowhere.run("restore", newer, *opens, code=1)["message"]
    keys.write_text("mine")
    assert source.run("backup", tmp_path / "third", *to, code=1)["code"] == "would_overwrite"
    strange = UserKeys(made_at="2026-06-17T12:00:00+00:00", users=[1], keys={1: "1 theirs"})
    keys.unlink()
    write_key_file(keys, strange, Lock(recipients=[str(identity.to_public())]))
    assert "another installation" in source.run("backup", tmp_path / "third", *to, code=1)["message"]
    assert not (tmp_path / "third").exists()


def test_without_the_users_keys_the_record_comes_back_and_account_numbers_do_not(
    source: Place, empty_place: str, tmp_path: Path, identity: pyrage.x25519.Identity
) -> None:
    file, opens = tmp_path / "all.backup", ("--identity", tmp_path / "identity.txt")
    source.run("backup", file, "--recipient", identity.to_public(), "--user-keys", tmp_path / "elsewhere")
    there = Place(tmp_path / "there", empty_place)

    there.run("restore", file, *opens, "--without-user-keys")

    with psycopg.connect(empty_place) as connection:
        lost = connection.execute(
            "SELECT (SELECT count(body) FROM raw_responses), (SELECT count(numbers_sealed) FROM truelayer_accounts)"
        )
        assert lost.fetchone() == (0, 0)
        assert connection.execute("SELECT count(*) FROM transactions").fetchone() != (0,)
    assert there.run("verify")["is_sound"] is True


def test_a_backup_comes_back_into_the_embedded_server_of_a_new_home_and_out_of_it_again(
    source: Place, tmp_path: Path
) -> None:
    file, home = tmp_path / "all.backup", tmp_path / "home"
    made = source.run("backup", file, "--passphrase-file", "-", text=PASSPHRASE + "\n")
    copy_template(home)
    there = Place(home, None)

    restored = there.run("restore", file, "--passphrase-file", "-", text=PASSPHRASE)
    again = there.run("backup", tmp_path / "again", "--passphrase-file", "-", text=PASSPHRASE)

    assert restored["tables"] == made["tables"] == again["tables"]
    assert restored["keys_in"] == str(home / "secret.key")


def test_what_is_there_is_never_overwritten(
    source: Place, database_url: str, empty_place: str, tmp_path: Path, identity: pyrage.x25519.Identity
) -> None:
    file, secret = tmp_path / "all.backup", tmp_path / "identity.txt"
    file.write_text("mine")
    assert source.run("backup", file, "--recipient", identity.to_public(), code=1)["code"] == "would_overwrite"
    assert file.read_text() == "mine"
    file.unlink()
    source.run("backup", file, "--recipient", identity.to_public())
    before = rows(database_url)
    assert source.run("restore", file, "--identity", secret, code=1)["code"] == "would_overwrite"
    assert rows(database_url) == before

    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "secret.key").write_text("cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=\n")
    there = Place(tmp_path / "there", empty_place)
    assert "has other keys" in there.run("restore", file, "--identity", secret, code=1)["message"]
    with psycopg.connect(empty_place, autocommit=True) as connection:
        (tmp_path / "there" / "secret.key").unlink()
        connection.execute("CREATE TABLE somebody_elses (id int)")
    assert "somebody_elses" in there.run("restore", file, "--identity", secret, code=1)["message"]


def test_a_backup_that_is_damaged_or_opened_with_the_wrong_key_changes_nothing(
    source: Place, empty_place: str, tmp_path: Path, identity: pyrage.x25519.Identity
) -> None:
    file, secret = tmp_path / "all.backup", tmp_path / "identity.txt"
    source.run("backup", file, "--recipient", identity.to_public())
    there = Place(tmp_path / "there", empty_place)
    whole = file.read_bytes()
    with zipfile.ZipFile(file) as packed:
        begin = packed.getinfo("database.age").header_offset
        size = packed.getinfo("database.age").file_size
    at = begin + size - 100
    for damaged in (whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], whole[:at], b"not a zip"):
        (tmp_path / "damaged").write_bytes(damaged)
        for more in ((), ("--check",)):
            refused = there.run("restore", tmp_path / "damaged", "--identity", secret, *more, code=1)
            assert refused["code"] == "backup_unreadable"
    secret.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    assert "does not open" in there.run("restore", file, "--identity", secret, code=1)["message"]
    assert "type a passphrase" in there.run("restore", file, code=1)["message"]
    with psycopg.connect(empty_place) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
    assert not (tmp_path / "there" / "secret.key").exists()


def test_no_backup_is_made_that_could_not_be_used(
    source: Place, empty_place: str, tmp_path: Path, identity: pyrage.x25519.Identity
) -> None:
    to = ("--recipient", identity.to_public())
    other = Place(tmp_path, source.environment["DATABASE_URL"])
    assert "none of the keys here decrypts" in other.run("backup", tmp_path / "b", *to, code=1)["message"]
    assert "nothing to back up" in Place(tmp_path, empty_place).run("backup", tmp_path / "b", *to, code=1)["message"]
    assert "begins with age1" in source.run("backup", tmp_path / "b", "--recipient", "ada", code=1)["message"]
    short = source.run("backup", tmp_path / "b", "--passphrase-file", "-", text="short\n", code=1)
    assert "at least 12 characters" in short["message"]
    assert not (tmp_path / "b").exists()
    assert not list(tmp_path.glob(".b*"))
