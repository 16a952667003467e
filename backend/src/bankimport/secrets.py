"""Encrypt what must not be read from the database, and make and hash what proves who somebody is."""

import functools
import hashlib
import os
import secrets as random_source
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bankimport.errors import SettingsInvalid
from bankimport.settings import Settings, get_settings

KEY_FILE = "secret.key"


def key_file_path(settings: Settings) -> Path:
    """Where the key lives when BANKIMPORT_SECRET_KEYS is not set."""
    return settings.home / KEY_FILE


def load_keys(settings: Settings) -> list[str]:
    """The encryption keys, the encrypting one first; makes the key file, readable by its owner alone, when needed.

    Raises:
        SettingsInvalid: the key file cannot be written or does not hold a key.
    """
    if settings.secret_keys:
        return [key.get_secret_value() for key in settings.secret_keys]
    path = key_file_path(settings)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text(encoding="ascii").split()
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(Fernet.generate_key().decode() + "\n")
        return path.read_text(encoding="ascii").split()
    except OSError as error:
        raise SettingsInvalid(
            f"BANKIMPORT_HOME: cannot keep the key file in {path.parent} ({error.strerror}); "
            "for example BANKIMPORT_HOME=/var/lib/bankimport"
        ) from None


@functools.cache
def _cipher() -> MultiFernet:
    keys = load_keys(get_settings())
    try:
        return MultiFernet([Fernet(key) for key in keys])
    except ValueError:
        raise SettingsInvalid(
            "BANKIMPORT_SECRET_KEYS: a key is not 32 bytes in URL-safe base64; "
            "restore the key file, or set the variable to the keys that were used"
        ) from None


def encrypt(plain: str) -> bytes:
    """The text, encrypted under the first key."""
    return _cipher().encrypt(plain.encode())


def decrypt(encrypted: bytes) -> str:
    """The text that `encrypt` was given, under any of the keys.

    Raises:
        SettingsInvalid: none of the keys fits.
    """
    try:
        return _cipher().decrypt(encrypted).decode()
    except InvalidToken:
        raise SettingsInvalid(
            "BANKIMPORT_SECRET_KEYS: none of the keys decrypts what is stored; "
            "add the key that was used before to the list"
        ) from None


def new_token(prefix: str) -> str:
    """A fresh unguessable token, 256 bits, with a prefix that says what it is for."""
    return f"{prefix}_{random_source.token_urlsafe(32)}"


def token_hash(token: str) -> bytes:
    """What is stored of a token: enough to recognise it, useless to whoever reads the database."""
    return hashlib.sha256(token.encode()).digest()
