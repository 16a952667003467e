"""Passwords: which are good enough, and hashing them, a few at a time."""

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from bankimport.errors import BankImportError
from bankimport.settings import get_settings
from bankimport.users.errors import PasswordTooWeak

SHORTEST = 12
LONGEST = 1024
"""More is refused with an error, never cut off."""

HASHES_AT_ONCE = 4
"""Each takes the memory of BANKIMPORT_PASSWORD_MEMORY_MIB and a processor."""
HASH_PATIENCE_S = 10.0

_KIB_IN_MIB = 1024
_AT_THE_ENDS = "0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ "

_places = threading.BoundedSemaphore(HASHES_AT_ONCE)


class TooManySignIns(BankImportError):
    """Many passwords are being checked at this moment."""

    code = "too_many_sign_ins"
    http_status = 429
    retry_after_s = 5.0


def check_strength(password: str, email: str) -> None:
    """Refuse a password that is guessed soon.

    Raises:
        PasswordTooWeak: shorter than `SHORTEST` or longer than `LONGEST` characters, among the commonest or made of
            one of them, one part repeated, or made of the e-mail address.
    """
    if len(password) < SHORTEST:
        raise PasswordTooWeak(f"use a password of at least {SHORTEST} characters")
    if len(password) > LONGEST:
        raise PasswordTooWeak(f"use a password of at most {LONGEST} characters")
    plain = password.casefold()
    core = plain.strip(_AT_THE_ENDS)
    name = email.partition("@")[0].casefold()
    if plain in _commonest() or core in _commonest() or len(core) < 2 or _is_repeated(plain):
        raise PasswordTooWeak("this password is among the first that are tried; use several words of no common phrase")
    if core in (name, email.casefold()):
        raise PasswordTooWeak("this password is your e-mail address; use something else")


def hash_password(password: str) -> str:
    """The hash to store.

    Raises:
        TooManySignIns: no place to compute it became free in time.
    """
    with _place():
        return _passwords().hash(password)


def verify_password(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Whether the password has this hash, and its new hash if the cost has changed.

    Without a stored hash it takes the same time, and nothing matches.

    Raises:
        TooManySignIns: as `hash_password`.
    """
    with _place():
        passwords = _passwords()
        is_right, newer = passwords.verify_and_update(password, stored or _nobodys_hash(passwords))
        return is_right and stored is not None, newer


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=HASH_PATIENCE_S):
        raise TooManySignIns("many people sign in just now; try again in a moment")
    try:
        yield
    finally:
        _places.release()


def _is_repeated(text: str) -> bool:
    return text in (text + text)[1:-1]


@functools.cache
def _commonest() -> frozenset[str]:
    """The commonest passwords in small letters. Source: Django's list, made by Royce Williams from published leaks."""
    return frozenset(files("bankimport.users").joinpath("common_passwords.txt").read_text("utf-8").split("\n")) - {""}


def _passwords() -> PasswordHash:
    """The password hasher. A password hashed at another cost is hashed again when its user signs in."""
    return _hasher(get_settings().password_memory_mib)


@functools.cache
def _hasher(memory_mib: int) -> PasswordHash:
    return PasswordHash((Argon2Hasher(memory_cost=memory_mib * _KIB_IN_MIB),))


@functools.cache
def _nobodys_hash(passwords: PasswordHash) -> str:
    return passwords.hash("nobody has this password")
