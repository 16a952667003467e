"""The file of users' keys: one beside all backups, which each replaces, so that nobody's is in it who was erased.

A backup does not contain its users' keys. If somebody is erased, the next backup replaces the file by one without their
key. From then on nobody can open their account numbers and answers in any older backup, and a restore leaves them out.
"""

import base64
import hashlib
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from bankimport.data_rights.erase import delete_rows
from bankimport.errors import InvalidRequest
from bankimport.maintenance.archive import Lock, Opener
from bankimport.maintenance.errors import BackupUnreadable, WouldOverwrite
from bankimport.secrets import cipher_of
from bankimport.users.models import User
from bankimport.users.record import record
from bankimport.vault.models import UserKey
from bankimport.vault.seal import MARK

NAME = "bankimport.user-keys"
"""How the file is called that is in the folder of the backups."""

FORMAT = 1
_WORDS = (
    "The keys of the users in the backups of bankimport beside this file. Each backup replaces it, and restoring reads "
    "it. Keep it with the backups, and keep no older copy of it: an older one opens what was erased since."
)


class UserKeys(BaseModel):
    """Everybody who was a user at a moment, and the keys of those who had one."""

    made_at: str
    """When, ISO 8601, UTC."""
    users: list[int]
    keys: dict[int, str]
    """By user, the text that is stored encrypted."""


class _File(BaseModel):
    """The file: JSON."""

    about: str = _WORDS
    format: int = FORMAT
    made_at: str
    marks: list[str]
    """Of each key a part of its hash, by which the same installation is known; a key cannot be found from it."""
    closed: str
    """`UserKeys` as JSON, encrypted by age like the backup, in base64."""


@dataclass(frozen=True, slots=True)
class KeyFileReader:
    """A file of users' keys, and what opens it."""

    path: Path
    opener: Opener

    def read(self, *, backup_of: str) -> UserKeys:
        """The keys for a backup that was made at a time.

        Raises:
            InvalidRequest: there is no such file, or as `Opener.open`.
            BackupUnreadable: it is not such a file, it does not open, or it is older than the backup.
        """
        stored = _read(self.path)
        if stored is None:
            raise InvalidRequest(
                f"the keys of the backup's users should be in {self.path}, which is not there; name the file by "
                "--user-keys, or restore --without-user-keys, which loses account numbers and banks' answers"
            )
        try:
            keys = UserKeys.model_validate_json(self.opener.open(base64.b64decode(stored.closed)))
        except BackupUnreadable as failure:
            raise BackupUnreadable(f"{self.path}: {failure.message}; see --user-keys-passphrase-file") from None
        except ValidationError:
            raise BackupUnreadable(f"{self.path} is damaged") from None
        if datetime.fromisoformat(keys.made_at) < datetime.fromisoformat(backup_of):
            raise BackupUnreadable(f"{self.path} is of {keys.made_at}, older than the backup; take the newest there is")
        return keys


def stored_keys(reader: Connection, made_at: str, secret_keys: Sequence[str]) -> UserKeys:
    """The users and their keys as they are stored now.

    Raises:
        KeysMissing: none of the secret keys decrypts one.
    """
    users = list(reader.scalars(select(User.id).order_by(User.id)))
    if not inspect(reader).has_table(UserKey.__tablename__):
        return UserKeys(made_at=made_at, users=users, keys={})
    rows = reader.execute(select(UserKey.user_id, UserKey.key_encrypted).order_by(UserKey.user_id))
    cipher = cipher_of(tuple(secret_keys))
    return UserKeys(made_at=made_at, users=users, keys={user: cipher.decrypt(key).decode() for user, key in rows})


def write_key_file(path: Path, keys: UserKeys, lock: Lock) -> None:
    """Put the keys into the file, in place of those of an earlier backup of the same installation.

    Raises:
        WouldOverwrite: the file is something else, or another installation's.
        InvalidRequest: it cannot be written, or as `Lock.close`.
    """
    marks = sorted(_mark(key) for key in keys.keys.values())
    before = _read(path)
    if before is not None and before.marks and not set(before.marks) & set(marks):
        raise WouldOverwrite(f"{path} has the keys of another installation's users; name another file by --user-keys")
    closed = base64.b64encode(lock.close(keys.model_dump_json().encode())).decode()
    written = _File(made_at=keys.made_at, marks=marks, closed=closed).model_dump_json(indent=1)
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # for its owner alone
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                file.write(f"{written}\n")
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise InvalidRequest(f"cannot write {path} ({error.strerror})") from None


def put_keys(connection: Connection, keys: UserKeys, secret_keys: Sequence[str]) -> list[int]:
    """Give the users of a restored database their keys; those who were erased since are deleted, and returned."""
    there = set(connection.scalars(select(User.id)))
    cipher = cipher_of(tuple(secret_keys))
    values = [
        {"user_id": user, "key_encrypted": cipher.encrypt(key.encode())}
        for user, key in keys.keys.items()
        if user in there
    ]
    if values:
        connection.execute(insert(UserKey), values)
    erased = sorted(there - set(keys.users))
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        for user_id in erased:
            delete_rows(session, user_id)
            record(session, None, "user.erased", erased=user_id, by_restore=True)
        session.commit()
    return erased


def forget_sealed(connection: Connection) -> None:
    """Take out what only the lost keys would open: rows stay, account numbers come back with the next listing."""
    mark = {"mark": MARK, "length": len(MARK)}
    for statement in (
        "UPDATE raw_responses SET body = NULL WHERE substring(body, 1, :length) = :mark",
        "UPDATE rejected_rows SET raw = '' WHERE substring(raw, 1, :length) = :mark",
        "UPDATE truelayer_accounts SET numbers_sealed = NULL",
        "DELETE FROM account_joins",
    ):
        needed: Mapping[str, object] = {name: value for name, value in mark.items() if f":{name}" in statement}
        connection.execute(text(statement), dict(needed))


def _read(path: Path) -> _File | None:
    """The file; None if there is none.

    Raises:
        WouldOverwrite: it is something else.
    """
    try:
        return _File.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InvalidRequest(f"cannot read {path} ({error.strerror})") from None
    except ValidationError:
        raise WouldOverwrite(f"{path} is not a file of users' keys; name another by --user-keys") from None


def _mark(key: str) -> str:
    return hashlib.sha256(b"bankimport user key " + key.encode()).hexdigest()[:16]
