"""The encrypted file of a backup: a zip of age files, each of which the usual age tools read too.

`key.age` holds an age identity made for this one backup, encrypted with the passphrase or for the recipients. That
identity decrypts `manifest.age`, JSON that says what the backup holds, and `database.age`, in the custom format of
`pg_dump`. Everything is streamed, so a database of any size needs little memory.

Source: the age file format, https://age-encryption.org/v1.
"""

import io
import os
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyrage
from pydantic import BaseModel, ValidationError

from bankimport.errors import InvalidRequest
from bankimport.maintenance.errors import BackupUnreadable, WouldOverwrite

FORMAT = 2
"""2: without the users' keys."""
LEAST_PASSPHRASE = 12
_KEY, _MANIFEST, _DATABASE, _README = "key.age", "manifest.age", "database.age", "README.txt"
_WORDS = f"""A backup made by bankimport. `bankimport restore FILE` reads it.

By hand, with the age and PostgreSQL tools:
  age --decrypt {_KEY} > identity          (prompts for the passphrase, or give --identity)
  age --decrypt --identity identity {_MANIFEST}
  age --decrypt --identity identity {_DATABASE} | pg_restore --no-owner --dbname=EMPTY_DATABASE

Account numbers and banks' answers in it are encrypted under keys of the users, which are in another file,
bankimport.user-keys.
"""


class Manifest(BaseModel):
    """What a backup holds, beside the database."""

    format: int
    made_at: str
    """When the database's content is of, ISO 8601, UTC."""
    version: str
    """The version of bankimport that made it."""
    revision: str | None
    """The database's schema: the id of its last migration."""
    keys: list[str]
    """The secret keys, the encrypting one first."""
    settings: dict[str, str]
    """The environment variables that were set, except those that name servers, folders or keys."""
    tables: dict[str, int]
    """Rows by table, users' keys left out."""
    user_keys: int = 0
    """How many users' keys are needed to open all of it."""


@dataclass(frozen=True, slots=True)
class Lock:
    """What closes a backup: a passphrase, or the public keys (`age1…`) of those who may open it."""

    passphrase: str | None = None
    recipients: Sequence[str] = ()

    def close(self, secret: bytes) -> bytes:
        """The secret, encrypted.

        Raises:
            InvalidRequest: the passphrase is too short, or a recipient is not a public key of age.
        """
        if self.recipients:
            try:
                keys = [pyrage.x25519.Recipient.from_str(text) for text in self.recipients]
            except pyrage.RecipientError:
                raise InvalidRequest(
                    "a recipient is the public key that `age-keygen` prints; it begins with age1"
                ) from None
            return bytes(pyrage.encrypt(secret, keys))
        if self.passphrase is None or len(self.passphrase) < LEAST_PASSPHRASE:
            raise InvalidRequest(f"a passphrase has at least {LEAST_PASSPHRASE} characters; take several random words")
        return bytes(pyrage.passphrase.encrypt(secret, self.passphrase))


@dataclass(frozen=True, slots=True)
class Opener:
    """What opens a backup: its passphrase, or a secret key (`AGE-SECRET-KEY-1…`) of one of its recipients."""

    passphrase: str | None = None
    identities: Sequence[str] = ()

    def open(self, closed: bytes) -> bytes:
        """What `Lock.close` was given.

        Raises:
            InvalidRequest: an identity is not a secret key of age.
            BackupUnreadable: this does not open it.
        """
        try:
            if self.identities:
                keys = [pyrage.x25519.Identity.from_str(text) for text in self.identities]
                return bytes(pyrage.decrypt(closed, keys))
            return bytes(pyrage.passphrase.decrypt(closed, self.passphrase or ""))
        except pyrage.IdentityError:
            raise InvalidRequest(
                "an identity is the secret key that `age-keygen` prints; it begins with AGE-SECRET-KEY-1"
            ) from None
        except pyrage.DecryptError:
            with_what = "one of these keys" if self.identities else "this passphrase"
            raise BackupUnreadable(f"the backup does not open with {with_what}") from None


