"""Encrypt what must not be readable in the database, and make and hash tokens."""

import functools
import hashlib
import os
import secrets as random_source
import tempfile
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bankimport.errors import SettingsInvalid
from bankimport.settings import Settings, get_settings

KEY_FILE = "secret.key"
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def key_file_path(settings: Settings) -> Path:
    """The location of the key if BANKIMPORT_SECRET_KEYS is not set."""
    return settings.home / KEY_FILE


def load_keys(settings: Settings) -> list[str]:
    """The encryption keys, the encrypting one first; creates the key file, readable only by its owner, if needed.

    Raises:
        SettingsInvalid: the key file cannot be written or does not contain a key.
    """
    if settings.secret_keys:
        return [key.get_secret_value() for key in settings.secret_keys]
    path = key_file_path(settings)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            write_key_file(path, [Fernet.generate_key().decode()])
        return path.read_text(encoding="ascii").split()
    except FileExistsError:  # Another process was quicker.
        return path.read_text(encoding="ascii").split()
    except OSError as error:
        raise SettingsInvalid(
            f"BANKIMPORT_HOME: cannot store the key file in {path.parent} ({error.strerror}); "
            "for example BANKIMPORT_HOME=/var/lib/bankimport"
        ) from None


def write_key_file(path: Path, keys: Sequence[str], *, replaces: bool = False) -> None:
    """Put the keys, the encrypting one first, into the key file, whole or not at all.

    A file that is replaced keeps its owner, so that the processes which run as that account can still read it.

    Raises:
        FileExistsError: it is there already and `replaces` is false.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.writelines(f"{key}\n" for key in keys)
            file.flush()
            os.fsync(file.fileno())
        if replaces:
            before = path.stat()
            os.chown(temporary, before.st_uid, before.st_gid)
            temporary.replace(path)
        else:
            path.hardlink_to(temporary)
    finally:
        temporary.unlink(missing_ok=True)


def key_id(key: str) -> str:
    """A short name for a key, from which the key cannot be guessed."""
    return hashlib.sha256(b"bankimport key id " + key.encode()).hexdigest()[:8]


@functools.lru_cache(maxsize=4)
def cipher_of(keys: tuple[str, ...]) -> MultiFernet:
    """What encrypts with the first of the keys and decrypts with any.

    Raises:
        SettingsInvalid: one of them is not a key, or there is none.
    """
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise SettingsInvalid(
            "BANKIMPORT_SECRET_KEYS: a key is not 32 bytes in URL-safe base64; "
            "restore the key file, or set the variable to the original keys"
        ) from None


def _cipher() -> MultiFernet:
    """The keys as they are now: a key file that `secrets rotate` changes counts at once in every process."""
    return cipher_of(tuple(load_keys(get_settings())))


def encrypt(plain: str) -> bytes:
    """The text, encrypted with the first key."""
    return _cipher().encrypt(plain.encode())


def decrypt(encrypted: bytes) -> str:
    """The original of an encrypted text, with any of the keys.

    Raises:
        SettingsInvalid: none of the keys decrypts it.
    """
    try:
        return _cipher().decrypt(encrypted).decode()
    except InvalidToken:
        raise SettingsInvalid(
            "BANKIMPORT_SECRET_KEYS: none of the keys decrypts the stored data; add the previous key to the list"
        ) from None


def new_token(prefix: str) -> str:
    """A new unguessable token, 256 bits, with a prefix that names its purpose."""
    return f"{prefix}_{random_source.token_urlsafe(32)}"


def new_code() -> str:
    """A fresh code for a person to type: 8 letters and digits that are not mistaken for each other, 40 bits."""
    letters = [random_source.choice(CODE_LETTERS) for _ in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


def token_hash(token: str) -> bytes:
    """The stored form of a token: enough to recognise it, but useless to a reader of the database."""
    return hashlib.sha256(token.encode()).digest()