class BackupWriter:
    """The file while it is written."""

    def __init__(self, file: zipfile.ZipFile, lock: Lock) -> None:
        """Begin with the key of this one backup."""
        self._file = file
        identity = pyrage.x25519.Identity.generate()
        self._recipients = [identity.to_public()]
        file.writestr(_README, _WORDS)
        file.writestr(_KEY, lock.close(f"{identity}\n".encode()))

    def add_database(self, dump: IO[bytes]) -> None:
        """Copy a dump to its end."""
        with self._file.open(_DATABASE, "w", force_zip64=True) as target:
            pyrage.encrypt_io(dump, target, self._recipients)

    def add_manifest(self, manifest: Manifest) -> None:
        """Say what the backup holds; this comes last."""
        self._file.writestr(_MANIFEST, bytes(pyrage.encrypt(manifest.model_dump_json().encode(), self._recipients)))


class OpenedBackup:
    """A backup that opened."""

    def __init__(self, file: zipfile.ZipFile, opener: Opener) -> None:
        """Open it and read its manifest.

        Raises:
            BackupUnreadable: this does not open it, it is damaged, or a newer version wrote it.
            InvalidRequest: as `Opener.open`.
        """
        self._file = file
        try:
            names = set(file.namelist())
            if not {_KEY, _MANIFEST, _DATABASE} <= names:
                raise BackupUnreadable("the file is not a whole backup of bankimport")
            self._identity = pyrage.x25519.Identity.from_str(opener.open(file.read(_KEY)).decode().strip())
            self.manifest = Manifest.model_validate_json(pyrage.decrypt(file.read(_MANIFEST), [self._identity]))
        except (pyrage.DecryptError, pyrage.IdentityError, zipfile.BadZipFile, UnicodeDecodeError, ValidationError):
            raise BackupUnreadable("the backup is damaged") from None
        if self.manifest.format > FORMAT:
            raise BackupUnreadable(f"bankimport {self.manifest.version} made the backup; install that version or newer")

    def copy_database(self, target: IO[bytes]) -> None:
        """Copy the dump, decrypted and checked, to its end.

        Raises:
            BackupUnreadable: it is damaged; what was copied until then is to be thrown away.
            OSError: the target takes no more.
        """
        try:
            with self._file.open(_DATABASE) as source:
                pyrage.decrypt_io(source, target, [self._identity])
        except (pyrage.DecryptError, zipfile.BadZipFile, EOFError):
            raise BackupUnreadable("the backup is damaged") from None

    def check(self) -> int:
        """Decrypt everything and keep nothing; returns the dump's size in bytes.

        Raises:
            BackupUnreadable: it is damaged.
        """
        counter = _Counter()
        self.copy_database(counter)  # type: ignore[arg-type]
        return counter.size


class _Counter(io.RawIOBase):
    size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.size += len(data)
        return len(data)


@contextmanager
def new_backup(path: Path, lock: Lock) -> Iterator[BackupWriter]:
    """Write a backup, which is at `path`, readable only by its owner, once all of it is on the disk.

    Raises:
        WouldOverwrite: a file is there.
        InvalidRequest: as `Lock.close`, or the folder cannot be written to.
    """
    if path.exists():
        raise WouldOverwrite(f"{path} already exists; name a new file")
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise InvalidRequest(f"cannot write {path} ({error.strerror})") from None
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED, allowZip64=True) as packed:
                yield BackupWriter(packed, lock)
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(unfinished)
        except FileExistsError:
            raise WouldOverwrite(f"{path} already exists; name a new file") from None
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def opened_backup(path: Path, opener: Opener) -> Iterator[OpenedBackup]:
    """Open a backup.

    Raises:
        InvalidRequest: there is no such file, or as `Opener.open`.
        BackupUnreadable: it is not a backup, is damaged, or this does not open it.
    """
    try:
        with zipfile.ZipFile(path) as file:
            yield OpenedBackup(file, opener)
    except OSError as error:
        raise InvalidRequest(f"cannot read {path} ({error.strerror})") from None
    except zipfile.BadZipFile:
        raise BackupUnreadable(f"{path} is not a backup of bankimport, or is damaged") from None
